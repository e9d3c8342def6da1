"""What a run leaves behind, and the line that removes it."""

from __future__ import annotations

from tui.core.engine.back import left_at_end
from tui.core.plan import Plan, Step, shown
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
    for step in plan.steps() if plan is not None else ():
        if what not in (step.leaves, step.changes, step.title):
            continue
        remover = step.undo if state.undoing and step.undo is not None else step
        return remover.host, _line(remover, state, plan)
    return "", ""


def _line(step: Step, state: RunState, plan: Plan | None) -> str:
    facts = plan.facts.plus(state.facts()) if plan is not None else None
    return shown(step.preview(facts)) if facts is not None else ""
