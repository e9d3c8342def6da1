"""The one way through the program, as a coroutine that reads like the story; front ends only show and answer.

welcome ─┬─ take up ────────────────────────────────────────────┐
         ├─ new ─ what happened ─ inputs ─ prerequisites ─ plan ─┴─ run ─ report ─▶ welcome
         └─ report
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.core.errors import JournalError, RecoverError
from tui.core.front import BACK, FrontEnd, Leave, PlanView, Situation, Welcome
from tui.wizard.desk import Desk
from tui.wizard.runs import DRILL_FILE, ages, all_runs, find_run, folder_of, line_of, new_run_id

if TYPE_CHECKING:  # what comes after the first screen is imported after it: 100 ms
    from tui.ahead import Ahead
    from tui.core.facts import Facts
    from tui.core.journal import Journal
    from tui.core.plan import Plan
    from tui.core.scenario import Scenario
    from tui.wizard.board import SiteBoard
    from tui.wizard.happened import Answers
    from tui.wizard.session import Session


async def wizard(front: FrontEnd, desk: Desk, take_up: str = "") -> int:
    """From the first screen until the person leaves. Gives the exit code: 0, or 1 when the last run did not recover."""
    teller = Teller(front, desk)
    code = 0
    try:
        if take_up:
            code = await teller.take_up(take_up)
        while True:
            code = await teller.once(code)
    except Leave:
        return code


class Teller:
    """Tells the story once: keeps what belongs to it (the outage's declaration), and nothing of the screens."""

    def __init__(self, front: FrontEnd, desk: Desk) -> None:
        self._front = front
        self._desk = desk
        story = desk.story
        self._declared = 0.0
        self._played = False
        """Whether a run has ended here: a story's first lines are true no more."""
        self._situation = Situation(
            desk.mode, desk.site.name, declared=0.0, rto=story.rto if story else 0.0, lab_time=story is not None
        )
        front.situation(self._situation)

    async def _arrive(self, run: str = "") -> None:
        """Wait until the site of this run stands. The outage was declared when a drill's story begins."""
        if self._desk.connect is not None:
            self._desk = await self._desk.connect(run)
        story = self._desk.story
        if story is not None and not self._declared:
            self._declared = self._desk.clock.wall() - story.declared_ago

    def _now(self, **changes: object) -> None:
        self._situation = replace(self._situation, **changes)  # type: ignore[arg-type]
        self._front.situation(self._situation)

    async def once(self, code: int) -> int:
        """The first screen and what was chosen there."""
        desk, found = self._desk, all_runs(self._desk.runs)
        mine = [run for run in found if run.mode in ("", desk.mode)]
        lines = [line_of(run) for run in mine]
        self._now(scenario="", way="", run="", declared=0.0)
        choice = await self._front.welcome(
            Welcome(
                tuple(line for line in lines if not line.finished), tuple(line for line in lines if line.finished),
                ages(found, desk.scenarios, desk.person, desk.clock.wall()), desk.notices, desk.can_start,
                desk.story.lines if desk.story and not self._played else (),
            )
        )  # fmt: skip
        try:
            if choice.what == "take up":
                return await self.take_up(choice.run)
            if choice.what == "report":
                from tui.wizard.record import plan_of, report_of

                found_run = find_run(desk.runs, choice.run)
                await self._front.report(report_of(found_run.folder, plan_of(found_run.state, desk.scenarios)))
            elif choice.what == "new":
                return await self.new_run(code)
        except RecoverError as error:
            await self._front.tell("This cannot be done now", error.lines())
        return code

    async def new_run(self, code: int) -> int:
        """What happened, inputs, prerequisites, plan; then the run. `code` where the person went back."""
        from tui.wizard.happened import what_happened

        await self._arrive()
        self._now(declared=self._declared or self._desk.clock.wall())
        heard = await what_happened(self._front, self._desk)
        while heard is not None:
            self._now(scenario=heard.scenario.title)
            made = await self._prepare(heard.scenario, heard.facts)
            if made is not None:
                return await self._begin(heard.scenario, *made, heard.answers)
            heard = await what_happened(self._front, self._desk, heard)
        return code

    async def _prepare(self, scenario: Scenario, told: dict[str, str]) -> tuple[Facts, SiteBoard, Plan] | None:
        """Inputs, prerequisites, plan; None when the person went back beyond the inputs."""
        from tui.ahead import Ahead
        from tui.wizard.board import SiteBoard
        from tui.wizard.form import SiteForm

        desk = self._desk
        form = SiteForm(scenario, desk.site, desk.estate, told)
        while True:
            if await self._front.inputs(form) == BACK:
                return None
            facts = form.facts
            self._now(way=f"{facts.known('source')} > {facts.known('target')}")
            board = SiteBoard(scenario.checks(desk.site, facts), facts, desk.estate, desk.clock)
            while await self._front.prerequisites(board) != BACK:
                known = facts.plus({**board.learned(), **self._run_facts()})
                ahead = Ahead(scenario, desk.site, known)
                plan = ahead.plan()
                if await self._front.plan(self._plan_view(plan, board, ahead)) != BACK:
                    return known, board, plan

    def _run_facts(self) -> dict[str, str]:
        """What the plan needs to know of this run."""
        desk = self._desk
        witness = {"drill_witness": desk.story.witness} if desk.story and desk.story.witness else {}
        return {**witness, "run": new_run_id(desk.clock.wall()), "machine": desk.machine, "epoch": "1"}

    def _plan_view(self, plan: Plan, board: SiteBoard, known: Ahead) -> PlanView:
        from tui.runbook import runbook, runbook_markdown

        desk, run = self._desk, known.facts.get("run")

        def save() -> Path:
            path = desk.runs / f"plan-{run}.md"
            desk.runs.mkdir(parents=True, exist_ok=True)
            path.write_text(runbook_markdown(runbook(known, desk.clock.wall())), "utf-8")
            return path

        return PlanView(plan, save, lambda: desk.clock.monotonic() - board.read_at)

    async def _begin(self, scenario: Scenario, facts: Facts, board: SiteBoard, plan: Plan, told: Answers) -> int:
        from tui.core.events import Chosen, RunBegan
        from tui.core.hold import place
        from tui.core.journal import Journal
        from tui.wizard.record import accepted, heard

        desk, run = self._desk, str(facts.get("run"))
        with Journal.create(desk.runs / run, desk.clock) as journal:
            if desk.story is not None:
                lab = {"lab": desk.story.lab, "drill": desk.story.drill, "labs": desk.story.labs}
                (journal.folder / DRILL_FILE).write_text(json.dumps(lab), "utf-8")
            session = self._session(plan, journal)
            began = RunBegan(
                run, desk.mode, desk.site.name, desk.machine, desk.person, desk.version, self._situation.declared,
                self._situation.rto, clusters=desk.site.record(), holder=place(journal.folder),
            )  # fmt: skip
            first = [began, *heard(told), Chosen(scenario.id, dict(facts.values)), *accepted(board, desk.person)]
            await asyncio.gather(*(journal.commit(event) for event in first))  # one write: all of it or nothing
            return await self._run(session)

    async def take_up(self, name: str) -> int:
        """Go on with an earlier run. Raises RecoverError where that cannot be."""
        from tui.core.events import TakenUp
        from tui.core.hold import place
        from tui.core.journal import Journal
        from tui.wizard.record import plan_of

        await self._arrive(name)
        desk = self._desk
        folder = folder_of(desk.runs, name)
        with Journal.take_up(folder, desk.clock) as journal:  # the one reading: 0.6 s at 100,000 events
            state = journal.state
            if state.began is None or state.chosen is None or state.began.mode != desk.mode:
                raise RecoverError(
                    f"Run {folder.name} cannot be taken up here.", "It has no plan, or it is of another mode.",
                    "Start a new one.",
                )  # fmt: skip
            plan = plan_of(state, desk.scenarios)
            assert plan is not None
            session = self._session(plan, journal)
            self._now(declared=state.began.declared, rto=state.began.rto)
            if state.ended is None:
                torn = journal.recorded.torn
                await journal.commit(TakenUp(desk.machine, desk.person, state.epoch + 1, torn, place(journal.folder)))
            return await self._run(session)

    def _session(self, plan: Plan, journal: Journal) -> Session:
        from tui.wizard.record import made
        from tui.wizard.session import Session

        desk = self._desk

        def replan(changed: Mapping[str, str]) -> Plan:
            began, chosen = journal.state.began, journal.state.chosen
            assert began is not None  # a run that can change its plan has one
            assert chosen is not None
            return made(began, chosen, changed, desk.scenarios)

        return Session(plan, desk.mode, journal, desk.estate, desk.clock, desk.person, replan)

    async def _run(self, session: Session) -> int:
        from tui.wizard.record import afterwards, looks, report_of, well

        facts = session.plan.facts
        scenario = next(s for s in self._desk.scenarios if s.id == session.plan.scenario)
        self._now(scenario=scenario.title, way=f"{facts.known('source')} > {facts.known('target')}",
                  run=session.folder.name)  # fmt: skip
        if self._desk.follow is not None:
            session.follow(self._desk.follow)
        try:
            if session.state.ended is None:
                await self._front.run(session)
        except JournalError as error:
            await self._front.tell("The record cannot be kept", error.lines())
            raise Leave from error
        ended = session.state.ended
        if ended is None and not looks(session):
            raise Leave
        self._played = ended is not None
        await self._front.report(report_of(session.folder, session.plan, afterwards(ended, scenario)))
        return 0 if ended is None or well(ended) else 1
