"""Leaving `--plain`: ctrl+c while a command runs, at a question, twice; a lost terminal."""

import asyncio

import pytest

from tests.core.fake import FakeEstate, step
from tests.plain_stage import HANG, Stage
from tui.core.events import Left, Outcome
from tui.core.front import (
    Leave,
)


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
