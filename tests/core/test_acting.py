"""What became of an act: errors, ends that were not seen, guards that broke or aged, waits."""

from dataclasses import replace

import pytest

from tests.core.fake import FakeEstate, holds, plan, step, until
from tests.core.person import Desk, Person, answer, desk
from tui.core.action import Alive
from tui.core.engine.ready import KEPT
from tui.core.events import AnsweredEvent, Intended, Outcome, Probed
from tui.core.plan import Guard, Marker, Wait
from tui.core.question import Asks
from tui.core.verdict import not_so, probe, running, so


@pytest.mark.parametrize("fault", ["error but done", "terminated"])
async def test_an_end_with_an_error_is_never_done(tmp_path, fault):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": [fault]}))
    person = Person(here.clock)
    state = await here.go(person)
    assert here.estate.world["key"] == "yes"  # the goal is so, and still
    assert state.step("set-key").outcome is Outcome.UNKNOWN
    assert state.ended is None
    assert person.kinds == ["confirm", "unknown"]


async def test_an_error_without_effect_is_a_failure(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["error"]}))
    person = Person(here.clock)
    state = await here.go(person)
    assert state.step("set-key").outcome is Outcome.FAILED
    assert "MOC does not answer." in person.asked[-1].raw
    assert person.asked[-1].mark == ""


@pytest.mark.parametrize(("fault", "want"), [("left after", Outcome.UNKNOWN), ("left before", Outcome.FAILED)])
async def test_a_frame_that_was_left_is_never_a_success(tmp_path, fault, want):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": [fault]}))
    state = await here.go(Person(here.clock))
    assert state.step("set-key").outcome is want


@pytest.mark.parametrize(
    ("fault", "want"),
    [("lost after", Outcome.UNKNOWN), ("lost before", Outcome.FAILED), ("deadline", Outcome.FAILED),
     ("silence", Outcome.UNKNOWN)],
)  # fmt: skip
async def test_a_lost_end_is_traced_before_the_goal_counts(tmp_path, fault, want):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": [fault]}))
    state = await here.go(Person(here.clock))
    assert state.step("set-key").outcome is want
    log = here.estate.log
    after = log[log.index("send set key yes") :]
    assert after[1].startswith("alive")
    assert after[2] == "read get key"


async def test_a_process_that_still_runs_is_waited_for_and_then_unknown(tmp_path):
    estate = FakeEstate(faults={"set key yes": ["deadline"]}, alive_says=[Alive.YES] * 100)
    here = desk(tmp_path, step(), estate=estate)
    began = here.clock.now
    state = await here.go(Person(here.clock))
    assert state.step("set-key").outcome is Outcome.UNKNOWN
    assert 60 <= here.clock.now - began < 100


async def test_a_process_that_cannot_be_asked_for_is_unknown(tmp_path):
    estate = FakeEstate(faults={"set key yes": ["lost after"]}, alive_says=[Alive.UNREADABLE])
    here = desk(tmp_path, step(), estate=estate)
    assert (await here.go(Person(here.clock))).step("set-key").outcome is Outcome.UNKNOWN


async def test_what_was_not_handed_over_is_not_waited_for(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["unreachable"]}))
    state = await here.go(Person(here.clock, failure=["retry"]))
    assert state.step("set-key").outcome is Outcome.DONE
    assert not [line for line in here.estate.log if line.startswith("alive")]


async def test_no_handshake_is_a_failure_with_nothing_sent(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["no handshake"] * 2}))
    await here.go(Person(here.clock))
    assert here.estate.sent == []
    assert here.of(Intended) == []


async def test_an_unreadable_goal_is_never_taken_for_not_so(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate(unreadable={"key"}))
    person = Person(here.clock)
    await here.go(person)
    assert person.kinds == ["failure"]
    assert here.estate.sent == []


def guarded():
    return step(guards=(Guard("The VM is Off", holds("vm", "Off"), "It must not be touched."),))


async def test_a_broken_guard_sends_nothing(tmp_path):
    here = desk(tmp_path, guarded(), estate=FakeEstate({"vm": "Running"}))
    person = Person(here.clock)
    await here.go(person)
    assert person.kinds == ["changed"]
    assert "It must not be touched." in person.asked[0].lines
    assert here.estate.sent == []


async def test_a_stale_guard_is_read_again_and_holds(tmp_path):
    here = desk(tmp_path, guarded(), estate=FakeEstate({"vm": "Off"}))
    person = Person(here.clock)
    person.takes = 61.0
    state = await here.go(person)
    assert state.step("set-key").outcome is Outcome.DONE
    assert person.kinds == ["confirm"]
    assert here.estate.log.count("read get vm") == 2


async def test_a_stale_guard_that_changed_is_asked_again(tmp_path):
    here = desk(tmp_path, guarded(), estate=FakeEstate({"vm": "Off"}))
    person = Person(here.clock)
    person.takes = 61.0

    def meanwhile(question):
        here.estate.world["vm"] = "Running"
        return "go"

    person.says = {Asks.CONFIRM: [meanwhile]}
    await here.go(person)
    assert person.kinds == ["confirm", "changed"]
    assert here.estate.sent == []


