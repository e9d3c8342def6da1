"""Inputs that take several values: marks, all of them, and at least one."""

from tests.screens.driving import running, screen_text, until
from tests.screens.fake import SeveralForm, situation
from tui.core.front import BACK


async def test_what_is_recommended_is_marked_and_enter_takes_what_is():
    form = SeveralForm()
    async with running(lambda front: front.inputs(form), situation()) as (app, pilot, results):
        await until(pilot, lambda: "3 marked" in screen_text(app))
        assert "enter Take 3" in screen_text(app)
        await pilot.press("space", "down", "down", "down", "space", "enter")
        await until(pilot, lambda: bool(form.taken))
        assert form.taken == [("SRV-DC02", "SRV-DB01", "SRV-APP01")]
        await until(pilot, lambda: "3 chosen" in screen_text(app))
        assert "SRV-DC02, SRV-DB01, SRV-APP01"[:20] in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: results == [BACK])


async def test_all_are_those_without_a_problem_and_none_is_not_taken():
    form = SeveralForm()
    async with running(lambda front: front.inputs(form), situation()) as (app, pilot, _):
        await until(pilot, lambda: "3 marked" in screen_text(app))
        await pilot.press("a")
        assert "5 answers, 4 marked" in screen_text(app)
        await pilot.press("a", "enter")
        assert "0 marked" in screen_text(app)
        assert "Take at least one." in screen_text(app)
        assert form.taken == []
        await pilot.press("end", "space", "r")
        await until(pilot, lambda: "5 answers, 1 marked" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: form.taken == [("SRV-APP01",)])


async def test_space_marks_nothing_where_one_value_is_taken():
    form = SeveralForm()
    async with running(lambda front: front.inputs(form), situation()) as (app, pilot, _):
        await until(pilot, lambda: "3 marked" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Target cluster: 1 answer" in screen_text(app))
        await pilot.press("space", "a")
        assert "[x]" not in screen_text(app)
        assert len(form.taken) == 1
