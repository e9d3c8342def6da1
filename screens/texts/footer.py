"""Row 24: the keys that work now, most needed first; `? Help` is pinned at the right and never dropped."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from screens.texts.line import line

Hint = tuple[str, str]
"""A key and what it does; an empty key is plain text."""


def footer(hints: Sequence[Hint], pinned: Sequence[Hint], width: int) -> Content:
    """As many hints as fit, before the pinned ones (of which the first is kept at any price)."""
    for gap in (3, 2):
        for count in range(len(pinned), 0, -1):
            right = _row(pinned[:count], 2)
            left = _row(hints, gap)
            if 1 + left.cell_length + 2 + right.cell_length + 1 <= width:
                return _whole(left, right, width)
    right = _row(pinned[:1], 2)
    for count in range(len(hints) - 1, -1, -1):
        left = _row(hints[:count], 2)
        if 1 + left.cell_length + 1 + right.cell_length + 1 <= width:
            return _whole(left, right, width)
    return _whole(line(""), right, width)


def _whole(left: Content, right: Content, width: int) -> Content:
    gap = width - 2 - left.cell_length - right.cell_length
    return line(" ", left, " " * max(1, gap), right, " ")


def _row(hints: Sequence[Hint], gap: int) -> Content:
    parts = [line((key, "bold"), (f" {text}" if key else text, "$text-muted" if key else "")) for key, text in hints]
    return Content(" " * gap).join(parts)
