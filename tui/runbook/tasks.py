"""A step of a plan as a person does it by hand: what to read first, the line, the proof, the way back."""

from __future__ import annotations

from tui import reads
from tui.core.action import Action, Copy, PowerShell
from tui.core.clock import span
from tui.core.facts import Facts, split
from tui.core.plan import Attest, Plan, Step, shown
from tui.core.verdict import Probe
from tui.runbook.model import Look, Task
from tui.runbook.readings import Codes

FRESH = 60
"""Seconds for which a guard's reading counts (design: 1)."""


def task(plan: Plan, lane: str, step: Step, codes: Codes) -> Task:
    """The step with everything that is known of it."""
    facts = Facts(plan.facts_of(step.id).values, preview=True)
    action = step.preview(facts)
    codes = codes.page()
    undo = step.undo
    later = plan.number(step.undone_by) if step.undone_by else 0
    back = f"{step.way_back} (step {later})" if later else step.way_back
    return Task(
        plan.number(step.id), step.id, lane if split(step.id)[1] else "", step.title, step.host, step.why, step.risk,
        span(step.usual), _asks(step), step.gate.consequence or ((step.changes,) if step.changes else ()),
        (*_guards(step, facts, codes), *_proofs(step.attest, facts, codes)),
        action.script if isinstance(action, PowerShell) else "", _by_hand(step, action, facts), _blanks(step.attest),
        _prove(step, action, facts, codes), back,
        undo.host if undo else "", shown(undo.preview(facts)) if undo else "",
        step.remedy, step.remedy_script, step.leaves, step.no_return,
    )  # fmt: skip


def look(title: str, probe: Probe, facts: Facts, codes: Codes, wanted: str = "", otherwise: str = "") -> Look:
    """What a probe reads, for a person's eyes."""
    return Look(title, codes.of(probe.reads(facts)), wanted, otherwise)


def _asks(step: Step) -> str:
    if step.attest is not None:
        return f"type the mode and {step.attest.phrase}"
    return f"type the mode and {step.gate.phrase}" if step.gate.phrase else step.gate.verb or "nothing: it only reads"


def _guards(step: Step, facts: Facts, codes: Codes) -> tuple[Look, ...]:
    return tuple(look(each.title, each.probe, facts, codes, otherwise=each.broken) for each in step.guards)


def _proofs(attest: Attest | None, facts: Facts, codes: Codes) -> tuple[Look, ...]:
    proofs = attest.proofs if attest is not None else ()
    return tuple(
        look(each.title, each.probe, facts, codes, "False: no answer", each.broken or "It answers: it is not dead.")
        for each in proofs
    )


def _by_hand(step: Step, action: Action | None, facts: Facts) -> tuple[str, ...]:
    if isinstance(action, Copy):
        return (
            f"{action.shown}.",
            "Any way will do that changes no byte. The file opens nothing alone, and no line here carries a secret; "
            "still, leave no second copy on the way.",
        )
    return step.attest.lines(facts) if step.attest is not None else ()


def _blanks(attest: Attest | None) -> tuple[str, ...]:
    return tuple(f"{blank.label} ({blank.hint})" for blank in attest.blanks) if attest is not None else ()


def _prove(step: Step, action: Action | None, facts: Facts, codes: Codes) -> Look:
    asked = list(step.goal.reads(facts))
    wanted, otherwise = step.proof, ""
    if isinstance(action, Copy):
        asked.insert(0, reads.file_or_absent(action.source_host, action.source_path))
        wanted += ". On paper: both answers are equal, number for number"
    if step.wait is not None:
        wanted += f". Read every {span(step.wait.every)}, for {span(step.wait.deadline)} at most"
        wanted += f"; {step.wait.dwell} times in a row it must be so" if step.wait.dwell > 1 else ""
        otherwise = "Not so by then: it failed. Do not send the line again."
    return Look(step.goal.question, codes.of(asked), wanted, otherwise)
