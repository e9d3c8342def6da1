"""The time of a run as rows and marks: whose time it was, which step stood when, and where somebody decided.

The person's time is from a question to its answer, and counts once where two lanes ask together; away is from the last
entry before a run was taken up; the machine has the rest. All times are site time, epoch seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tui.core.events import AnsweredEvent, Asked, Began, Ended, Outcome, Overridden, Stamped, TakenUp, Withdrawn
from tui.core.facts import split
from tui.core.plan import Plan

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """From, until, and the number of the step where it is one."""

    begin: float
    end: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `kind` is machine, you, away or steps."""

    name: str
    kind: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A decision point. `kind` is answer, override, failure or resume."""

    letter: str
    at: float
    kind: str
    what: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that is drawn. `begin` equals `end` for a record of one moment."""

    begin: float
    end: float
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]


def timeline(events: Sequence[Stamped], plan: Plan | None) -> Timeline:
    """Rows and marks of these events; without a plan all steps stand in one row."""
    begin, end = (events[0].at, max(s.at for s in events)) if events else (0.0, 0.0)
    away, you = _away(events), _questions(events)
    machine = _rest(begin, end, _merged([*away, *you]))
    rows = [
        Row(name, name, tuple(Bar(*span) for span in spans))
        for name, spans in (("machine", machine), ("you", you), ("away", away))
    ]
    return Timeline(begin, end, (*rows, *_lanes(events, plan)), _marks(events, plan))


def spent(line: Timeline) -> dict[str, float]:
    """Seconds of the machine, of you and away: what is drawn is what is told."""
    return {row.kind: sum(bar.end - bar.begin for bar in row.bars) for row in line.rows if row.kind != "steps"}


def _away(events: Sequence[Stamped]) -> list[Span]:
    return [(before.at, after.at) for before, after in pairwise(events) if isinstance(after.event, TakenUp)]


def _questions(events: Iterable[Stamped]) -> list[Span]:
    """From each question to its answer; one that nobody answered before the program ended is not the person's."""
    asked: dict[str, float] = {}
    found: list[Span] = []
    for stamped in events:
        match stamped.event:
            case TakenUp():
                asked.clear()
            case Asked(question=question):
                asked[question] = stamped.at
            case Withdrawn(question=question):
                asked.pop(question, None)
            case AnsweredEvent(question=question) if question in asked:
                found.append((asked.pop(question), stamped.at))
    return _merged(found)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Lanes may ask at the same time: what overlaps counts once."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif end > begin:
            found.append((begin, end))
    return found


def _rest(begin: float, end: float, taken: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, stop in taken:
        found += [(begin, start)] if start > begin else []
        begin = max(begin, stop)
    return [*found, *([(begin, end)] if end > begin else [])]


def _lanes(events: Iterable[Stamped], plan: Plan | None) -> tuple[Row, ...]:
    """One row a lane, in the order of the plan."""
    lane_of, number = _places(plan)
    open_: dict[str, float] = {}
    bars: dict[str, list[Bar]] = {lane: [] for lane in dict.fromkeys(lane_of.values())}
    last = 0.0
    for stamped in events:
        event, last = stamped.event, max(last, stamped.at)
        if isinstance(event, Began):
            open_.setdefault(event.step, stamped.at)
        elif isinstance(event, Ended):
            bar = Bar(open_.pop(event.step, stamped.at), stamped.at, number.get(event.step, ""))
            bars.setdefault(lane_of.get(event.step, ""), []).append(bar)
    for step, since in open_.items():
        bars.setdefault(lane_of.get(step, ""), []).append(Bar(since, last, number.get(step, "")))
    return tuple(Row(lane or "steps", "steps", tuple(row)) for lane, row in bars.items() if row)


def _places(plan: Plan | None) -> tuple[dict[str, str], dict[str, str]]:
    """Lane and number by step id; a step that takes back stands with the step whose work it takes back."""
    lanes: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for phase in plan.phases if plan is not None else ():
        for lane in phase.lanes:
            for step in lane.steps:
                lanes[step.id] = lane.name
                numbers[step.id] = str(plan.number(step.id)) if plan is not None else ""
                if step.undo is not None:
                    lanes[step.undo.id], numbers[step.undo.id] = lane.name, "back"
    return lanes, numbers


def _marks(events: Sequence[Stamped], plan: Plan | None) -> tuple[Mark, ...]:
    found: list[tuple[float, str, str, str]] = []
    titles: dict[str, str] = {}
    for stamped in events:
        at, event = stamped.at, stamped.event
        if isinstance(event, Asked):
            titles[event.question] = event.title
        made = _mark(event, titles, plan)
        if made is not None:
            found.append((at, *made))
    return tuple(Mark(letter(n), *mark) for n, mark in enumerate(found))


def _mark(event: object, titles: dict[str, str], plan: Plan | None) -> tuple[str, str, str] | None:
    """Kind, what, who; None for what is no decision point."""
    match event:
        case AnsweredEvent():
            asked = titles.get(event.question, event.question)
            reason = f". {event.reason}" if event.reason else ""
            return "answer", f"{_where(event.step, plan)}{asked}: {event.typed or event.choice}{reason}", event.by
        case Overridden():
            return "override", f"gone on in spite of: {event.title}: {event.evidence}. {event.reason}", event.by
        case Ended() if event.outcome in (Outcome.FAILED, Outcome.UNKNOWN):
            return (
                "failure",
                f"{_where(event.step, plan) or f'{event.step}: '}{event.outcome}. {event.evidence}",
                event.by,
            )
        case TakenUp():
            return "resume", f"taken up on {event.machine}", event.user
    return None


def _where(step_id: str, plan: Plan | None) -> str:
    """`SRV-DB01, step 7: `; the VM only where it is one of several."""
    number = plan.number(step_id) if plan is not None else 0
    lane = split(step_id)[1]
    return f"{lane}, step {number}: " if number and lane else f"step {number}: " if number else ""


def letter(n: int) -> str:
    """A to Z, then AA, AB …"""
    return (letter(n // 26 - 1) if n >= 26 else "") + chr(ord("A") + n % 26)
