"""Reads side by side on one host: they wait for a quick reader, and get another beside a slow one."""

import asyncio
import threading
from dataclasses import replace

import pytest

from tests.remote.fakes import GOOD, HELLO, READ, FakePipe, FakeTransport, Item, Play, closed, estate, frames
from tui.core.action import Reply
from tui.core.errors import NoHandshake, SignInRefused, Unreachable
from tui.remote import readers
from tui.remote.estate import RemoteEstate
from tui.remote.exchange import Cancelled, Deadline

SILENT: list[Item] = ["{n} B\n"]
LONG = replace(READ, deadline=1e9)


class Held:
    """Reads whose answers wait: each is begun, and ends when `release` is called."""

    def __init__(self, it: RemoteEstate, transport: FakeTransport, count: int) -> None:
        self._transport = transport
        self._go = threading.Event()
        self._quiet = threading.Semaphore(0)
        transport.opened_with = self._hold
        self.reads = [asyncio.create_task(it.read(LONG)) for _ in range(count)]

    def _hold(self, pipe: FakePipe) -> None:
        def on_quiet() -> None:
            if pipe.script:
                self._quiet.release()
                self._go.wait(5)
                pipe.pending.append("{n} O 7\n{n} Z\n")

        pipe.on_quiet = on_quiet

    async def begun(self, count: int) -> None:
        for _ in range(count):
            assert await asyncio.to_thread(self._quiet.acquire, timeout=5)

    def go(self) -> None:
        self._go.set()

    async def release(self) -> list[Reply]:
        self.go()
        return await asyncio.gather(*self.reads)


