"""Something is not as a step needs it: before and now, who, what it means, and what is still as planned."""

from __future__ import annotations

from textual.content import Content

from screens.texts.line import block, hang, line, wrap
from tui.core.changes import by_others, is_marker, rest, word
from tui.core.clock import hms
from tui.core.front import RunSession
from tui.core.question import Question, Shown
from tui.core.verdict import Truth

COLUMN, LEAD = 18, 13
BY = "read by this program"


def what_changed(question: Question, session: RunSession) -> str:
    """The title, as far as it is true: who has the run, that somebody changed something, or only that it is not so."""
    if is_marker(session.plan, question) or not question.guards:
        return question.title
    if by_others(session.state, question):
        return "Something changed, not by this program"
    unread = all(guard.truth is Truth.UNREADABLE for guard in question.guards)
    return "What it needs cannot be read" if unread else "Not as this step needs it"


def changed_rows(question: Question, session: RunSession, width: int) -> list[Content]:
    """Each guard that broke, then what it means."""
    marker, others = is_marker(session.plan, question), by_others(session.state, question)
    rows: list[Content] = []
    for guard in question.guards:
        rows += _guard(guard, question.title if marker else word(guard), width)
    if others and not marker:
        rows += hang("", "Who: not known.", width, LEAD)
    rows.append(Content(""))
    means = question.lines[len(question.guards) :]
    for n, text in enumerate(means):
        rows += hang("" if n else "What it means", text, width, COLUMN)
    equal = "" if marker else rest(session.events, question)
    return [*rows, *block(equal, width - 1)] if equal else rows


def _guard(guard: Shown, title: str, width: int) -> list[Content]:
    """Before and now, each with its time. Without a reading that was as expected there is no before."""
    sign, style = ("? unknown", "$warning") if guard.truth is Truth.UNREADABLE else ("▲ warn", "$warning")
    first, *more = wrap(title, width - LEAD - 1)
    rows = [line("  ", (sign.ljust(LEAD - 2), style), (first, "bold"))]
    rows += [line(" " * LEAD, (text, "bold")) for text in more]
    readings = [(guard.was_at, guard.was), (guard.at, guard.evidence)] if guard.was else [(guard.at, guard.evidence)]
    for at, read in readings:
        told = hang(hms(at), read, width, LEAD + 15, indent=LEAD)
        beside = told[-1].cell_length + 4 + len(BY) < width
        by = line("    " if beside else " " * (LEAD + 15), (BY, "$text-muted"))
        rows += [*told[:-1], line(told[-1], by)] if beside else [*told, by]
    return rows
