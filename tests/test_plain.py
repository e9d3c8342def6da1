"""`--plain`: the words of the storyboard's 3.21, enter alone, interruptions; through the real engine on a tiny plan."""

import asyncio
import os
import pty
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.fake import NOW, FakeClock, FakeEstate, holds, plan, step
from tests.core.session import opened
from tests.core.test_engine import dead
from tests.test_autopilot import FakeBoard, FakeForm
from tui.core.action import PowerShell
from tui.core.events import AnsweredEvent, Left, Noted, Outcome
from tui.core.front import (
    BACK,
    Leave,
    PlanView,
    PracticeAge,
    Recommendation,
    Report,
    Row,
    RunLine,
    Situation,
    Triage,
    TriageOption,
    Welcome,
    WelcomeChoice,
)
from tui.core.plan import Guard, Tier
from tui.core.scenario import Finding, Level, Option, Scenario
from tui.core.state import RunState
from tui.plain import LEFT, PlainFront, run_plain
from tui.plain.keyboard import Keyboard
from tui.plain.text import carried, outage, safe, small

MODE = Situation("DRILL", "lab", "Trusted Launch key restore", "AZL-BER > AZL-HAM", declared=NOW, rto=7200.0)


class HeldClock(FakeClock):
    """Sleepers wake when the time is moved past their end, and not before."""

    def __init__(self):
        super().__init__()
        self.sleepers = []

    async def sleep(self, seconds):
        waking = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.now + seconds, waking))
        await waking

    def advance(self, seconds):
        super().advance(seconds)
        for end, waking in self.sleepers:
            if end <= self.now and not waking.done():
                waking.set_result(None)


HANG = object()


class Stage:
    """A front with a script of typed lines; a callable is called, and HANG waits for ever."""

    def __init__(self, *typed, live=False):
        self.clock = HeldClock()
        self.typed, self.lines, self.prompts, self.dropped = list(typed), [], [], 0
        self.front = PlainFront(self.clock, self.read, self.lines.append, "m.weber", live, self.drop)
        self.front.situation(MODE)

    async def read(self, prompt):
        if not prompt:  # a line that nobody asked for: none comes
            await asyncio.get_running_loop().create_future()
        self.prompts.append(prompt)
        self.lines.append(prompt)
        self.clock.advance(2)
        said = self.typed.pop(0) if self.typed else None
        said = said() if callable(said) else said
        if said is HANG:
            await asyncio.get_running_loop().create_future()
        return said

    def drop(self):
        self.dropped += 1

    @property
    def text(self):
        return "\n".join(self.lines)

    async def run(self, tmp_path, *steps, estate=None, keep=None):
        self.estate = estate or FakeEstate()
        with opened(tmp_path / "run", plan(tuple(steps), goal="key"), self.estate, self.clock) as session:
            self.session = session
            await self.front.run(session)
            return session.state

    def interrupted(self):
        self.front.interrupt()
        return HANG


async def test_a_step_reads_as_in_the_storyboard(tmp_path):
    guard = Guard("The VM is Off", holds("vm", "Off"))
    stage = Stage("1")
    state = await stage.run(tmp_path, step(guards=(guard,)), estate=FakeEstate({"vm": "Off"}))
    assert state.ended is not None
    start = stage.lines.index("Step 1 of 1. Set key.")
    assert stage.lines[start - 2].startswith("[DRILL] AZL-BER > AZL-HAM. Trusted Launch key restore. 02:14 UTC")
    assert stage.lines[start - 1] == "Declared 02:14 UTC, 0 s ago. RTO 2 h 00: 2 h 00 left."
    assert stage.lines[start:] == [
        "Step 1 of 1. Set key.",
        "Why: It is needed.",
        "02:14:00 UTC. Read: Is key yes? not so: key on HAM-N01: None.",
        "On: HAM-N01.",
        "Command, one line:",
        "set key yes",
        "Changes: Adds 1 key to 1 vault.",
        "Undo: can be undone.",
        "Proof: key reads yes.",
        "Guards, read 02:14:00 UTC: 1 of 1 hold.",
        "The VM is Off: so: vm on HAM-N01: Off.",
        "Question: Set key? 1 Set key. 2 Not now. (h by hand, p plan, n text note, stop, ? help)",
        "[DRILL] Answer, then enter; enter alone means 2: ",
        "02:14:02 UTC. You answered: Set key.",
        "",
        "02:14:02 UTC. Sent to HAM-N01. Usual 5 s, deadline 1 min.",
        "02:14:02 UTC. Proof: key on HAM-N01: yes.",
        "Step 1 of 1 done, 2 s. key on HAM-N01: yes.",
        "02:14:02 UTC. Phase 1 of 1 complete: Part 1 is there.",
        "02:14:02 UTC. The run has ended: recovered. key on HAM-N01: yes.",
    ]


