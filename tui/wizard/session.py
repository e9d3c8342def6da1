"""A run as front ends see it: a journal, an engine over it, and nothing that draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tui.core.action import Estate
from tui.core.clock import Clock
from tui.core.engine import Asker, Brake, Engine
from tui.core.events import Left, Noted, Stamped
from tui.core.journal import Journal
from tui.core.plan import Plan
from tui.core.state import RunState

Replan = Callable[[Mapping[str, str]], Plan]
"""Makes the run's plan again, with these facts besides the operator's."""


class Session:
    """See `tui.core.front.RunSession`."""

    def __init__(
        self, plan: Plan, mode: str, journal: Journal, estate: Estate, clock: Clock, person: str, replan: Replan
    ) -> None:
        self._plan = plan
        self._replan = replan
        self._engine: Engine | None = None
        self.mode = mode
        self.folder = journal.folder
        self.brake = Brake()
        self._journal = journal
        self._estate = estate
        self._clock = clock
        self._person = person

    @property
    def plan(self) -> Plan:
        """The plan as it is now."""
        return self._plan if self._engine is None else self._engine.plan

    @property
    def state(self) -> RunState:
        """Where the run stands."""
        return self._journal.state

    @property
    def events(self) -> Sequence[Stamped]:
        """All events so far."""
        return self._journal.events

    def follow(self, follower: Callable[[Stamped], None]) -> Callable[[], None]:
        """Call with each committed event from now on; gives back how to stop it."""
        return self._journal.follow(follower)

    async def go(self, asker: Asker) -> RunState:
        """Run until the end or until the person stops."""
        self._engine = Engine(
            self._plan, self._journal, self._estate, self._clock, asker, self.mode, self.brake, self._replan
        )
        return await self._engine.run()

    async def note(self, text: str) -> None:
        """A note into the record."""
        await self._journal.commit(Noted(text, self._person))

    async def left(self, how: str) -> None:
        """On record: the program is left while something is in flight."""
        await self._journal.commit(Left(how))

    def script_file(self, step: str, script: str) -> Path:
        """The command as a file in the run's folder, for who cannot copy from the terminal."""
        number = self.plan.number(step)
        path = self.folder / (f"step-{number:02d}.ps1" if number else f"{step or 'line'}.ps1")
        path.write_text(script + "\n", "utf-8")
        return path
