"""The kept readers over a scripted PowerShell: one answers many, and none gives a late answer to another's question."""

import asyncio
import threading
from dataclasses import replace

import pytest

from tests.remote.fakes import ACT, GOOD, HELLO, LOST, READ, Item, closed, estate, frames
from tui.core.action import Kind
from tui.core.errors import CannotCarry, DeadlinePassed
from tui.remote import readers

SILENT: list[Item] = ["{n} B\n"]
LONG = replace(READ, deadline=1e9)


async def test_one_process_answers_one_read_after_another():
    it, transport = estate(([HELLO], GOOD))
    for _ in range(5):
        assert (await it.read(READ)).values == (1, "x")
    assert (len(transport.pipes), frames(transport)) == (1, 5)


async def test_what_is_still_said_under_an_earlier_nonce_is_no_answer():
    it, transport = estate(([HELLO], GOOD))
    await it.read(READ)
    transport.pipes[0].answer = ['{p} O 66\n{p} Z\n{p} B\n{p} O "late"\n{p} Z\n{n} B\n{p} O 99\n', "{n} O 2\n{n} Z\n"]
    reply = await it.read(READ)
    assert reply.values == (2,)
    assert reply.clean


async def test_after_a_cancel_in_silence_the_process_is_ended_and_not_asked_again():
    it, transport = estate(([HELLO], SILENT), ([HELLO], GOOD))
    reached, go = threading.Event(), threading.Event()
    transport.opened_with = lambda pipe: setattr(pipe, "on_quiet", lambda: (reached.set(), go.wait(5)))
    task = asyncio.create_task(it.read(LONG))
    assert await closed(reached)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go.set()
    assert await closed(transport.pipes[0].closed)
    transport.opened_with = lambda pipe: None
    assert (await it.read(READ)).values == (1, "x")
    assert frames(transport) == 2


@pytest.mark.parametrize("end", [SILENT, ["{n} B\n{n} X\n"], ["{n} B\n{n} X\n", None]])
async def test_a_deadline_or_an_early_end_is_the_last_of_a_reader(end):
    it, transport = estate(([HELLO], GOOD), ([HELLO], GOOD))
    await it.read(READ)
    transport.pipes[0].answer = end
    if end is SILENT:
        with pytest.raises(DeadlinePassed):
            await it.read(READ)
    else:
        assert (await it.read(READ)).end is Kind.LEFT
    assert await closed(transport.pipes[0].closed)
    assert (await it.read(READ)).clean
    assert len(transport.pipes) == 2


@pytest.mark.parametrize("loss", [[LOST], [None], ["{n} B\n{n} O 1\n", None], ["{n} B\n", LOST]])
async def test_a_reader_that_is_lost_is_replaced_and_the_read_asked_again(loss):
    it, transport = estate(([HELLO], GOOD), ([HELLO], GOOD))
    await it.read(READ)
    transport.pipes[0].answer = loss
    assert (await it.read(READ)).values == (1, "x")
    assert await closed(transport.pipes[0].closed)
    assert len(transport.pipes) == 2


@pytest.mark.parametrize("refusal", [readers.Dropped("a", "b", "c"), LOST])
async def test_a_frame_that_a_reader_did_not_take_is_asked_again_in_a_fresh_one(refusal):
    it, transport = estate(([HELLO], GOOD), ([HELLO], GOOD))
    await it.read(READ)
    transport.pipes[0].refuse = refusal
    assert (await it.read(READ)).values == (1, "x")
    assert await closed(transport.pipes[0].closed)


async def test_what_is_shown_of_a_read_is_its_own():
    it, transport = estate(([HELLO], ["noise before\n", *GOOD]))
    assert (await it.read(READ)).clean
    pipe = transport.pipes[0]
    pipe.stderr = "error before"
    assert (await it.read(READ)).clean
    pipe.answer = ["{n} B\nnoise now\n"]
    pipe.on_quiet = lambda: setattr(pipe, "stderr", "error before\nerror now")
    with pytest.raises(DeadlinePassed) as caught:
        await it.read(READ)
    assert caught.value.raw == "noise now\nerror now"


async def test_a_script_that_cannot_be_carried_costs_no_reader():
    it, transport = estate(([HELLO], GOOD))
    await it.read(READ)
    with pytest.raises(CannotCarry):
        await it.read(replace(READ, script="x" * 1_000_000))
    assert (await it.read(READ)).clean
    assert len(transport.pipes) == 1


@pytest.mark.parametrize(
    ("name", "bound", "rests", "processes"),
    [("READS", 3, 0.0, 3), ("AGE", 100.0, 30.0, 2), ("REST", 29.0, 30.0, 7), ("REST", 31.0, 30.0, 1)],
)
async def test_a_reader_is_replaced_before_the_hosts_bounds(monkeypatch, name, bound, rests, processes):
    monkeypatch.setattr(readers, name, bound)
    it, transport = estate(*[([HELLO], GOOD)] * 8)
    for _ in range(7):
        assert (await it.read(READ)).clean
        transport.clock.real += rests
    assert len(transport.pipes) == processes
    for pipe in transport.pipes[:-1]:
        assert await closed(pipe.closed)


def test_the_bounds_stay_below_the_hosts():
    from tui.remote.shells import READER_IDLE

    assert float(READER_IDLE.strip("PTS")) > readers.REST
    assert readers.MOST * readers.READS * 2 < 1_500  # operations of a user
    assert readers.AGE < 8 * 3_600


async def test_an_act_never_runs_in_a_reader():
    it, transport = estate(([HELLO], GOOD), ([HELLO], GOOD))
    await it.read(READ)
    async for _ in it.send(await it.prepare(ACT)):
        pass
    assert [pipe.reader for pipe in transport.pipes] == [True, False]
