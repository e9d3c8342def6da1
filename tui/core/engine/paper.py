"""Steps that were done by hand, from the runbook on paper, while the program was away: read first, then recorded."""

from __future__ import annotations

from itertools import takewhile

from tui.core.engine import questions
from tui.core.engine.asking import Asking
from tui.core.engine.ledger import Ledger
from tui.core.events import Began, Outcome
from tui.core.facts import split
from tui.core.plan import Step, named
from tui.core.verdict import Truth

AT_ONCE = 6
"""Steps that are offered at a time: a digit each, and the next ones when these are through."""


def candidates(ledger: Ledger) -> list[Step]:
    """The next steps with a command, which a person could have run. What was sent and is not judged yet is not."""
    state = ledger.state
    ahead = [step for step in ledger.plan.steps() if step.act is not None and not state.settled(step.id)]
    judged = [s for s in ahead if s.id not in state.in_flight and state.step(s.id).outcome is not Outcome.UNKNOWN]
    return judged[:AT_ONCE]


async def enter_paper(ledger: Ledger, asking: Asking) -> None:
    """Ask which and when, as long as there are more. What does not read so is not recorded, and says so."""
    note = ""
    while steps := candidates(ledger):
        numbers = {step.id: f"Step {ledger.plan.number(step.id)}: {named(step)}" for step in steps}
        answer = await asking.ask(questions.paper(steps, numbers, note))
        step = next((step for step in steps if step.id == answer.choice), None)
        if step is None:
            return
        note = await _enter(ledger, step, answer.by, answer.reason)


async def _enter(ledger: Ledger, step: Step, by: str, when: str) -> str:
    """Read whether it is so; gives what to tell. What stands before it comes first: a key that this step should have
    brought may be the one that an earlier step should have taken away."""
    earlier = _open_before(ledger, step)
    if earlier is not None:
        return f"Not recorded: {named(step)}. Before it comes: {named(earlier)}. Enter that first."
    hand = f"hand:{split(step.id)[0]}"
    await ledger.commit(Began(step.id, ledger.state.step(step.id).attempts + 1))
    await ledger.learn(step.id, {hand: by})
    verdict = await ledger.probe(step, step.goal, "proof")
    if verdict.truth is Truth.SO:
        await ledger.end(step, Outcome.BY_HAND, verdict.evidence, by, when)
        return f"Recorded: {named(step)}, {when} UTC. {verdict.evidence}."
    await ledger.learn(step.id, {hand: ""})
    return f"Not recorded: {named(step)} is not so. Read now: {verdict.evidence}."


def _open_before(ledger: Ledger, step: Step) -> Step | None:
    """The first step with a command that comes before this one in its lane and is not through."""
    before = takewhile(lambda other: other.id != step.id, ledger.plan.lane(step.id))
    return next((other for other in before if other.act is not None and not ledger.state.settled(other.id)), None)
