"""Talking with a person in lines: say, ask, choose; and being interrupted without losing anything."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from tui.core.clock import Clock
from tui.core.front import Leave
from tui.plain.text import listed, number, safe

T = TypeVar("T")
ReadLine = Callable[[str], Awaitable[str | None]]
"""Writes a prompt and gives the next line without its end; None at the end of the input."""
WriteLine = Callable[[str], None]
TAKE_UP = "The run is on record. Take it up later with: azl-recover resume --plain"


@dataclass(frozen=True, slots=True)
class Pick:
    """One numbered choice of a view. `refused` says why it cannot be taken."""

    key: str
    label: str
    note: str = ""
    refused: str = ""


class Talk:
    """The lines that come and go. `live` says that a person types: then what was typed too early does not count."""

    def __init__(
        self,
        clock: Clock,
        read_line: ReadLine,
        write_line: WriteLine,
        live: bool = False,
        drop_typed_ahead: Callable[[], None] = lambda: None,
    ) -> None:
        self.clock = clock
        self.live = live
        self.mode = ""
        self.run = ""
        """The run that can be taken up; empty while there is none."""
        self.how = ""
        """How the program is left at once; empty while it is not."""
        self._read_line = read_line
        self._write_line = write_line
        self._drop = drop_typed_ahead if live else lambda: None
        self._gone = asyncio.Event()
        self._handlers: list[Callable[[], None]] = []

    def say(self, *lines: str) -> None:
        """Write each as a line of its own."""
        for line in lines:
            self._write_line(safe(line))

    @property
    def afterwards(self) -> str:
        """What a person who leaves can do later."""
        return TAKE_UP if self.run else "Nothing was sent. There is no run to take up."

    def interrupt(self) -> None:
        """ctrl+c: what it does depends on what goes on."""
        if self._handlers:
            self._handlers[-1]()
        else:
            self.leave_at_once("at once")

    def leave_at_once(self, how: str) -> None:
        """Whatever waits ends with Leave: the terminal is gone, or the person asked twice."""
        self.how = self.how or how
        self._gone.set()

    async def left(self) -> None:
        """Returns when the program is left at once."""
        await self._gone.wait()

    @contextmanager
    def on_interrupt(self, handler: Callable[[], None]) -> Iterator[None]:
        """While this lasts, ctrl+c calls `handler`."""
        self._handlers.append(handler)
        try:
            yield
        finally:
            self._handlers.remove(handler)

    async def ask(self, prompt: str, delay: float = 0.0, at_end: str | None = None) -> str:
        """One line from the person. At the end of the input `at_end`; where that is None, raises Leave.

        With a person at the keyboard, lines typed before the prompt stood are dropped, and one that comes within
        `delay` seconds of it does not count.
        """
        while True:
            self._drop()
            began = self.clock.monotonic()
            done = await self._interruptible(self._read_line(f"[{self.mode}] {prompt}" if self.mode else prompt))
            if done is None:
                await self._leave_or_go_on()
                continue
            line = done.result()
            if line is None and at_end is not None:
                return at_end
            if line is None:
                self.say("", f"The input has ended. {self.afterwards}")
                raise Leave
            if self.live and self.clock.monotonic() - began < delay:
                self.say("That came too fast to count. Nothing was taken; read it, then answer again.")
                continue
            return line

    async def heard(self) -> str | None:
        """The next line that comes without being asked for; None at the end of the input."""
        return await self._read_line("")

    async def wait_for(self, work: Awaitable[T]) -> T:
        """The result of reading the site. ctrl+c asks whether to leave; the reading goes on meanwhile."""
        task = asyncio.ensure_future(work)
        try:
            while (done := await self._interruptible(asyncio.shield(task))) is None:
                await self._leave_or_go_on()
            return done.result()
        finally:
            task.cancel()

    async def choose(
        self,
        picks: Sequence[Pick],
        mark: str = "",
        keys: Mapping[str, str] | None = None,
        delay: float = 0.0,
    ) -> str:
        """The key of the pick taken, or the text typed if `keys` has its first word (`r`, `o 3`).

        Enter alone means the marked pick; without a mark it means nothing and is asked again.
        """
        keys = keys or {}
        for n, pick in enumerate(picks, 1):
            note = (pick.refused and f"not possible: {pick.refused}") or pick.note
            self.say(listed((f"{n} {pick.label}" + (f": {note}" if note else ""),)))
        if keys:
            self.say(f"Also: {', '.join(f'{key} {what}' for key, what in keys.items())}.")
        default = next((n for n, pick in enumerate(picks, 1) if pick.key == mark and not pick.refused), 0)
        alone = f"; enter alone means {default}" if default else "; enter alone takes nothing"
        while True:
            text = (await self.ask(f"Answer, then enter{alone}: ", delay)).strip()
            if text.split(" ")[0] in keys:
                return text
            if key := self._picked(picks, text or str(default or "")):
                return key

    def _picked(self, picks: Sequence[Pick], text: str) -> str:
        taken = number(text)
        if not 1 <= taken <= len(picks):
            self.say(f"Type a number from 1 to {len(picks)}." if picks else "Type one of the letters above.")
            return ""
        pick = picks[taken - 1]
        if pick.refused:
            self.say(f"{taken} is not possible: {pick.refused}")
            return ""
        return pick.key

    async def _leave_or_go_on(self) -> None:
        """ctrl+c where nothing is in flight. Raises Leave, or returns to go on."""
        self.say("", "Leave? Nothing is undone by leaving. 1 Leave. 2 Go on.")
        with self.on_interrupt(lambda: None):
            self._drop()
            done = await self._first(self._read_line("Answer, then enter; enter alone means 2: "), asyncio.Event())
        if done is None or done.result() is None or str(done.result()).strip() == "1":
            self.say(self.afterwards)
            raise Leave

    async def _interruptible(self, work: Awaitable[T]) -> asyncio.Future[T] | None:
        interrupted = asyncio.Event()
        with self.on_interrupt(interrupted.set):
            return await self._first(work, interrupted)

    async def _first(self, work: Awaitable[T], interrupted: asyncio.Event) -> asyncio.Future[T] | None:
        """The work's finished task, or None when it was interrupted. Raises Leave when the program is left."""
        task = asyncio.ensure_future(work)
        signals = [asyncio.ensure_future(self._gone.wait()), asyncio.ensure_future(interrupted.wait())]
        try:
            await asyncio.wait((task, *signals), return_when=asyncio.FIRST_COMPLETED)
            if self._gone.is_set():
                raise Leave
            return task if task.done() else None
        finally:
            for each in (task, *signals):
                if not each.done():
                    each.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await each