async def test_enter_alone_sends_nothing_however_often(tmp_path):
    stage = Stage(*[""] * 9)
    with pytest.raises(Leave):
        await stage.run(tmp_path, step())
    assert stage.estate.sent == []
    assert "azl-recover resume --plain" in stage.text


@pytest.mark.parametrize("typed", ["11", "yes", "-1", "y", "1 1", "๑", "0", "3", "go"])
async def test_only_a_number_of_the_list_is_an_answer(tmp_path, typed):
    stage = Stage(typed, "2", "stop")
    await stage.run(tmp_path, step())
    assert stage.estate.sent == []
    assert "Nothing was taken." in stage.text or typed == "๑"


async def test_the_typed_tier(tmp_path):
    stage = Stage("LIVE SRV-DB01", "1", "DRILL SRV-DB01")
    state = await stage.run(tmp_path, step(tier=Tier.TYPED, no_return=True))
    assert stage.prompts[0] == "[DRILL] Type DRILL SRV-DB01 to set key, or enter for not now: "
    assert "LIVE SRV-DB01 is not DRILL SRV-DB01. Nothing was taken." in stage.lines
    assert "POINT OF NO RETURN: after this there is no way back." in stage.lines
    assert state.step("set-key").outcome is Outcome.DONE


async def test_enter_at_the_typed_tier_is_not_now(tmp_path):
    stage = Stage("", "stop")
    await stage.run(tmp_path, step(tier=Tier.TYPED))
    assert stage.estate.sent == []
    assert stage.session.state.step("set-key").outcome is Outcome.DECLINED


async def test_what_only_a_person_can_say_is_asked_line_by_line(tmp_path):
    stage = Stage("DRILL AZL-BER IS DEAD", "K. Roth", "1")
    state = await stage.run(tmp_path, dead(), step())
    assert "Proofs, read 02:14:00 UTC: 1 of 1 hold." in stage.lines
    assert stage.prompts[0].startswith("[DRILL] Type DRILL AZL-BER IS DEAD to go on, or enter for do not go on")
    assert stage.prompts[1] == "[DRILL] Witness (who saw it), or enter to leave it empty: "
    assert state.step("source-dead").evidence.endswith("Witness: K. Roth")


async def test_a_failure_marks_nothing_and_shows_what_the_host_said(tmp_path):
    stage = Stage("1", "", "3", "short", "3", "nobody on call until 06")
    state = await stage.run(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["error"]}))
    assert "It failed: Set key." in stage.lines
    assert "MOC does not answer." in stage.lines
    assert "4 Undo what this run made: not offered, this run has made nothing that it can still take back." in stage.lines
    assert "enter alone takes nothing" in stage.prompts[1]
    assert "5 more characters." in stage.lines
    assert state.step("set-key").reason == "nobody on call until 06"
    assert len(stage.estate.sent) == 1


async def test_enter_instead_of_a_reason_goes_back(tmp_path):
    stage = Stage("1", "3", "", "5")
    state = await stage.run(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["error"]}))
    assert state.step("set-key").outcome is Outcome.FAILED


async def test_by_hand(tmp_path):
    stage = Stage()

    def done():
        stage.estate.world["key"] = "yes"
        return "2"

    stage.typed = ["h", "", done, "25:00", "2", ""]
    state = await stage.run(tmp_path, step())
    assert "By hand: Set key." in stage.lines
    assert "A time is written HH:MM, in UTC." in stage.lines
    assert (state.step("set-key").outcome, state.step("set-key").reason) == (Outcome.BY_HAND, "02:14")
    assert stage.estate.sent == []


