"""What a key may do at a question: nothing typed ahead, nothing by reflex, nothing marked after a failure."""

from dataclasses import replace

import pytest
from textual import events
from textual.widgets import Input

from screens.asking import QuestionView
from screens.typed import TypedGateView
from tests.screens.driving import screen_text, until
from tests.screens.fake import NOW, FakeSession
from tests.screens.views import QUESTIONS, opened
from tui.core.question import Shown
from tui.core.verdict import Truth


def answers(results: list[object]) -> list[object]:
    session = results[0]
    assert isinstance(session, FakeSession)
    return session.answers  # type: ignore[attr-defined, no-any-return]


async def test_keys_typed_ahead_do_not_answer_a_gate() -> None:
    async with opened("gate", eager=False) as (app, pilot, results):
        await until(pilot, lambda: isinstance(app.screen, QuestionView) and app.screen._painted is not None)
        gate = app.screen
        assert isinstance(gate, QuestionView)
        painted = gate._painted
        assert painted is not None
        assert gate.waits_still(painted - 1)
        assert gate.waits_still(painted + 0.39)
        assert not gate.waits_still(painted + 0.41)
        gate._painted = painted + 3600
        await pilot.press("1", "enter", "escape", "h")
        assert "► 2) Not now" in screen_text(app)
        assert answers(results) == []
        gate._painted = painted
        await until(pilot, lambda: gate.open)
        await pilot.press("enter", "enter", "enter")
        await until(pilot, lambda: bool(answers(results)))
        assert [a.choice for a in answers(results)] == ["later"]  # type: ignore[attr-defined]


async def test_a_digit_and_enter_take_the_act() -> None:
    async with opened("gate") as (_app, pilot, results):
        await pilot.press("1")
        assert answers(results) == []
        await pilot.press("enter")
        await until(pilot, lambda: bool(answers(results)))
        assert answers(results)[0].choice == "go"  # type: ignore[attr-defined]


async def test_the_phrase_is_typed_exactly_and_after_its_delay() -> None:
    async with opened("attest", eager=False) as (app, pilot, results):
        await until(pilot, lambda: isinstance(app.screen, TypedGateView) and app.screen._painted is not None)
        await pilot.press("L")
        assert "wait 2 s" in screen_text(app) or "wait 1 s" in screen_text(app)
        await until(pilot, lambda: isinstance(app.screen, QuestionView) and app.screen.open)
        field = app.screen.query_one("#phrase", Input)
        assert field.value == ""
        assert app.focused is not field, "a witness is asked first"
        await pilot.press("tab", "tab", "l", "i", "enter")
        assert "li is not LIVE AZL-BER IS DEAD" in screen_text(app)
        field.value = "LIVE AZL-BER IS DEA"
        await pilot.press("end", "enter")
        assert "1 character missing" in screen_text(app)
        assert answers(results) == []
        await pilot.press("D", "tab", "m", "e", "enter")
        assert answers(results) == [], "enter in a blank goes on, and sends nothing"
        await pilot.press("enter", "enter")
        await until(pilot, lambda: bool(answers(results)))
        answer = answers(results)[0]
        assert (answer.typed, dict(answer.blanks)) == ("LIVE AZL-BER IS DEAD", {"who": "me"})  # type: ignore[attr-defined]


async def test_without_a_witness_it_is_said_first_and_a_key_hit_twice_does_not_send() -> None:
    async with opened("attest") as (app, pilot, results):
        gate = app.screen
        assert isinstance(gate, TypedGateView)
        await pilot.press("enter", "enter", *"LIVE AZL-BER IS DEAD", "enter")
        assert "No witness: this will stand as not proved. enter again to go on." in screen_text(app)
        await pilot.press("enter", "enter")
        assert answers(results) == []
        assert gate._warned is not None
        gate._warned -= 1.5
        await pilot.press("enter")
        await until(pilot, lambda: bool(answers(results)))
        assert dict(answers(results)[0].blanks) == {}  # type: ignore[attr-defined]


