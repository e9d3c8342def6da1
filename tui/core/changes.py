"""Something is not as a step needs it: whether somebody else changed it, and what else is still as planned."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.events import Began, Outcome, Probed, Stamped
from tui.core.facts import split
from tui.core.plan import Plan
from tui.core.question import Question, Shown
from tui.core.state import RunState, StepState
from tui.core.verdict import Truth


def is_marker(plan: Plan, question: Question) -> bool:
    """Whether it is about the marker: another machine has the run, or who has it cannot be read."""
    marker = plan.marker
    titles = {marker.guard.title, marker.at_removal.title} if marker is not None else set()
    return len(question.guards) == 1 and question.guards[0].title in titles


def by_others(state: RunState, question: Question) -> bool:
    """Whether each of its guards was as expected before, and nothing that this program sent since can have changed it.

    An act that was proved did what the plan says. One that failed, or whose result is not known, may have done more;
    so may the step's own earlier attempt, and every act while the run goes back.
    """
    guards = question.guards
    before = bool(guards) and all(guard.was and guard.truth is not Truth.UNREADABLE for guard in guards)
    if not before or state.undoing:
        return False
    since = min(guard.was_at for guard in guards)
    own = split(question.step)[1]
    near = {name: known for name, known in state.steps.items() if split(name)[1] in ("", own)}
    return not any(_may_have(known, name == question.step, since) for name, known in near.items())


def _may_have(known: StepState, same: bool, since: float) -> bool:
    flight = known.flight
    sent = flight is not None and flight.at >= since and (flight.returned is None or flight.returned.sent)
    return sent and (same or known.outcome in (None, Outcome.FAILED, Outcome.UNKNOWN))


def as_planned(events: Sequence[Stamped], step_id: str) -> tuple[Probed, ...]:
    """The guards of the step's last attempt that hold."""
    found: dict[str, Probed] = {}
    for stamped in reversed(events):
        match stamped.event:
            case Began(step=step) if step == step_id:
                break
            case Probed(step=step, purpose="guard", question=title) if step == step_id:
                found.setdefault(title, stamped.event)
    return tuple(probed for probed in reversed(found.values()) if probed.truth == Truth.SO)


def rest(events: Sequence[Stamped], question: Question) -> str:
    """What else was read for the step and is as planned, in one line; empty where nothing else was."""
    broken = {guard.title for guard in question.guards}
    equal = [probed for probed in as_planned(events, question.step) if probed.question not in broken]
    if not equal:
        return ""
    return (
        f"Everything else is as planned: {len(equal)} of {len(equal) + len(broken)} values are as this step needs them."
    )


def word(guard: Shown) -> str:
    """`The VM is Off: not so`."""
    how = {Truth.UNREADABLE: "cannot be read", Truth.MIXED: "only in part", Truth.RUNNING: "not yet"}
    return f"{guard.title}: {how.get(guard.truth, 'not so')}"
