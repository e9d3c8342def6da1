"""Lines of cells: cut, pad, wrap. Data goes in as it is and comes out visible; nothing here reads markup."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from rich.cells import cell_len
from textual.content import Content

Part = str | tuple[str, str] | Content
"""Text, (text, style), or a finished piece."""

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def visible(text: str) -> str:
    """Control characters and bidi marks as `<U+202E>`: what is shown is what is sent."""
    return "".join(
        f"<U+{ord(char):04X}>"
        if char in _BIDI or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        else char
        for char in text
    )


def line(*parts: Part) -> Content:
    """One line of these parts."""
    return Content.assemble(*parts, strip_control_codes=False)


def muted(text: str) -> Content:
    """A label or a hint."""
    return line((text, "$text-muted"))


def cut(text: str, width: int) -> str:
    """At most so many cells; `…` says that there is more."""
    if cell_len(text) <= width:
        return text
    while text and cell_len(text) > width - 1:
        text = text[:-1]
    return text + "…" if width > 0 else ""


def middle(text: str, width: int) -> str:
    """At most so many cells, shortened with `…` in the middle."""
    if cell_len(text) <= width:
        return text
    if width < 3:
        return cut(text, width)
    head = (width - 1 + 1) // 2
    return text[:head] + "…" + text[len(text) - (width - 1 - head) :]


def pad(text: str, width: int) -> str:
    """Exactly so many cells: cut or filled with blanks."""
    text = cut(text, width)
    return text + " " * (width - cell_len(text))


def fill(content: Content, width: int) -> Content:
    """The line with blanks up to its width."""
    missing = width - content.cell_length
    return content if missing <= 0 else line(content, " " * missing)


def ends(left: Part, right: Part, width: int) -> Content:
    """Something at the left and something at the right end."""
    first, last = line(left), line(right)
    gap = width - first.cell_length - last.cell_length
    return line(first, " " * max(1, gap), last)


def wrap(text: str, width: int) -> list[str]:
    """Words on lines of at most so many cells; a word that is wider is broken. One empty line for an empty text."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for word in visible(paragraph).split(" "):
            joined = f"{current} {word}" if current else word
            if cell_len(joined) <= width:
                current = joined
                continue
            if current:
                lines.append(current)
            while cell_len(word) > width:
                piece = _head(word, width)
                lines.append(piece)
                word = word[len(piece) :]
            current = word
        lines.append(current)
    return lines


def _head(text: str, width: int) -> str:
    taken = text
    while cell_len(taken) > width:
        taken = taken[:-1]
    return taken or text[:1]


def block(text: str, width: int, indent: int = 2, style: str = "") -> list[Content]:
    """A wrapped paragraph, indented."""
    return [line(" " * indent, (piece, style)) for piece in wrap(text, width - indent)]


def hang(label: str, text: str, width: int, column: int, style: str = "", indent: int = 2) -> list[Content]:
    """`  Why      text`, continued under the text."""
    rows = wrap(text, width - column - 1)
    head = pad(" " * indent + label, column - 1) + " "
    first = line((head, "$text-muted"), (rows[0], style))
    return [first, *(line(" " * column, (row, style)) for row in rows[1:])]


def rule(title: str, width: int) -> Content:
    """`─ title ──────`, the head of a part."""
    head = f"─ {cut(visible(title), width - 4)} " if title else ""
    return line((head + "─" * (width - cell_len(head)), "$text-muted"))


def lines_of(groups: Iterable[Iterable[Content]]) -> list[Content]:
    """All lines of all groups."""
    return [row for group in groups for row in group]


def joined(rows: Iterable[Content]) -> Content:
    """Lines as one piece for a widget."""
    return Content("\n").join(rows)
