"""Promises of the engine, on a world that is a dict: what is sent, when, and what is asked."""

import os

import pytest

from tests.core.fake import FakeEstate, plan, step
from tests.core.person import Desk, Person, dead, desk
from tui.core.action import Copy
from tui.core.engine.acting import LONGEST_LINE, cut
from tui.core.errors import JournalUnwritable
from tui.core.events import AnsweredEvent, Asked, Ended, Intended, Left, Outcome, PlanMade, RunEnded, Said
from tui.core.journal import read_journal
from tui.core.plan import Tier
from tui.core.question import Answer, Asks


async def test_a_plan_runs_to_its_whole_goal(tmp_path):
    here = desk(tmp_path, step())
    state = await here.go(Person(here.clock))
    assert state.ended == RunEnded("recovered", True, "key on HAM-N01: yes")
    assert state.step("set-key").outcome is Outcome.DONE
    assert here.estate.sent == ["set key yes"]


async def test_nothing_is_sent_before_asked_answered_and_intended_are_on_disk(tmp_path):
    here = desk(tmp_path, step("a"), step("b"), step("key"))
    seen = []

    def hook(what, script):
        if what == "send":
            events = [s.event for s in read_journal(here.folder / "journal.jsonl").events]
            key = script.split()[1]
            kinds = [type(e) for e in events if getattr(e, "step", "") == f"set-{key}"]
            seen.append(kinds.index(Asked) < kinds.index(AnsweredEvent) < kinds.index(Intended))

    here.estate.hook = hook
    await here.go(Person(here.clock))
    assert seen == [True, True, True]


async def test_the_answer_on_record_binds_to_what_is_sent(tmp_path):
    here = desk(tmp_path, step())
    await here.go(Person(here.clock))
    [asked], [answered], [intended] = here.of(Asked), here.of(AnsweredEvent), here.of(Intended)
    assert asked.binding == answered.binding
    assert asked.shown == intended.shown == "set key yes"


async def test_an_answer_to_something_else_is_put_again(tmp_path):
    here = desk(tmp_path, step())
    wrong = [lambda q: Answer(q.id, "another binding", "go", "m.weber")]
    person = Person(here.clock, confirm=wrong)
    await here.go(person)
    assert person.asked[1].wrong == "What was shown has changed since. It is asked again."
    assert len(here.of(AnsweredEvent)) == 1


async def test_typed_takes_the_phrase_with_its_mode_and_nothing_else(tmp_path):
    here = desk(tmp_path, step(tier=Tier.TYPED))
    wrong = [lambda q: Answer(q.id, q.binding, "go", "m.weber", "LIVE SRV-DB01")]
    person = Person(here.clock, typed=wrong)
    await here.go(person)
    assert person.asked[0].phrase == "DRILL SRV-DB01"
    assert person.asked[1].wrong == "LIVE SRV-DB01 is not DRILL SRV-DB01"
    assert here.of(AnsweredEvent)[0].typed == "DRILL SRV-DB01"


async def test_declined_sends_nothing_and_waits(tmp_path):
    here = desk(tmp_path, step())
    state = await here.go(Person(here.clock, confirm=["later"]))
    assert state.step("set-key").outcome is Outcome.DECLINED
    assert here.estate.sent == []
    assert state.left == Left("after the command")


async def test_declined_offers_no_way_back_where_nothing_was_made(tmp_path):
    here = desk(tmp_path, step())
    person = Person(here.clock, confirm=["later"])
    await here.go(person)
    assert [c.key for c in person.asked[1].choices if c.refused] == ["undo"]


async def test_a_skip_needs_a_reason_and_stands_in_the_record(tmp_path):
    here = desk(tmp_path, step())
    short = [lambda q: Answer(q.id, q.binding, "skip", "m.weber", reason="later"), "skip"]
    person = Person(here.clock, confirm=["later"], declined=short)
    state = await here.go(person)
    assert person.asked[2].wrong == "5 more characters."
    assert state.step("set-key").reason == "nobody on call until 06:00"
    assert state.ended is not None
    assert not state.ended.recovered


async def test_by_hand_counts_only_when_it_is_proved(tmp_path):
    here = desk(tmp_path, step())

    def done(_):
        here.estate.world["key"] = "yes"
        return "earlier"

    person = Person(here.clock, confirm=["hand"], by_hand=["check", done])
    state = await here.go(person)
    assert "Still not so" in person.asked[2].lines[1]
    assert state.step("set-key").outcome is Outcome.BY_HAND
    assert (state.step("set-key").by, state.step("set-key").reason) == ("m.weber", "02:31")
    assert here.estate.sent == []


