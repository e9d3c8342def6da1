"""Every view as a text picture, with what holds for all of them: width, focus, the pinned keys, one mark."""

from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.screens.driving import compare, screen_text, until
from tests.screens.views import RUNS, VIEWS, WAITS, opened

FOCUS = {"tell": "None", "run": "None", **dict.fromkeys(WAITS, "None"), "typed": "ExactInput", "attest": "ExactInput"}
MARKS = {"failure": 0, "welcome_first": 0, "tell": 0, "run": 0, **dict.fromkeys(WAITS, 0), "typed": 1, "decide_open": 0}


@pytest.mark.parametrize("name", [*VIEWS, *RUNS])
async def test_a_view_is_its_picture(name: str) -> None:
    async with opened(name) as (app, _, _results):
        compare(app, name)
        text = screen_text(app)
        assert {cell_len(row) for row in text.splitlines()} == {80}
        assert len(text.splitlines()) == 24
        kind = FOCUS.get(name, "")
        focused = type(app.focused).__name__.replace("NoneType", "None")
        assert focused == kind if kind else focused in ("Choices", "Marked")
        assert text.count("►") == MARKS.get(name, 1)
        pinned = "ctrl+p More" if kind == "ExactInput" else "? Help"
        assert pinned in text.splitlines()[23]
        assert text.splitlines()[0].startswith((" DRILL ", " LIVE "))


@pytest.mark.parametrize(
    ("name", "size", "picture"),
    [
        ("run", (120, 36), "run_wide"), ("waiting", (120, 36), "waiting_120"), ("waiting", (200, 60), "waiting_200"),
        ("decide", (200, 60), "decide_200"), ("overdue", (200, 60), "overdue_200"),
        ("changed", (200, 60), "changed_200"), ("go_back", (200, 60), "go_back_200"),
    ],
)  # fmt: skip
async def test_a_wide_view_unfolds(name: str, size: tuple[int, int], picture: str) -> None:
    async with opened(name, size) as (app, _, _results):
        compare(app, picture)


async def test_ascii_shows_twins() -> None:
    async with opened("failure", ascii_only=True) as (app, _, _results):
        filters = app.get_line_filters()
        strips = app.screen._compositor.render_strips()
        text = "".join(
            "".join(s.text for s in strip.apply_filter(filters[-1], app.screen.styles.background)) for strip in strips
        )
        assert text.isascii()
        assert "x 7 Import the key" in text


async def test_sheets_and_overlays_over_a_run() -> None:
    async with opened("run", folder=Path("/srv/azl/runs/20261122-021400-3f9a")) as (app, pilot, results):
        await pilot.press("ctrl+q")
        compare(app, "stop")
        await pilot.press("ctrl+c", "ctrl+q")
        assert len(app.screen_stack) == 3, "again while open: no effect"
        await pilot.press("escape", "question_mark")
        compare(app, "help")
        await pilot.press("escape", "l")
        compare(app, "log")
        await pilot.press("l", "p")
        compare(app, "run_plan")
        await pilot.press("escape", "c")
        compare(app, "copied")
        session = results[0]
        assert session.files[0][1].startswith("Import-MocKey")  # type: ignore[attr-defined]
        assert app.clipboard == session.files[0][1]  # type: ignore[attr-defined]
        await pilot.press("x", "n", "c")
        compare(app, "note")
        await pilot.press("enter")
        await until(pilot, lambda: session.state.notes != ())  # type: ignore[attr-defined]
        assert len(app.screen_stack) == 2


async def test_too_small_says_so_and_comes_back() -> None:
    async with opened("run", folder=Path("/srv/azl/runs/20261122-021400-3f9a")) as (app, pilot, _results):
        await pilot.resize_terminal(40, 10)
        await until(pilot, lambda: "It needs 80x24" in screen_text(app))
        compare(app, "small")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "Run: step 7" in screen_text(app))
