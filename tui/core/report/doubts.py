"""What a run has not proved, and what it met: said in words, nothing silently green."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.clock import hms
from tui.core.events import Outcome, Overridden, Stamped
from tui.core.report.sent import Sent
from tui.core.state import RunState

NEVER_REAL = "Nothing here has been run against Windows: a drill's hosts are simulated."
NO_ANSWER = "No host said which PowerShell it runs: nothing on this record shows that it has been run against Windows."


def not_proved(state: RunState, names: dict[str, str], sent: Sequence[Sent]) -> tuple[str, ...]:
    """One line for each thing that the record does not prove. `names` gives each step's number and title."""
    lines = []
    if state.ended is None:
        lines.append("The whole goal: the run has not ended.")
    elif not state.ended.recovered:
        lines.append(f"The whole goal: {state.ended.evidence}")
    for step_id, step in state.steps.items():
        name = names.get(step_id, step_id)
        match step.outcome:
            case Outcome.ATTESTED:
                lines.append(f"{name}: attested by {step.by}. {step.evidence}")
            case Outcome.UNKNOWN:
                lines.append(f"{name}: its result is not known. {step.evidence}")
            case Outcome.SKIPPED | Outcome.DECLINED | Outcome.FAILED:
                lines.append(f"{name}: {step.outcome}. {step.reason or step.evidence}".rstrip())
            case None if step.airborne:
                lines.append(f"{name}: it was sent, its result was not judged.")
    lines += [f"{row.title}: {row.evidence} (gone on in spite of it)" for row in state.overridden]
    lines += [f"{names.get(s.intended.step, s.intended.step)}: {s.result}" for s in sent if _unseen(s)]
    return tuple(dict.fromkeys(lines))


def _unseen(sent: Sent) -> bool:
    return sent.returned is None or sent.returned.end in ("lost", "deadline")


def overrides(events: Sequence[Stamped]) -> tuple[tuple[float, Overridden], ...]:
    """Each override with when it was given; of a check given twice the later one."""
    last = {s.event.check: (s.at, s.event) for s in events if isinstance(s.event, Overridden)}
    return tuple(last.values())


def met(state: RunState, sent: Sequence[Sent]) -> tuple[str, ...]:
    """What the program ran against: the engines that hosts named, or that none did."""
    if state.began is not None and state.began.mode != "LIVE":
        return (NEVER_REAL,)
    found = {(s.intended.host, s.intended.engine, s.intended.language) for s in sent if s.intended.engine}
    if not found:
        return (NO_ANSWER,)
    return tuple(
        f"{host}: PowerShell {engine}, {language or 'language not read'}" for host, engine, language in sorted(found)
    )


def chain(state: RunState, damage: str, torn: bool) -> str:
    """What `verify` says of the record."""
    if damage:
        return f"{damage} {state.events} entries before it are whole."
    run = state.began.run if state.began is not None else "RUN"
    half = " A half-written last line was dropped." if torn else ""
    return f"{state.events} entries, chain whole: azl-recover verify {run}.{half} Last entry {hms(state.last)}."