async def test_a_pause_waits_until_it_is_told_to_go(tmp_path):
    here = Desk(tmp_path / "run", plan((step("a"),), (step("key"),), goal="key"))
    person = Person(here.clock, pause=["wait", "go"])
    state = await here.go(person)
    assert person.kinds == ["confirm", "pause", "pause", "confirm"]
    assert state.phases_ended == ("Phase 1", "Phase 2")


async def test_what_is_so_already_is_not_made(tmp_path):
    here = Desk(tmp_path / "run", plan((step("a"), step("key")), goal="key"), FakeEstate({"a": "yes"}))
    state = await here.go(Person(here.clock))
    assert state.step("set-a").outcome is Outcome.ALREADY
    assert here.estate.sent == ["set key yes"]


async def test_the_brake_stops_after_the_command(tmp_path):
    here = desk(tmp_path, step("a"), step("key"))
    here.estate.hook = lambda what, _: setattr(here.brake, "on", True) if what == "send" else None
    state = await here.go(Person(here.clock))
    assert state.step("set-a").outcome is Outcome.DONE
    assert "set-key" not in state.steps
    assert state.left == Left("after the command")


async def test_the_brake_pulled_at_a_gate_sends_nothing(tmp_path):
    here = desk(tmp_path, step())

    def pull(_):
        here.brake.on = True
        return "go"

    await here.go(Person(here.clock, confirm=[pull]))
    assert here.estate.sent == []


async def test_an_attested_step_names_who_said_it_and_its_witness(tmp_path):
    here = desk(tmp_path, dead(), step())
    said = [lambda q: Answer(q.id, q.binding, "go", "m.weber", q.phrase, blanks={"witness": "K. Roth"})]
    state = await here.go(Person(here.clock, typed=said))
    known = state.step("source-dead")
    assert (known.outcome, known.by) == (Outcome.ATTESTED, "m.weber")
    assert known.evidence == "Witness: K. Roth"
    assert [event.typed for event in here.of(AnsweredEvent) if event.typed] == ["DRILL AZL-BER IS DEAD"]


async def test_an_attested_step_without_a_witness_says_that_it_is_not_proved(tmp_path):
    here = desk(tmp_path, dead(), step())
    state = await here.go(Person(here.clock))
    assert state.step("source-dead").evidence.endswith("no witness named: not proved")


async def test_what_may_not_be_skipped_is_not_offered(tmp_path):
    here = desk(tmp_path, dead(), step())
    person = Person(here.clock, typed=["later"])
    await here.go(person)
    assert "skip" not in [c.key for c in person.asked[-1].offered()]


async def test_a_copy_is_shown_as_what_will_be_written(tmp_path):
    copy = step(act=lambda _: Copy("KEY-N01", "source", "HAM-N01", "key"))
    here = desk(tmp_path, copy, estate=FakeEstate({"source": "yes"}))
    person = Person(here.clock)
    await here.go(person)
    assert person.asked[0].action is not None
    assert person.asked[0].action.script == "set key yes"


async def test_a_full_disk_stops_before_the_act(tmp_path, monkeypatch):
    here = desk(tmp_path, step())
    person = Person(here.clock)

    def full(question):
        def refuse(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "write", refuse)
        return "go"

    person.says = {Asks.CONFIRM: [full]}
    with pytest.raises(JournalUnwritable, match="No space left"):
        await here.go(person)
    monkeypatch.undo()
    assert here.estate.sent == []
    assert here.of(Intended) == []


async def test_a_long_line_of_a_host_is_cut_in_the_record(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["error"]}))
    await here.go(Person(here.clock))
    assert [e.text for e in here.of(Said)] == ["MOC does not answer."]
    assert cut("x" * (LONGEST_LINE + 1)) == "x" * LONGEST_LINE + "…"


async def test_left_over_is_named_when_a_clean_up_was_skipped(tmp_path):
    clean = step("wiped", no_skip="", leaves="1 file on KEY-N01")
    here = desk(tmp_path, step(), clean)
    state = await here.go(Person(here.clock, confirm=["go", "later"], declined=["skip"]))
    assert state.ended is not None
    assert state.ended.left_over == ("1 file on KEY-N01",)
    assert state.ended.recovered


async def test_the_plan_is_on_record_once(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["error"]}))
    await here.go(Person(here.clock))
    await here.go(Person(here.clock))
    assert len(here.of(PlanMade)) == 1
    assert [e.outcome for e in here.of(Ended)] == ["failed", "done"]
