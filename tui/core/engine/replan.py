"""The plan made again in a run, to fit what somebody else changed: an event with its hash; done steps keep ids."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.engine.ledger import Ledger
from tui.core.events import PlanMade
from tui.core.facts import scoped, split
from tui.core.plan import Plan, Step


class PlanChanged(Exception):
    """The plan is another one now: the lane looks anew for its next step."""


async def follow(ledger: Ledger, step: Step, instead: Mapping[str, str]) -> bool:
    """Make the plan again with what the step's lane found, on record before it counts; whether it is another one then.

    One lane after the other: two that follow at once would each make a plan without what the other found.
    """
    assert ledger.replan is not None  # offered only where it can be made
    found = {scoped(name, split(step.id)[1]): value for name, value in instead.items()}
    async with ledger.following:
        known = ledger.state.plan.changed if ledger.state.plan is not None else {}
        changed = {**ledger.plan.keeps, **known, **found}
        plan = ledger.replan(changed)
        if plan.digest == ledger.plan.digest:
            return False
        await on_record(ledger, plan, changed)
        ledger.plan = plan
    return True


async def on_record(ledger: Ledger, plan: Plan, changed: Mapping[str, str]) -> None:
    """The plan and its hash into the record."""
    rows = tuple((s.id, phase.title, s.title, s.host) for phase in plan.phases for s in phase.steps)
    await ledger.commit(PlanMade(plan.digest, plan.title, rows, changed))
