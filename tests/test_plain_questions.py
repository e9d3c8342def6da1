"""`--plain`: waits, deadlines, decisions, changes and the way back, as lines."""

import asyncio

from tests.core.fake import NOW, FakeEstate, holds, step, until
from tests.core.test_changes import WAS, changed
from tests.core.test_waiting import STEADY, wait_of
from tests.core.test_waits import moving, waits
from tests.plain_stage import Stage
from tui.core.decision import Branch, Decision, Weighed
from tui.core.engine import questions
from tui.core.plan import Guard
from tui.core.verdict import running
from tui.plain.questions import choices, told


async def test_a_wait_says_every_30_seconds_how_far_it_is_and_what_a_deadline_means(tmp_path):
    stage = Stage("1", "stop")
    going = asyncio.ensure_future(stage.run(tmp_path, waits(187, every=25.0, deadline=1500.0), estate=moving(2)))
    await until(lambda: stage.clock.sleepers and stage.session.state.step("copy").course)
    for count in range(1, 4):
        stage.clock.advance(30)
        await until(lambda: len(_waits(stage)) >= count)  # noqa: B023
    going.cancel()
    await asyncio.wait([going])
    assert " of 187 GB" in _waits(stage)[-1]
    assert "If it passes, you are asked; nothing is cancelled." in _waits(stage)[-1]
    assert _waits(stage)[-1].endswith("You may close this program: what is waited for goes on.")


def _waits(stage):
    return [line for line in stage.lines if ". Waiting: " in line]


async def test_something_changed_is_said_only_where_it_was_otherwise_before(tmp_path):
    guard = Guard("The VM is Off", holds("vm", "Off"))
    stage = Stage("stop")
    await stage.run(tmp_path, step(guards=(guard,)), estate=FakeEstate({"vm": "Running"}))
    assert any(line.startswith("Not as this step needs it. The VM is Off: not so.") for line in stage.lines)
    assert "Something changed" not in stage.text
    assert "Who: not known." not in stage.text


def test_a_change_says_before_and_now_and_what_else_is_as_planned():
    lines = told(changed(WAS), step("key"), others=True, rest="Everything else is as planned: 2 of 3 values")
    assert lines == [
        "",
        "Something changed, not by this program. The VM is Off: not so.",
        "02:14:10 UTC, read by this program: HAM-N02: Off.",
        "02:15:40 UTC, read by this program: The VM is Off: HAM-N01: Running.",
        "Who: not known.",
        "Nothing was sent.",
        "Everything else is as planned: 2 of 3 values.",
    ]


def test_a_run_that_another_machine_has_says_who():
    marker = WAS.__class__("Whose this run is", WAS.truth, "DR-PC4 has this run, since epoch 2", NOW)
    lines = told(questions.taken(step("key"), marker, 1), step("key"))
    assert lines[1] == "DR-PC4 has this run, since epoch 2."
    assert "Something changed" not in "\n".join(lines)
    assert "Nothing was sent. Stop here, and go on there." in lines


def test_a_decision_says_values_advice_details_and_sources():
    branches = (
        Branch("a", "Replace it", "with the backup's", "2 steps more."),
        Branch("b", "Keep it", "", refused="no"),
    )
    weighed = Weighed((("Key", "AES 256"),), branches, "a", "nothing is lost.", ("It may fail.",))
    decision = Decision("Which key?", lambda _: (), lambda *_: weighed, ("Microsoft, a page, 21 Jul 2025",))
    question = questions.decide(step("key"), decision, weighed, 1)
    assert told(question, step("key"))[1:] == [
        "Decide: Which key?",
        "Read: Key: AES 256.",
        "We would take 1: nothing is lost.",
        "It may fail.",
        "Choosing changes nothing yet: each step that follows from it still asks.",
        "It rests on: Microsoft, a page, 21 Jul 2025.",
    ]
    assert choices(question)[:3] == [
        "1 Replace it: with the backup's. 2 steps more.", "2 Keep it: not offered, no.", "3 Read again: read-only.",
    ]  # fmt: skip


def test_the_way_back_says_each_step_and_its_command_unbroken():
    script = "Remove-Item -Path 'C:\\azlr\\" + "x" * 90 + "'"
    question = questions.going_back([("Delete the file, on HAM-N01", script)], ("1 key",))
    assert told(question, None)[1:] == [
        "Going back takes 1 step.", "1. Delete the file, on HAM-N01.", script,
        "Newest first. Each is shown again and asks before it is sent.", "Stays: 1 key.",
    ]  # fmt: skip


def test_the_deadline_has_the_numbers_above_it():
    wait = wait_of(*STEADY, deadline=1500.0)
    lines = told(questions.overdue(wait.step, running("90 of 187 GB"), 1), wait.step, wait=wait)
    assert lines[1] == "You are asked: Set calm: the deadline has passed."
    assert lines[2].startswith("48 %, 90 of 187 GB, 51 MB/s over the last 10 min")
    assert lines[3].startswith("Done between ")
    assert any("Nothing is cancelled: it goes on, whatever you choose." in line for line in lines)


def test_steps_done_on_paper_are_offered_by_their_number():
    question = questions.paper((step("a"),), {"set-a": "Step 1: Set a"}, "")
    assert choices(question)[:2] == ["1 Step 1: Set a: on HAM-N01.", "2 No more: go on."]
