"""Reads over a scripted PowerShell: tried anew where that is safe, never without an end."""

import asyncio
import threading

import pytest

from tests.remote.fakes import ACT, GOOD, HELLO, LOST, READ, closed, estate, frames
from tui.core.action import Kind, PowerShell
from tui.core.errors import ConnectionLost, DeadlinePassed, NoHandshake, SignInRefused, Unreachable
from tui.remote.errors import Dropped


async def test_a_read():
    it, transport = estate(([HELLO], GOOD))
    reply = await it.read(READ)
    assert reply.values == (1, "x")
    assert reply.clean
    assert reply.started == transport.clock.wall()
    pipe = transport.pipes[0]
    assert (pipe.script, pipe.reader, pipe.closed.is_set()) == ("Get-VM", True, False)
    await it.close()
    assert pipe.closed.is_set()


async def test_a_change_is_not_a_read():
    it, transport = estate()
    with pytest.raises(ValueError, match="not a read"):
        await it.read(ACT)
    assert not transport.pipes


@pytest.mark.parametrize("silence", [[], ["nonsense\n"], ["nonsense\n", None]])
async def test_a_handshake_missing_once_is_tried_anew(silence):
    it, transport = estate((silence, GOOD), ([HELLO], GOOD))
    assert (await it.read(PowerShell("node1", "x", deadline=500.0))).clean
    assert transport.pipes[0].closed.is_set()
    assert frames(transport) == 1


async def test_a_handshake_missing_twice_sends_nothing_and_shows_what_came():
    it, transport = estate((["The term 'x'\r\n", "tail"], GOOD), ([], []))
    transport.plays.append(([HELLO], GOOD))
    with pytest.raises(NoHandshake) as caught:
        await it.prepare(ACT)
    assert frames(transport) == 0
    assert len(transport.pipes) == 2
    assert all(pipe.closed.is_set() for pipe in transport.pipes)
    assert transport.clock.real - 1_000 == pytest.approx(120, abs=11)
    assert len(caught.value.lines()) == 3


async def test_what_came_instead_of_a_handshake_is_kept():
    it, _ = estate(([], []), (["The term 'x'\r\n", "tail", None], []))
    with pytest.raises(NoHandshake) as caught:
        await it.prepare(ACT)
    assert caught.value.raw == "The term 'x'\ntail"


async def test_a_read_does_not_wait_longer_for_a_handshake_than_its_deadline():
    it, transport = estate(([], []))
    with pytest.raises(NoHandshake):
        await it.read(PowerShell("node1", "x", deadline=20.0))
    assert transport.clock.real - 1_000 <= 21


async def test_a_broken_connection_is_tried_anew_for_a_read():
    dropped = Dropped("x", "y", "z")
    it, transport = estate(dropped, ([HELLO], ["{n} B\n", LOST]), ([HELLO], [None]), ([LOST], []), ([HELLO], GOOD))
    assert (await it.read(READ)).clean
    assert frames(transport) == 3
    for pipe in transport.pipes[:-1]:
        assert await closed(pipe.closed)
    assert not transport.pipes[-1].closed.is_set()


async def test_a_read_gives_up_after_three_and_says_that_it_only_reads():
    it, transport = estate(*[([HELLO], ["{n} B\n", None])] * 4)
    with pytest.raises(ConnectionLost) as caught:
        await it.read(READ)
    assert caught.value.means == "It only reads: nothing was changed."
    assert len(transport.pipes) == 3


@pytest.mark.parametrize("error", [Unreachable("a", "b", "c"), SignInRefused("a", "b", "c")])
async def test_a_refusal_is_not_tried_anew(error):
    it, transport = estate(error, ([HELLO], GOOD))
    with pytest.raises(type(error)):
        await it.read(READ)
    assert len(transport.plays) == 1


async def test_a_read_has_its_own_deadline():
    it, transport = estate(([HELLO], ["{n} B\n"]))
    with pytest.raises(DeadlinePassed) as caught:
        await it.read(READ)
    assert caught.value.means == "It only reads: nothing was changed."
    assert transport.clock.real - 1_000 == pytest.approx(30, abs=0.1)
    assert await closed(transport.pipes[0].closed)


async def test_site_time_counts_but_never_less_than_ten_real_seconds():
    it, transport = estate(([HELLO], ["{n} B\n"]), speed=60.0)
    with pytest.raises(DeadlinePassed):
        await it.read(PowerShell("node1", "x", deadline=1_800.0))
    assert transport.clock.real - 1_000 == pytest.approx(30, abs=5.1)
    it, transport = estate(([HELLO], ["{n} B\n"]), speed=600.0)
    with pytest.raises(DeadlinePassed):
        await it.read(PowerShell("node1", "x", deadline=120.0))
    assert transport.clock.real - 1_000 == pytest.approx(10, abs=0.1)


async def test_a_read_left_early_is_not_clean():
    it, _ = estate(([HELLO], ["{n} B\n{n} X\n"]))
    reply = await it.read(READ)
    assert (reply.end, reply.clean) == (Kind.LEFT, False)


async def test_cancelling_a_read_ends_its_process():
    it, transport = estate(([HELLO], ["{n} B\n"]))
    began = threading.Event()
    waiting = threading.Event()
    task = asyncio.create_task(it.read(PowerShell("node1", "x", deadline=1e9)))
    assert await closed(transport.opened)
    transport.pipes[0].on_quiet = lambda: (began.set(), waiting.wait(5))
    assert await closed(began)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    waiting.set()
    assert await closed(transport.pipes[0].closed)
