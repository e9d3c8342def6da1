"""Where a run stands, in words that several views need: the step of now, its state, its title line."""

from __future__ import annotations

from screens.verdicts import OUTCOMES
from tui.core.facts import split
from tui.core.naming import place
from tui.core.plan import Plan, Step
from tui.core.state import RunState, StepState


def current(plan: Plan, state: RunState, vm: str = "") -> Step | None:
    """The step in work: begun and not settled, an undo step first; else the next one; None at the end.

    Of one VM's lane in a plan of several; without a VM, of what all share.
    """
    undos = [step for step in map(plan.step, state.undoing) if step is not None]
    for step in undos or [step for step in plan.steps() if split(step.id)[1] == vm]:
        known = state.step(step.id)
        if known.outcome is None or not known.outcome.settled:
            return step
    return None


def flying(state: RunState) -> tuple[str, ...]:
    """Steps whose command was handed over and has not come back."""
    return tuple(s for s in state.in_flight if (f := state.steps[s].flight) is not None and f.returned is None)


def word(known: StepState, asks: bool) -> tuple[str, str, str]:
    """Sign, word and colour of a step: `~ running 41 s`, `! asks you`, `√ done`."""
    if asks:
        return "!", "asks you", "$accent"
    if known.outcome is not None:
        return OUTCOMES[known.outcome]
    if known.queued is not None:
        return "~", "waiting", ""
    if known.waits:
        return "~", "waiting", ""
    if known.flight is not None and known.airborne:
        if known.flight.returned is None:
            return "~", "running", ""
        return "~", "proving", ""
    if known.attempts:
        return "~", "reading", ""
    return "○", "not yet", "$text-muted"


def phase_of(plan: Plan, step: Step) -> tuple[int, str]:
    """The number (from 1) and title of the step's phase; 0 for an undo step."""
    for number, phase in enumerate(plan.phases, 1):
        if any(s.id == step.id for s in phase.steps):
            return number, phase.title
    return 0, ""


def run_title(plan: Plan, state: RunState, wide: bool = False, step: Step | None = None) -> str:
    """`Run: step 7 of 13, phase 1 of 2`."""
    step = step or current(plan, state)
    if state.ended is not None:
        return f"Run: ended, {state.ended.outcome}"
    if step is None:
        return "Run: every step is through, the whole goal is read"
    number, title = phase_of(plan, step)
    if not number:
        done = [s for s in state.undoing if (o := state.step(s).outcome) is not None and o.settled]
        vm = split(step.id)[1]
        return f"Run: going back, step {len(done) + 1} of {len(state.undoing)}{f', {vm}' if vm else ''}"
    end = f", {title}" if wide else ""
    point = ", POINT OF NO RETURN" if step.no_return else ""
    return f"Run: {place(plan, step.id)}, phase {number} of {len(plan.phases)}{point}{end}"


def full_label(plan: Plan, step: Step) -> str:
    """The label with the VM before it, in a plan of several: `SRV-DB01, 7 Import the key`."""
    vm = split(step.id)[1]
    return f"{vm}, {label(plan, step)}" if vm else label(plan, step)


def label(plan: Plan, step: Step) -> str:
    """`7 Import the key`; an undo step has no number."""
    number = plan.number(step.id)
    return f"{number} {step.title}" if number else step.title
