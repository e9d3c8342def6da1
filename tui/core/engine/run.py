"""A whole run: take up, whole goal, phases with their pauses, the way back, the end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from functools import partial

from tui.core.action import Estate
from tui.core.clock import Clock
from tui.core.engine import questions
from tui.core.engine.asking import Asker, Asking
from tui.core.engine.back import left_after_undo, left_at_end, stays, undoable, ways
from tui.core.engine.lanes import side_by_side
from tui.core.engine.ledger import Brake, ForwardChosen, Ledger, Stopped, UndoChosen
from tui.core.engine.replan import PlanChanged, on_record
from tui.core.engine.step import StepRunner
from tui.core.engine.takeup import take_up
from tui.core.events import Left, PhaseEnded, Probed, RunEnded, UndoBegan
from tui.core.journal import Journal
from tui.core.plan import Phase, Plan, Step, named, shown
from tui.core.state import RunState
from tui.core.verdict import Truth, Verdict


class Engine:
    """Runs one plan on one record. Screens follow the journal; this asks through `asker` and never draws."""

    def __init__(
        self,
        plan: Plan,
        journal: Journal,
        estate: Estate,
        clock: Clock,
        asker: Asker,
        mode: str,
        brake: Brake | None = None,
        replan: Callable[[Mapping[str, str]], Plan] | None = None,
    ) -> None:
        self._ledger = Ledger(journal, estate, clock, plan, mode, brake or Brake(), replan)
        self._asking = Asking(self._ledger, asker)
        self._steps = StepRunner(self._ledger, self._asking, lambda: ways(self.plan, self._ledger.state))

    @property
    def plan(self) -> Plan:
        """The plan as it is now: it may have been made again in the run."""
        return self._ledger.plan

    @property
    def state(self) -> RunState:
        """Where the run stands."""
        return self._ledger.state

    async def run(self) -> RunState:
        """Run until the end, or until the person stops. Raises JournalError where the record cannot be kept."""
        try:
            await self._run()
        except Stopped:
            await self._ledger.commit(Left("after the command"))
        return self.state

    async def _run(self) -> None:
        ledger = self._ledger
        if ledger.state.ended is not None:
            return
        if ledger.state.steps and not await take_up(ledger, self._asking):
            raise Stopped
        if not ledger.state.steps:
            whole = await self._whole_goal()
            if whole.truth is Truth.SO:
                await ledger.commit(RunEnded("already recovered", True, whole.evidence))
                return
        await self._plan_on_record()
        while True:
            try:
                await (self._undo() if ledger.state.undoing else self._forward())
                return
            except UndoChosen:
                await self._turn_back()
            except ForwardChosen:
                await ledger.commit(UndoBegan(()))  # nothing was taken back yet: the way is forward again

    async def _turn_back(self) -> None:
        """Show the whole way back; it begins only then. What another lane has in flight comes to its end first."""
        ledger = self._ledger
        for flying in map(self.plan.step, ledger.state.in_flight):
            if flying is not None:
                await self._steps.land(flying)
        undos = [step.undo for step in undoable(self.plan, ledger.state) if step.undo is not None]
        rows = [(f"{named(undo)}, on {undo.host}", shown(undo.preview(ledger.facts(undo.id)))) for undo in undos]
        answer = await self._asking.ask(questions.going_back(rows, stays(self.plan, ledger.state)))
        if answer.choice == "go":
            await ledger.commit(UndoBegan(tuple(undo.id for undo in undos)))

    async def _forward(self) -> None:
        await self._phases()
        await self._finish()

    async def _plan_on_record(self) -> None:
        plan, known = self._ledger.plan, self._ledger.state.plan
        if known is None or known.digest != plan.digest:
            await on_record(self._ledger, plan, known.changed if known is not None else {})

    async def _phases(self) -> None:
        for number in range(len(self.plan.phases)):
            names = [lane.name for lane in self.plan.phases[number].lanes]
            await side_by_side(names, partial(self._lane, number), self._ledger, self._asking)
            phase, then = self.plan.phases[number], next(iter(self.plan.phases[number + 1 :]), None)
            if phase.title not in self._ledger.state.phases_ended:
                await self._ledger.commit(PhaseEnded(phase.title, self._true_now(phase)))
            if then is not None and not self._begun(then):
                await self._pause(phase, then)

    async def _lane(self, phase: int, name: str) -> None:
        """The open steps of a lane one by one; the plan is looked at anew for each, it may have changed."""
        while step := self._open(phase, name):
            with contextlib.suppress(PlanChanged):
                await self._steps.run(step)

    def _open(self, phase: int, name: str) -> Step | None:
        lanes = [lane for lane in self.plan.phases[phase].lanes if lane.name == name]
        steps = (step for lane in lanes for step in lane.steps)
        return next((step for step in steps if not self._ledger.state.settled(step.id)), None)

    async def _pause(self, phase: Phase, then: Phase) -> None:
        while True:
            question = questions.pause(phase, then, self._true_now(phase), ways(self._ledger.plan, self._ledger.state))
            answer = await self._asking.ask(question)
            if answer.choice == "go":
                return
            if answer.choice == "undo":
                raise UndoChosen

    def _begun(self, phase: Phase) -> bool:
        return any(step.id in self._ledger.state.steps for step in phase.steps)

    def _true_now(self, phase: Phase) -> tuple[str, ...]:
        state = self._ledger.state
        return tuple(
            f"{step.title}: {state.step(step.id).evidence or state.step(step.id).outcome}" for step in phase.steps
        )

    async def _undo(self) -> None:
        ledger = self._ledger
        marker = ledger.plan.marker
        made = ledger.plan.step(marker.made_by) if marker is not None else None
        if made is not None and not ledger.state.settled(made.id):
            await self._steps.run(made)  # taken over: going back is guarded by the marker as well
        for step_id in ledger.state.undoing:
            undo = ledger.plan.step(step_id)
            assert undo is not None
            await self._steps.run(undo)
        left = left_after_undo(ledger.plan, ledger.state)
        await ledger.commit(RunEnded("undone", False, "What this run made was taken back, but for what is left.", left))

    async def _finish(self) -> None:
        """The whole goal decides. Where it does not read so, the person says whether that is the end."""
        ledger = self._ledger
        while True:
            whole = await self._whole_goal()
            recovered = whole.truth is Truth.SO
            answer = None if recovered else await self._asking.ask(questions.not_so_at_the_end(whole))
            if answer is not None and answer.choice == "stop":
                raise Stopped
            if answer is None or answer.choice == "end":
                break
        left = left_at_end(ledger.plan, ledger.state)
        await ledger.commit(RunEnded("recovered" if recovered else "not recovered", recovered, whole.evidence, left))

    async def _whole_goal(self) -> Verdict:
        ledger = self._ledger
        verdict = await ledger.plan.goal.ask(ledger.facts(), ledger.estate)
        await ledger.commit(Probed("", "whole goal", ledger.plan.goal.question, verdict.truth, verdict.evidence))
        return verdict
