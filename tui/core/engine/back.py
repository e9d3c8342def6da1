"""The way back and what is left: pure readings of a plan and a state.

What a run made, or may have made, is what an undo takes back and what a report names when nothing took it back.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.engine.questions import Ways
from tui.core.events import Outcome
from tui.core.facts import split
from tui.core.plan import Plan, Step
from tui.core.state import RunState

GONE = (Outcome.DONE, Outcome.ALREADY, Outcome.FOUND_DONE, Outcome.BY_HAND)
"""Outcomes of a step that takes something away after which it is gone."""


def no_return(plan: Plan, state: RunState, step: Step) -> bool:
    """Whether the step's lane has passed its point of no return: that was sent, or ended as made true by anybody."""
    points = (other for other in plan.lane(step.id) if other.no_return)
    return any(state.step(point.id).airborne or _stands(state, point) for point in points)


def undoable(plan: Plan, state: RunState) -> list[Step]:
    """What this run made and can take back, newest first. Nothing that it found, nothing beyond a no return.

    In a plan of several VMs what they share can be taken back also when one of them runs already.
    """
    if state.undoing:
        return []
    made = [
        step
        for step in plan.steps()
        if step.undo is not None and _ours(state, step) and not no_return(plan, state, step)
    ]
    return made[::-1]


def stays(plan: Plan, state: RunState) -> tuple[str, ...]:
    """What the run made, or may have made, and going back would not take away. A file goes with its folder."""
    back = {step.id for step in undoable(plan, state)}
    return tuple(
        left(step) for step in plan.steps() if may_have_made(state, step) and not step.undone_by and step.id not in back
    )


def ways(plan: Plan, state: RunState) -> Ways:
    """Where the run can turn now, with the reason where it cannot."""
    if state.undoing:
        touched = any(state.step(step_id).airborne or state.step(step_id).outcome in GONE for step_id in state.undoing)
        return Ways("the run is going back already", forward=not touched, back=True)
    if undoable(plan, state):
        return Ways()
    behind = any(no_return(plan, state, step) for step in plan.steps())
    return Ways("the point of no return is behind" if behind else "this run has made nothing yet that it can take back")


def left_after_undo(plan: Plan, state: RunState) -> tuple[str, ...]:
    """What the run made, or may have made, and no undo took back. A file goes with its folder."""
    return tuple(
        left(step)
        for step in plan.steps()
        if may_have_made(state, step) and not step.undone_by and not _taken_back(state, step)
    )


def left_at_end(plan: Plan, state: RunState) -> tuple[str, ...]:
    """What clean-up steps were to remove or set back, and did not."""
    leaving = (step for step in plan.steps() if step.leaves and state.step(step.id).outcome not in GONE)
    return tuple(left(step) for step in (*_of_those_left_out(plan, state), *leaving))


def _of_those_left_out(plan: Plan, state: RunState) -> Iterator[Step]:
    """What the run made for a VM before it was left out: its start was skipped, and nothing else takes it away."""
    for step in plan.steps():
        points = [other for other in plan.lane(step.id) if other.no_return]
        left_out = any(state.step(point.id).outcome is Outcome.SKIPPED for point in points)
        if left_out and split(step.id)[1] and may_have_made(state, step) and step.undo is not None:
            yield step


def left(step: Step) -> str:
    """What the step leaves, with the VM whose it is in a plan of several."""
    what, vm = step.leaves or step.changes or step.title, split(step.id)[1]
    return f"{vm}: {what}" if vm else what


def _taken_back(state: RunState, step: Step) -> bool:
    return step.undo is not None and state.step(step.undo.id).outcome in GONE


def may_have_made(state: RunState, step: Step) -> bool:
    """A failed step was read as not so: what it was to make is not there."""
    known = state.step(step.id)
    unjudged = known.airborne and known.outcome in (None, Outcome.UNKNOWN)
    return step.act is not None and (unjudged or _stands(state, step))


def _ours(state: RunState, step: Step) -> bool:
    outcome = state.step(step.id).outcome
    return outcome is not None and outcome.ours


def _stands(state: RunState, step: Step) -> bool:
    outcome = state.step(step.id).outcome
    return outcome is not None and outcome.stands
