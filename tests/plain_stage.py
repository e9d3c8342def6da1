"""A front of lines with a script of what is typed, and a clock that is held."""

import asyncio

from tests.core.fake import NOW, FakeClock, FakeEstate, plan
from tests.core.session import opened
from tui.core.front import (
    Situation,
)
from tui.plain import PlainFront

MODE = Situation(
    "DRILL", "lab", "Trusted Launch key restore", "AZL-BER > AZL-HAM", run="1122-0214", declared=NOW, rto=7200.0
)


class HeldClock(FakeClock):
    """Sleepers wake when the time is moved past their end, and not before."""

    def __init__(self):
        super().__init__()
        self.sleepers = []

    async def sleep(self, seconds):
        waking = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.now + seconds, waking))
        await waking

    def advance(self, seconds):
        super().advance(seconds)
        for end, waking in self.sleepers:
            if end <= self.now and not waking.done():
                waking.set_result(None)


HANG = object()


class Stage:
    """A front with a script of typed lines; a callable is called, and HANG waits for ever."""

    def __init__(self, *typed, live=False):
        self.clock = HeldClock()
        self.typed, self.lines, self.prompts, self.dropped = list(typed), [], [], 0
        self.front = PlainFront(self.clock, self.read, self.lines.append, "m.weber", live, self.drop)
        self.front.situation(MODE)

    async def read(self, prompt):
        if not prompt:  # a line that nobody asked for: none comes
            await asyncio.get_running_loop().create_future()
        self.prompts.append(prompt)
        self.lines.append(prompt)
        self.clock.advance(2)
        said = self.typed.pop(0) if self.typed else None
        said = said() if callable(said) else said
        if said is HANG:
            await asyncio.get_running_loop().create_future()
        return said

    def drop(self):
        self.dropped += 1

    @property
    def text(self):
        return "\n".join(self.lines)

    async def run(self, tmp_path, *steps, estate=None, keep=None):
        self.estate = estate or FakeEstate()
        with opened(tmp_path / "run", plan(tuple(steps), goal="key"), self.estate, self.clock) as session:
            self.session = session
            await self.front.run(session)
            return session.state

    def interrupted(self):
        self.front.interrupt()
        return HANG