async def test_words_at_a_question_are_no_answers(tmp_path):
    stage = Stage("p", "?", "n power is cut in Berlin", "n", "1")
    state = await stage.run(tmp_path, step())
    assert any("State: now." in line for line in stage.lines)
    assert [e.event.text for e in stage.session.events if isinstance(e.event, Noted)] == ["power is cut in Berlin"]
    assert state.step("set-key").outcome is Outcome.DONE


async def test_stop_keeps_everything(tmp_path):
    stage = Stage("stop")
    state = await stage.run(tmp_path, step())
    assert state.left == Left("after the command")
    assert "azl-recover resume --plain" in stage.text
    assert stage.estate.sent == []


async def test_a_command_that_cannot_be_shown_is_in_a_file(tmp_path):
    odd = step(act=lambda _: PowerShell("HAM-N01", "set key\u202e yes", changes=True))
    stage = Stage("2", "stop")
    await stage.run(tmp_path, odd)
    assert "set key\\u202e yes" in stage.lines
    assert f"It holds characters that cannot be shown; the real one is in {tmp_path}/run/set-key.ps1." in stage.lines


async def test_a_heartbeat_line_every_30_seconds(tmp_path):
    stage = Stage("1")
    estate = FakeEstate()
    real = estate.send

    async def slow(prepared):
        for _ in range(5):  # let the heartbeat take its place before time goes on
            await asyncio.sleep(0)
        for _ in range(2):
            stage.clock.advance(30)
            for _ in range(5):
                await asyncio.sleep(0)
        async for record in real(prepared):
            yield record

    estate.send = slow
    await stage.run(tmp_path, step(), estate=estate)
    assert [line for line in stage.lines if "Running for" in line] == [
        "02:14:32 UTC. Running for 30 s.", "02:15:02 UTC. Running for 60 s.",
    ]  # fmt: skip


def interrupting(stage, *pauses):
    """An estate whose first command is interrupted, once after each pause."""
    estate = FakeEstate()
    real = estate.send

    async def send(prepared):
        for pause in pauses:
            stage.clock.advance(pause)
            stage.front.interrupt()
            for _ in range(5):
                await asyncio.sleep(0)
        async for record in real(prepared):
            yield record

    estate.send = send
    return estate


async def test_the_first_ctrl_c_stops_after_the_command(tmp_path):
    stage = Stage("1")
    state = await stage.run(tmp_path, step("a"), step(), estate=interrupting(stage, 0))
    assert state.step("set-a").outcome is Outcome.DONE
    assert "set-key" not in state.steps
    assert any(line.startswith("Stops after this command.") for line in stage.lines)


async def test_ctrl_c_hammered_in_fright_loses_nothing(tmp_path):
    stage = Stage("1")
    state = await stage.run(tmp_path, step("a"), step(), estate=interrupting(stage, 0, 0.3, 0.3, 0.3))
    assert state.step("set-a").outcome is Outcome.DONE
    assert state.left == Left("after the command")


async def test_a_second_ctrl_c_a_second_later_leaves_at_once(tmp_path):
    stage = Stage("1")
    with pytest.raises(Leave):
        await stage.run(tmp_path, step("a"), step(), estate=interrupting(stage, 0, 1.0))
    assert stage.session.state.left == Left("at once")
    assert stage.session.state.in_flight == ("set-a",)
    assert "Step 1 of 2 is in flight. Its result is unknown; resume reads it." in stage.lines


@pytest.mark.parametrize(("said", "leaves"), [("", False), ("2", False), ("1", True)])
async def test_ctrl_c_at_a_question_asks_whether_to_leave(tmp_path, said, leaves):
    stage = Stage()
    stage.typed = [stage.interrupted, said, "1"]
    if leaves:
        with pytest.raises(Leave):
            await stage.run(tmp_path, step())
        assert stage.estate.sent == []
    else:
        state = await stage.run(tmp_path, step())
        assert state.step("set-key").outcome is Outcome.DONE
    assert "Leave? Nothing is undone by leaving. 1 Leave. 2 Go on." in stage.lines


