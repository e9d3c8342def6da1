"""Notices are lines in the body, with sign and word; never toasts."""

from __future__ import annotations

from textual.content import Content

from screens.signs import NOTICES
from screens.texts.line import line, wrap


def notice(level: str, text: str, width: int) -> list[Content]:
    """`▲ warn  text`, wrapped under itself."""
    word, style = NOTICES.get(level, NOTICES["warn"])
    column = 2 + max(8, len(word)) + 1
    rows = wrap(text, width - column - 1)
    first = line("  ", (word.ljust(8), style), " ", rows[0])
    return [first, *(line(" " * column, row) for row in rows[1:])]
