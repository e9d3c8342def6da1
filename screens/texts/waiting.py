"""A wait in numbers: how far, how fast, until when, what may be done meanwhile. A bar of text: it never animates."""

from __future__ import annotations

from datetime import tzinfo

from rich.cells import cell_len
from textual.content import Content

from screens.texts.line import block, hang, line, lines_of
from screens.texts.resume import take_up
from tui.core.front import RunSession
from tui.core.waiting import Waited, then

BAR = 60
"""Cells of the bar; fewer in a narrow window."""
COLUMN, GAP = 14, " " * 5


def wait_rows(wait: Waited, width: int, zone: tzinfo | None) -> list[Content]:
    """How far, until when, the deadline, and when it was read."""
    return [
        *how_far(wait, width), Content(""), *until_when(wait, width, zone, wait.look),
        *block(wait.until(), width - 1, 4), *block(wait.reading(), width - 1, 4),
    ]  # fmt: skip


def how_far(wait: Waited, width: int) -> list[Content]:
    """The bar; the amount and the rates, the one at the start on a row of its own where it has no room."""
    room = min(BAR, width - 14)
    full = int(room * wait.course.share)
    bar = line("    ", ("█" * full, "bold"), ("░" * (room - full), "$text-muted"), f"  {wait.course.percent}")
    parts = [part for part in (wait.amount(), *wait.pace()) if part]
    whole = GAP.join(parts)
    texts = [whole] if cell_len(whole) <= width - 5 else [GAP.join(parts[:-1]), parts[-1]]
    return [bar, *(line("    ", text) for text in texts if text)]


def until_when(wait: Waited, width: int, zone: tzinfo | None, look: str = "") -> list[Content]:
    """When it will be done; where nothing moves, since when and what to look at."""
    if not wait.stands():
        return lines_of(block(text, width - 1, 4) for text in wait.end(zone))
    first, *rest = hang("", f"{wait.stands()} {look}".rstrip(), width, 13, "$warning")
    return [line("    ", ("▲ warn", "$warning"), first[10:]), *rest]


def meanwhile(wait: Waited, session: RunSession, width: int) -> list[Content]:
    """What may be done meanwhile, where that is certain; and what comes after it."""
    rows: list[Content] = []
    if wait.closable:
        rows += hang("Meanwhile", "You may close this program. What is waited for goes on.", width, COLUMN)
        rows += [line(" " * COLUMN, row) for row in take_up(session.folder, width - COLUMN - 1)]
    after = then(session.plan, wait.step)
    rows += hang("Then", after, width, COLUMN) if after else []
    return [Content(""), *rows] if rows else []
