"""What a run leaves behind, and the line that removes it."""

from __future__ import annotations

from tui.core.engine.back import left, left_at_end, may_have_made
from tui.core.known import known_to
from tui.core.plan import Plan, shown
from tui.core.state import RunState


def left_over(state: RunState, plan: Plan | None) -> tuple[tuple[str, str, str], ...]:
    """(what, host, line that removes it). Host and line are empty where no plan is at hand.

    Of a run that has not ended: what its clean-up has not removed yet, once anything was sent.
    """
    named = state.ended.left_over if state.ended is not None else _not_yet(state, plan)
    return tuple((what, *_removal(what, state, plan)) for what in named)


def _not_yet(state: RunState, plan: Plan | None) -> tuple[str, ...]:
    sent = any(step.airborne for step in state.steps.values())
    if plan is None or not sent:
        return ()
    return left_at_end(plan, state)


def _removal(what: str, state: RunState, plan: Plan | None) -> tuple[str, str]:
    if plan is None:
        return "", ""
    for step in plan.steps():
        if what == left(step):
            takes_back = state.undoing or may_have_made(state, step)  # else it is a clean-up that was not done
            remover = step.undo if takes_back and step.undo is not None else step
            return remover.host, shown(remover.preview(known_to(plan, state, remover.id)))
    return "", ""
