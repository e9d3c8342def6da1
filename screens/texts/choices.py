"""Rows among which one can carry the mark, and numbered choices as such rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from screens.texts.line import block, line, pad, visible, wrap

if TYPE_CHECKING:
    from tui.core.question import Choice

NOTE_COLUMN = 42
"""Where a choice's note begins at the latest."""


@dataclass(frozen=True, slots=True)
class Item:
    """One row or more that the mark treats as one. The first two cells of the first row are the mark's."""

    key: str
    lines: tuple[Content, ...]
    open: bool = True
    """Whether the mark may stand on it."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A choice to show: `more` stands on rows of its own beneath, `refused` says why it is not offered."""

    key: str
    label: str
    note: str = ""
    more: str = ""
    refused: str = ""


def of_question(choices: Sequence[Choice]) -> tuple[Numbered, ...]:
    """An engine question's choices."""
    return tuple(Numbered(c.key, c.label, c.note, c.detail, c.refused) for c in choices)


def numbered(choices: Sequence[Numbered], width: int, indent: int = 0) -> tuple[Item, ...]:
    """`  1) Retry     same line again`, refused ones with `–` and their reason."""
    longest = max((cell_len(visible(choice.label)) for choice in choices), default=0)
    column = min(indent + 5 + longest + 4, NOTE_COLUMN)
    return tuple(_item(n, choice, width, column, indent) for n, choice in enumerate(choices, 1))


def _item(number: int, choice: Numbered, width: int, column: int, indent: int) -> Item:
    note = f"not offered: {choice.refused}" if choice.refused else choice.note
    style = "$text-muted" if choice.refused else ""
    gutter = " " * indent + ("– " if choice.refused else "  ")
    head = f"{gutter}{number}) {visible(choice.label)}"
    rows: list[Content] = []
    if not note:
        rows.append(line((head, style)))
    elif cell_len(head) + 2 <= column:
        pieces = wrap(note, width - column)
        rows.append(line((pad(head, column), style), (pieces[0], "$text-muted")))
        rows += [line(" " * column, (piece, "$text-muted")) for piece in pieces[1:]]
    elif cell_len(head) + 2 + cell_len(visible(note)) < width:
        rows.append(line((f"{head}  ", style), (visible(note), "$text-muted")))
    else:
        rows.append(line((head, style)))
        rows += block(note, width - 1, indent + 6, "$text-muted")
    if choice.more:
        rows += block(choice.more, width - 1, indent + 6, "$text-muted")
    return Item(choice.key, tuple(rows), not choice.refused)
