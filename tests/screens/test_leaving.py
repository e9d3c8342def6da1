"""Leaving: always asked, on record where something is in flight, never by the wizard's failure alone."""

import asyncio
from dataclasses import replace

import pytest

from screens.app import RecoveryApp
from screens.stop import StopSheet
from tests.screens.driving import running, screen_text, until
from tests.screens.fake import FakeBoard, FakeSession, FrozenClock, situation
from tests.screens.views import WELCOME, opened, report
from tui.core.front import FrontEnd, Leave


async def test_leave_at_once_is_put_on_record() -> None:
    async with opened("run") as (app, pilot, results):
        await pilot.press("ctrl+c", "2", "enter")
        await until(pilot, lambda: app.failure is not None)
        assert isinstance(app.failure, Leave)
        assert isinstance(results[0], FakeSession)
        assert results[0].lefts == ["at once"]


async def test_stop_after_this_command_is_said_and_then_offers_less() -> None:
    async with opened("run") as (app, pilot, results):
        await pilot.press("ctrl+q", "1", "enter")
        assert isinstance(results[0], FakeSession)
        assert results[0].brake.on
        assert "stops after this command" in screen_text(app)
        await pilot.press("ctrl+q")
        assert "► 2) Keep waiting" in screen_text(app)


async def test_leaving_outside_a_run_gives_leave() -> None:
    async with running(lambda front: front.welcome(WELCOME), situation()) as (app, pilot, results):
        await pilot.press("ctrl+q")
        assert isinstance(app.screen, StopSheet)
        await pilot.press("enter")
        assert not isinstance(app.screen, StopSheet)
        await pilot.press("ctrl+q", "1", "enter")
        await until(pilot, lambda: app.failure is not None)
        assert isinstance(app.failure, Leave)
        assert results == []


async def test_a_view_stays_until_the_next_one_and_takes_nothing_twice() -> None:
    async def lead(front: FrontEnd) -> object:
        first = await front.welcome(WELCOME)
        second = await front.prerequisites(FakeBoard())
        return first.what, second

    async with running(lead, situation()) as (app, pilot, results):
        await pilot.press("2", "enter")
        await until(pilot, lambda: "mochostagent Stopped" in screen_text(app))
        await pilot.press("enter")
        assert "Not yet: 1 stops you" in screen_text(app)
        await pilot.press("o")
        assert len(app.screen_stack) == 2, "a stop has no override"
        await pilot.press("down", "o", *"users wait since 2", "enter", "escape")
        await until(pilot, lambda: bool(results))
        assert results == [("new", "back")]


async def test_a_long_wait_for_the_next_view_is_said_and_takes_no_keys() -> None:
    go_on = asyncio.Event()

    async def lead(front: FrontEnd) -> object:
        first = await front.welcome(WELCOME)
        await go_on.wait()
        return first.what, await front.prerequisites(FakeBoard())

    async with running(lead, situation()) as (app, pilot, results):
        await pilot.press("2", "enter")
        await until(pilot, lambda: "Reading the hosts… 0 s. Keys do nothing now." in screen_text(app))
        assert "── Reading the hosts… 0 s ─" in screen_text(app)
        await pilot.press("up", "1", "enter", "escape")
        assert "► 2) Start something new" in screen_text(app)
        go_on.set()
        await until(pilot, lambda: "mochostagent Stopped" in screen_text(app))
        assert "Reading the hosts…" not in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: bool(results))
        assert results == [("new", "back")]


async def test_enter_goes_to_what_is_missing_and_says_the_key() -> None:
    async with opened("prerequisites") as (app, pilot, _results):
        await pilot.press("end", "enter")
        text = screen_text(app)
        assert "► ■ stop     MOC agents" in text
        assert "Not yet: 1 stops you, 3 need a reason. Here: c Copy remedy, then r." in text
        await pilot.press("down")
        assert "Not yet" not in screen_text(app)


async def test_what_the_wizard_raises_comes_out(capsys: pytest.CaptureFixture[str]) -> None:
    async def lead(front: FrontEnd) -> object:
        raise LookupError("no such site")

    app = RecoveryApp(lead, FrozenClock())  # type: ignore[arg-type]
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.failure is not None)
    assert str(app.failure) == "no such site"


async def test_the_whole_report_scrolls() -> None:
    long = replace(report(), markdown="\n".join(f"row {n}" for n in range(80)))
    async with running(lambda front: front.report(long), situation()) as (app, pilot, _results):
        await pilot.press("w")
        assert "↑↓ pgup pgdn Scroll" in screen_text(app)
        await pilot.press("end")
        await until(pilot, lambda: "row 79" in screen_text(app))
