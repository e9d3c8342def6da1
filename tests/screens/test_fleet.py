"""The run of several VMs: its pictures, and that no question opens, closes or is answered by itself."""

import asyncio
from dataclasses import replace

import pytest
from rich.cells import cell_len

from screens.asking import QuestionView
from screens.fleet import FleetScreen
from screens.gate import GateView
from screens.lane import LaneScreen
from screens.texts.fleet import Columns, items
from screens.typed import TypedGateView
from screens.widgets.choices import Marked
from tests.screens.driving import compare, screen_text, until
from tests.screens.fleet import (
    NOW,
    SECOND,
    came_to,
    first_wave,
    gate,
    opened,
    plan,
    put,
    second_wave,
    sends,
    sid,
    side_by_side,
)
from tests.screens.fleet import failed as failure
from tui.core.engine import questions
from tui.core.engine.questions import Ways
from tui.core.events import Began, Ended, PhaseEnded, Withdrawn
from tui.core.facts import Facts
from tui.core.question import Question
from tui.core.standing import Row, Stand

MORE = (*SECOND, "SRV-FILE01", "SRV-FILE02")


def pause(session) -> Question:
    phases = session.plan.phases
    return replace(questions.pause(phases[2], phases[3], (), Ways()), delay=0.0)


async def paused(session, asker):
    """The second wave is complete; a step of one VM was skipped."""
    first_wave(session)
    for vm in SECOND:
        came_to(session, vm, 14, 0)
    session.commit(Ended(sid("SRV-APP07", 7), "skipped", "", "m.weber", "nobody on call until 06"), NOW - 30)
    session.commit(PhaseEnded("Wave 2: databases, apps"), NOW - 20)
    await put(session, asker, pause(session), NOW - 20)


async def all_fail(session, asker):
    """Fourteen VMs: three fail alike, one for itself, nothing goes on."""
    first_wave(session)
    for vm in MORE[4:]:
        came_to(session, vm, 14, 0)
    asked = []
    for vm, why in zip(MORE[:4], ("HAM-N02 does not answer.",) * 3 + ("0 keys of this name.",), strict=True):
        came_to(session, vm, 7, 90)
        session.commit(Ended(sid(vm, 7), "failed", why), NOW - 60)
        asked.append(put(session, asker, failure(vm, 7, why), NOW - 60))
    await asyncio.gather(*asked)


async def confirm(session, asker):
    """One VM may be answered; its next step is sent then."""
    second_wave(session)
    came_to(session, "SRV-APP07", 7, 20)

    async def lane():
        await put(session, asker, gate("SRV-APP07", 7), NOW - 9)
        sends(session, "SRV-APP07", 8, 2)

    await asyncio.gather(put(session, asker, gate("SRV-DB03", 9), NOW - 120), lane(), asyncio.Event().wait())


@pytest.mark.parametrize(
    ("name", "script", "size", "keys"),
    [
        ("fleet", side_by_side, (80, 24), ""),
        ("fleet_120", side_by_side, (120, 36), ""),
        ("fleet_200", side_by_side, (200, 60), ""),
        ("fleet_folded", all_fail, (80, 24), ""),
        ("fleet_pause", paused, (80, 24), ""),
        ("fleet_gate", confirm, (80, 24), "tab enter"),
        ("fleet_typed", side_by_side, (80, 24), "enter"),
        ("fleet_failure", side_by_side, (80, 24), "tab enter"),
        ("fleet_lane", side_by_side, (80, 24), "down down down down enter"),
        ("fleet_lane_200", side_by_side, (200, 60), "down down down down enter"),
        ("fleet_lane_waits", side_by_side, (80, 24), "down down down down down down enter"),
        ("fleet_lane_done", side_by_side, (80, 24), "home enter"),
        ("fleet_plan", side_by_side, (80, 24), "p"),
        ("fleet_log", side_by_side, (80, 24), "l"),
        ("fleet_log_one", side_by_side, (80, 24), "l v"),
        ("fleet_stop", side_by_side, (80, 24), "ctrl+q"),
    ],
)
async def test_a_view_of_several_vms_is_its_picture(name, script, size, keys, monkeypatch):
    monkeypatch.setattr("screens.texts.resume._usual", lambda: __import__("pathlib").Path("runs").absolute())
    async with opened(script, size, plan(MORE) if script is all_fail else None) as (app, pilot, _):
        await settled(app, pilot)
        await pilot.press(*keys.split())
        await settled(app, pilot)
        text = screen_text(app)
        assert {cell_len(row) for row in text.splitlines()} == {size[0]}
        compare(app, name)
        box = text[text.index("┌") :] if name == "fleet_stop" else text
        assert box.count("►") == (0 if name in UNMARKED else 1)


