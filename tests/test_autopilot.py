"""The autopilot answers as the best operator would, and stops where a person would have to find something out."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.core.fake import FakeClock, FakeEstate, Killed, holds, plan, step
from tests.core.person import dead
from tests.core.session import opened
from tests.screens.fake import SeveralForm
from tui.autopilot import Autopilot, Policy, TooManyQuestions
from tui.core.action import Repeat
from tui.core.engine.questions import not_so_at_the_end, unknown
from tui.core.events import Outcome
from tui.core.front import (
    Leave,
    PlanView,
    Recommendation,
    Report,
    Row,
    RunLine,
    Triage,
    TriageOption,
    Welcome,
)
from tui.core.plan import Guard, Tier
from tui.core.question import Asks
from tui.core.scenario import Field, Finding, Level, Option
from tui.core.state import RunState
from tui.core.verdict import Truth, Verdict


async def flown(tmp_path, pilot, estate, *steps):
    with opened(tmp_path / "run", plan(tuple(steps), goal="key"), estate, pilot.clock) as session:
        await pilot.run(session)
        return session.state


@pytest.fixture
def clock():
    return FakeClock()


async def test_it_runs_a_plan_to_its_end(tmp_path, clock):
    estate = FakeEstate()
    pilot = Autopilot(clock)
    state = await flown(tmp_path, pilot, estate, step("a"), step(tier=Tier.TYPED))
    assert state.ended is not None
    assert state.ended.recovered
    assert [q.step for q in pilot.asked] == ["set-a", "set-key"]
    assert pilot.answers[1].typed == "DRILL SRV-DB01"
    assert pilot.stuck == ""


async def test_it_says_that_a_source_is_dead_only_with_a_witness(tmp_path, clock):
    pilot = Autopilot(clock)
    state = await flown(tmp_path, pilot, FakeEstate(), dead(), step())
    assert state.step("source-dead").outcome is Outcome.DECLINED
    assert "nobody can say" in pilot.stuck
    told = Autopilot(clock, {"witness": "K. Roth", "unasked": "x"})
    state = await flown(tmp_path / "b", told, FakeEstate(), dead(), step())
    assert state.step("source-dead").outcome is Outcome.ATTESTED
    assert told.answers[0].blanks == {"witness": "K. Roth"}


async def test_a_proof_against_it_counts_more_than_a_witness(tmp_path, clock):
    pilot = Autopilot(clock, {"witness": "K. Roth"})
    state = await flown(tmp_path, pilot, FakeEstate({"nodes": "answer"}), dead(), step())
    assert state.step("source-dead").outcome is None
    assert pilot.asked[-1].asks is Asks.CHANGED


async def test_declined_at_a_step_it_stops_there(tmp_path, clock):
    estate = FakeEstate()
    pilot = Autopilot(clock, decline_at="set-b")
    state = await flown(tmp_path, pilot, estate, step("a"), step("b"), step())
    assert estate.sent == ["set a yes"]
    assert state.step("set-b").outcome is Outcome.DECLINED
    assert state.ended is None


@pytest.mark.parametrize(
    ("repeat", "faults", "sends", "want"),
    [(Repeat.SAFE, ["error"], 2, Outcome.DONE), (Repeat.SAFE, ["error", "error"], 2, Outcome.FAILED),
     (Repeat.NEVER, ["error"], 1, Outcome.FAILED), (Repeat.NEVER, ["unreachable"], 1, Outcome.DONE),
     (Repeat.SAFE, ["error but done"], 1, Outcome.UNKNOWN)],
)  # fmt: skip
async def test_it_tries_again_once_and_only_what_may_be_repeated(tmp_path, clock, repeat, faults, sends, want):
    estate = FakeEstate(faults={"set key yes": list(faults)})
    pilot = Autopilot(clock)
    state = await flown(tmp_path, pilot, estate, step(repeat=repeat))
    assert len(estate.sent) == sends
    assert state.step("set-key").outcome is want
    assert bool(pilot.stuck) is (want is not Outcome.DONE)


async def test_it_reads_what_changed_three_times(tmp_path, clock):
    guard = Guard("Off", holds("vm", "Off"))
    pilot = Autopilot(clock)
    await flown(tmp_path, pilot, FakeEstate({"vm": "Running"}), step(guards=(guard,)))
    assert [a.choice for a in pilot.answers] == ["read", "read", "read", "stop"]


async def test_it_takes_up_and_never_sends_again_by_itself(tmp_path, clock):
    estate = FakeEstate(faults={"set key yes": ["killed before"]})
    with pytest.raises(Killed):
        await flown(tmp_path, Autopilot(clock), estate, step(repeat=Repeat.NEVER))
    pilot = Autopilot(clock)
    await flown(tmp_path, pilot, estate, step(repeat=Repeat.NEVER))
    assert len(estate.sent) == 1
    assert [q.asks for q in pilot.asked] == ["resume", "failure"]


async def test_it_does_not_go_round_in_circles(tmp_path, clock):
    pilot = Autopilot(clock, policy=Policy(most=3, readings=99))
    guard = Guard("Off", holds("vm", "Off"))
    with pytest.raises(TooManyQuestions):
        await flown(tmp_path, pilot, FakeEstate({"vm": "Running"}), step(guards=(guard,)))


async def test_the_views_before_a_run(clock):
    pilot = Autopilot(clock)
    run = RunLine("1122-0214", "SRV-DB01", "", 0.0, finished=False)
    assert (await pilot.welcome(Welcome((replace(run, problem="damaged"), run)))).run == "1122-0214"
    assert (await pilot.welcome(Welcome())).what == "new"
    options = (TriageOption("a", "A"), TriageOption("b", "B", why="nobody has been there"))
    triage = Triage(1, 1, "Alive?", (), options)
    assert await pilot.triage(triage) == "b"
    assert await pilot.triage(replace(triage, options=options[:1])) == "a"
    assert await pilot.plan(PlanView(plan(), lambda: None, lambda: 0.0)) == "begin"
    with pytest.raises(Leave):
        await pilot.recommendation(Recommendation(None, (), (), ()))
    assert pilot.stuck == "no scenario fits"


async def test_after_its_report_it_leaves(clock):
    pilot = Autopilot(clock)
    await pilot.report(Report(RunState(), None, "t", "", None))
    with pytest.raises(Leave):
        await pilot.welcome(Welcome())


class FakeForm:
    scenario = None
    silence = ("HAM-N01 does not answer.",)

    def __init__(self, **offers):
        self.offers, self.chosen = offers, {}
        self.fields = tuple(Field(name, name, "", lambda _: (), lambda *_: ()) for name in offers)

    async def options(self, name):
        return self.offers[name]

    def choose(self, name, *values):
        self.chosen[name] = ", ".join(values)


async def test_of_an_input_of_several_all_that_is_recommended_is_taken(clock):
    form = SeveralForm()
    await Autopilot(clock).inputs(form)
    assert form.taken[0] == ("SRV-DC01", "SRV-DB01", "SRV-DC02")


async def test_inputs_are_what_is_recommended(clock):
    good = Option("HAM-N02", recommended="more free memory")
    form = FakeForm(vm=(Option("bad", problem="generation 1"), Option("SRV-DB01")), node=(Option("HAM-N01"), good))
    assert await Autopilot(clock).inputs(form) == "done"
    assert form.chosen == {"vm": "SRV-DB01", "node": "HAM-N02"}
    pilot = Autopilot(clock)
    with pytest.raises(Leave):
        await pilot.inputs(FakeForm(vm=()))
    assert "HAM-N01 does not answer" in pilot.stuck


class FakeBoard:
    """`levels` are what each reading finds; the last one stays."""

    def __init__(self, *levels):
        self.levels, self.readings, self.reasons = list(levels), 0, {}
        self.rows = (Row("c", "Storage job"),)

    async def read(self, changed):
        self.readings += 1
        level = self.levels.pop(0) if len(self.levels) > 1 else self.levels[0]
        self.rows = (Row("c", "Storage job", Finding(level, "Repair 86 %"), 1.0),)
        changed()

    def override(self, check, reason):
        self.reasons[check] = reason
        return ""

    def missing(self):
        level = self.rows[0].finding.level if self.rows[0].finding else None
        return "" if level is Level.OK or (level is not Level.STOP and self.reasons) else "1 stops you"


@pytest.mark.parametrize(
    ("levels", "witness", "goes"),
    [([Level.OK], {}, True), ([Level.WARN], {}, True), ([Level.UNKNOWN], {}, False), ([Level.STOP], {"w": "x"}, False),
     ([Level.UNKNOWN], {"witness": "K. Roth"}, True), ([Level.STOP, Level.OK], {}, True)],
)  # fmt: skip
async def test_it_overrides_only_where_going_on_is_right(clock, levels, witness, goes):
    board, pilot = FakeBoard(*levels), Autopilot(clock, witness)
    if goes:
        assert await pilot.prerequisites(board) == "plan"
        assert all("Repair 86 %" in reason for reason in board.reasons.values())
    else:
        with pytest.raises(Leave):
            await pilot.prerequisites(board)
        assert board.reasons == {}


async def test_scenarios_and_words_are_kept(clock):
    pilot = Autopilot(clock)
    await pilot.tell("The record cannot be kept", ("No space.",))
    assert pilot.told == [("The record cannot be kept", ("No space.",))]
    assert await pilot.scenarios((SimpleNamespace(id="x"),), "x") == "x"
    with pytest.raises(Leave):
        await pilot.welcome(Welcome())
    assert "No space." in pilot.stuck


@pytest.mark.parametrize(("runs", "want"), [(True, ["read", "end", "stop"]), (False, ["read", "stop"])])
async def test_it_reads_again_and_then_ends_a_process_that_still_runs(clock, runs, want):
    pilot = Autopilot(clock)
    now = Verdict(Truth.NOT_SO, "no such file")
    asked = unknown(step("a"), "not known", now, "", 1, runs)
    assert [(await pilot.ask(asked)).choice for _ in want] == want


async def test_it_never_ends_a_run_as_not_recovered(clock):
    """`end` is another word at the end of a run: a site that does not answer for a moment is not a run that failed."""
    pilot = Autopilot(clock)
    asked = not_so_at_the_end(Verdict(Truth.UNREADABLE, "No connection to HAM-N01"))
    assert [(await pilot.ask(asked)).choice for _ in range(2)] == ["read", "stop"]
    assert "No connection to HAM-N01" in pilot.stuck