async def test_guards_that_age_while_the_process_starts_are_read_again(tmp_path):
    """The one made ready while the gate stood did not answer; the next one takes 70 s."""
    here = desk(tmp_path, guarded(), estate=FakeEstate({"vm": "Off"}, {"set key yes": ["no handshake"]}))
    slow = [70.0, 0.0]
    here.estate.hook = lambda what, _: here.clock.advance(slow.pop()) if what == "prepare" and slow else None
    person = Person(here.clock)
    state = await here.go(person)
    assert "discard set key yes" in here.estate.log
    assert person.kinds == ["confirm", "confirm"]
    assert state.step("set-key").outcome is Outcome.DONE
    assert here.estate.sent == ["set key yes"]


async def test_guards_that_age_while_the_marker_is_read_are_read_again(tmp_path):
    mark = Guard("The marker", holds("mark"))
    steps = (step("folder"), step("key", guards=(Guard("The VM is Off", holds("vm", None)),)))
    here = Desk(tmp_path / "run", replace(plan(steps, goal="key"), marker=Marker(mark, "set-folder", (), mark)))
    here.estate.world["mark"] = "yes"
    ages, slow = [], [0.0, 90.0]

    def hook(what, script):
        if script == "get mark" and slow:
            here.clock.advance(slow.pop(0))
        if (what, script) == ("send", "set key yes"):
            read = [s.at for s in here.events if isinstance(s.event, Probed) and s.event.question == "The VM is Off"]
            ages.append(here.clock.wall() - read[-1])

    here.estate.hook = hook
    await here.go(Person(here.clock))
    assert len(ages) == 1
    assert ages[0] <= 60


async def test_the_brake_pulled_while_the_process_starts_sends_nothing(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["no handshake"]}))  # the one made ahead

    def hook(what, script):
        here.brake.on = here.brake.on or (what == "prepare" and bool(here.of(AnsweredEvent)))

    here.estate.hook = hook
    state = await here.go(Person(here.clock))
    assert here.estate.sent == []
    assert here.of(Intended) == []
    assert here.estate.log[-1] == "discard set key yes"
    assert state.left is not None


async def test_a_process_is_made_ready_while_the_gate_is_on_the_screen(tmp_path):
    here = desk(tmp_path, guarded(), estate=FakeEstate({"vm": "Off"}))
    stood: list[list[str]] = []

    async def looks(question):
        await until(lambda: "prepare set key yes" in here.estate.log)
        stood.append(list(here.estate.log))
        here.clock.advance(70.0)
        return answer(question, "go")

    state = await here.go(looks)
    assert "send set key yes" not in stood[0]
    assert here.estate.log.count("prepare set key yes") == 1
    assert here.estate.log.index("send set key yes") > len(stood[0])
    assert here.estate.log[len(stood[0])] == "read get vm", "the guards had aged: read again before it is sent"
    assert state.step("set-key").outcome is Outcome.DONE


async def test_a_process_made_ready_is_ended_when_the_answer_is_not_now(tmp_path):
    here = desk(tmp_path, step())

    async def declines(question):
        await until(lambda: "prepare set key yes" in here.estate.log)
        return answer(question, "later" if question.asks is Asks.CONFIRM else "stop")

    await here.go(declines)
    assert here.estate.log[-1] == "discard set key yes"
    assert here.estate.sent == []


async def test_a_process_that_stood_too_long_is_made_anew(tmp_path):
    here = desk(tmp_path, step())

    async def thinks(question):
        await until(lambda: "prepare set key yes" in here.estate.log)
        here.clock.advance(KEPT + 1)
        return answer(question, "go")

    await here.go(thinks)
    assert [line for line in here.estate.log if "get" not in line] == [
        "prepare set key yes", "discard set key yes", "prepare set key yes", "send set key yes",
    ]  # fmt: skip


async def test_a_wait_holds_as_often_as_it_must(tmp_path):
    said = iter(["yes", None, "yes", "yes", "yes"])

    def judge(_, replies):
        if not replies[0].values[0]:
            return not_so("Off")
        return so("heartbeat OK") if next(said) == "yes" else running("heartbeat flaps")

    flapping = probe("Heartbeat?", holds("key").reads, judge)
    here = desk(tmp_path, step(goal=flapping, wait=Wait(60, 5, dwell=3)))
    state = await here.go(Person(here.clock, failure=["stop"]))
    assert state.step("set-key").outcome is Outcome.DONE


async def test_a_deadline_ends_a_wait(tmp_path):
    never = probe(
        "Never?", holds("key").reads, lambda f, r: running("63 %") if r[0].values[0] else holds("key").judge(f, r)
    )
    here = desk(tmp_path, step(goal=never, wait=Wait(600, 5)))
    began = here.clock.now
    state = await here.go(Person(here.clock))
    assert state.step("set-key").outcome is Outcome.FAILED
    assert 600 <= here.clock.now - began < 620