async def test_a_lost_terminal_leaves_at_once(tmp_path):
    stage = Stage()

    def lost():
        stage.front.hang_up()
        return HANG

    stage.typed = [lost]
    with pytest.raises(Leave):
        await stage.run(tmp_path, step())
    assert stage.session.state.left == Left("by a lost terminal")
    with pytest.raises(Leave):
        await stage.front.tell("too late", ())


async def test_an_answer_that_comes_too_fast_does_not_count(tmp_path):
    stage = Stage("1", "1", live=True)
    waits = iter([0.2, 0.5])
    real = stage.read

    async def fast(prompt):
        line = await real(prompt)
        if prompt:
            stage.clock.mono += next(waits) - 2
        return line

    stage.front._talk._read_line = fast
    state = await stage.run(tmp_path, step())
    assert state.step("set-key").outcome is Outcome.DONE
    assert len(stage.prompts) == 2
    assert stage.dropped == 2
    assert any(line.startswith("That came too fast") for line in stage.lines)


async def test_lines_of_a_pipe_are_never_dropped(tmp_path):
    stage = Stage("1")
    await stage.run(tmp_path, step())
    assert stage.dropped == 0


async def test_words_typed_while_a_command_runs(tmp_path):
    stage = Stage("1", live=True)
    heard = ["n the lights went out", "go go go", "stop"]
    real = stage.read

    async def read(prompt):
        if not prompt and stage.estate.sent and heard:
            return heard.pop(0)
        return await real(prompt)

    stage.front._talk._read_line = read
    estate = FakeEstate()
    send = estate.send

    async def slow(prepared):
        estate.log.append("send set a yes")
        while heard:
            await asyncio.sleep(0)
        async for record in send(prepared):
            yield record

    estate.send = slow
    stage.front._talk._read_line = read
    waiting = read

    async def first(prompt):  # the listener waits before the command is sent
        if not prompt:
            while not stage.estate.sent:
                await asyncio.sleep(0)
        return await waiting(prompt)

    stage.front._talk._read_line = first
    state = await stage.run(tmp_path, step("a"), step(), estate=estate)
    assert "Nothing is asked now: this line was not taken." in stage.lines
    assert [text for _, _, text in state.notes] == ["the lights went out"]
    assert state.left == Left("after the command")


async def test_what_a_person_answered_is_on_record_with_their_name(tmp_path):
    stage = Stage("1")
    await stage.run(tmp_path, step())
    [said] = [e.event for e in stage.session.events if isinstance(e.event, AnsweredEvent)]
    assert (said.by, said.choice, said.seconds) == ("m.weber", "go", 2.0)


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
    assert "Last good drill of Trusted Launch key restore: yours 47 days ago, too long: practise it, anyone's 12 days ago." in (
        stage.lines
    )


async def test_welcome_may_be_left_and_may_refuse():
    with pytest.raises(Leave):
        await Stage("5").front.welcome(FIRST)
    stage = Stage("1", "2")
    with pytest.raises(Leave):
        await stage.front.welcome(Welcome(can_start=False))


