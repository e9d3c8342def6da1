"""Acts over a scripted PowerShell: nothing is written twice, no missing end passes for one."""

import threading

import pytest

from tests.remote.fakes import ACT, GOOD, HELLO, LOST, closed, estate, frames, sent
from tui.core.action import Ids, Kind, PowerShell, Prepared
from tui.core.errors import CannotCarry, ConnectionLost, DeadlinePassed, NotTrusted, SignInRefused, Unreachable


async def test_prepare_sends_nothing_and_names_the_process():
    it, transport = estate(([HELLO], GOOD))
    prepared = await it.prepare(ACT)
    pipe = transport.pipes[0]
    assert prepared.ids == Ids("node1", "SHELL-1", "COMMAND-1", 4242, pipe.nonce, "ConstrainedLanguage", "5.1.26100.1")
    assert (frames(transport), pipe.reader, len(pipe.writes)) == (0, False, 1)


async def test_send_writes_once_and_ends_the_process_after_the_end():
    it, transport = estate(([HELLO], GOOD))
    records, error = await sent(it, await it.prepare(ACT))
    assert error is None
    assert [record.kind for record in records] == [Kind.BEGUN, Kind.OUTPUT, Kind.OUTPUT, Kind.END]
    assert frames(transport) == 1
    assert await closed(transport.pipes[0].closed)


async def test_records_come_as_they_come():
    it, transport = estate(([HELLO], ["{n} B\n"]))
    prepared = await it.prepare(ACT)
    release = threading.Event()
    transport.pipes[0].on_quiet = lambda: release.wait(5) and transport.pipes[0].pending.append("{n} Z\n")
    stream = it.send(prepared)
    assert (await anext(stream)).kind is Kind.BEGUN
    release.set()
    assert (await anext(stream)).kind is Kind.END


async def test_left_early_ends_the_stream_and_the_process():
    it, transport = estate(([HELLO], ["{n} B\n{n} X\n", None]))
    records, error = await sent(it, await it.prepare(ACT))
    assert error is None
    assert records[-1].kind is Kind.LEFT
    assert await closed(transport.pipes[0].closed)


@pytest.mark.parametrize("answer", [[None], ["half a li", None], ["{n} B\n{n} O 1\n", None], ["{n} B\n", LOST]])
async def test_a_stream_without_end_is_unknown(answer):
    it, transport = estate(([HELLO], answer))
    prepared = await it.prepare(ACT)
    transport.pipes[0].stderr = "boom"
    _, error = await sent(it, prepared)
    assert isinstance(error, ConnectionLost)
    assert error.sent
    assert len(error.lines()) == 3
    assert not transport.pipes[0].closed.is_set()
    if LOST not in answer:
        assert error.raw.endswith("boom")
    await it.close()
    assert not transport.pipes[0].closed.is_set()


async def test_the_deadline_of_an_act_does_not_kill_it_but_discard_does():
    it, transport = estate(([HELLO], ["{n} B\n"]))
    prepared = await it.prepare(ACT)
    records, error = await sent(it, prepared)
    assert [record.kind for record in records] == [Kind.BEGUN]
    assert isinstance(error, DeadlinePassed)
    assert error.sent
    assert not transport.pipes[0].closed.is_set()
    await it.discard(prepared)
    assert transport.pipes[0].closed.is_set()
    await it.discard(prepared)


async def test_a_frame_that_did_not_arrive_and_one_that_may_have():
    refused = SignInRefused("a", "b", "c"), NotTrusted("a", "b", "c"), Unreachable("a", "b", "c")
    for refuse, sure in (*((each, True) for each in refused), (LOST, False)):
        it, transport = estate(([HELLO], GOOD))
        prepared = await it.prepare(ACT)
        transport.pipes[0].refuse = refuse
        records, error = await sent(it, prepared)
        assert not records
        assert error is refuse
        await it.close()
        assert transport.pipes[0].closed.is_set() is sure


async def test_nothing_is_handed_over_twice():
    it, transport = estate(([HELLO], ["{n} B\n"]))
    prepared = await it.prepare(ACT)
    await sent(it, prepared)
    _, error = await sent(it, prepared)
    assert isinstance(error, ConnectionLost)
    assert frames(transport) == 1


async def test_a_process_of_another_program_cannot_be_sent_to():
    it, transport = estate()
    _, error = await sent(it, Prepared(ACT, Ids("node1", "s", "c", 1, "0" * 32)))
    assert type(error) is Unreachable
    assert not transport.pipes


async def test_what_cannot_be_carried_starts_nothing():
    it, transport = estate()
    with pytest.raises(CannotCarry):
        await it.prepare(PowerShell("node1", "x" * 1_000_000, changes=True))
    assert not transport.pipes


async def test_leaving_the_stream_leaves_the_process():
    it, transport = estate(([HELLO], ["{n} B\n"]))
    stream = it.send(await it.prepare(ACT))
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    await it.close()
    assert not transport.pipes[0].closed.is_set()


async def test_close_ends_what_was_not_used_and_never_raises():
    it, transport = estate(([HELLO], GOOD))
    await it.prepare(ACT)
    transport.close = lambda: 1 / 0  # type: ignore[assignment, method-assign]
    await it.close()
    assert transport.pipes[0].closed.is_set()
