"""Every scenario on its lab: it ends recovered, a second run changes nothing, and no declined gate lets anything by."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.conftest import CASES
from tests.scenarios.world import World
from tui.core.events import AnsweredEvent, Asked, Intended, Outcome, Stamped
from tui.core.facts import split
from tui.core.plan import Plan, Tier
from tui.lab.site import judge


async def test_ends_recovered_and_leaves_nothing(world: World) -> None:
    state = await world.run(world.pilot().ask)
    assert state.ended is not None
    assert state.ended.outcome == "recovered"
    assert state.ended.left_over == ()
    verdict = judge(world.site)
    assert verdict.recovered, verdict.reasons
    assert not world.sent_twice()


async def test_a_second_run_makes_nothing(world: World) -> None:
    await world.run(world.pilot().ask)
    before, writes = world.ends(), len(world.writes())
    state = await world.run(world.pilot().ask, run="20261122-031400-aaaa")
    assert state.ended is not None
    assert state.ended.outcome == "already recovered"
    assert world.ends() == before
    assert len(world.writes()) == writes


async def test_taking_up_a_finished_run_makes_nothing(world: World) -> None:
    await world.run(world.pilot().ask)
    writes = len(world.writes())
    state = await world.run(world.pilot().ask)
    assert state.ended is not None
    assert len(world.writes()) == writes


def intents_are_covered(events: tuple[Stamped, ...]) -> None:
    """Promise 1: each intent follows an answer "go" to the question of its step; none without."""
    allowed: dict[str, str] = {}
    last: dict[str, str] = {}
    for stamped in events:
        match stamped.event:
            case Asked(step=step, question=question):
                allowed.pop(step, None)
                last[step] = question
            case AnsweredEvent(step=step, question=question, choice="go"):
                assert question == last[step]
                allowed[step] = question
            case Intended(step=step):
                assert allowed.pop(step, None), f"{step} was sent without an answer"


async def test_no_act_without_its_own_answer(world: World) -> None:
    await world.run(world.pilot().ask)
    intents_are_covered(world.events())
    assert any(isinstance(stamped.event, Intended) for stamped in world.events())


def after(plan: Plan, step_id: str) -> set[str]:
    """What may not be sent before this step has ended: what follows it in its lane, and all of the later phases."""
    here = next(n for n, phase in enumerate(plan.phases) if any(s.id == step_id for s in phase.steps))
    lane = [s.id for s in plan.lane(step_id)]
    later = {s.id for phase in plan.phases[here + 1 :] for s in phase.steps}
    return {*lane[lane.index(step_id) + 1 :], *later}


GATES = [
    pytest.param(scenario, variant, step.id, id=f"{scenario.id}{'/' + variant if variant else ''}-{step.id}")
    for scenario, variant in CASES
    for step in World(scenario, Path("unused"), variant).plan().steps()
    if (step.gate.tier is not Tier.NONE or step.attest is not None) and split(step.id)[1] in ("", "SRV-DB01")
]


@pytest.mark.parametrize(("scenario", "variant", "step"), GATES)
async def test_a_declined_gate_lets_nothing_by(scenario: object, variant: str, step: str, tmp_path: Path) -> None:
    world = World(scenario, tmp_path, variant)  # type: ignore[arg-type]
    state = await world.run(world.pilot(decline_at=step).ask)
    assert state.ended is None
    assert state.step(step).outcome is Outcome.DECLINED
    sent = [stamped.event.step for stamped in world.events() if isinstance(stamped.event, Intended)]
    assert step not in sent
    assert not after(world.plan(), step) & set(sent)
    recovered = await world.run(world.pilot().ask)  # and it can be taken up where it stopped
    assert recovered.ended is not None
    assert judge(world.site).recovered
