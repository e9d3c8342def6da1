"""Guards: read side by side right before an act, and never older than a minute when it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tui.core.engine.ledger import Ledger
from tui.core.events import Probed
from tui.core.facts import scoped, split
from tui.core.plan import Guard, Step
from tui.core.question import Shown
from tui.core.verdict import Truth, Verdict

MAX_AGE = 60.0
"""Seconds of the person's time from the start of the reading."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A guard that does not hold: what was found, what it means here, and how the plan could follow it."""

    shown: Shown
    means: str
    follow: str = ""
    instead: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Readings:
    """What the guards said, and when their reading began (monotonic seconds)."""

    began: float
    shown: tuple[Shown, ...]
    broken: tuple[Broken, ...]
    lost: Shown | None = None
    """The marker, where it says that another machine has the run."""


async def read_guards(ledger: Ledger, step: Step, guards: Sequence[Guard] | None = None) -> Readings:
    """Ask all guards side by side (without `guards`: the step's own, and the marker), put the answers on record."""
    began, at = ledger.clock.monotonic(), ledger.clock.wall()
    marker = _marker(ledger, step) if guards is None else None
    asked = [*(step.guards if guards is None else guards), *([marker] if marker is not None else [])]
    facts = ledger.facts(step.id)
    verdicts = await asyncio.gather(*(guard.probe.ask(facts, ledger.estate) for guard in asked))
    shown = [_shown(ledger, step, guard, verdict, at) for guard, verdict in zip(asked, verdicts, strict=True)]
    for guard, verdict in zip(asked, verdicts, strict=True):
        await ledger.commit(Probed(step.id, "guard", guard.title, verdict.truth, verdict.evidence))
        await ledger.learn(step.id, verdict.learned)
    broken = tuple(
        Broken(one, guard.broken, guard.follow, verdict.instead)
        for one, guard, verdict in zip(shown, asked, verdicts, strict=True)
        if verdict.truth is not Truth.SO
    )
    lost = shown.pop() if marker is not None else None
    return Readings(began, tuple(shown), broken, lost if lost is not None and lost.truth is not Truth.SO else None)


async def still_ours(ledger: Ledger, step: Step, readings: Readings) -> bool:
    """Whether the marker says so at this moment: read once more at the last, however young the guards are.

    For the step that makes it: whether what was there is as the gate showed it. None is written over unseen.
    """
    made_by = ledger.plan.marker.made_by if ledger.plan.marker is not None else ""
    if step.id == made_by:
        now = await read_guards(ledger, step)
        return [(one.truth, one.condition) for one in now.shown] == [(o.truth, o.condition) for o in readings.shown]
    marker = _marker(ledger, step)
    return marker is None or (await ledger.probe(step, marker.probe, "marker")).truth is Truth.SO


def stale(ledger: Ledger, readings: Readings) -> bool:
    """Whether a minute of the person's time has gone since the reading began."""
    return ledger.clock.monotonic() - readings.began > MAX_AGE


def _marker(ledger: Ledger, step: Step) -> Guard | None:
    """The marker's guard, while the marker is there: made, by an act that is judged, and not yet being removed."""
    marker = ledger.plan.marker
    if marker is None or step.id == marker.made_by:
        return None
    made = ledger.state.step(marker.made_by).outcome
    removed = [ledger.state.step(step_id) for step_id in marker.removed_by]
    gone = any(one.airborne or (one.outcome is not None and one.outcome.settled) for one in removed)
    if made is None or not made.settled or gone:
        return None
    return marker.at_removal if step.id in marker.removed_by else marker.guard


def _shown(ledger: Ledger, step: Step, guard: Guard, verdict: Verdict, at: float) -> Shown:
    before = ledger.state.expected.get(scoped(guard.title, split(step.id)[1]))
    was, was_at = (before.evidence, before.at) if before is not None else ("", 0.0)
    return Shown(guard.title, verdict.truth, verdict.evidence, at, verdict.condition, was, was_at)
