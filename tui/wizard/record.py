"""Between a person's answers and a run's record, both ways: events of what was told and accepted; plan and report of a
record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tui.core import report as reports
from tui.core.events import AnsweredEvent, Checked, Chosen, Event, Overridden, RunBegan, RunEnded, Told
from tui.core.facts import Facts
from tui.core.front import Report
from tui.core.plan import Plan
from tui.core.scenario import Scenario, Site
from tui.core.state import RunState
from tui.wizard import triage
from tui.wizard.board import SiteBoard
from tui.wizard.happened import Answers
from tui.wizard.session import Session


def heard(told: Answers) -> list[Event]:
    """The answers to "What happened?" as events."""
    questions = dict(triage.QUESTIONS)
    return [Told(questions[name], answer, read=how != "your answer") for name, (answer, how) in told.items()]


def accepted(board: SiteBoard, person: str) -> list[Event]:
    """The prerequisites as they were when the person went on, and the reasons given."""
    events: list[Event] = []
    for row in board.rows:
        if row.finding is not None:
            events.append(Checked(row.check, row.title, row.finding.level, row.finding.evidence))
        if row.finding is not None and row.reason:
            events.append(Overridden(row.check, row.title, row.finding.evidence, row.reason, person))
    return events


def plan_of(state: RunState, scenarios: Sequence[Scenario]) -> Plan | None:
    """The plan of a recorded run, made again from its inputs; None where it never had any."""
    if state.began is None or state.chosen is None:
        return None
    return made(state.began, state.chosen, state.plan.changed if state.plan is not None else {}, scenarios)


def made(began: RunBegan, chosen: Chosen, changed: Mapping[str, str], scenarios: Sequence[Scenario]) -> Plan:
    """The plan of these inputs, and of what was found to be different in the run."""
    site = Site.recorded(began.site, began.clusters)
    scenario = next(s for s in scenarios if s.id == chosen.scenario)
    return scenario.plan(site, Facts(chosen.values).plus(changed))


def report_of(folder: Path, plan: Plan | None, afterwards: tuple[str, ...] = ()) -> Report:
    """The report of a run folder, saved there as Markdown and HTML where it can be."""
    return reports.report(folder, plan, afterwards)


OPEN = ("This run is not finished: take it up again to go on. Nothing is removed before its end.",)
NOT_REACHED = ("What this run is for is not reached: the VM is as the evidence above says. Start a new run.",)


def afterwards(ended: RunEnded | None, scenario: Scenario) -> tuple[str, ...]:
    """What to do next, by how the run stands."""
    if ended is None:
        return OPEN
    return scenario.afterwards if ended.recovered else NOT_REACHED


def looks(session: Session) -> bool:
    """Whether the person took the run up only to look."""
    last = next((s.event for s in reversed(session.events) if isinstance(s.event, AnsweredEvent)), None)
    return last is not None and (last.question, last.choice) == ("resume", "look")


def well(ended: RunEnded) -> bool:
    return ended.recovered or ended.outcome == "undone"
