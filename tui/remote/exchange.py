"""One process, spoken to: start it, hear its handshake, hand over a frame, hear the answer. All calls block.

Time is counted twice. A deadline is site time (in a drill that runs faster than the person's), but no exchange is given
less than 10 s of real time, and none more real seconds than its deadline has.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from tui.core.action import Record
from tui.core.clock import Clock
from tui.core.errors import ConnectionLost, DeadlinePassed, EstateError, NoHandshake
from tui.remote.answer import Hello, Parser
from tui.remote.errors import NOT_KNOWN, NOT_SENT, Dropped
from tui.remote.frame import frame, new_nonce, opening
from tui.remote.transport import Pipe, Transport

T = TypeVar("T")

HANDSHAKE_BOUND: Final = 60.0
"""Seconds for the H line."""
FLOOR: Final = 10.0
"""Real seconds that every exchange has."""
TRIES: Final = 3
"""Attempts where a connection broke and repeating is safe."""
_TURN: Final = 5.0
"""Seconds of one look at the pipe: how late a deadline or a cancel is noticed."""


class Deadline:
    """The time of one exchange, in seconds of the site."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._wall = clock.wall()
        self._real = clock.monotonic()

    @property
    def left(self) -> float:
        """Seconds that remain; 0 or less when it has passed."""
        site = self._clock.wall() - self._wall
        real = self._clock.monotonic() - self._real
        return min(self._seconds - real, max(self._seconds - site, FLOOR - real))


class Bound:
    """Real seconds, for what does not depend on the site's time."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._until = clock.monotonic() + seconds
        self.seconds = seconds

    @property
    def left(self) -> float:
        """Seconds that remain; 0 or less when it has passed."""
        return self._until - self._clock.monotonic()


class Cancelled(EstateError):
    """Nobody waits for this exchange any more."""


@dataclass(slots=True)
class Session:
    """A process that has said who it is."""

    host: str
    pipe: Pipe
    nonce: str
    parser: Parser
    hello: Hello
    handed_over: bool = False
    heard: int = 0
    """Characters of stderr that came before this frame."""

    @property
    def raw(self) -> str:
        """What came outside the frame, for the key that shows it."""
        return raw_of(self.pipe, self.parser, self.heard)


def begin(
    transport: Transport, host: str, clock: Clock, stop: threading.Event, *, reader: bool, deadline: Deadline
) -> Session:
    """Start a process and hear its handshake; nothing of a script is sent.

    Raises NoHandshake after two processes that did not answer in their frame; Unreachable, SignInRefused, NotTrusted.
    A connection that broke is tried anew, at most twice.
    """
    silent = 0
    for attempt in range(1, TRIES + 1):
        try:
            return _begin_once(transport, host, clock, stop, reader, deadline)
        except NoHandshake:
            silent += 1
            if silent == 2 or deadline.left <= 0:
                raise
        except Dropped:
            if attempt == TRIES or deadline.left <= 0:
                raise
    raise AssertionError("the last attempt returns or raises")


def ask(session: Session, script: str, deadline: Deadline, stop: threading.Event) -> tuple[Record, ...]:
    """One more frame, under a nonce of its own: what is still said under an earlier one is noise.

    Raises as `hand_over` and `answer` do; then the process must not be asked again.
    """
    session.nonce = new_nonce()
    session.parser = Parser(session.nonce)
    session.heard = len(session.pipe.stderr)
    hand_over(session, frame(session.nonce, script))
    return tuple(answer(session, deadline, stop))


def hand_over(session: Session, line: bytes) -> None:
    """Write the frame, once. Raises an error that is not `sent` where it surely did not arrive, or ConnectionLost."""
    session.handed_over = True
    try:
        session.pipe.write(line)
    except EstateError as error:
        session.handed_over = error.sent
        raise


def answer(session: Session, deadline: Deadline, stop: threading.Event) -> Iterator[Record]:
    """The records as they come, the last END or LEFT. Raises ConnectionLost, DeadlinePassed, Cancelled."""
    while not session.parser.ended:
        if stop.is_set():
            raise Cancelled(f"The answer from {session.host} is not waited for any more.", NOT_KNOWN)
        if deadline.left <= 0:
            raise DeadlinePassed(
                f"PowerShell on {session.host} did not finish by its deadline.",
                "It may still run.",
                "Wait and look again, or end the process.",
                session.raw,
            )
        data = session.pipe.read(_turn(deadline.left))
        if data is None:
            raise ConnectionLost(
                f"PowerShell on {session.host} ended before its answer was complete.",
                NOT_KNOWN,
                "Read the raw text: it shows what the process wrote.",
                session.raw,
            )
        yield from session.parser.feed(data)


def raw_of(pipe: Pipe, parser: Parser, heard: int = 0) -> str:
    """Noise, the unfinished line, and stderr without the first `heard` characters."""
    return "\n".join(part for part in (parser.raw, pipe.stderr[heard:].strip()) if part)


def _begin_once(
    transport: Transport, host: str, clock: Clock, stop: threading.Event, reader: bool, deadline: Deadline
) -> Session:
    pipe = unsent(lambda: transport.open(host, reader=reader))
    nonce = new_nonce()
    parser = Parser(nonce)
    try:
        bound = Bound(clock, min(HANDSHAKE_BOUND, deadline.left))
        return Session(host, pipe, nonce, parser, _greet(host, pipe, parser, nonce, bound, stop))
    except BaseException:
        pipe.close()
        raise


def _greet(host: str, pipe: Pipe, parser: Parser, nonce: str, bound: Bound, stop: threading.Event) -> Hello:
    unsent(lambda: pipe.write(opening(nonce)))
    while parser.hello is None:
        data = b"" if stop.is_set() else unsent(lambda: pipe.read(_turn(bound.left)))
        if stop.is_set():
            raise Cancelled(f"PowerShell on {host} is not waited for any more.", NOT_SENT)
        if data is None or (not data and bound.left <= 0):
            ended = "ended without" if data is None else f"gave no sign within {bound.seconds:.0f} s of"
            raise NoHandshake(
                f"PowerShell on {host} {ended} its handshake.",
                NOT_SENT,
                "Read the raw text; then do this step by hand at the host.",
                raw_of(pipe, parser),
            )
        parser.feed(data)
    return parser.hello


def _turn(left: float) -> float:
    return max(0.05, min(_TURN, left))


def unsent(call: Callable[[], T]) -> T:
    """Make a call before anything was handed over: a connection lost in it means that nothing was sent."""
    try:
        return call()
    except ConnectionLost as error:
        raise Dropped(error.happened, NOT_SENT, error.do, error.raw) from None
