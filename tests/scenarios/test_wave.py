"""Six VMs in two waves, where one cannot be saved: it is left out, and the others come back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.scenarios.world import WITNESS, Operator, World
from tui.core.events import Outcome
from tui.core.question import Answer, Asks, Question
from tui.core.report import left_over
from tui.lab.site import judge
from tui.scenarios import scenario


class LeavesOut(Operator):
    """Leaves a VM out after its second failure, and ends the run when that is how it stays."""

    def _decide(self, question: Question) -> str:
        if question.asks is Asks.FAILURE and self._taken.get((question.step, question.asks), 0) >= 1:
            return "leave out"
        return "end" if question.id == "whole-goal" else super()._decide(question)

    async def ask(self, question: Question) -> Answer:
        answer = await super().ask(question)

        return replace(answer, reason="its key is damaged in the backup") if answer.choice == "leave out" else answer


async def test_a_vm_that_cannot_be_saved_holds_up_no_wave(tmp_path: Path) -> None:
    world = World(scenario("trusted-launch"), tmp_path, "wave")
    world.faults.inject("error-before", cmdlet="Import-MocKey", naming="SRV-DC02", text="the key is damaged", times=9)
    state = await world.run(LeavesOut(world.clock, WITNESS).ask)
    assert state.ended is not None
    assert state.ended.outcome == "not recovered"
    assert state.ended.evidence.startswith("5 of 6; SRV-DC02: ")
    assert state.step("start@SRV-DC02").outcome is Outcome.SKIPPED
    assert state.step("start@SRV-APP02").outcome is Outcome.DONE, "the second wave began and ended"
    assert any("SRV-DC02" in text and "AutomaticStartAction" in text for text in state.ended.left_over)
    lost = next(vm for vm in world.site.world.story.lost if vm.name == "SRV-DC02")
    for what, host, line in left_over(state, world.plan()):
        assert what.startswith("SRV-DC02: ")
        assert host, what
        assert lost.vm in line, "the line that removes it names that VM"
        assert "Set-VM -AutomaticStartAction" in line
        assert "Nothing" not in line, "and sets back, not again"
    verdict = judge(world.site)
    assert all("SRV-DC02" in reason for reason in verdict.reasons), verdict.reasons
    assert not any(
        folder for c in world.site.clusters for n in c.nodes for folder in n.files if folder.startswith("c:\\azlr\\")
    )