async def test_another_key_after_the_amber_line_lifts_the_wait() -> None:
    async with opened("attest") as (_app, pilot, results):
        await pilot.press("tab", "tab", *"LIVE AZL-BER IS DEAD", "enter", "tab", "shift+tab", "enter")
        await until(pilot, lambda: bool(answers(results)))


async def test_letters_typed_fast_stay_in_the_field_that_had_the_focus() -> None:
    async with opened("attest") as (app, pilot, _results):
        for key in ("a", "b", "enter", "c", "tab", "L"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        phrase = app.screen.query_one("#phrase", Input)
        await until(pilot, lambda: phrase.value == "L")
        assert [field.value for field in app.screen.query(Input)] == ["ab", "c", "L"]


async def test_the_time_of_an_earlier_act_starts_empty() -> None:
    async with opened("by_hand") as (app, pilot, results):
        await pilot.press("2", "enter")
        assert "HH:MM (now: 02:51 UTC)" in screen_text(app)
        await pilot.press(*"02:40", "enter")
        await until(pilot, lambda: bool(answers(results)))
        assert answers(results)[0].reason == "02:40"  # type: ignore[attr-defined]


async def test_nothing_is_marked_after_a_failure_and_a_reason_is_asked() -> None:
    async with opened("failure") as (app, pilot, results):
        await pilot.press("enter", "3", "enter", "escape")
        assert answers(results) == []
        await pilot.press("e")
        assert '[10.20.0.40]:55000\\x"' in screen_text(app)
        await pilot.press("escape", "5", "enter")
        await until(pilot, lambda: bool(answers(results)))
        assert answers(results)[0].choice == "stop"  # type: ignore[attr-defined]


async def test_a_reason_keeps_its_text_and_needs_its_length() -> None:
    async with opened("unknown") as (app, pilot, results):
        await pilot.press("2", "enter", *"because", "enter")
        assert "3 more characters." in screen_text(app)
        await pilot.press("escape", "enter")
        assert "because" in screen_text(app)
        await pilot.press(*" so", "enter")
        await until(pilot, lambda: bool(answers(results)))
        assert answers(results)[0].reason == "because so"  # type: ignore[attr-defined]


async def test_a_gate_is_withdrawn_while_the_window_is_too_small() -> None:
    async with opened("gate") as (app, pilot, results):
        await pilot.press("1")
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: "It needs 80x24" in screen_text(app))
        await pilot.press("enter")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "► 2) Not now" in screen_text(app))
        assert answers(results) == []


async def test_a_long_command_is_read_to_its_end_first() -> None:
    async with opened("gate") as (app, pilot, results):
        gate = app.screen
        assert isinstance(gate, QuestionView)
        gate._unread = {"#upper"}  # type: ignore[attr-defined]
        gate.query_one("#upper").styles.height = 2
        gate.query_one("#upper").styles.max_height = 2
        await pilot.press("1", "enter")
        assert "There is more to read: pgdn." in screen_text(app)
        await pilot.press(*["pagedown"] * 10, "enter")
        await until(pilot, lambda: bool(answers(results)))


async def test_a_long_box_is_read_to_its_end_before_enter_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    word = Shown("AZL-BER shows no running copy", Truth.SO, "not proved: only the word of m.weber", NOW, "attested: it")
    asked = QUESTIONS["typed"]
    monkeypatch.setitem(QUESTIONS, "typed", replace(asked, guards=(*asked.guards, *[word] * 4)))
    async with opened("typed") as (app, pilot, results):
        assert "There is more to read: pgdn." in screen_text(app)
        await pilot.press(*"LIVE SRV-DB01", "enter")
        assert answers(results) == []
        await pilot.press("pagedown", "pagedown", "pagedown", "enter")
        await until(pilot, lambda: bool(answers(results)))


async def test_the_plan_in_a_run_shows_all_of_a_long_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screens.plansheet.previewed", lambda *_: f"First{' -more value' * 60} -last")
    async with opened("run") as (app, pilot, _results):
        await pilot.press("p")
        await until(pilot, lambda: "tab Command" in screen_text(app))
        assert "-last" not in screen_text(app)
        await pilot.press("tab", "end")
        await until(pilot, lambda: "-last" in screen_text(app))
