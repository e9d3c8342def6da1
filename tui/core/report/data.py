"""The report as JSON data; the Markdown says the same. Times are ISO 8601 in UTC, durations seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tui.core.clock import iso
from tui.core.events import Outcome, Stamped
from tui.core.facts import split
from tui.core.plan import Plan, numbers
from tui.core.report.doubts import chain, met, not_proved, overrides
from tui.core.report.left import left_over
from tui.core.report.sent import Sent, commands
from tui.core.report.timeline import Timeline, spent, timeline
from tui.core.report.times import rto_line, times
from tui.core.report.words import counts, outcome_line, title
from tui.core.state import RunState, StepState


def report_data(
    events: Sequence[Stamped],
    state: RunState,
    plan: Plan | None,
    damage: str = "",
    torn: bool = False,
    afterwards: Sequence[str] = (),
) -> dict[str, Any]:
    """All that the record says. `damage` is the first line of a JournalDamaged: `events` then end before it.

    `afterwards` says what to do next.
    """
    sent, line = commands(events), timeline(events, plan)
    known = times(state, plan)
    began, ended = state.began, state.ended
    return {
        "title": title(state),
        "outcome": outcome_line(state, plan),
        "ended": ended is not None,
        "recovered": ended is not None and ended.recovered,
        "run": began.run if began else "",
        "mode": began.mode if began else "",
        "site": began.site if began else "",
        "scenario": state.chosen.scenario if state.chosen else plan.scenario if plan else "",
        "inputs": dict(state.chosen.values) if state.chosen else {},
        "people": list(dict.fromkeys([*([began.user] if began else []), state.user])),
        "declared": _when(began.declared if began else 0.0),
        "first_entry": _when(state.first),
        "last_entry": _when(state.last),
        "rto": {"line": rto_line(state, plan), "target": known.target, "back": known.back, "kept": known.kept},
        "times": {"total": known.total, **spent(line)},
        "counts": {str(outcome): number for outcome, number in counts(state).items()},
        "not_proved": list(not_proved(state, _names(state), sent)),
        "steps": _steps(state),
        "overridden": [{**asdict(row), "at": _when(at)} for at, row in overrides(events)],
        "checked": [asdict(check) for check in state.checked.values()],
        "left_over": [{"what": w, "host": h, "line": line} for w, h, line in left_over(state, plan)],
        "commands": [_command(one) for one in sent],
        "next": list(afterwards),
        "timeline": _timeline(line),
        "learned": {name: value for name, value in state.learned.items() if ":" not in name},
        "notes": [{"at": _when(at), "by": by, "text": text} for at, by, text in state.notes],
        "told": [{"question": t.question, "answer": t.answer, "read": t.read} for t in state.told.values()],
        "plan": {"digest": state.plan.digest, "title": state.plan.title} if state.plan else {},
        "record": {"entries": state.events, "damage": damage, "torn": torn, "line": chain(state, damage, torn)},
        "versions": {"program": began.version if began else "", "hosts": list(met(state, sent))},
    }


def _when(at: float) -> str:
    return iso(at) if at else ""


def _timeline(line: Timeline) -> dict[str, Any]:
    """Decision points and rows; the drawing is made of the same."""
    rows = [
        {"name": row.name, "kind": row.kind,
         "bars": [{"begin": _when(bar.begin), "end": _when(bar.end), "label": bar.label} for bar in row.bars]}
        for row in line.rows
    ]  # fmt: skip
    return {"rows": rows, "marks": [{**asdict(mark), "at": _when(mark.at)} for mark in line.marks]}


def _names(state: RunState) -> dict[str, str]:
    """`7 Import the key`, `SRV-DB01 7 Import the key` by step id; steps that take back have no number."""
    rows = state.plan.steps if state.plan is not None else ()
    number = numbers(step_id for step_id, *_ in rows)
    return {
        step_id: f"{split(step_id)[1]} {number[step_id]} {name}".strip() for step_id, _, name, _ in rows
    }  # fmt: skip


def _steps(state: RunState) -> list[dict[str, Any]]:
    rows = state.plan.steps if state.plan is not None else ()
    number = numbers(step_id for step_id, *_ in rows)
    known = [
        _step(number[step_id], step_id, phase, name, host, state.step(step_id)) for step_id, phase, name, host in rows
    ]
    others = [_step(0, s, "", s, _host(step), step) for s, step in state.steps.items() if s not in number]
    return [*known, *others]


def _host(step: StepState) -> str:
    return step.flight.intended.host if step.flight is not None else ""


def _step(number: int, step_id: str, phase: str, name: str, host: str, step: StepState) -> dict[str, Any]:
    outcome = str(step.outcome) if step.outcome is not None else "sent, not judged" if step.airborne else "not done"
    by_person = step.outcome in (Outcome.ATTESTED, Outcome.SKIPPED, Outcome.DECLINED, Outcome.BY_HAND)
    return {
        "number": number, "lane": split(step_id)[1], "id": step_id, "phase": phase, "title": name, "host": host,
        "outcome": outcome,
        "evidence": step.evidence, "by": step.by if by_person else "", "reason": step.reason,
        "began": _when(step.began), "ended": _when(step.ended), "attempts": step.attempts,
        "seconds": max(0.0, step.ended - step.began) if step.ended else None,
    }  # fmt: skip


def _command(sent: Sent) -> dict[str, Any]:
    intended = sent.intended
    return {
        "at": _when(sent.at), "until": _when(sent.until), "step": intended.step, "attempt": intended.attempt,
        "host": intended.host, "script": intended.shown, "digest": intended.digest, "repeat": intended.repeat,
        "result": sent.result, "error": sent.returned.error if sent.returned else "", "said": list(sent.errors),
        "process": intended.pid, "shell": intended.shell, "command": intended.command, "nonce": intended.nonce,
        "language": intended.language, "engine": intended.engine,
    }  # fmt: skip
