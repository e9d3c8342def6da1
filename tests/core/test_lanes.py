"""Several VMs side by side: promise 1 under random timing, one ordered queue, shared things, and turns of the run."""

import asyncio
import json
import random
from dataclasses import dataclass, field, replace

import pytest

from tests.core.fake import FakeEstate, holds, plan, step, until
from tests.core.person import Desk, Person, answer
from tui.core.action import Alive, PowerShell, Repeat
from tui.core.engine import questions
from tui.core.engine.back import left_at_end
from tui.core.engine.questions import Ways
from tui.core.events import (
    AnsweredEvent,
    Asked,
    Began,
    Ended,
    Intended,
    Outcome,
    PhaseEnded,
    Probed,
    Queued,
    UndoBegan,
    Withdrawn,
)
from tui.core.facts import Facts
from tui.core.plan import Guard, Lane, Phase, Plan, Shared, own_lane
from tui.core.question import Asks
from tui.core.state import RunState
from tui.core.verdict import probe, so

VAULT = Shared("the vault of AZL-HAM")


@dataclass
class Wobbly(FakeEstate):
    """Every move takes a random number of turns of the loop; `at_once` is how many sendings overlapped, by key."""

    dice: random.Random = field(default_factory=lambda: random.Random(1))
    flying: list[str] = field(default_factory=list)
    together: list[tuple[str, ...]] = field(default_factory=list)

    async def _wobble(self):
        for _ in range(self.dice.randrange(12)):
            await asyncio.sleep(0)

    async def read(self, action):
        await self._wobble()
        return await super().read(action)

    async def prepare(self, action):
        await self._wobble()
        return await super().prepare(action)

    async def send(self, prepared):
        key = prepared.action.script.split()[1]
        self.flying.append(key)
        self.together.append(tuple(self.flying))
        try:
            async for record in super().send(prepared):
                await self._wobble()
                yield record
        finally:
            self.flying.remove(key)


def vm_steps(name, *parts, **more):
    """Steps that set `part-NAME`, in order, each guarded by the VM being Off."""
    guards = (Guard("The VM is Off", holds(f"vm-{name}", None)),)
    made = [step(f"{part}-{name}", guards=guards, **more) for part in parts]
    return [_renamed(one, part) for one, part in zip(made, parts, strict=True)]


def _renamed(made, part):
    undo = replace(made.undo, id=f"unset-{part}")
    return replace(made, id=f"set-{part}", undo=undo)


def wave(names, *parts, **more):
    lanes = tuple(own_lane(name, {"vm": name}, vm_steps(name, *parts, **more)) for name in names)
    return Phase("Wave 1", "All are there.", lanes)


def of_waves(*waves, goal="whole"):
    return Plan("tiny", "VMs to AZL-HAM", holds(goal), waves, Facts({"vm": "all"}))


