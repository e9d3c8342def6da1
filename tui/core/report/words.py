"""The outcome in words. Never "success": a run with a skip, a doubt or a leftover names it in its first line."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tui.core.clock import hms
from tui.core.events import Outcome
from tui.core.plan import Plan
from tui.core.state import RunState

NAMED = (
    Outcome.ATTESTED, Outcome.SKIPPED, Outcome.DECLINED, Outcome.FAILED, Outcome.UNKNOWN,
)  # fmt: skip
"""Outcomes that the title counts."""


def subject(state: RunState) -> str:
    """What the run was for: the VM, or how many; else the plan, else the run."""
    chosen = state.chosen.values if state.chosen is not None else {}
    if "vms" in chosen:
        return f"{len(json.loads(chosen['vms']))} VMs"
    if chosen.get("vm"):
        return chosen["vm"]
    if state.plan is not None:
        return state.plan.title
    return f"Run {state.began.run}" if state.began is not None else "This run"


def counts(state: RunState) -> Mapping[Outcome, int]:
    """How many steps ended how; only what occurred."""
    found = [step.outcome for step in state.steps.values() if step.outcome is not None]
    return {outcome: found.count(outcome) for outcome in Outcome if outcome in found}


def title(state: RunState) -> str:
    """`SRV-DB01 recovered; 1 skipped, 1 left over`."""
    found = counts(state)
    parts = [f"{found[outcome]} {outcome}" for outcome in NAMED if outcome in found]
    if state.in_flight:
        parts.append(f"{len(state.in_flight)} with a result not known")
    if state.overridden:
        parts.append(f"{len(state.overridden)} override{'s' if len(state.overridden) > 1 else ''}")
    if state.ended is not None and state.ended.left_over:
        parts.append(f"{len(state.ended.left_over)} left over")
    head = f"{subject(state)} {_verdict(state)}"
    return f"{head}; {', '.join(parts)}" if parts else head


def outcome_line(state: RunState, plan: Plan | None) -> str:
    """The outcome in one line, with the value that it was drawn from and when that was read."""
    ended = state.ended
    if ended is not None:
        return f"{title(state)}. {ended.evidence.rstrip('.')}, read {hms(state.last)}."
    if state.last == 0:
        return f"{title(state)}. The record is empty."
    total = len(state.plan.steps) if state.plan is not None else sum(1 for _ in plan.steps()) if plan is not None else 0
    settled = sum(1 for step in state.steps.values() if step.outcome is not None and step.outcome.settled)
    return f"{title(state)}. {settled} of {total} steps are settled; the last entry is of {hms(state.last)}."


def _verdict(state: RunState) -> str:
    ended = state.ended
    if ended is None:
        return "is not finished"
    if ended.outcome == "already recovered":
        return "was recovered already, nothing was sent"
    if ended.recovered:
        return "recovered"
    if ended.outcome == "undone":
        return "not recovered: what this run made was taken back"
    return f"not recovered: {ended.evidence.rstrip('.')}"
