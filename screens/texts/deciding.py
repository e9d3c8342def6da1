"""Three questions with much to read: a decision with its values, a deadline that has passed, the whole way back."""

from __future__ import annotations

from datetime import tzinfo

from rich.cells import cell_len
from textual.content import Content

from screens.texts.command import command
from screens.texts.line import block, hang, line, lines_of, muted, visible
from screens.texts.step import Card
from screens.texts.step import head as step_head
from screens.texts.waiting import how_far, until_when
from tui.core.clock import hms
from tui.core.front import RunSession
from tui.core.question import Question
from tui.core.waiting import waited

PLACE = 48
"""Cells of row 3 before a decision's question, at most: `Run: SRV-DB01, step 7 of 10. Decide:`, with a long name."""
COLUMN, VALUES = 18, 36
"""Where texts beside a label begin; where the values of a decision begin at the latest."""


def overdue_rows(question: Question, session: RunSession, width: int, now: float, zone: tzinfo | None) -> list[Content]:
    """How far it has come, with the same numbers as while it waited; then what the deadline means."""
    step = session.plan.step(question.step)
    wait = waited(session.plan, session.state, step, now)
    rows = [step_head(session.plan, Card(step, "▲ overdue", "$warning"), "▲", width)] if step else []
    rows += [*how_far(wait, width), *until_when(wait, width, zone)] if wait is not None else []
    rows.append(Content(""))
    for name, text in zip(("Read now", "Deadline", "What to do"), question.lines, strict=False):
        rows += hang(name, text.removeprefix("Read now: "), width, COLUMN)
    return rows


def decide_rows(question: Question, session: RunSession, width: int) -> list[Content]:
    """What the decision depends on, as it was read."""
    at = session.state.asked_at.get(question.id, 0.0)
    column = min(VALUES, 7 + max((cell_len(visible(what)) for what, _ in question.values), default=0))
    wide = cell_len(visible(question.title)) + PLACE > width  # row 3 has no room for it
    rows = block(question.title, width, 2, "bold") if wide else []
    rows.append(muted(f"  It depends on this, read {hms(at) if at else 'just now'}:"))
    for what, value in question.values:
        beside = cell_len(visible(what)) + 6 <= column
        head = [] if beside else block(what, width, 4)
        rows += [*head, *hang(what if beside else "", value, width, column, indent=4)]
    return rows


def advice_rows(question: Question, width: int) -> list[Content]:
    """Which one we would take and why, what to beware of, and that choosing sends nothing."""
    advice, *warnings, nothing = question.lines
    rows = block(advice, width - 1, 2)
    for warning in warnings:
        first, *more = hang("", warning, width, 10)
        rows += [line("  ", ("▲ warn", "$warning"), first[8:]), *more]
    return [*rows, *block(nothing, width - 1, 2)]


def back_rows(question: Question, session: RunSession, width: int) -> list[Content]:
    """Every step of the way back with its host and its command; what stays stands before them."""
    rows = lines_of(block(text, width - 1, 2) for text in question.lines)
    for number, (step, script) in enumerate(question.values, 1):
        rows += [*block(f"{number:>2}  {step}", width - 1, 2), *command(script, width - 1, indent=6)]
    return rows