def on_disk(folder):
    return [json.loads(line) for line in (folder / "journal.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("seed", range(12))
async def test_promise_1_holds_for_eight_lanes_at_random_times(tmp_path, seed):
    """At the moment of each sending, answer, guards and intent of that very script are on disk, in this order."""
    names = [f"VM{n}" for n in range(8)]
    dice = random.Random(seed)
    here = Desk(tmp_path / "run", of_waves(wave(names, "a", "b", "c", uses=(Shared("host", 3),))),
                Wobbly({"whole": "yes"}, dice=dice))  # fmt: skip
    here.estate.world.pop("whole")
    checked = []

    def sends(what, script):
        if what != "send":
            return
        lines = on_disk(here.folder)
        intents = [n for n, line in enumerate(lines) if line["kind"] == "Intended" and line["shown"] == script]
        assert len(intents) == 1, script
        mine = [line for line in lines[: intents[0]] if line.get("step") == lines[intents[0]]["step"]]
        kinds = [line["kind"] for line in mine]
        assert kinds.index("Probed") < kinds.index("Asked") < kinds.index("Answered")
        assert [line["choice"] for line in mine if line["kind"] == "Answered"] == ["go"]
        assert any(line["kind"] == "Probed" and line["purpose"] == "guard" for line in mine)
        checked.append(script)

    here.estate.hook = sends

    async def person(question):
        for _ in range(dice.randrange(20)):
            await asyncio.sleep(0)
        return answer(question, "end" if question.id == "whole-goal" else "go")

    state = await here.go(person)
    assert len(checked) == 24
    assert {step.outcome for step in state.steps.values()} == {Outcome.DONE}
    assert max(map(len, here.estate.together)) <= 3
    assert max(map(len, here.estate.together)) > 1, "they did run side by side"


async def test_the_queue_is_in_the_order_of_the_record(tmp_path):
    here = Desk(tmp_path / "run", of_waves(wave(["VM1", "VM2", "VM3"], "a")), Wobbly())
    came = []

    async def person(question):
        came.append(question.id)
        await asyncio.sleep(0)
        return answer(question, "end" if question.id == "whole-goal" else "go")

    await here.go(person)
    assert came == [event.question for event in here.of(Asked)]
    assert {"set-a@VM1#1", "set-a@VM2#1", "set-a@VM3#1"} <= set(came)


async def test_one_lane_that_fails_never_ends_its_siblings(tmp_path):
    estate = FakeEstate(faults={"set a-VM2 yes": ["error"]})
    here = Desk(tmp_path / "run", of_waves(wave(["VM1", "VM2", "VM3"], "a", "b")), estate)

    async def person(question):
        if question.asks is Asks.FAILURE:
            await until(lambda: {"b-VM1", "b-VM3"} <= set(estate.world))
            return answer(question, "retry")
        return answer(question, "end" if question.id == "whole-goal" else "go")

    state = await here.go(person)
    assert {s.outcome for s in state.steps.values()} == {Outcome.DONE}
    assert [e.outcome for e in here.of(Ended) if e.step == "set-a@VM2"] == ["failed", "done"]


async def test_a_wave_waits_for_all_lanes_of_the_one_before(tmp_path):
    second = Phase("Wave 2", "The rest is there.", (own_lane("VM9", {}, vm_steps("VM9", "a")),))
    here = Desk(tmp_path / "run", of_waves(wave(["VM1", "VM2"], "a", "b"), second), Wobbly())
    await here.go(Person(here.clock))
    began = [e.step for e in here.of(Began)]
    ended = [e.step for e in here.of(Ended)]
    assert began.index("set-a@VM9") == len(began) - 1
    assert set(ended[:4]) == {"set-a@VM1", "set-b@VM1", "set-a@VM2", "set-b@VM2"}


async def test_what_lanes_share_is_used_by_one_at_a_time_in_order(tmp_path):
    here = Desk(tmp_path / "run", of_waves(wave([f"VM{n}" for n in range(6)], "a", uses=(VAULT,))), Wobbly())
    await here.go(Person(here.clock))
    assert {len(together) for together in here.estate.together} == {1}
    queued = here.of(Queued)
    assert queued
    assert {event.shared for event in queued} == {VAULT.name}
    waited = [event.step for event in queued]
    sent = [event.step for event in here.of(Intended)]
    assert [step for step in sent if step in waited] == waited, "first come, first served"


async def test_a_lane_that_waited_reads_its_guards_again(tmp_path):
    names = ["VM1", "VM2"]
    here = Desk(tmp_path / "run", of_waves(wave(names, "a", uses=(VAULT,))), Wobbly())

    def spoils(what, script):
        if what == "send":
            other = "VM2" if "VM1" in script else "VM1"
            here.estate.world[f"vm-{other}"] = "Running"

    here.estate.hook = spoils

    async def person(question):
        if question.asks is Asks.CHANGED:
            return answer(question, "stop")
        return answer(question, "end" if question.id == "whole-goal" else "go")

    await here.go(person)
    assert len(here.estate.sent) == 1
    assert len(here.of(Queued)) == 1


async def test_going_back_takes_the_other_lanes_questions_with_it(tmp_path):
    estate = FakeEstate(faults={"set b-VM1 yes": ["error"]})
    here = Desk(tmp_path / "run", of_waves(wave(["VM1", "VM2"], "a", "b")), estate)

    async def person(question):
        if question.step == "set-b@VM2" and question.asks is Asks.CONFIRM:
            await asyncio.Event().wait()  # nobody answers this one
        if question.asks is Asks.FAILURE:
            await until(lambda: any(e.step == "set-b@VM2" for e in here.of(Asked)))
            return answer(question, "undo")
        return answer(question, "go")

    state = await here.go(person)
    assert [e.question for e in here.of(Withdrawn)] == ["set-b@VM2#1"]
    assert not state.asked_at
    (back,) = here.of(UndoBegan)
    assert back.steps == ("unset-a@VM2", "unset-a@VM1")
    assert state.ended.outcome == "undone"
    assert estate.world == {}


async def test_going_back_waits_for_what_another_lane_has_in_flight(tmp_path):
    """Its process still runs when the run turns: what it uses is not taken away under it, and what it made is named."""

    class Slow(FakeEstate):
        async def alive(self, ids, since):
            alive = await super().alive(ids, since)
            self.world |= {"a-VM1": "yes"} if alive is Alive.GONE else {}
            return alive

    turned = []
    estate = Slow(faults={"set a-VM1 yes": ["lost before"], "set a-VM2 yes": ["error"]})
    estate.hook = lambda what, _: estate.alive_says.append(Alive.YES) if what == "alive" and len(turned) < 5 else None
    shared = Phase("Prepare", "", (Lane("AZL-HAM", (step("folder"),)),))
    here = Desk(tmp_path / "run", of_waves(shared, wave(["VM1", "VM2"], "a", usual=1e6)), estate)

    async def person(question):
        if question.step == "set-a@VM2" and question.asks is Asks.CONFIRM:
            await until(lambda: "send set a-VM1 yes" in estate.log)
        if question.asks is Asks.FAILURE:
            here.clock.sleep = lambda seconds: _counted(turned)
        return answer(question, "undo" if question.asks is Asks.FAILURE else "go")

    state = await here.go(person)
    alive = [number for number, line in enumerate(estate.log) if line.startswith("alive")]
    assert estate.log.index("send del folder") > alive[-1]
    assert len(turned) >= 5
    assert state.step("set-a@VM1").outcome is Outcome.UNKNOWN
    assert state.ended.left_over == ("VM1: Set a-VM1",)


async def _counted(turned):
    turned.append(1)
    await asyncio.sleep(0)


async def test_a_stop_in_one_lane_lets_the_others_come_to_rest_and_goes_on_later(tmp_path):
    estate = Wobbly(faults={"set a-VM1 yes": ["error"]})
    here = Desk(tmp_path / "run", of_waves(wave(["VM1", "VM2", "VM3"], "a", "b")), estate)
    state = await here.go(Person(here.clock))  # stops at the failure
    assert state.ended is None
    assert state.left is not None
    flights = [s for s in state.steps.values() if s.flight is not None]
    assert all(s.flight.returned is not None and s.outcome is not None for s in flights), "nothing is left in flight"
    state = await here.go(Person(here.clock))
    assert state.ended is not None
    assert {f"{part}-VM{n}" for part in "ab" for n in (1, 2, 3)} <= set(estate.world)
    assert len(estate.sent) == len(set(estate.sent)) + 1, "only what had failed was sent again"


async def test_lanes_learn_for_themselves(tmp_path):
    """What one VM's step learns, another VM's step of the same name does not see."""

    def learns(name):
        def judge(facts, replies):
            found = replies[0].values[0]
            return so(f"{name}: {found}", address=f"10.0.0.{name[-1]}") if found else None

        return judge

    def uses(name):
        return step(
            f"b-{name}", id="use", undo=None,
            act=lambda facts: PowerShell("HAM-N01", f"set b-{name} {facts.get('address')}", Repeat.SAFE, changes=True),
            goal=holds(f"b-{name}", f"10.0.0.{name[-1]}"),
        )  # fmt: skip

    lanes = tuple(
        own_lane(n, {"vm": n}, [
            step(id="read", act=None, undo=None,
                 goal=probe("Its address?", lambda _, n=n: [PowerShell("HAM-N01", f"get {n}")], learns(n))),
            uses(n),
        ])
        for n in ("VM1", "VM2")
    )  # fmt: skip
    here = Desk(tmp_path / "run", of_waves(Phase("Wave", "", lanes)), Wobbly({"VM1": "x", "VM2": "x"}))
    state = await here.go(Person(here.clock))
    assert here.estate.world["b-VM1"] == "10.0.0.1"
    assert here.estate.world["b-VM2"] == "10.0.0.2"
    assert state.learned == {"address@VM1": "10.0.0.1", "address@VM2": "10.0.0.2"}
    assert state.facts("VM1")["address"] == "10.0.0.1"
    assert "address" not in state.facts()
    assert state.facts("VM2")["outcome:use"] == "done"


def test_numbers_count_within_a_lane():
    made = of_waves(Phase("Prepare", "", (Lane("AZL-HAM", (step("x"),)),)), wave(["VM1", "VM2"], "a", "b"),
                    Phase("Clean up", "", (Lane("AZL-HAM", (step("y"),)),)))  # fmt: skip
    assert [made.number(s) for s in ("set-x", "set-y", "set-a@VM1", "set-b@VM1", "set-b@VM2")] == [1, 2, 1, 2, 2]
    assert [s.id for s in made.lane("set-b@VM1")] == ["set-a@VM1", "set-b@VM1"]
    assert [s.id for s in made.lane("unset-a@VM2")] == ["set-a@VM2", "set-b@VM2"]
    assert made.vms == ("VM1", "VM2")
    assert made.facts_of("set-a@VM2").known("vm") == "VM2"
    assert made.facts_of("set-x").known("vm") == "all"


def test_a_plan_of_one_vm_has_no_lanes_of_its_own():
    made = plan((step("a"), step("b")), (step("c"),))
    assert made.vms == ()
    assert [made.number(s) for s in ("set-a", "set-c")] == [1, 3]


async def test_every_event_names_its_lane(tmp_path):
    here = Desk(tmp_path / "run", of_waves(wave(["VM1", "VM2"], "a")), Wobbly())
    await here.go(Person(here.clock))
    named = [e.step for e in here.of(Began, Intended, Ended, AnsweredEvent, Probed) if e.step]
    assert {step_id.split("@")[1] for step_id in named} == {"VM1", "VM2"}


async def test_a_vm_that_was_started_stays_and_the_others_go_back(tmp_path):
    """The point of no return is each lane's own."""
    names = ["VM1", "VM2"]
    lanes = [vm_steps(name, "a", "b", "start") for name in names]
    lanes = [[a, b, replace(start, no_return=True, undo=None)] for a, b, start in lanes]
    phase = Phase("Wave 1", "", tuple(own_lane(n, {}, steps) for n, steps in zip(names, lanes, strict=True)))
    shared = Phase("Prepare", "", (Lane("AZL-HAM", (step("folder"),)),))
    estate = FakeEstate(faults={"set b-VM2 yes": ["error"]})
    here = Desk(tmp_path / "run", of_waves(shared, phase), estate)

    async def person(question):
        if question.asks is Asks.FAILURE:
            await until(lambda: any(e.step == "set-start@VM1" for e in here.of(Ended)))
            return answer(question, "undo")
        return answer(question, "go")

    await here.go(person)
    (back,) = here.of(UndoBegan)
    assert back.steps == ("unset-a@VM2", "unset-folder")
    assert estate.world == {"a-VM1": "yes", "b-VM1": "yes", "start-VM1": "yes"}


async def test_a_lane_whose_front_end_has_gone_has_not_ended(tmp_path):
    """Its question was cancelled, and nobody withdrew it: the next wave must not begin."""
    second = Phase("Wave 2", "The rest is there.", (own_lane("VM9", {}, vm_steps("VM9", "a")),))
    here = Desk(tmp_path / "run", of_waves(wave(["VM1", "VM2"], "a"), second), Wobbly())

    async def person(question):
        if question.step == "set-a@VM1":
            raise asyncio.CancelledError
        return answer(question, "go")

    with pytest.raises(asyncio.CancelledError):
        await here.go(person)
    assert here.of(PhaseEnded) == []
    assert here.estate.sent == ["set a-VM2 yes"]


async def test_what_was_in_flight_at_a_crash_still_holds_what_it_shares(tmp_path):
    estate = FakeEstate(faults={"set a-VM1 yes": ["killed after"]})
    here = Desk(tmp_path / "run", of_waves(wave(["VM1", "VM2"], "a", uses=(VAULT,))), estate)

    async def first(question):
        if question.step == "set-a@VM2":
            await asyncio.Event().wait()
        return answer(question, "go")

    await here.until_killed(first)
    estate.alive_says = [Alive.YES] * 12
    estate.log.clear()
    await here.go(Person(here.clock))
    gone = max(number for number, line in enumerate(estate.log) if line.startswith("alive"))
    assert estate.log.index("send set a-VM2 yes") > gone
    assert [event.step for event in here.of(Queued)] == ["set-a@VM2"]


def test_what_is_left_names_its_vm():
    lanes = [own_lane(n, {}, [replace(s, leaves="its start action") for s in vm_steps(n, "a")]) for n in ("VM1", "VM2")]
    made = of_waves(Phase("Wave 1", "", tuple(lanes)))
    assert left_at_end(made, RunState()) == ("VM1: its start action", "VM2: its start action")


async def test_a_vm_can_be_left_out_and_the_others_go_on(tmp_path):
    """A VM that cannot be saved holds up neither its wave nor the ones after it."""
    second = Phase("Wave 2", "The rest.", (own_lane("VM9", {}, vm_steps("VM9", "a")),))
    estate = FakeEstate(faults={"set b-VM2 yes": ["error"]})
    first = [
        own_lane(name, {}, [a, b, replace(c, no_return=True, no_skip="it is what this run is for", undo=None)])
        for name in ("VM1", "VM2")
        for a, b, c in [vm_steps(name, "a", "b", "c")]
    ]
    here = Desk(tmp_path / "run", of_waves(Phase("Wave 1", "", tuple(first)), second), estate)
    person = Person(here.clock, failure=["leave out"])
    state = await here.go(person)
    assert set(estate.world) == {"a-VM1", "b-VM1", "c-VM1", "a-VM2", "a-VM9"}
    for name in ("set-b@VM2", "set-c@VM2"):
        assert state.step(name).outcome is Outcome.SKIPPED
        assert state.step(name).reason == "VM2 left out: nobody on call until 06:00"
    assert [e.step for e in here.of(Ended) if e.outcome == "skipped"] == ["set-c@VM2", "set-b@VM2"]
    assert state.ended is not None
    assert any(text.startswith("VM2: ") for text in state.ended.left_over), state.ended.left_over


def test_only_a_vm_among_others_can_be_left_out():
    alone = questions.failure(step(), "It failed.", None, "", 1, Ways(), told=False)
    assert "leave out" not in [choice.key for choice in alone.choices]
    among = questions.failure(replace(step(), id="set-key@VM1"), "It failed.", None, "", 1, Ways(), told=False)
    assert "leave out" in [choice.key for choice in among.offered()]
    back = questions.failure(replace(step(), id="unset-key@VM1"), "No.", None, "", 1, Ways(back=True), told=False)
    assert "leave out" not in [choice.key for choice in back.choices]
