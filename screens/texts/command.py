"""A command line on several rows, so that its breaks can be told from its characters.

It breaks before a parameter (` -name`) outside quotes; where a row has none, before a pipe or after a semicolon; a value
wider than the row breaks after `\\` or `-` with the gutter alone. Nothing is added that would be sent.
"""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from screens.texts.line import line, visible

MAX_ROWS = 6
"""More rows than this are folded where folding is allowed."""


def rows(script: str, width: int) -> list[tuple[str, str]]:
    """(gutter, text) of each row: `┃` begins a line, `┊ ` continues it after a blank, `┊` continues a value."""
    found: list[tuple[str, str]] = []
    for text in script.split("\n"):
        found += _one(visible(text.rstrip("\r")), width)
    return found


def _one(text: str, width: int) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    gutter = "┃ "
    while True:
        room = width - len(gutter)
        if cell_len(text) <= room:
            out.append((gutter, text))
            return out
        at, blank = _break(text, room)
        out.append((gutter, text[:at]))
        text = text[at + blank :]
        gutter = "┊   " if blank else "┊ "


def _break(text: str, room: int) -> tuple[int, int]:
    """Where to break, and how many blanks the break stands for."""
    params, others = _places(text, room)
    if params:
        return params[-1], 1
    if others:
        return others[-1], 1
    fitting = room
    while cell_len(text[:fitting]) > room:
        fitting -= 1
    for at in range(fitting, fitting // 2, -1):
        if text[at - 1] in "\\-":
            return at, 0
    return max(1, fitting), 0


def _places(text: str, room: int) -> tuple[list[int], list[int]]:
    params: list[int] = []
    others: list[int] = []
    quote = ""
    for at, char in enumerate(text):
        if cell_len(text[:at]) > room:
            break
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == " " and at:
            after = text[at + 1 : at + 3]
            if len(after) == 2 and after[0] == "-" and after[1].isalpha():
                params.append(at)
            elif after[:1] == "|" or text[at - 1] in ";{":
                others.append(at)
    return params, others


def command(script: str, width: int, indent: int = 2, host: str = "", fold: bool = False) -> list[Content]:
    """The rows with their gutter; `host` stands before the first one. Folded rows say how many are not shown."""
    lead = f"  {host} " if host else " " * indent
    found = rows(script, width - len(lead) - 1)
    hidden = len(found) - (MAX_ROWS - 1) if fold and len(found) > MAX_ROWS else 0
    if hidden:
        found = found[: MAX_ROWS - 1]
    out = [
        line(
            (lead if not n else " " * len(lead), "$text-muted"),
            (gutter, "$text-muted"),
            (text, "$foreground on $surface"),
        )
        for n, (gutter, text) in enumerate(found)
    ]
    if hidden:
        out.append(line((f"{' ' * len(lead)}… {hidden} more rows, c copies all, p shows all", "$text-muted")))
    return out
