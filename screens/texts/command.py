"""A command line on several rows, so that its breaks can be told from its characters.

Outside quotes it breaks after a statement (`; `), else before a parameter (` -name`), else before a pipe; a value wider
than the row breaks after `\\` or `-` with the gutter alone. Nothing is added that would be sent.
"""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from screens.texts.line import line, visible

MAX_ROWS = 6
"""More rows than this are folded where folding is allowed."""
PROSE = ("Write ", "Copy ")
"""How the summary of a copy begins: words, not a command, so it may break at any blank."""


def rows(script: str, width: int) -> list[tuple[str, str]]:
    """(gutter, text) of each row: `┃` begins a line, `┊ ` continues it after a blank, `┊` continues a value."""
    found: list[tuple[str, str]] = []
    for text in script.split("\n"):
        found += _one(visible(text.rstrip("\r")), width)
    return found


def _one(text: str, width: int) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    gutter, quote, prose = "┃ ", "", text.startswith(PROSE)
    while True:
        room = width - len(gutter)
        if cell_len(text) <= room:
            out.append((gutter, text))
            return out
        at, blank = _break(text, room, quote, prose)
        out.append((gutter, text[:at]))
        quote = _quoted(text[:at], quote)
        text = text[at + blank :]
        gutter = "┊   " if blank else "┊ "


def _quoted(text: str, quote: str) -> str:
    """The quote that is open at the end of the text; `quote` was open at its start."""
    for char in text:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
    return quote


def _break(text: str, room: int, quote: str, prose: bool) -> tuple[int, int]:
    """Where to break, and how many blanks the break stands for."""
    for places in _places(text, room, quote, prose):
        if places:
            return places[-1], 1
    fitting = room
    while cell_len(text[:fitting]) > room:
        fitting -= 1
    for at in range(fitting, fitting // 2, -1):
        if text[at - 1] in "\\-":
            return at, 0
    return max(1, fitting), 0


def _places(text: str, room: int, quote: str, prose: bool) -> tuple[list[int], list[int], list[int]]:
    """Blanks at which it can break: after a statement, before a parameter, before a pipe or after a brace."""
    ends: list[int] = []
    params: list[int] = []
    others: list[int] = []
    for at, char in enumerate(text):
        if cell_len(text[:at]) > room:
            break
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == " " and at:
            after = text[at + 1 : at + 3]
            if text[at - 1] == ";":
                ends.append(at)
            elif len(after) == 2 and after[0] == "-" and after[1].isalpha():
                params.append(at)
            elif after[:1] == "|" or text[at - 1] == "{" or prose:
                others.append(at)
    return ends, params, others


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
