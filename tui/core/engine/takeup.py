"""Going on with a run that another process began: what is known, what was in flight, what counts no more."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from tui.core.clock import hms, span
from tui.core.engine import questions
from tui.core.engine.asking import Asking
from tui.core.engine.flight import look
from tui.core.engine.ledger import Ledger
from tui.core.engine.paper import candidates, enter_paper
from tui.core.events import Began
from tui.core.facts import split
from tui.core.plan import Plan, Step, named
from tui.core.question import Shown
from tui.core.state import RunState
from tui.core.verdict import Truth


async def take_up(ledger: Ledger, asking: Asking) -> bool:
    """Say what is known, read what was in flight, ask whether to go on. Sends nothing."""
    state = ledger.state
    readings = [await _reading(ledger, step_id) for step_id in state.in_flight]
    found = {step for step, shown in zip(state.in_flight, readings, strict=True) if shown.truth is Truth.SO}
    title = _next(ledger, found)
    while True:
        on_paper = [] if ledger.state.undoing else candidates(ledger)
        answer = await asking.ask(questions.resume(_known(ledger), readings, title, paper=bool(on_paper)))
        if answer.choice != "paper":
            break
        await enter_paper(ledger, asking)
        title = _next(ledger, found)
    if answer.choice == "go":
        await _expire(ledger)
        await _mark(ledger)
    return answer.choice == "go"


def _next(ledger: Ledger, found: Container[str]) -> str:
    """Where the run would go on; what was in flight and reads so is judged first, and not sent again."""
    ahead = [step for step in _coming(ledger) if not ledger.state.settled(step.id) and step.id not in found]
    return _at(ledger.plan, ahead[0]) if ahead else "the end and the report"


async def _expire(ledger: Ledger) -> None:
    """Begin anew what counts for one sitting only: a word about the source, a copy of a key that may be another."""
    for step in ledger.plan.steps():
        if not step.expires_before or not ledger.state.settled(step.id) or _passed(ledger, step):
            continue
        if step.renew is not None:
            await ledger.learn(step.id, step.renew(ledger.facts(step.id)))
        await ledger.commit(Began(step.id, ledger.state.step(step.id).attempts + 1))


async def _mark(ledger: Ledger) -> None:
    """Where the run has another holder than its marker says, the step that makes the marker is begun anew."""
    marker = ledger.plan.marker
    step = ledger.plan.step(marker.made_by) if marker is not None else None
    if marker is None or step is None or not ledger.state.settled(step.id):
        return
    removed = any(ledger.state.step(other).airborne or ledger.state.settled(other) for other in marker.removed_by)
    if not removed and (await ledger.probe(step, marker.guard.probe, "marker")).truth is Truth.NOT_SO:
        await ledger.commit(Began(step.id, ledger.state.step(step.id).attempts + 1))


def _passed(ledger: Ledger, step: Step) -> bool:
    """Whether that before which it counts was sent or has ended: in its own lane; for what all share, in every lane."""
    lane = split(step.id)[1]
    before = [
        other.id
        for other in ledger.plan.steps()
        if split(other.id)[0] == step.expires_before and lane in ("", split(other.id)[1])
    ]
    return all(ledger.state.step(other).airborne or ledger.state.settled(other) for other in before)


def _coming(ledger: Ledger) -> list[Step]:
    """The steps of the way that the run is on: forward, or back."""
    plan, undoing = ledger.plan, ledger.state.undoing
    return [step for step in map(plan.step, undoing) if step is not None] if undoing else list(plan.steps())


async def _reading(ledger: Ledger, step_id: str) -> Shown:
    step = ledger.plan.step(step_id)
    assert step is not None
    alive = await look(ledger, step)
    verdict = await ledger.probe(step, step.goal, "goal")
    title = f"{named(step)}: its process is {alive}"
    return Shown(title, verdict.truth, verdict.evidence, ledger.clock.wall(), verdict.condition)


def _known(ledger: Ledger) -> tuple[str, ...]:
    plan, state = ledger.plan, ledger.state
    away = f"The program was away for {span(state.away)}; the record has {state.events} entries."
    shared = [step for step in plan.steps() if not split(step.id)[1]]
    return (away, *_taken(ledger), *_lines(plan, state, shared), *(_lane(plan, state, vm) for vm in plan.vms))


def _taken(ledger: Ledger) -> Iterator[str]:
    """What going on here means where the run was begun, or last taken up, in another folder."""
    holder, marker = ledger.state.holder, ledger.plan.marker
    if holder is not None and marker is not None and holder.before and holder.epoch == ledger.state.epoch:
        yield (
            f"It is taken over here from {holder.before}. Go on, and you are asked to write that into its marker; "
            f"then {holder.before} stops before its next act."
        )


def _lines(plan: Plan, state: RunState, steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        known = state.steps.get(step.id)
        if known is None:
            continue
        number = plan.number(step.id)
        if known.airborne and known.outcome is None and known.flight is not None:
            yield f"? {number} {step.title}: sent {hms(known.flight.at)}, no result judged yet"
        else:
            yield f"  {number} {step.title}: {known.outcome or 'begun, nothing sent'}"


def _lane(plan: Plan, state: RunState, vm: str) -> str:
    """A VM's lane in one line: how far it came, and what is open."""
    steps = [step for step in plan.steps() if split(step.id)[1] == vm]
    done = sum(state.settled(step.id) for step in steps)
    open_lines = [text for step in steps if not state.settled(step.id) for text in _lines(plan, state, [step])]
    mark, rest = (open_lines[0][0], open_lines[0][2:]) if open_lines else (" ", "")
    return f"{mark} {vm}: {done} of {len(steps)} steps through" + (f"; {rest}" if rest else "")


def _at(plan: Plan, step: Step) -> str:
    number = plan.number(step.id)
    return f"at step {number}: {named(step)}" if number else f"going back: {named(step)}"
