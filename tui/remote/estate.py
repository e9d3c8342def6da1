"""The outside as the engine sees it: `Estate` over a `Transport`, with every blocking call on a daemon thread.

A read is one thread from start to end, in a kept reader, and may be tried anew. An act is two: `prepare` leaves a
process standing that has said who it is; `send` writes the frame once. Only `discard` ends a process whose script may
be running.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import threading
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Final

from tui.core.action import Action, Alive, Copy, Estate, Ids, Kind, PowerShell, Prepared, Reach, Read, Record, Reply
from tui.core.clock import Clock
from tui.core.errors import ConnectionLost, DeadlinePassed, EstateError, Unreachable
from tui.core.threads import in_thread
from tui.remote.errors import NOT_KNOWN, NOT_SENT
from tui.remote.exchange import Cancelled, Deadline, Session, answer, begin, hand_over
from tui.remote.frame import frame
from tui.remote.powershell import bytes_of, process_of, read_file, rows, write_file
from tui.remote.readers import Readers
from tui.remote.transport import Transport

CLOSING: Final = 15.0
"""Seconds that closing may take; what is not given back by then expires on the host."""
PREPARING: Final = 3_600.0
"""Seconds of the site for starting a process; each handshake has its own bound of real ones."""
SLACK: Final = 60.0
"""Seconds by which a process may seem younger than its intent and still be ours: rounding, and a slow answer."""

_ENDS: Final = frozenset((Kind.END, Kind.LEFT))
_ONLY_READ: Final = "It only reads: nothing was changed."


LAST = b"exit\n"
"""Follows the frame in the same write: the process ends after its one script, also when nobody listens any more, so
that its PID can serve as a trace."""


class RemoteEstate(Estate):
    """Implements `Estate`."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock
        self._readers = Readers(transport, clock)
        self._sessions: dict[str, Session] = {}

    async def read(self, action: Read) -> Reply:
        """Ask; see `Estate.read`. A PowerShell that changes something is a defect: ValueError."""
        if isinstance(action, Reach):
            return await self._reach(action)
        if action.changes:
            raise ValueError(f"not a read: {action.shown}")
        stop = threading.Event()
        try:
            return await in_thread(lambda: self._read(action, stop), "azl-read")
        finally:
            stop.set()

    async def resolve(self, action: Action) -> PowerShell:
        """The exact script; see `Estate.resolve`. Raises EstateError where the source is not the file expected."""
        if isinstance(action, PowerShell):
            return action
        data = bytes_of(await self.read(read_file(action.source_host, action.source_path)))
        _same(action, hashlib.sha256(data).hexdigest())
        written = write_file(action.host, action.path, data, deadline=action.deadline, usual=action.usual)
        return dataclasses.replace(written, repeat=action.repeat)

    async def prepare(self, action: PowerShell) -> Prepared:
        """Start its process; see `Estate.prepare`. Raises CannotCarry before anything is started."""
        frame("0" * 32, action.script)
        stop = threading.Event()

        def start() -> Session:
            bound = Deadline(self._clock, PREPARING)
            session = begin(self._transport, action.host, self._clock, stop, reader=False, deadline=bound)
            self._sessions[session.nonce] = session
            if stop.is_set():
                self._end(session)
            return session

        try:
            session = await in_thread(start, "azl-prepare")
        except asyncio.CancelledError:
            stop.set()
            raise
        hello, pipe = session.hello, session.pipe
        ids = Ids(action.host, pipe.shell, pipe.command, hello.pid, session.nonce, hello.language, hello.version)
        return Prepared(action, ids)

    async def send(self, prepared: Prepared) -> AsyncIterator[Record]:
        """Hand over and listen; see `Estate.send`. Leaving the loop ends the listening, never the process."""
        action, nonce = prepared.action, prepared.ids.nonce
        session = self._sessions.get(nonce)
        if session is None:
            raise Unreachable(f"The process prepared on {action.host} is gone.", NOT_SENT, "Start the step again.")
        if session.handed_over:
            raise ConnectionLost(f"This script was already handed over to {action.host}.", NOT_KNOWN)
        session.handed_over = True
        line = frame(nonce, action.script) + LAST
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Record | BaseException] = asyncio.Queue()
        stop = threading.Event()

        def put(item: Record | BaseException) -> None:
            try:
                loop.call_soon_threadsafe(queue.put_nowait, item)
            except RuntimeError:  # the loop is closed: nobody waits any more
                stop.set()

        def carry() -> None:
            self._carry(session, line, Deadline(self._clock, action.deadline), put, stop)

        threading.Thread(target=carry, name="azl-send", daemon=True).start()
        try:
            while True:
                item = await queue.get()
                if isinstance(item, BaseException):
                    raise item
                yield item
                if item.kind in _ENDS:
                    return
        finally:
            stop.set()

    async def alive(self, ids: Ids, since: float) -> Alive:
        """Whether that process runs, by the host's own clock; see `Estate.alive`. Never raises EstateError."""
        try:
            reply = await self.read(process_of(ids))
            found = rows(reply)
            if not found:
                return Alive.GONE if reply.values else Alive.UNREADABLE  # "gone" is said, as `[]`
            now, started = (datetime.fromisoformat(found[0].text(key)) for key in ("now", "started"))
            age = (now - started).total_seconds()
        except (EstateError, ValueError, TypeError):
            return Alive.UNREADABLE
        return Alive.YES if age >= self._clock.wall() - since - SLACK else Alive.GONE

    async def end(self, ids: Ids) -> None:
        """Have the host end that process; see `Estate.end`."""
        await in_thread(lambda: self._transport.end(ids.host, ids.shell, ids.command), "azl-end")

    async def discard(self, prepared: Prepared) -> None:
        """End the process; see `Estate.discard`."""
        session = self._sessions.get(prepared.ids.nonce)
        if session is not None:
            await _bounded(lambda: self._end(session))

    async def close(self) -> None:
        """End what was prepared and not used, and the readers. A change that may be running is left alone."""
        await _bounded(self._close)

    def _read(self, action: PowerShell, stop: threading.Event) -> Reply:
        readers, deadline = self._readers.of(action.host), Deadline(self._clock, action.deadline)
        try:
            return readers.read(action.script, deadline, stop)
        except ConnectionLost as error:
            error.means = _ONLY_READ
            raise
        except DeadlinePassed as error:
            error.means, error.do = _ONLY_READ, "Try again; the host may be busy."
            raise

    async def _reach(self, action: Reach) -> Reply:
        started = self._clock.wall()

        def asks(port: int) -> Callable[[], bool]:
            return lambda: self._transport.reach(action.host, port, action.deadline)

        opens = await asyncio.gather(*(in_thread(asks(port), "azl-reach") for port in action.ports))
        found = [Record(Kind.OUTPUT, {"port": p, "open": o}) for p, o in zip(action.ports, opens, strict=True)]
        return Reply((*found, Record(Kind.END)), Kind.END, started)

    def _carry(
        self,
        session: Session,
        line: bytes,
        deadline: Deadline,
        put: Callable[[Record | BaseException], None],
        stop: threading.Event,
    ) -> None:
        """On its thread: write once, pass every record on, and end the process after its last one."""
        try:
            hand_over(session, line)
            for record in answer(session, deadline, stop):
                put(record)
        except Cancelled:
            return
        except EstateError as error:
            put(error)
            return
        except Exception as error:
            do = "This is a defect of the program; keep the record of the run."
            put(ConnectionLost(f"The answer from {session.host} was lost.", NOT_KNOWN, do, repr(error)))
            return
        self._end(session)

    def _end(self, session: Session) -> None:
        self._sessions.pop(session.nonce, None)
        session.pipe.close()

    def _close(self) -> None:
        for session in [one for one in self._sessions.values() if not one.handed_over]:
            self._end(session)
        self._readers.close()
        self._transport.close()


async def _bounded(call: Callable[[], None]) -> None:
    try:
        await asyncio.wait_for(in_thread(call, "azl-close"), CLOSING)
    except Exception:
        return


def _same(action: Copy, digest: str) -> None:
    if not action.expected or digest == action.expected.lower():
        return
    raise EstateError(
        f"{action.source_path} on {action.source_host} is not the file that was expected: it has changed.",
        "Nothing was written.",
        "Find out who changed it; take the file from its source again.",
        raw=f"expected SHA-256 {action.expected}\nfound    SHA-256 {digest}",
    )