UNMARKED = ("fleet_failure", "fleet_log", "fleet_log_one", "fleet_lane", "fleet_lane_200", "fleet_lane_waits",
            "fleet_lane_done")  # fmt: skip


async def settled(app, pilot):
    """All that came is drawn, and a question that opened counts keys."""
    await until(pilot, lambda: not getattr(app.screen_stack[1], "_stale", False))
    await until(pilot, lambda: not isinstance(app.screen, QuestionView) or app.screen.open)
    if isinstance(app.screen, QuestionView):
        app.screen.opened()
    await pilot.pause()


def marked(app):
    return app.screen_stack[1].query_one(Marked).mark


async def test_questions_wait_in_their_rows_and_one_answer_goes_to_its_own_vm():
    async with opened(confirm) as (app, pilot, session):
        await settled(app, pilot)
        assert isinstance(app.screen, FleetScreen), "nothing opened by itself"
        assert "2 need you" in screen_text(app)
        await pilot.press("tab")
        assert marked(app) == "SRV-APP07"
        await pilot.press("enter")
        await settled(app, pilot)
        assert isinstance(app.screen, GateView)
        await pilot.press("1", "enter")
        await until(pilot, lambda: len(session.answers) == 1)
        assert (session.answers[0].choice, session.answers[0].question) == ("go", gate("SRV-APP07", 7).id)
        await until(pilot, lambda: "1 needs you" in screen_text(app))
        assert isinstance(app.screen, FleetScreen)
        assert marked(app) == "SRV-APP07"


async def test_esc_on_one_vms_question_answers_nothing_and_keeps_the_row():
    async with opened(confirm) as (app, pilot, session):
        await settled(app, pilot)
        for keys in (("tab", "enter"), ("enter",)):
            await pilot.press(*keys)
            await settled(app, pilot)
            assert isinstance(app.screen, GateView)
            await pilot.press("1", "escape")
            await settled(app, pilot)
            assert isinstance(app.screen, FleetScreen)
            assert marked(app) == "SRV-APP07"
        assert session.answers == []
        assert "2 need you" in screen_text(app)


async def test_a_typed_gate_of_a_queue_has_a_key_for_not_now():
    async with opened() as (app, pilot, session):
        await settled(app, pilot)
        await pilot.press("enter")
        await settled(app, pilot)
        assert isinstance(app.screen, TypedGateView)
        await pilot.press("L", "escape", "enter")
        await settled(app, pilot)
        assert "13 characters missing" in screen_text(app), "the phrase is typed anew"
        await pilot.press("ctrl+n")
        await until(pilot, lambda: len(session.answers) == 1)
        assert session.answers[0].choice == "later"


async def test_keys_typed_ahead_do_not_answer_what_enter_opens():
    async with opened(confirm) as (app, pilot, session):
        await settled(app, pilot)
        view = app.screen_stack[1]
        standing = view._of("SRV-DB03")
        standing.question = replace(standing.question, delay=3600.0)
        await pilot.press("enter", "escape", "enter", *"LIVE SRV-DB03", "enter")
        assert isinstance(app.screen, TypedGateView)
        assert session.answers == []


@pytest.mark.parametrize("also", [(), ("g",), ("l",)])
async def test_a_question_that_is_withdrawn_closes_without_an_answer(also):
    turned = asyncio.Event()

    async def script(session, asker):
        second_wave(session)
        task = asyncio.ensure_future(put(session, asker, gate("SRV-APP07", 7)))
        await turned.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        session.commit(Withdrawn(sid("SRV-APP07", 7), gate("SRV-APP07", 7).id))
        await asyncio.Event().wait()

    async with opened(script) as (app, pilot, session):
        await settled(app, pilot)
        while marked(app) != "SRV-APP07":
            await pilot.press("down")
        await pilot.press("enter")
        await settled(app, pilot)
        await pilot.press(*also)
        assert len(app.screen_stack) == (4 if also else 3)
        turned.set()
        await until(pilot, lambda: isinstance(app.screen, FleetScreen))
        assert session.answers == []


