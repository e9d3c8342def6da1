"""A run session over the fake estate, as the wizard makes one over the real."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from tests.core.fake import FakeClock, FakeEstate
from tests.core.person import BEGAN
from tui.core.engine import Asker, Brake, Engine
from tui.core.events import Chosen, Left, Noted, Stamped
from tui.core.journal import Journal
from tui.core.plan import Plan
from tui.core.state import RunState


class FakeSession:
    """See `RunSession`."""

    def __init__(self, plan: Plan, journal: Journal, estate: FakeEstate, clock: FakeClock) -> None:
        self.plan, self.mode, self.folder, self.brake = plan, "DRILL", journal.folder, Brake()
        self.journal, self.estate, self.clock = journal, estate, clock
        self.events: list[Stamped] = journal.events

    @property
    def state(self) -> RunState:
        return self.journal.state

    def follow(self, follower: Callable[[Stamped], None]) -> Callable[[], None]:
        return self.journal.follow(follower)

    async def go(self, asker: Asker) -> RunState:
        for event in () if self.events else (BEGAN, Chosen("tiny", {"vm": "SRV-DB01"})):
            await self.journal.commit(event)
        engine = Engine(self.plan, self.journal, self.estate, self.clock, asker, self.mode, self.brake)
        return await engine.run()

    async def note(self, text: str) -> None:
        await self.journal.commit(Noted(text, "m.weber"))

    async def left(self, how: str) -> None:
        await self.journal.commit(Left(how))

    def script_file(self, step: str, script: str) -> Path:
        path = self.folder / f"{step}.ps1"
        path.write_text(script, "utf-8")
        return path


@contextmanager
def opened(folder: Path, plan: Plan, estate: FakeEstate, clock: FakeClock):
    """A session on a run folder, new or taken up."""
    journal = Journal.take_up(folder, clock) if folder.exists() else Journal.create(folder, clock)
    with journal:
        yield FakeSession(plan, journal, estate, clock)
