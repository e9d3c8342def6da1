"""What one step knows: the operator's answers, its VM's own facts, and all that was learned since within its reach."""

from __future__ import annotations

from tui.core.facts import Facts, split
from tui.core.plan import Plan
from tui.core.state import RunState


def known_to(plan: Plan, state: RunState, step_id: str) -> Facts:
    """The facts as the step of this id (or the undo of one) sees them; an empty id: what all share."""
    return plan.facts_of(step_id).plus(state.facts(split(step_id)[1]))