async def test_a_question_of_the_whole_run_opens_by_itself_when_nothing_is_open():
    go = asyncio.Event()

    async def script(session, asker):
        first_wave(session)
        for vm in SECOND:
            came_to(session, vm, 14, 0)
        await go.wait()
        session.commit(PhaseEnded("Wave 2: databases, apps"), NOW)
        await put(session, asker, pause(session))

    async with opened(script) as (app, pilot, session):
        await settled(app, pilot)
        await pilot.press("enter")
        assert isinstance(app.screen, LaneScreen)
        go.set()
        await until(pilot, lambda: "Asks you" in screen_text(app))
        assert isinstance(app.screen, LaneScreen), "it waits while something is open"
        await pilot.press("escape")
        await until(pilot, lambda: "wave 2 complete" in screen_text(app))
        await settled(app, pilot)
        await pilot.press("1", "enter")
        await until(pilot, lambda: [a.choice for a in session.answers] == ["go"])


async def test_a_lane_that_begins_to_ask_says_so_and_opens_its_question():
    go = asyncio.Event()

    async def script(session, asker):
        second_wave(session)
        await go.wait()
        session.commit(Began(sid("SRV-APP07", 7), 2), NOW)
        await put(session, asker, gate("SRV-APP07", 7))
        await asyncio.Event().wait()

    async with opened(script) as (app, pilot, session):
        await settled(app, pilot)
        await pilot.press("tab", "enter")
        assert isinstance(app.screen, LaneScreen)
        await pilot.press("enter")
        assert isinstance(app.screen, LaneScreen), "it asks nothing yet"
        go.set()
        await until(pilot, lambda: "enter Open its question" in screen_text(app))
        assert isinstance(app.screen, LaneScreen)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, GateView))
        await settled(app, pilot)
        await pilot.press("1", "enter")
        await until(pilot, lambda: len(session.answers) == 1 and isinstance(app.screen, FleetScreen))
        assert marked(app) == "SRV-APP07"


async def test_a_reason_that_was_begun_is_kept_while_the_person_looks_at_another_vm():
    async with opened() as (app, pilot, _):
        await settled(app, pilot)
        await pilot.press("tab", "enter")
        await settled(app, pilot)
        await pilot.press("3", "enter", *"nobody", "escape", "escape")
        assert isinstance(app.screen, FleetScreen)
        await pilot.press("enter")
        await settled(app, pilot)
        await pilot.press("3", "enter")
        assert "nobody" in screen_text(app)


async def test_too_small_a_window_says_how_many_are_through_and_the_question_stays():
    async with opened() as (app, pilot, session):
        await settled(app, pilot)
        await pilot.press("tab", "enter")
        await settled(app, pilot)
        await pilot.resize_terminal(40, 10)
        await until(pilot, lambda: "It needs 80x24" in screen_text(app))
        assert "wave 2: 5 of 12 VMs are through" in screen_text(app)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "2 need you" in screen_text(app))
        assert marked(app) == "SRV-APP07"
        assert session.answers == []


async def test_the_mark_stays_on_its_vm_when_that_comes_through_among_many():
    async def script(session, asker):
        first_wave(session)
        for vm in MORE[4:]:
            came_to(session, vm, 14, 0)
        await go.wait()
        came_to(session, MORE[0], 14, 0)
        await asyncio.Event().wait()

    go = asyncio.Event()
    async with opened(script, made=plan(MORE)) as (app, pilot, _):
        await settled(app, pilot)
        assert "10 done: " in screen_text(app)
        app.screen.query_one(Marked).move_to(MORE[0])
        go.set()
        await until(pilot, lambda: "11 done" in screen_text(app).splitlines()[4])
        assert marked(app) == MORE[0]
        assert f"► √ {MORE[0]}" in screen_text(app)


async def test_what_all_vms_share_is_shown_and_asked_as_in_a_run_of_one():
    async def script(session, asker):
        session.commit(Began("folder", 1), NOW - 9)
        step = session.plan.step("folder")
        await put(session, asker, replace(questions.gate(step, step.preview(Facts()), (), "LIVE", 1, False), delay=0.0))

    async with opened(script) as (app, pilot, session):
        await until(pilot, lambda: isinstance(app.screen, GateView))
        await settled(app, pilot)
        assert "Run: step 1 of 2, phase 1 of 5" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: [a.choice for a in session.answers] == ["later"])


def test_a_skip_is_never_folded_among_what_is_done():
    made = [
        Row(f"VM{n}", 3, 3, "", "Start", "HAM-N01", Stand.SKIPPED if n == 5 else Stand.DONE, NOW - 60, NOW)
        for n in range(14)
    ]
    found = items(made, "VM0", NOW, Columns.of(made, 80), 12)
    assert [item.key for item in found] == ["done:", "VM0", "VM5"]
    assert found[0].lines[0].plain.startswith("  √ 12 done: VM1, VM2, VM3, VM4, VM6")
    assert not found[0].open
    assert len(items(made, "VM0", NOW, Columns.of(made, 80), 14)) == 14