async def test_a_late_answer_of_a_cancelled_read_is_never_anothers(monkeypatch):
    monkeypatch.setattr(readers, "PATIENCE", 0.01)
    it, transport = estate(([HELLO], SILENT), ([HELLO], GOOD))
    held = Held(it, transport, 1)
    await held.begun(1)
    held.reads[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await held.reads[0]
    assert (await it.read(READ)).values == (1, "x")  # in another process: the first one's is still at work
    assert [frame.script for frame in transport.pipes] == [READ.script] * 2
    transport.pipes[0].answer = ["{p} O 66\n{p} Z\n", *GOOD]
    held.go()
    for _ in range(3):
        assert (await it.read(READ)).values == (1, "x")


async def test_reads_side_by_side_wait_for_a_quick_reader(monkeypatch):
    monkeypatch.setattr(readers, "PATIENCE", 30.0)
    it, transport = estate(([HELLO], GOOD))
    replies = await asyncio.gather(*(it.read(READ) for _ in range(40)))
    assert [reply.values for reply in replies] == [(1, "x")] * 40
    assert (len(transport.pipes), frames(transport)) == (1, 40)


async def test_slow_ones_get_company_but_no_more_than_three(monkeypatch):
    monkeypatch.setattr(readers, "PATIENCE", 0.01)
    it, transport = estate(*[([HELLO], SILENT)] * 9)
    held = Held(it, transport, 7)
    await held.begun(3)
    assert len(transport.pipes) == 3
    assert [reply.values for reply in await held.release()] == [(7,)] * 7
    assert len(transport.pipes) == 3


async def test_a_slow_read_does_not_hold_up_a_quick_one(monkeypatch):
    monkeypatch.setattr(readers, "PATIENCE", 0.01)
    it, transport = estate(([HELLO], SILENT), ([HELLO], GOOD))
    held = Held(it, transport, 1)
    await held.begun(1)
    assert (await it.read(READ)).values == (1, "x")
    assert not held.reads[0].done()
    assert (await held.release())[0].values == (7,)


@pytest.mark.parametrize("refusal", [Unreachable("no room", "b", "c"), NoHandshake("a"), SignInRefused("a")])
async def test_where_the_host_has_room_for_one_they_wait_for_that_one(monkeypatch, refusal):
    monkeypatch.setattr(readers, "PATIENCE", 0.01)
    plays: list[Play] = [([HELLO], SILENT), refusal, refusal]
    it, transport = estate(*plays)
    refused = threading.Event()
    transport.on_refusal = refused.set
    held = Held(it, transport, 4)
    await held.begun(1)
    assert await closed(refused)
    assert [reply.values for reply in await held.release()] == [(7,)] * 4
    assert len(transport.pipes) == 1


@pytest.mark.parametrize(("error", "shared"), [(SignInRefused("no"), True), (None, False)])
def test_who_waited_while_the_first_start_failed_gets_that_failure(error, shared):
    _, transport = estate()
    several = readers.HostReaders(transport, "node1", transport.clock)
    several._starting = True
    deadline = Deadline(transport.clock, 60.0)

    def fail() -> None:
        with several._changed:
            several._failures, several._failure, several._starting = int(shared), error, False
            several._changed.notify_all()

    timer = threading.Thread(target=lambda: waiting.wait(5) and fail())
    waiting = threading.Event()
    several._changed.wait = lambda timeout: waiting.set() or threading.Condition.wait(several._changed, 5)  # type: ignore[assignment, method-assign]
    timer.start()
    if shared:
        with pytest.raises(SignInRefused, match="no"):
            several._idle_or_turn(deadline, threading.Event())
    else:
        assert several._idle_or_turn(deadline, threading.Event()) is None
    timer.join()


async def test_a_wake_up_that_a_cancelled_read_got_goes_on_to_the_next(monkeypatch):
    monkeypatch.setattr(readers, "PATIENCE", 30.0)
    _, transport = estate()
    several = readers.HostReaders(transport, "node1", transport.clock)
    several._starting = True
    stops = [threading.Event(), threading.Event()]
    deadline = Deadline(transport.clock, 60.0)
    asleep = threading.Semaphore(0)
    several._changed.wait = lambda timeout: asleep.release() or threading.Condition.wait(several._changed, timeout)  # type: ignore[assignment, method-assign]
    first = asyncio.create_task(asyncio.to_thread(several._idle_or_turn, deadline, stops[0]))
    await asyncio.to_thread(asleep.acquire, timeout=5)
    second = asyncio.create_task(asyncio.to_thread(several._idle_or_turn, deadline, stops[1]))
    await asyncio.to_thread(asleep.acquire, timeout=5)
    stops[0].set()
    with several._changed:
        several._starting = False
        several._changed.notify()
    with pytest.raises(Cancelled):
        await first
    assert await second is None


async def test_a_question_does_not_wait_for_a_reader_beyond_its_deadline(monkeypatch):
    monkeypatch.setattr(readers, "PATIENCE", 0.01)
    monkeypatch.setattr(readers, "MOST", 1)
    it, transport = estate(([HELLO], SILENT))
    held = Held(it, transport, 1)
    await held.begun(1)
    short = asyncio.create_task(it.read(replace(READ, deadline=20.0)))
    several = it._readers.of("node1")  # type: ignore[attr-defined]
    waiting = threading.Event()
    several._changed.wait = lambda timeout: waiting.set() or threading.Condition.wait(several._changed, timeout)
    assert await closed(waiting)
    transport.clock.real += 21
    with pytest.raises(Unreachable, match="No reader of node1 was free") as caught:
        await short
    assert not caught.value.sent
    assert (await held.release())[0].values == (7,)


async def test_close_ends_them_all_and_no_read_starts_another():
    it, transport = estate(([HELLO], SILENT), ([HELLO], GOOD), ([HELLO], GOOD))
    held = Held(it, transport, 1)
    await held.begun(1)
    transport.opened_with = lambda pipe: None
    await it.close()
    assert transport.pipes[0].closed.is_set()
    with pytest.raises(Cancelled):
        await it.read(READ)
    assert (await held.release())[0].values == (7,)
    assert len(transport.pipes) == 1
