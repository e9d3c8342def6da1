"""Killed anywhere and taken up; the way back; a second run."""

from dataclasses import replace

import pytest

from tests.core.fake import FakeEstate, Killed, plan, step
from tests.core.person import Desk, Person, desk, outcome
from tui.core.action import Alive, Repeat
from tui.core.events import Outcome
from tui.core.journal import Journal


async def test_undo_goes_backwards_over_what_this_run_made_only(tmp_path):
    here = desk(tmp_path, step("a"), step("b"), step("found"), step("key"), estate=FakeEstate({"found": "yes"}))
    here.estate.faults = {"set key yes": ["error"]}
    state = await here.go(Person(here.clock, failure=["undo"]))
    assert here.estate.sent == ["set a yes", "set b yes", "set key yes", "del b", "del a"]
    assert here.estate.world == {"found": "yes"}
    assert state.ended is not None
    assert (state.ended.outcome, state.ended.recovered, state.ended.left_over) == ("undone", False, ())


async def test_no_second_way_back_is_offered_on_the_way_back(tmp_path):
    here = desk(
        tmp_path, step("a"), step("key"), estate=FakeEstate(faults={"set key yes": ["error"], "del a": ["error"]})
    )
    person = Person(here.clock, failure=["undo", "stop"])
    await here.go(person)
    assert [c.key for c in person.asked[-1].choices if c.refused] == ["undo"]


async def test_the_way_back_goes_on_after_a_stop(tmp_path):
    here = desk(
        tmp_path, step("a"), step("key"), estate=FakeEstate(faults={"set key yes": ["error"], "del a": ["error"]})
    )
    await here.go(Person(here.clock, failure=["undo", "stop"]))
    state = await here.go(Person(here.clock))
    assert state.ended is not None
    assert state.ended.outcome == "undone"
    assert here.estate.world == {}


@pytest.mark.parametrize(
    ("fault", "alive", "want", "sends"),
    [("killed before", Alive.GONE, Outcome.DONE, 2), ("killed after", Alive.GONE, Outcome.FOUND_DONE, 1),
     ("killed after error", Alive.GONE, Outcome.UNKNOWN, 1), ("killed after", Alive.UNREADABLE, Outcome.UNKNOWN, 1)],
)  # fmt: skip
async def test_taken_up_in_flight(tmp_path, fault, alive, want, sends):
    estate = FakeEstate(faults={"set key yes": [fault]})
    here = desk(tmp_path, step(repeat=Repeat.SAME_RESULT), estate=estate)
    await here.until_killed(Person(here.clock))
    estate.alive_says = [alive] * 20
    person = Person(here.clock, failure=["retry"])
    await here.go(person)
    assert outcome(here) is want
    assert person.kinds[0] == "resume"
    assert len(estate.sent) == sends


async def test_taken_up_while_it_still_runs_it_is_waited_for(tmp_path):
    estate = FakeEstate(faults={"set key yes": ["killed before"]})
    here = desk(tmp_path, step(repeat=Repeat.NEVER), estate=estate)
    await here.until_killed(Person(here.clock))
    looks = []

    def hook(what, _):
        if what == "alive":
            looks.append(what)
            if len(looks) == 4:
                estate.world["key"] = "yes"

    estate.hook = hook
    estate.alive_says = [Alive.YES] * 3 + [Alive.GONE]
    await here.go(Person(here.clock))
    assert outcome(here) is Outcome.FOUND_DONE
    assert len(estate.sent) == 1


async def test_a_never_action_goes_out_again_only_with_the_typed_words(tmp_path):
    estate = FakeEstate(faults={"set key yes": ["killed before"]})
    here = desk(tmp_path, step(repeat=Repeat.NEVER), estate=estate)
    await here.until_killed(Person(here.clock))
    person = Person(here.clock, failure=["retry"])
    await here.go(person)
    assert person.kinds == ["resume", "failure", "type the name"]
    assert person.asked[-1].phrase == "DRILL SEND AGAIN"
    assert outcome(here) is Outcome.DONE
    assert len(estate.sent) == 2


async def test_looking_only_sends_nothing(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["killed before"]}))
    await here.until_killed(Person(here.clock))
    before = len(here.estate.sent)
    await here.go(Person(here.clock, resume=["look"]))
    assert len(here.estate.sent) == before


async def test_a_second_run_makes_nothing(tmp_path):
    here = desk(tmp_path, step())
    await here.go(Person(here.clock))
    again = replace(here, folder=tmp_path / "again")
    person = Person(here.clock)
    state = await again.go(person)
    assert state.ended is not None
    assert state.ended.outcome == "already recovered"
    assert person.asked == []
    assert here.estate.sent == ["set key yes"]


async def test_an_ended_run_taken_up_does_nothing(tmp_path):
    here = desk(tmp_path, step())
    await here.go(Person(here.clock))
    person = Person(here.clock)
    await here.go(person)
    assert person.asked == []


@pytest.mark.parametrize("cut", range(1, 40))
async def test_killed_at_any_commit_and_taken_up_it_ends_the_same(tmp_path, cut):
    """The journal ends after `cut` events; what it says was sent may have arrived or not."""
    here = Desk(tmp_path / "run", plan((step("a", Repeat.NEVER),), (step("key"),), goal="key"))
    commits = [0]
    real = Journal.commit

    async def commit(self, event):
        if commits[0] >= cut:
            raise Killed
        commits[0] += 1
        return await real(self, event)

    Journal.commit = commit
    try:
        await here.go(Person(here.clock))
    except Killed:
        pass
    finally:
        Journal.commit = real
    never = here.estate.sent.count("set a yes")
    for _ in range(3):
        state = await here.go(Person(here.clock, failure=["retry"], unknown=["attest"]))
        if state.ended is not None:
            break
    assert state.ended is not None
    assert state.ended.recovered
    assert here.estate.world == {"a": "yes", "key": "yes"}
    if never:
        assert here.estate.sent.count("set a yes") == 1
