"""A plan in lines: to read before it begins, and with its states while it runs."""

from __future__ import annotations

from tui.core.clock import span
from tui.core.facts import split
from tui.core.front import BACK, PlanView
from tui.core.plan import Plan, Step, shown
from tui.core.state import RunState
from tui.plain.talk import Pick, Talk
from tui.plain.text import lines_of, number, safe, sentence

STALE = 300.0
"""Seconds after which the prerequisites count as old."""


def overview(plan: Plan, state: RunState | None = None) -> list[str]:
    """Phases and steps, one a line; with a state, how far each step is."""
    lines = [f"Plan {plan.digest[:8]}: {sentence(plan.title)} {sum(1 for _ in plan.steps())} steps."]
    for n, phase in enumerate(plan.phases, 1):
        lines.append(f"Phase {n}: {sentence(phase.title)}")
        vm = ""
        for step in phase.steps:
            if split(step.id)[1] != vm:
                vm = split(step.id)[1]
                lines.append(f"{safe(vm)}:")
            if step.no_return:
                lines.append(f"POINT OF NO RETURN at step {plan.number(step.id)}.")
            lines.append(_row(plan, step, state))
    return lines


def _row(plan: Plan, step: Step, state: RunState | None) -> str:
    text = f"{plan.number(step.id)} {sentence(step.title)} On {safe(step.host)}. Risk {safe(step.risk)}."
    if state is None:
        undo = "can be undone" if step.undo is not None else step.way_back or "no undo step"
        return f"{text} Way back: {sentence(undo)}"
    known = state.steps.get(step.id)
    where = "not yet" if known is None else str(known.outcome) if known.outcome else "now"
    return f"{text} State: {where}."


def detail(plan: Plan, wanted: str) -> list[str]:
    """One step in full, by its number or `SRV-DB03 9`; the values that a later step learns stand as `<VM ID>`."""
    vm, _, digits = wanted.strip().rpartition(" ")
    steps = (step for step in plan.steps() if split(step.id)[1].casefold() == vm.strip().casefold())
    step = next((step for step in steps if plan.number(step.id) == number(digits)), None)
    if step is None:
        one = f" A step of one VM is named with it: d {safe(plan.vms[0])} 1." if plan.vms else ""
        return [f"The plan has no step {safe(wanted.strip()) or 0}.{one}"]
    facts = {
        "Why": step.why,
        "Changes": step.changes or " ".join(step.gate.consequence),
        "Undo": step.way_back,
        "Proof": step.proof,
        "Asks": f"type {step.gate.phrase}" if step.gate.phrase else step.gate.verb,
    }
    lines = [f"{safe(wanted.strip())} {sentence(step.title)}", f"On: {safe(step.host)}. Usual {span(step.usual)}."]
    lines += [f"{name}: {sentence(value)}" for name, value in facts.items() if value]
    text = shown(step.preview(plan.facts_of(step.id)))
    return [*lines, *(["Command:", *lines_of(text)] if text else ["It only reads."])]


async def read_plan(talk: Talk, view: PlanView) -> str:
    """The plan before its first step: "begin" or BACK."""
    talk.say(*overview(view.plan), "Nothing is sent before you answer each step.")
    age = view.board_age()
    if age > STALE:
        talk.say(f"The prerequisites are {span(age)} old: what a step needs is read again before it acts.")
    keys = {"d": "N shows step N in full", "w": "saves the plan"}
    while True:
        picks = (Pick("begin", "Begin", "each step asks before it sends"), Pick(BACK, "Back to the prerequisites"))
        text = await talk.choose(picks, "begin", keys)
        word, _, rest = text.partition(" ")
        if word == "d":
            talk.say(*detail(view.plan, rest))
        elif word == "w":
            talk.say(f"Saved: {view.save()}")
        else:
            return text
