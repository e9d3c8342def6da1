"""The real engine under the screen of several VMs: answered from the rows, in any order, and turned as a whole."""

from screens.asking import QuestionView
from screens.fleet import FleetScreen
from screens.lane import LaneScreen
from screens.widgets.choices import Marked
from tests.core.fake import FakeClock, FakeEstate, step
from tests.core.session import opened
from tests.core.test_lanes import of_waves, wave
from tests.screens.driving import running, screen_text, until
from tests.screens.fake import situation
from tui.core.events import Outcome
from tui.core.plan import Lane, Phase

NAMES = ("VM1", "VM2", "VM3")


async def answered(app, pilot, vm, *keys):
    """Open this VM's question from its row and answer it."""
    table = app.screen_stack[1]
    await until(pilot, lambda: isinstance(app.screen, FleetScreen) and table._of(vm) is not None)
    table.query_one(Marked).move_to(vm)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, QuestionView) and app.screen.open)
    await pilot.press(*keys)
    await until(pilot, lambda: app.screen is table)


async def test_vms_are_answered_in_any_order_and_all_come_through(tmp_path):
    clock, estate = FakeClock(), FakeEstate()
    with opened(tmp_path / "run", of_waves(wave(NAMES, "a", "b"), goal="b-VM3"), estate, clock) as session:
        async with running(lambda front: front.run(session), situation(), clock=clock) as (app, pilot, results):
            for vm in ("VM3", "VM1", "VM3", "VM2", "VM1", "VM2"):
                await answered(app, pilot, vm, "1", "enter")
            await until(pilot, lambda: results == [None])
        assert {step.outcome for step in session.state.steps.values()} == {Outcome.DONE}
        assert session.state.ended.outcome == "recovered"


async def test_undo_at_one_vm_takes_the_others_questions_with_it(tmp_path):
    clock, estate = FakeClock(), FakeEstate(faults={"set b-VM1 yes": ["error"]})
    with opened(tmp_path / "run", of_waves(wave(NAMES[:2], "a", "b")), estate, clock) as session:
        async with running(lambda front: front.run(session), situation(), clock=clock) as (app, pilot, results):
            for vm in ("VM1", "VM2", "VM1"):
                await answered(app, pilot, vm, "1", "enter")
            table = app.screen_stack[1]
            await until(pilot, lambda: "1 failed" in screen_text(app) and table._of("VM2") is not None)
            table.query_one(Marked).move_to("VM1")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, QuestionView) and app.screen.open)
            assert "Undo and stop concern the whole run, with every VM." in screen_text(app)
            await pilot.press("5", "enter")
            await until(pilot, lambda: "Going back takes 2 steps" in screen_text(app) and app.screen.open)
            await pilot.press("1", "enter")
            await until(pilot, lambda: "going back, step 1 of 2, VM2" in screen_text(app))
            assert table._of("VM2") is None
            for step in (1, 2):
                await until(
                    pilot, lambda n=step: f"step {n} of 2" in screen_text(app) and getattr(app.screen, "open", 0)
                )
                await pilot.press("1", "enter")
            await until(pilot, lambda: results == [None])
        assert session.state.ended.outcome == "undone"
        assert estate.world == {}


async def test_one_vm_is_watched_while_another_asks(tmp_path):
    clock, estate = FakeClock(), FakeEstate()
    with opened(tmp_path / "run", of_waves(wave(NAMES, "a", "b")), estate, clock) as session:
        async with running(lambda front: front.run(session), situation(), clock=clock) as (app, pilot, _):
            await answered(app, pilot, "VM2", "1", "enter")
            await answered(app, pilot, "VM2", "escape")
            await answered(app, pilot, "VM2", "1", "enter")
            table = app.screen_stack[1]
            await until(pilot, lambda: "1 done" in screen_text(app))
            table.query_one(Marked).move_to("VM2")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, LaneScreen))
            assert "VM2 is through" in screen_text(app)
            assert "! Asks you: 2 VMs." in screen_text(app)
            await pilot.press("escape")
            assert app.screen is table
        assert estate.sent == ["set a-VM2 yes", "set b-VM2 yes"]


async def test_from_what_all_share_over_the_pause_to_the_rows_without_a_mouse(tmp_path):
    clock, estate = FakeClock(), FakeEstate()
    shared = Phase("Prepare", "The folder is there.", (Lane("AZL-HAM", (step("folder"),)),))
    with opened(tmp_path / "run", of_waves(shared, wave(NAMES, "a"), goal="a-VM3"), estate, clock) as session:
        async with running(lambda front: front.run(session), situation(), clock=clock) as (app, pilot, results):
            for expected in ("Run: step 1 of 1, phase 1 of 2", "Run: phase 1 of 2 complete"):
                await until(pilot, lambda e=expected: e in screen_text(app) and getattr(app.screen, "open", False))
                await pilot.press("1", "enter")
            await until(pilot, lambda: "3 need you" in screen_text(app))
            assert isinstance(app.focused, Marked)
            await pilot.press("tab", "tab")
            for _ in NAMES:
                await pilot.press("enter")
                await until(pilot, lambda: isinstance(app.screen, QuestionView) and app.screen.open)
                await pilot.press("1", "enter")
                await until(pilot, lambda: not isinstance(app.screen, QuestionView))
                await pilot.press("tab")
            await until(pilot, lambda: results == [None])
        assert session.state.ended.outcome == "recovered"
