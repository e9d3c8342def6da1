"""Several VMs in lines: whose line it is, one question at a time, nothing between a question and its answer."""

import asyncio
import inspect

import pytest

from tests.core.fake import FakeEstate, step, until
from tests.core.session import opened
from tests.core.test_lanes import Wobbly, of_waves, vm_steps, wave
from tests.plain_stage import Stage
from tui.core.events import Asked, Ended, Outcome, Stamped
from tui.core.fold import fold
from tui.core.plan import Lane, Phase, own_lane

NAMES = ("VM1", "VM2", "VM3")
SHARED = Phase("Prepare", "The folder is there.", (Lane("AZL-HAM", (step("folder"),)),))


class Patient(Stage):
    """A person who may wait for something before the answer."""

    async def read(self, prompt):
        said = await super().read(prompt)
        return await said if inspect.isawaitable(said) else said

    def once_all_ask(self, said):
        """This, when all three questions stand."""

        async def waits():
            await until(lambda: sum(isinstance(s.event, Asked) for s in self.session.events) == len(NAMES))
            for _ in range(50):
                await asyncio.sleep(0)
            return said

        return waits


async def run(stage, folder, plan, estate=None):
    stage.estate = estate or FakeEstate()
    with opened(folder / "run", plan, stage.estate, stage.clock) as session:
        stage.session = session
        await stage.front.run(session)
        return session.state


async def test_every_line_of_a_lane_begins_with_its_vm_and_number(tmp_path):
    stage = Stage(*["1"] * 8, "2")
    plan = of_waves(SHARED, wave(NAMES, "a", "b"))
    state = await run(stage, tmp_path, plan, Wobbly())
    assert {state.step(f"set-{part}@{vm}").outcome for part in "ab" for vm in NAMES} == {Outcome.DONE}
    assert "Step 1 of 1. Set folder." in stage.lines
    for vm in NAMES:
        assert f"{vm}, step 2 of 2. Set b-{vm}." in stage.lines
        assert any(line.startswith(f"{vm}, step 1 of 2 done, ") for line in stage.lines)
        assert any(line.startswith(f"{vm}, step 1 of 2. 02:14:") and "Sent to HAM-N01" in line for line in stage.lines)
        assert f"[DRILL] {vm}. Answer, then enter; enter alone means 2: " in stage.prompts
    told = [line for line in stage.lines if "UTC. Sent to" in line or "UTC. Proof:" in line]
    assert sum(line.startswith("VM") for line in told) == len(told) - 2, "all but what they share"


async def test_lines_of_other_vms_wait_until_the_question_is_answered(tmp_path):
    stage = Stage()

    def looks():
        before = len(stage.lines)
        running = [f for f in stage.session.journal._followers if getattr(f, "__name__", "") == "_tell"]
        assert running
        running[0](Stamped(99, stage.clock.now, Ended("set-a@VM2", "done", "yes")))
        stage.at = before
        assert len(stage.lines) == before, "nothing is said while the prompt stands"
        return "1"

    stage.typed = ["1", "1", looks, "1", "1", "2"]
    await run(stage, tmp_path, of_waves(SHARED, wave(NAMES, "a")))
    held = next(
        n for n, line in enumerate(stage.lines) if line.startswith("VM2, step 1 of 1 done, ") and "yes." in line
    )
    answered = next(n for n in range(stage.at, len(stage.lines)) if "You answered" in stage.lines[n])
    assert stage.at <= answered < held


async def test_later_puts_a_question_behind_the_others(tmp_path):
    stage = Patient("later", "1", "1", "1", "2")
    stage.typed[0] = stage.once_all_ask("later")
    state = await run(stage, tmp_path, of_waves(wave(NAMES, "a")))
    asked = [prompt.split()[1] for prompt in stage.prompts]
    assert asked[:4] == ["VM1.", "VM2.", "VM3.", "VM1."]
    assert "2 more questions wait." in stage.lines
    assert {state.step(f"set-a@{vm}").outcome for vm in NAMES} == {Outcome.DONE}


async def test_later_without_others_says_so(tmp_path):
    stage = Stage("1", "1", "later", "1", "2")
    await run(stage, tmp_path, of_waves(wave(NAMES, "a")))
    assert "No other question waits." in stage.lines


async def test_w_says_how_every_vm_stands(tmp_path):
    stage = Patient("w", "?", "1", "1", "1", "2")
    stage.typed[0] = stage.once_all_ask("w")
    await run(stage, tmp_path, of_waves(wave(NAMES, "a")))
    at = stage.lines.index("3 VMs: 3 ask you.")
    assert stage.lines[at + 1] == "Needs you: VM1, VM2, VM3: asks you."
    assert stage.lines[at + 2] == "VM1, step 1 of 1: asks you for 2 s. Set a-VM1."
    assert any(line.startswith("w: how every VM stands.") for line in stage.lines)
    assert any("w how every VM stands, later puts it behind the others" in line for line in stage.lines)


async def test_the_end_of_a_wave_is_a_line_a_vm(tmp_path):
    second = Phase("Wave 2", "The rest is there.", (own_lane("VM9", {}, vm_steps("VM9", "a")),))
    stage = Stage(*["1"] * 8, "2")
    await run(stage, tmp_path, of_waves(wave(NAMES, "a", "b"), second))
    at = next(n for n, line in enumerate(stage.lines) if line.startswith("Wave 1 complete 02:14 UTC: 3 of 3 VMs."))
    assert stage.lines[at - 1].startswith("Pause. ")
    assert [line.split(":")[0] for line in stage.lines[at + 1 : at + 4]] == list(NAMES)


async def test_a_question_that_is_withdrawn_says_so(tmp_path):
    estate = FakeEstate(faults={"set b-VM1 yes": ["error"]})
    stage = Patient()

    async def when_vm1_failed():
        await until(lambda: any(getattr(s.event, "asks", "") == "failure" for s in stage.session.events))
        return "later"

    stage.typed = ["1", "1", "1", when_vm1_failed, "5", "1", "1", "1"]
    state = await run(stage, tmp_path, of_waves(wave(("VM1", "VM2"), "a", "b")), estate)
    assert state.ended.outcome == "undone"
    assert "VM2, step 2 of 2. 02:14:10 UTC. Its question stands no more: the run turned." in stage.lines
    undone = next(n for n, line in enumerate(stage.lines) if "Undo what this run made." in line)
    assert "Set b-VM2" not in "".join(stage.lines[undone:]), "nobody begins to read a question that goes"


async def test_a_heartbeat_counts_the_vms(tmp_path):
    stage = Stage("1", "2")
    estate = FakeEstate()
    real = estate.send

    async def send(prepared):
        await until(lambda: any(not waking.done() for _, waking in stage.clock.sleepers))
        stage.clock.advance(31)
        await until(lambda: "02:14:33 UTC. Wave 1: 1 running." in stage.lines)
        async for record in real(prepared):
            yield record

    estate.send = send
    state = await run(stage, tmp_path, of_waves(wave(("VM1",), "a")), estate)
    assert state.step("set-a@VM1").outcome is Outcome.DONE


@pytest.mark.parametrize("typed", [["stop"], ["later", "stop"]])
async def test_stop_at_one_vms_question_keeps_the_run(tmp_path, typed):
    stage = Patient(*typed)
    stage.typed[0] = stage.once_all_ask(typed[0])
    state = await run(stage, tmp_path, of_waves(wave(NAMES, "a")))
    assert state.ended is None
    assert stage.estate.sent == []
    assert fold(stage.session.events).left is not None
