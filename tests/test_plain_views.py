"""The views of `--plain` before and after a run."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.fake import NOW, plan, step
from tests.plain_stage import Stage
from tests.screens.fake import SeveralForm
from tests.test_autopilot import FakeBoard, FakeForm
from tui.core.front import (
    BACK,
    Leave,
    PlanView,
    PracticeAge,
    Recommendation,
    Report,
    Row,
    RunLine,
    Triage,
    TriageOption,
    Welcome,
    WelcomeChoice,
)
from tui.core.plan import Tier
from tui.core.scenario import Finding, Level, Option, Scenario
from tui.core.state import RunState

RUN = RunLine("1122-0214", "SRV-DB01 to AZL-HAM", "stopped at step 7", NOW, finished=False)
FIRST = Welcome(
    (RUN, replace(RUN, run="1121-0100", problem="it is damaged at line 118")),
    (replace(RUN, run="1120-0000", finished=True, outcome="recovered"),),
    (PracticeAge("Trusted Launch key restore", 47, 12), PracticeAge("Other", None, 9)),
    (("warn", "The clock is off"),), story=("AZL-BER does not answer.",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "choice"),
    [([""], WelcomeChoice("take up", "1122-0214")), (["2", "3"], WelcomeChoice("new")),
     (["4", "b", "4", "1"], WelcomeChoice("report", "1120-0000"))],
)  # fmt: skip
async def test_welcome(typed, choice):
    stage = Stage(*typed)
    assert await stage.front.welcome(FIRST) == choice
    assert "Warn: The clock is off." in stage.lines
    assert (
        "Last good drill of Trusted Launch key restore: yours 47 days ago, too long: practise it, anyone's 12 days ago."
        in (stage.lines)
    )


async def test_welcome_may_be_left_and_may_refuse():
    with pytest.raises(Leave):
        await Stage("5").front.welcome(FIRST)
    stage = Stage("1", "2")
    with pytest.raises(Leave):
        await stage.front.welcome(Welcome(can_start=False))


TRIAGE = Triage(
    2, 4, "Is AZL-BER alive?", ("BER-N01: no answer",),
    (TriageOption("yes", "It is alive", "restore in place"),
     TriageOption("no", "I do not know", why="nobody was there"),
     TriageOption("x", "It is replicated", nowhere="no such scenario yet")),
    (("Which VM?", "SRV-DB01", "your answer"),),
)  # fmt: skip


@pytest.mark.parametrize(("typed", "key"), [(["1"], "yes"), ([""], "no"), (["3", "b"], BACK), (["s"], "scenarios")])
async def test_triage(typed, key):
    stage = Stage(*typed)
    assert await stage.front.triage(TRIAGE) == key
    assert "Question 2 of 4: Is AZL-BER alive?" in stage.lines


SCENARIO = Scenario(
    "tl", "Trusted Launch key restore", "the VM has a key", "Brings the key.\nStarts the VM.", "its files", "1 key",
    "no Azure", "25 to 40 min", "Microsoft, 21 Jul 2025", lambda _: (), lambda *_: (), lambda *_: plan(),
)  # fmt: skip


@pytest.mark.parametrize(("typed", "said"), [([""], "use"), (["2"], "scenarios"), (["3"], "change"), (["b"], BACK)])
async def test_recommendation(typed, said):
    seen = Recommendation(SCENARIO, (("no answer", "read"),), (("Failover", "no support"),), ("It runs.",))
    assert await Stage(*typed).front.recommendation(seen) == said


async def test_no_recommendation_cannot_be_used():
    stage = Stage("1", "")
    assert await stage.front.recommendation(Recommendation(None, (), (), ())) == "change"


async def test_scenarios():
    stage = Stage("d 1", "d 9", "")
    assert await stage.front.scenarios((SCENARIO,), "tl") == "tl"
    assert "Source: Microsoft, 21 Jul 2025." in stage.lines
    assert await Stage("b").front.scenarios((SCENARIO,), "") == BACK


async def test_inputs():
    good = Option("HAM-N02", "Up", "more free memory")
    form = FakeForm(vm=(Option("SRV-DB01"), Option("old", problem="generation 1")), node=(Option("HAM-N01"), good))
    stage = Stage("r", "2", "1", "b", "1", "", "")
    assert await stage.front.inputs(form) == "done"
    assert form.chosen == {"vm": "SRV-DB01", "node": "HAM-N02"}
    assert "2 is not possible: generation 1" in stage.lines
    assert await Stage("b").front.inputs(FakeForm(vm=())) == BACK


async def test_an_input_of_several_takes_numbers_with_commas_or_all():
    form = SeveralForm()
    stage = Stage("r", "5", "1,x", "9", "4, 1,1", "1", "2", "")
    assert await stage.front.inputs(form) == "done"
    assert form.taken[0] == ("SRV-DC01", "SRV-APP01")
    assert "Wave 2: databases, apps." in stage.lines
    assert "1 SRV-DC01: Generation 2, 4 GB. we would take this: its host is down." in stage.lines
    assert "5 SRV-APP02: not possible: it has a checkpoint." in stage.lines
    assert "5 is not possible: it has a checkpoint. Nothing was taken." in stage.lines
    assert stage.prompts[0] == "[DRILL] Numbers with commas, or all; enter alone means 1, 2, 3: "
    for typed, taken in (("", 3), ("all", 4)):
        form = SeveralForm()
        await Stage(typed, "1", "2", "").front.inputs(form)
        assert len(form.taken[0]) == taken
    assert await Stage("b").front.inputs(SeveralForm()) == BACK


async def test_prerequisites():
    board = FakeBoard(Level.WARN)
    stage = Stage("1", "", "o 1", "o 1 Users wait since 02:09", "c 1", "c 9", "o 9 x", "1")
    assert await stage.front.prerequisites(board) == "plan"
    assert board.readings == 2
    assert board.reasons == {"c": "Users wait since 02:09"}
    assert sum(line.startswith("1 warn: Storage job: Repair 86 %.") for line in stage.lines) == 1


async def test_a_stop_has_no_override_and_shows_its_remedy():
    board = FakeBoard(Level.STOP)
    finding = Finding(Level.STOP, "mochostagent Stopped", "It would fail.", "Start it.", "HAM-N02", "Start-Service x")
    board.rows = (Row("c", "MOC", finding, NOW),)
    stage = Stage("o 1 I want it so", "c 1", "b")
    assert await stage.front.prerequisites(board) == BACK
    assert "Row 1 reads stop: a stop cannot be overridden. c shows its remedy." in stage.lines
    assert stage.lines[stage.lines.index("On HAM-N02, one line:") + 1] == "Start-Service x"
    assert board.reasons == {}


async def test_ctrl_c_while_reading_asks_and_the_reading_goes_on():
    stage = Stage("2", "b")
    board = FakeBoard(Level.OK)
    real = board.read

    async def read(changed):
        stage.front.interrupt()
        for _ in range(9):
            await asyncio.sleep(0)
        await real(changed)

    board.read = read
    assert await stage.front.prerequisites(board) == BACK
    assert board.readings == 1


async def test_the_plan():
    made = plan((step("a"), step("b", tier=Tier.TYPED, no_return=True)))
    view = PlanView(made, lambda: Path("plan.md"), lambda: 540.0)
    stage = Stage("d 2", "d 9", "w", "")
    assert await stage.front.plan(view) == "begin"
    assert "POINT OF NO RETURN at step 2." in stage.lines
    assert "Asks: type SRV-DB01." in stage.lines
    assert "Saved: plan.md" in stage.lines
    assert any(line.startswith("The prerequisites are 9 min old") for line in stage.lines)
    assert await Stage("2").front.plan(view) == BACK


async def test_the_report_is_told_and_the_end_of_the_input_ends_it():
    left = (("1 file on KEY-N01", "KEY-N01", "Remove-Item x.pem"),)
    view = Report(
        RunState(), None, "SRV-DB01 recovered; 1 left over", "# all of it", Path("r.md"), ("Keep it Off",), left
    )
    stage = Stage("r")
    await stage.front.report(view)
    assert "SRV-DB01 recovered; 1 left over." in stage.lines
    assert "# all of it" in stage.lines
    assert "Remove-Item x.pem" in stage.lines
