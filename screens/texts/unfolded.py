"""What a wide run screen shows beside the step: the guards that were read, and whose time it took."""

from __future__ import annotations

from textual.content import Content

from screens.texts.line import block, hang, line, wrap
from screens.texts.step import COLUMN
from screens.verdicts import as_read
from tui.core.clock import hms, span
from tui.core.events import Began, Probed, Returned
from tui.core.front import RunSession
from tui.core.plan import Step
from tui.core.state import RunState
from tui.core.verdict import Truth


def guards_read(session: RunSession, step: Step, width: int) -> list[Content]:
    """The guards of the step's last attempt, as they stand in the record."""
    found: dict[str, tuple[float, Probed]] = {}
    for stamped in session.events:
        match stamped.event:
            case Began(step=step_id) if step_id == step.id:
                found.clear()
            case Probed(step=step_id, purpose="guard", question=title) if step_id == step.id:
                found[title] = (stamped.at, stamped.event)
    if not found:
        return []
    rows = [Content(""), *block(f"Guards read {hms(max(at for at, _ in found.values()))}", width, 2)]
    for title, (_, probed) in found.items():
        word, style = as_read(Truth(probed.truth), probed.evidence)
        first, *rest = wrap(f"{title}: {probed.evidence}", width - 17)
        rows += [line("  ", (word.ljust(12), style), "  ", first), *(line(" " * 16, text) for text in rest)]
    return rows


def now_read(session: RunSession, step: Step, width: int) -> list[Content]:
    """What was read last while the step's goal is waited for, and until when."""
    if session.state.step(step.id).outcome is not None:
        return []
    read, returned = "", 0.0
    for stamped in reversed(session.events):
        match stamped.event:
            case Probed(step=step_id, purpose="goal" | "proof", evidence=evidence) if step_id == step.id and not read:
                read = f"{evidence}, read {hms(stamped.at)}."
            case Returned(step=step_id) if step_id == step.id and not returned:
                returned = stamped.at
            case Began(step=step_id) if step_id == step.id:
                break
    if read and returned and step.wait is not None:
        read += f" Asked again until {hms(returned + step.wait.deadline)} at the latest."
    return hang("Now", read, width, COLUMN) if read else []


def times(state: RunState, now: float) -> list[Content]:
    """Machine and person counted apart."""
    if not state.first:
        return []
    yours = state.persons_time(now)
    machine = max(0.0, now - state.first - yours - state.away)
    return [line(f"  Machine time {span(machine)}, your time {span(yours)}")]
