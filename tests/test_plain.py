"""`--plain`: its words and what enter alone does, through the real engine on a tiny plan."""

import asyncio

import pytest

from tests.core.fake import FakeEstate, holds, step, until
from tests.core.person import dead
from tests.plain_stage import Stage
from tui.core.action import PowerShell
from tui.core.events import AnsweredEvent, Left, Noted, Outcome
from tui.core.front import (
    Leave,
)
from tui.core.plan import Guard, Tier


async def test_a_step_reads_as_text(tmp_path):
    guard = Guard("The VM is Off", holds("vm", "Off"))
    stage = Stage("1")
    state = await stage.run(tmp_path, step(guards=(guard,)), estate=FakeEstate({"vm": "Off"}))
    assert state.ended is not None
    start = stage.lines.index("Step 1 of 1. Set key.")
    assert stage.lines[start - 3].startswith("[DRILL] AZL-BER > AZL-HAM. Trusted Launch key restore. 02:14 UTC")
    assert stage.lines[start - 2] == "Declared 02:14 UTC, 0 s ago. RTO 2 h: 2 h left."
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
        "02:14:02 UTC. Sent to HAM-N01. Usual 5 s, deadline 2 min.",
        "02:14:02 UTC. Proof: key on HAM-N01: yes.",
        "Step 1 of 1 done, 2 s. key on HAM-N01: yes.",
        "02:14:02 UTC. Phase 1 of 1 complete: Part 1 is there.",
        "02:14:02 UTC. The whole goal: so: key on HAM-N01: yes.",
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
    assert "Nothing was taken." in stage.text


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
    stage = Stage("1", "", "3", "short", "3", "nobody on call until 06", "2")
    state = await stage.run(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["error"]}))
    assert "It failed: Set key." in stage.lines
    assert "MOC does not answer." in stage.lines
    assert "4 Undo what this run made: not offered, this run has made nothing yet that it can take back." in stage.lines
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
    stage, estate = Stage("1", live=True), FakeEstate()
    heard = ["n the lights went out", "go go go", "stop"]
    send, read, running = estate.send, stage.read, asyncio.Event()

    async def slow(prepared):
        running.set()
        await until(lambda: not heard)
        async for record in send(prepared):
            yield record

    async def listen(prompt):
        if not prompt and heard:
            await running.wait()
            return heard.pop(0)
        return await read(prompt)

    estate.send = slow
    stage.front._talk._read_line = listen
    state = await stage.run(tmp_path, step("a"), step(), estate=estate)
    assert "Nothing is asked now: this line was not taken." in stage.lines
    assert [text for _, _, text in state.notes] == ["the lights went out"]
    assert state.left == Left("after the command")


async def test_what_a_person_answered_is_on_record_with_their_name(tmp_path):
    stage = Stage("1")
    await stage.run(tmp_path, step())
    [said] = [e.event for e in stage.session.events if isinstance(e.event, AnsweredEvent)]
    assert (said.by, said.choice, said.seconds) == ("m.weber", "go", 2.0)
