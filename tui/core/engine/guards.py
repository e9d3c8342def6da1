"""Guards: read side by side right before an act, and never older than a minute when it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from tui.core.engine.ledger import Ledger
from tui.core.events import Probed
from tui.core.plan import Guard, Step
from tui.core.question import Shown
from tui.core.verdict import Truth, Verdict

MAX_AGE = 60.0
"""Seconds of the person's time from the start of the reading."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What the guards said, and when their reading began (monotonic seconds)."""

    began: float
    shown: tuple[Shown, ...]
    broken: tuple[tuple[Shown, str], ...]
    """Those that do not hold, each with what it means here."""


async def read_guards(ledger: Ledger, step: Step, guards: Sequence[Guard] | None = None) -> Readings:
    """Ask all guards side by side (without `guards`: the step's own), put the answers on record."""
    guards = step.guards if guards is None else guards
    began = ledger.clock.monotonic()
    at = ledger.clock.wall()
    facts = ledger.facts(step.id)
    verdicts = await asyncio.gather(*(guard.probe.ask(facts, ledger.estate) for guard in guards))
    shown = tuple(_shown(guard, verdict, at) for guard, verdict in zip(guards, verdicts, strict=True))
    for guard, verdict in zip(guards, verdicts, strict=True):
        await ledger.commit(Probed(step.id, "guard", guard.title, verdict.truth, verdict.evidence))
        await ledger.learn(step.id, verdict.learned)
    broken = tuple(
        (s, guard.broken) for s, guard in zip(shown, guards, strict=True) if s.truth is not Truth.SO
    )  # fmt: skip
    return Readings(began, shown, broken)


def stale(ledger: Ledger, readings: Readings) -> bool:
    """Whether a minute of the person's time has gone since the reading began."""
    return ledger.clock.monotonic() - readings.began > MAX_AGE


def _shown(guard: Guard, verdict: Verdict, at: float) -> Shown:
    return Shown(guard.title, verdict.truth, verdict.evidence, at, verdict.condition)
