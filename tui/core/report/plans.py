"""A plan as Markdown: to read, to print, and to hand to a colleague before anything runs."""

from __future__ import annotations

from tui.core.clock import span
from tui.core.plan import Plan, Step, shown
from tui.core.report.paper import block, bullets, plain, section


def plan_markdown(plan: Plan) -> str:
    """Every step with its host, command, gate, proof and way back; unknown values stand as `<VM ID>`."""
    parts = [f"# {plain(plan.title)}\n", f"Plan {plan.digest}. Nothing is sent before each step was answered.\n"]
    for number, phase in enumerate(plan.phases, 1):
        parts.append(section(f"Phase {number}: {plain(phase.title)}", plain(phase.reached), *_steps(plan, phase.steps)))
    return "\n".join(part for part in parts if part)


def _steps(plan: Plan, steps: tuple[Step, ...]) -> list[str]:
    parts: list[str] = []
    for step in steps:
        if step.no_return:
            parts.append("**POINT OF NO RETURN**")
        parts += [f"### {plan.number(step.id)} {plain(step.title)}", bullets(_facts(step))]
        text = shown(step.preview(plan.facts))
        parts += [block(text)] if text else []
    return parts


def _facts(step: Step) -> list[str]:
    asks = f"type the mode and {step.gate.phrase}" if step.gate.phrase else step.gate.verb or "nothing: it only reads"
    rows = {
        "On": step.host, "Why": step.why, "Changes": step.changes, "Asks": asks, "Proof": step.proof,
        "Way back": step.way_back, "Risk": step.risk, "Usual": span(step.usual), "Leaves": step.leaves,
    }  # fmt: skip
    guards = [f"Guard: {guard.title}" for guard in step.guards]
    return [*(f"{name}: {value}" for name, value in rows.items() if value), *guards]
