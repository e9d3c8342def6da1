"""The kept readers: PowerShell processes that answer one read after another, at most three a host.

A read in one is a Send and a Receive; in a process of its own it was six requests and a start. (A start with its
handshake took 0.7 s in PowerShell 7.6.5 on two cores, a frame 3.7 ms. A host that hands over its output in pieces
takes another Receive for each.)

Why several: checks ask up to 40 questions of a host side by side, and a slow one may take its whole deadline; it holds
one reader, the quick ones share the others. Why no more than three, and another only for a read that has waited half a
second: each has a shell of its own, of the 30 that an account may have on a host (MaxShellsPerUser), which acts need
too. Why not three in one shell: what a shell may hold in memory (MaxMemoryPerShellMB, 1,024) is then one process's
alone, and only deleting a shell gives its operations back (pywinrm#124), so each is replaced with its shell. These are
WinRS defaults as Ansible's issue 66846 shows them; none was seen on a host.

Only a reader whose frame ended in Z is asked again. After a deadline, a cancel, an early end or a lost connection its
process is ended, so no late answer waits in it; and each frame has a nonce of its own, so none could be taken for
another's. Native programs never run in a reader: they share its stdin, and would eat the next frame.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from tui.core.action import Kind, Reply
from tui.core.clock import Clock
from tui.core.errors import ConnectionLost, EstateError, SignInRefused, Unreachable
from tui.remote.errors import NOT_SENT, Dropped
from tui.remote.exchange import TRIES, Cancelled, Deadline, Session, ask, begin
from tui.remote.frame import frame
from tui.remote.transport import Transport

MOST: Final = 3
"""Readers of one host."""
PATIENCE: Final = 0.5
"""Real seconds that a read waits for a busy reader before another one is started: a start takes longer."""
READS: Final = 200
"""Reads after which a reader is replaced. A user has 1,500 operations, and terminate gives none back (pywinrm#124):
were it so for each Send and Receive too, three readers would come to 1,200."""
AGE: Final = 3_600.0
"""Seconds of a reader's life: its language mode is fixed at its start, and a shell ended at 8 h sharp (pywinrm#325)."""
REST: Final = 600.0
"""Seconds of rest after which a reader is not trusted: its shell has 900 (`shells.READER_IDLE`)."""
ENDING: Final = 5.0
"""Seconds that closing waits for each process to be ended."""


@dataclass(slots=True, eq=False)
class Reader:
    """A process that stands for reads. `born` and `used` are seconds of the clock that never goes back."""

    session: Session
    generation: int
    born: float
    used: float
    reads: int = 0


class HostReaders:
    """The readers of one host. Safe to use from several threads; every call blocks."""

    def __init__(self, transport: Transport, host: str, clock: Clock) -> None:
        self._transport = transport
        self._host = host
        self._clock = clock
        self._changed = threading.Condition()
        self._idle: list[Reader] = []
        self._busy: list[Reader] = []
        self._starting = False
        self._most = MOST
        self._generation = 0
        self._failures = 0
        self._failure: EstateError | None = None
        self._closed = False
        self._ending: list[threading.Thread] = []

    def read(self, script: str, deadline: Deadline, stop: threading.Event) -> Reply:
        """Ask one script that only reads. Where a connection or a process broke it is asked again, in a fresh reader,
        within its deadline. Raises EstateError."""
        frame("0" * 32, script)  # what cannot be carried starts nothing
        for attempt in range(1, TRIES + 1):
            reader = self._borrow(deadline, stop)
            try:
                return self._ask(reader, script, deadline, stop)
            except (ConnectionLost, Dropped):
                if attempt == TRIES or deadline.left <= 0:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        """End every reader; who still reads gets an error. Never raises."""
        with self._changed:
            self._closed = True
            for reader in [*self._idle, *self._busy]:
                self._end(reader.session)
            self._idle.clear()
            ending = list(self._ending)
            self._changed.notify_all()
        for thread in ending:
            thread.join(ENDING)

    def _ask(self, reader: Reader, script: str, deadline: Deadline, stop: threading.Event) -> Reply:
        whole = False
        started = self._clock.wall()
        try:
            records = ask(reader.session, script, deadline, stop)
            whole = records[-1].kind is Kind.END
        except (ConnectionLost, Dropped):
            self._distrust(reader)
            raise
        finally:
            self._give_back(reader, whole)
        return Reply(records, records[-1].kind, started)

    def _borrow(self, deadline: Deadline, stop: threading.Event) -> Reader:
        while True:
            reader = self._idle_or_turn(deadline, stop) or self._start(deadline, stop)
            if reader is not None:
                return reader

    def _idle_or_turn(self, deadline: Deadline, stop: threading.Event) -> Reader | None:
        """A reader that is idle, waited for where all are busy; None: it is the caller's turn to start one.

        Who waited while the first start failed gets that failure: a dead host costs one wait, and a wrong password one
        refusal, not one for each question.
        """
        with self._changed:
            failures, waited = self._failures, False
            while True:
                if over := self._over(deadline, stop, failures):
                    self._changed.notify()  # what woke this one may be of use to the next
                    raise over
                self._weed()
                if self._idle:
                    self._busy.append(self._idle.pop())
                    return self._busy[-1]
                if not self._starting and (not self._busy or (waited and len(self._busy) < self._most)):
                    self._starting = True
                    return None
                waited |= not self._changed.wait(PATIENCE)

    def _over(self, deadline: Deadline, stop: threading.Event, failures: int) -> EstateError | None:
        """Why there is nothing to wait for any more."""
        if self._closed or stop.is_set():
            return Cancelled(f"The answer from {self._host} is not waited for any more.", NOT_SENT)
        if self._failure is not None and self._failures != failures and not self._busy:
            known = self._failure
            return type(known)(known.happened, known.means, known.do, known.raw)
        if deadline.left <= 0:
            happened = f"No reader of {self._host} was free by this question's deadline."
            return Dropped(happened, NOT_SENT, "Try again; the host may be busy.")
        return None

    def _start(self, deadline: Deadline, stop: threading.Event) -> Reader | None:
        """A new reader, in the caller's hands; None where the host refuses one more beside those that it has."""
        generation = self._generation
        try:
            session = begin(self._transport, self._host, self._clock, stop, reader=True, deadline=deadline)
            return self._enter(session, generation)
        except EstateError as error:
            if not self._make_do(error):
                raise
            return None
        finally:
            with self._changed:
                self._starting = False
                self._changed.notify_all()

    def _make_do(self, error: EstateError) -> bool:
        """Note a start that failed; whether other readers stand, to be waited for."""
        with self._changed:
            standing = len(self._busy) + len(self._idle)
            if standing and not isinstance(error, Cancelled):
                self._most = standing
                return True
            if isinstance(error, Unreachable | SignInRefused):
                self._failures, self._failure = self._failures + 1, error
            return False

    def _enter(self, session: Session, generation: int) -> Reader:
        with self._changed:
            now = self._clock.monotonic()
            reader = Reader(session, generation, now, now)
            if not self._busy and not self._idle:
                self._most = MOST
            self._busy.append(reader)
            if self._closed:
                self._end(session)
            return reader

    def _give_back(self, reader: Reader, whole: bool) -> None:
        with self._changed:
            self._busy.remove(reader)
            reader.reads += 1
            reader.used = self._clock.monotonic()
            if whole and not self._closed:
                self._idle.append(reader)
            else:
                self._end(reader.session)
            self._weed()
            self._changed.notify()

    def _distrust(self, reader: Reader) -> None:
        """A reader was lost: the others that stood beside it may be gone as well (the host was started anew)."""
        with self._changed:
            if reader.generation == self._generation:
                self._generation += 1

    def _weed(self) -> None:
        """End those that are not to be asked any more. Called with the lock held."""
        fit = [reader for reader in self._idle if self._fit(reader)]
        for reader in self._idle:
            if reader not in fit:
                self._end(reader.session)
        self._idle = fit

    def _fit(self, reader: Reader) -> bool:
        now = self._clock.monotonic()
        young = now - reader.born < AGE and now - reader.used < REST
        return young and reader.reads < READS and reader.generation == self._generation

    def _end(self, session: Session) -> None:
        """End a process on a thread of its own: a host that says nothing holds up no answer. With the lock held."""
        thread = threading.Thread(target=session.pipe.close, name="azl-end", daemon=True)
        self._ending = [*(one for one in self._ending if one.is_alive()), thread]
        thread.start()


class Readers:
    """The readers of all hosts."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock
        self._lock = threading.Lock()
        self._hosts: dict[str, HostReaders] = {}

    def of(self, host: str) -> HostReaders:
        """Those of one host."""
        with self._lock:
            if host not in self._hosts:
                self._hosts[host] = HostReaders(self._transport, host, self._clock)
            return self._hosts[host]

    def close(self) -> None:
        """End them all; see `HostReaders.close`."""
        with self._lock:
            hosts = list(self._hosts.values())
        for host in hosts:
            host.close()
