"""Promises of the engine, on a world that is a dict."""

from dataclasses import replace

import pytest

from tests.core.fake import Desk, FakeEstate, Killed, Person, holds, plan, step
from tui.core.action import Alive, Copy, Repeat
from tui.core.errors import JournalUnwritable
from tui.core.events import AnsweredEvent, Asked, Ended, Intended, Left, Outcome, PlanMade, RunEnded, Said
from tui.core.journal import read_journal
from tui.core.plan import Attest, Guard, Tier, Wait
from tui.core.question import Answer, Blank
from tui.core.state import fold
from tui.core.verdict import Probe, running, so


def desk(tmp_path, *steps, goal="key", **more):
    return Desk(tmp_path / "run", plan(tuple(steps), goal=goal), **more)


def outcome(here, step_id="set-key"):
    return fold(here.events).step(step_id).outcome


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
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["no handshake"]}))
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

    person.says = {question_kind("confirm"): [meanwhile]}
    await here.go(person)
    assert person.kinds == ["confirm", "changed"]
    assert here.estate.sent == []


def question_kind(name):
    from tui.core.question import Asks

    return Asks(name)


async def test_guards_that_age_while_the_process_starts_are_read_again(tmp_path):
    here = desk(tmp_path, guarded(), estate=FakeEstate({"vm": "Off"}))
    slow = [70.0]
    here.estate.hook = lambda what, _: here.clock.advance(slow.pop()) if what == "prepare" and slow else None
    person = Person(here.clock)
    state = await here.go(person)
    assert "discard set key yes" in here.estate.log
    assert person.kinds == ["confirm", "confirm"]
    assert state.step("set-key").outcome is Outcome.DONE
    assert here.estate.sent == ["set key yes"]


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


async def test_a_pause_waits_until_it_is_told_to_go(tmp_path):
    here = Desk(tmp_path / "run", plan((step("a"),), (step("key"),), goal="key"))
    person = Person(here.clock, pause=["wait", "go"])
    state = await here.go(person)
    assert person.kinds == ["confirm", "pause", "pause", "confirm"]
    assert state.phases_ended == ("Phase 1", "Phase 2")


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


async def test_what_is_so_already_is_not_made(tmp_path):
    here = Desk(tmp_path / "run", plan((step("a"), step("key")), goal="key"), FakeEstate({"a": "yes"}))
    state = await here.go(Person(here.clock))
    assert state.step("set-a").outcome is Outcome.ALREADY
    assert here.estate.sent == ["set key yes"]


async def test_the_brake_stops_after_the_command(tmp_path):
    here = desk(tmp_path, step("a"), step("key"))
    here.estate.hook = lambda what, script: setattr(here.brake, "on", True) if script == "set a yes" else None
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


def dead(proof="nodes"):
    return step(
        "source", id="source-dead", title="Is AZL-BER dead?", act=None, goal=holds("source", "Off"), undo=None,
        attest=Attest(lambda _: ("Two copies lose data.",), "It is dead", "AZL-BER IS DEAD",
                      (Blank("witness", "Witness", "who saw it"),), (Guard("No node answers", holds(proof, None)),)),
        no_skip="two copies could run",
    )  # fmt: skip


async def test_an_attested_step_names_who_said_it_and_its_witness(tmp_path):
    here = desk(tmp_path, dead(), step())
    said = [lambda q: Answer(q.id, q.binding, "go", "m.weber", q.phrase, blanks={"witness": "K. Roth"})]
    state = await here.go(Person(here.clock, typed=said))
    known = state.step("source-dead")
    assert (known.outcome, known.by) == (Outcome.ATTESTED, "m.weber")
    assert known.evidence == "DRILL AZL-BER IS DEAD; Witness: K. Roth"


async def test_an_attested_step_without_a_witness_says_that_it_is_not_proved(tmp_path):
    here = desk(tmp_path, dead(), step())
    state = await here.go(Person(here.clock))
    assert state.step("source-dead").evidence.endswith("no witness named: not proved")


async def test_what_may_not_be_skipped_is_not_offered(tmp_path):
    here = desk(tmp_path, dead(), step())
    person = Person(here.clock, typed=["later"])
    await here.go(person)
    assert "skip" not in [c.key for c in person.asked[-1].offered()]


async def test_a_wait_holds_as_often_as_it_must(tmp_path):
    said = iter(["yes", None, "yes", "yes", "yes"])

    def judge(_, replies):
        truth = next(said) == "yes" if replies[0].values[0] else False
        return so("heartbeat OK") if truth else running("heartbeat flaps")

    flapping = Probe("Heartbeat?", holds("key").reads, judge)
    here = desk(tmp_path, step(goal=flapping, wait=Wait(60, 5, dwell=3)))
    state = await here.go(Person(here.clock, failure=["stop"]))
    assert state.step("set-key").outcome is Outcome.DONE


async def test_a_deadline_ends_a_wait(tmp_path):
    never = Probe(
        "Never?", holds("key").reads, lambda f, r: running("63 %") if r[0].values[0] else holds("key").judge(f, r)
    )
    here = desk(tmp_path, step(goal=never, wait=Wait(600, 5)))
    began = here.clock.now
    state = await here.go(Person(here.clock))
    assert state.step("set-key").outcome is Outcome.FAILED
    assert 600 <= here.clock.now - began < 620


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
        import os

        def refuse(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "write", refuse)
        return "go"

    person.says = {question_kind("confirm"): [full]}
    with pytest.raises(JournalUnwritable, match="No space left"):
        await here.go(person)
    monkeypatch.undo()
    assert here.estate.sent == []
    assert here.of(Intended) == []


async def test_a_long_line_of_a_host_is_cut_in_the_record(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["error"]}))
    await here.go(Person(here.clock))
    assert [e.text for e in here.of(Said)] == ["MOC does not answer."]
    from tui.core.engine.acting import LONGEST_LINE, cut

    assert cut("x" * (LONGEST_LINE + 1)) == "x" * LONGEST_LINE + "…"


async def test_left_over_is_named_when_a_clean_up_was_skipped(tmp_path):
    clean = step("wiped", no_skip="", leaves="1 file on KEY-N01")
    here = desk(tmp_path, step(), clean)
    state = await here.go(Person(here.clock, confirm=["go", "later"], declined=["skip"]))
    assert state.ended is not None
    assert state.ended.left_over == ("1 file on KEY-N01",)
    assert state.ended.recovered


@pytest.mark.parametrize("cut", range(1, 40))
async def test_killed_at_any_commit_and_taken_up_it_ends_the_same(tmp_path, cut):
    """The journal ends after `cut` events; what it says was sent may have arrived or not."""
    here = Desk(tmp_path / "run", plan((step("a", Repeat.NEVER),), (step("key"),), goal="key"))
    commits = [0]
    from tui.core.journal import Journal

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


async def test_the_plan_is_on_record_once(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["error"]}))
    await here.go(Person(here.clock))
    await here.go(Person(here.clock))
    assert len(here.of(PlanMade)) == 1
    assert [e.outcome for e in here.of(Ended)] == ["failed", "done"]
