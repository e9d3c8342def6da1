"""The time of a run, the machine's, the person's and the absence apart; and how the RTO stands."""

from __future__ import annotations

from dataclasses import dataclass

from tui.core.clock import span
from tui.core.plan import Plan
from tui.core.state import RunState


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds. `back` is from the declaration until the VM was proved back; None while it is not."""

    total: float
    machine: float
    you: float
    away: float
    back: float | None
    target: float

    @property
    def kept(self) -> bool | None:
        """Whether the RTO was kept; None where none is set, or it is not back and the record does not say."""
        if not self.target or self.back is None:
            return None
        return self.back <= self.target


def times(state: RunState, plan: Plan | None) -> Times:
    """The times of the record."""
    total = max(0.0, state.last - state.first)
    machine = max(0.0, total - state.waited - state.away)
    target = state.began.rto if state.began is not None else 0.0
    return Times(total, machine, state.waited, state.away, _back(state, plan), target)


def rto_line(state: RunState, plan: Plan | None) -> str:
    """The RTO in words: kept, over, or not recovered."""
    known = times(state, plan)
    if not known.target:
        return "No RTO target was set."
    target = f"RTO target {span(known.target)}"
    if known.back is None:
        gone = state.last - state.began.declared if state.began is not None and state.began.declared else 0.0
        over = f", over by {span(gone - known.target)}" if gone > known.target else ""
        return f"Not back at the last entry, {span(gone)} after the outage was declared. {target}{over}."
    if known.kept:
        return f"Back after {span(known.back)}. {target}: kept, {span(known.target - known.back)} spare."
    return f"Back after {span(known.back)}. {target}: over by {span(known.back - known.target)}."


def _back(state: RunState, plan: Plan | None) -> float | None:
    """From the declaration to the proof of the step without return (the start), else to the end of the run."""
    if state.ended is None or not state.ended.recovered or state.began is None or not state.began.declared:
        return None
    starts = [state.step(step.id) for step in plan.steps() if step.no_return] if plan is not None else []
    proved = [step.ended for step in starts if step.outcome is not None and step.outcome.settled and step.ended]
    return max(0.0, (max(proved) if proved else state.last) - state.began.declared)
