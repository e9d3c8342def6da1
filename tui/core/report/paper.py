"""Markdown in which nothing that came from outside can become markup, or hide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

_MARKS = frozenset("\\`*_[]<>|#~")


def plain(text: str) -> str:
    """One line of text, markup escaped, unseen characters as `\\u202e`."""
    return "".join(f"\\{char}" if char in _MARKS else seen(char) for char in text)


def block(text: str) -> str:
    """A code block that holds this text, whatever fences stand in it."""
    body = "".join(char if char == "\n" else seen(char) for char in text.replace("\r\n", "\n"))
    fence = "```"
    while fence in body:
        fence += "`"
    return f"{fence}\n{body}\n{fence}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are plain text. Without rows an empty text."""
    cells = [[plain(cell) for cell in row] for row in rows]
    if not cells:
        return ""
    lines = [heads, ["---"] * len(heads), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def bullets(lines: Iterable[str]) -> str:
    """A list of plain lines."""
    return "\n".join(f"- {plain(line)}" for line in lines)


def section(head: str, *parts: str) -> str:
    """A section, left out where it has no content."""
    body = "\n\n".join(part for part in parts if part)
    return f"## {head}\n\n{body}\n" if body else ""


def seen(char: str) -> str:
    """The character; one that cannot be seen, or that turns the text about, as its number."""
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        code = ord(char)
        return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return char