TRIAGE = Triage(
    2, 4, "Is AZL-BER alive?", ("BER-N01: no answer",),
    (TriageOption("yes", "It is alive", "restore in place"), TriageOption("no", "I do not know", why="nobody was there"),
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
    view = Report(RunState(), None, "SRV-DB01 recovered; 1 left over", "# all of it", Path("r.md"), ("Keep it Off",), left)
    stage = Stage("r")
    await stage.front.report(view)
    assert "SRV-DB01 recovered; 1 left over." in stage.lines
    assert "# all of it" in stage.lines
    assert "Remove-Item x.pem" in stage.lines


def test_nothing_steers_the_terminal():
    assert safe("a\x1b[2Jb\r\n\u202e\u2028\x9b") == "a\\x1b[2Jb\\x0d\\x0a\\u202e\\u2028\\x9b"
    assert safe("ü → √") == "ü → √"
    assert not carried("\u200b")
    assert small("Import key") == "import key"
    assert small("MOC") == "MOC"


@pytest.mark.parametrize(
    ("situation", "at", "text"),
    [(replace(MODE, declared=0.0), NOW, "No outage declared."),
     (replace(MODE, rto=0.0), NOW + 60, "Declared 02:14 UTC, 60 s ago. RTO not set."),
     (MODE, NOW + 6500, "Declared 02:14 UTC, 1 h 48 ago. Warning: RTO 2 h 00: 11 min left."),
     (MODE, NOW + 7920, "Declared 02:14 UTC, 2 h 12 ago. Warning: RTO 2 h 00: over by 12 min.")],
)  # fmt: skip
def test_the_outage_in_words(situation, at, text):
    assert outage(situation, at) == text


async def test_the_keyboard_reads_a_pipe_to_its_end(capsys):
    reading, writing = os.pipe()
    keyboard = Keyboard(reading, lambda: None)
    os.write(writing, "1\r\nü".encode()[:-1])
    assert await keyboard.read_line("? ") == "1"
    os.write(writing, "ü".encode()[1:] + b"\nlast")
    assert await keyboard.read_line("? ") == "ü"
    os.close(writing)
    assert [await keyboard.read_line("? ") for _ in range(3)] == ["last", None, None]
    assert not keyboard.live
    keyboard.write_line("said")
    assert capsys.readouterr().out == "? " * 5 + "said\n"
    os.close(reading)


async def test_the_keyboard_forgets_what_was_typed_ahead():
    controller, terminal = pty.openpty()
    keyboard = Keyboard(terminal, lambda: None)
    assert keyboard.live
    os.write(controller, b"1\n1\n")
    while keyboard._lines.qsize() < 2:
        await asyncio.sleep(0)
    keyboard.drop_typed_ahead()
    os.write(controller, b"2\n")
    assert await keyboard.read_line("") == "2"
    os.write(controller, b"\x04")
    assert await keyboard.read_line("") is None
    os.close(controller)
    os.close(terminal)


async def test_a_terminal_that_is_gone_is_noticed(monkeypatch):
    lost = []
    reading, writing = os.pipe()
    os.close(writing)

    class Gone:
        encoding = "utf-8"

        def write(self, _):
            raise BrokenPipeError

    keyboard = Keyboard(reading, lambda: lost.append(1))
    assert await keyboard.read_line("") is None
    monkeypatch.setattr("sys.stdout", Gone())
    keyboard.write_line("x")
    monkeypatch.undo()
    assert lost == [1]
    os.close(reading)


def with_input(monkeypatch, data, wizard):
    """What `run_plain` returns when these bytes are typed into standard input."""
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    monkeypatch.setattr("tui.plain.main.STDIN", reading)
    try:
        return run_plain(wizard, FakeClock())
    finally:
        os.close(reading)


def test_run_plain_gives_what_the_wizard_gives(monkeypatch, capsys):
    async def wizard(front):
        await front.tell("Hello", ("A line.",))
        return 7

    before = signal.getsignal(signal.SIGINT)
    assert with_input(monkeypatch, b"\n", wizard) == 7
    assert signal.getsignal(signal.SIGINT) is before
    assert "A line." in capsys.readouterr().out


def test_run_plain_says_when_it_was_left(monkeypatch, capsys):
    async def wizard(front):
        await front.welcome(Welcome())
        return 0

    assert with_input(monkeypatch, b"", wizard) == LEFT
    assert "The input has ended." in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_to_end_leaves_at_once(monkeypatch, number):
    reading, writing = os.pipe()
    monkeypatch.setattr("tui.plain.main.STDIN", reading)

    async def wizard(front):
        asyncio.get_running_loop().call_soon(signal.raise_signal, number)
        await front.welcome(Welcome())
        return 0

    assert run_plain(wizard, FakeClock()) == LEFT
    os.close(writing)
    for thread in threading.enumerate():
        if thread.name == "azl-keyboard":
            thread.join(5)
    os.close(reading)


