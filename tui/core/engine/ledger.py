"""What every part of the engine shares: the record, the state folded from it, and what it knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tui.core.action import Estate
from tui.core.clock import Clock
from tui.core.events import Ended, Event, Learned, Outcome, Probed
from tui.core.facts import Facts, scoped, split
from tui.core.journal import Journal
from tui.core.known import known_to
from tui.core.plan import Plan, Step
from tui.core.state import RunState
from tui.core.verdict import Probe, Verdict


class Stopped(Exception):
    """The person chose to stop, or asked for it between two commands. The run can be taken up."""


class UndoChosen(Exception):
    """The person chose to go back."""


class ForwardChosen(Exception):
    """The person chose to go on after all, before anything was taken back."""


@dataclass(slots=True)
class Brake:
    """Set by a front end: stop after the commands that are running."""

    on: bool = False


@dataclass(slots=True)
class Ledger:
    """The record and its fold. The state changes only by `commit`."""

    journal: Journal
    estate: Estate
    clock: Clock
    plan: Plan
    mode: str
    brake: Brake = field(default_factory=Brake)
    replan: Callable[[Mapping[str, str]], Plan] | None = None
    """Makes the plan again, with these facts besides the operator's; None where that cannot be."""
    following: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the plan is made again."""
    turning: bool = False
    """One lane ends this way of the run: the others come to their next safe place and stop there."""

    @property
    def state(self) -> RunState:
        """Where the run stands by what is on disk."""
        return self.journal.state

    async def commit(self, event: Event) -> None:
        """On disk, then in the state."""
        await self.journal.commit(event)

    @property
    def braked(self) -> bool:
        """Whether the brake was pulled or the run turns: nothing more may be sent."""
        return self.brake.on or self.turning

    def check(self) -> None:
        """Raises Stopped where nothing more may be sent. Called where nothing is in flight."""
        if self.braked:
            raise Stopped

    def facts(self, step_id: str = "") -> Facts:
        """What the step of this id knows; without one, what all share."""
        return known_to(self.plan, self.state, step_id)

    async def probe(self, step: Step, probe: Probe, purpose: str) -> Verdict:
        """Ask, put the answer on record, and keep what it taught."""
        verdict = await probe.ask(self.facts(step.id), self.estate)
        far = (verdict.progress.done, verdict.progress.total, verdict.progress.unit) if verdict.progress else ()
        await self.commit(Probed(step.id, purpose, probe.question, verdict.truth, verdict.evidence, *far))
        await self.learn(step.id, verdict.learned)
        return verdict

    async def learn(self, step_id: str, values: Mapping[str, str]) -> None:
        """Put what is new on record. What a step of a lane learns is the lane's own."""
        known, lane = self.state.learned, split(step_id)[1]
        own = {scoped(name, lane): value for name, value in values.items()}
        new = {name: value for name, value in own.items() if known.get(name) != value}
        if new:
            await self.commit(Learned(step_id, new))

    async def end(self, step: Step, outcome: Outcome, evidence: str, by: str = "", reason: str = "") -> Outcome:
        """Put a step's end on record."""
        await self.commit(Ended(step.id, outcome, evidence, by, reason))
        return outcome
