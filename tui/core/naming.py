"""How a step is named where several VMs stand side by side: `SRV-DB03, step 9 of 13`."""

from __future__ import annotations

from tui.core.facts import split
from tui.core.plan import Plan


def named(plan: Plan, step_id: str) -> str:
    """`step 9`, with its VM before it in a plan of several; an undo step has no number: `a step back`."""
    vm, number = split(step_id)[1], plan.number(step_id)
    text = f"step {number}" if number else "a step back"
    return f"{vm}, {text}" if vm else text


def place(plan: Plan, step_id: str) -> str:
    """`step 9 of 13`, counted within its lane; with its VM before it in a plan of several."""
    count = f" of {len(plan.lane(step_id))}" if plan.number(step_id) else ""
    return named(plan, step_id) + count


def sentence_case(text: str) -> str:
    """Its first letter large; a VM's name stays as it is."""
    return text[:1].upper() + text[1:]
