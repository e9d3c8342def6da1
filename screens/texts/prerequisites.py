"""The board's rows, each with its verdict and value; one silent host is said once."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from screens.signs import LEVELS
from screens.texts.choices import Item
from screens.texts.command import command
from screens.texts.line import block, cut, hang, line, pad, rule, visible
from tui.core.clock import hms
from tui.core.front import Row
from tui.core.scenario import Level

TOO_OLD = 300.0
"""Seconds after which a reading counts as unknown."""
TITLE = 33


def board_items(rows: Sequence[Row], now: float, width: int) -> list[Item]:
    """One row a check, in the order given; fixed columns, nothing scrolls sideways."""
    said: set[str] = set()
    items = []
    for row in rows:
        sign, style, text = _cells(row, now)
        silent = row.finding is not None and row.finding.level is Level.UNKNOWN and "answer" in text
        if silent and text in said:
            text = "″ the same, see above"
        elif silent:
            said.add(text)
        if row.reason:
            text = f"@ your reason: {row.reason}"
        title = pad(visible(row.title), TITLE - 2) + "  "
        items.append(
            Item(row.check, (line("  ", (sign.ljust(9), style), "  ", title, cut(visible(text), width - 14 - TITLE)),))
        )
    return items


def worst(rows: Sequence[Row]) -> str:
    """The first check that stops, else the first that needs a reason; empty when there is none."""
    for levels in ((Level.STOP,), (Level.WARN, Level.UNKNOWN)):
        for row in rows:
            if row.finding is not None and row.finding.level in levels and not row.reason:
                return row.check
    return ""


def advice(row: Row | None, missing: str) -> str:
    """What enter says while something is missing: what it is, and the key for the row that the mark went to."""
    finding = row.finding if row is not None else None
    if row is None or finding is None or finding.level is Level.OK:
        return f"Not yet: {missing}."
    if finding.level is not Level.STOP:
        return f"Not yet: {missing}. Here: o Give a reason, or mend it, then r."
    mend = "c Copy remedy" if finding.remedy_script else "mend it"
    return f"Not yet: {missing}. Here: {mend}, then r."


def _cells(row: Row, now: float) -> tuple[str, str, str]:
    if row.finding is None:
        return ("~ reading", "", "") if row.reading else ("○ not yet", "$text-muted", "")
    if row.at and now - row.at > TOO_OLD and not row.reading:
        return "? unknown", "$warning", f"read {hms(row.at)}, too old"
    sign, style = LEVELS[row.finding.level]
    return sign, style, row.finding.evidence


def detail(row: Row, width: int) -> list[Content]:
    """What it means here, the remedy and its line."""
    rows = [rule(row.title, width)]
    finding = row.finding
    if finding is None:
        return rows
    if len(visible(finding.evidence)) > width - 13 - TITLE or row.reason:
        rows += hang("Value", finding.evidence, width, 11)
    rows += hang("Means", finding.means, width, 11) if finding.means else []
    rows += hang("Remedy", finding.remedy, width, 11) if finding.remedy else []
    rows += command(finding.remedy_script, width, host=finding.remedy_host) if finding.remedy_script else []
    if len(rows) == 1:
        rows += block(f"As it should be. Read {hms(row.at)}.", width)
    return rows
