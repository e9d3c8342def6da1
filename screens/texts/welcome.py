"""The first screen's texts: the mode in large letters, and how fresh the practice is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from screens.texts.choices import Numbered
from screens.texts.line import Part, cut, line, muted, pad, visible, wrap
from tui.core.clock import hm

if TYPE_CHECKING:
    from tui.core.front import PracticeAge, Welcome

LETTERS = {
    "DRILL": (
        "██████   ██████   ██  ██      ██     ",
        "██   ██  ██   ██  ██  ██      ██     ",
        "██   ██  ██████   ██  ██      ██     ",
        "██   ██  ██   ██  ██  ██      ██     ",
        "██████   ██   ██  ██  ██████  ██████ ",
    ),
    "LIVE": (
        "██      ██  ██    ██  ███████        ",
        "██      ██  ██    ██  ██             ",
        "██      ██  ██    ██  █████          ",
        "██      ██   ██  ██   ██             ",
        "██████  ██    ████    ███████        ",
    ),
}
SAYS = {
    "DRILL": (
        "Simulated site on this computer.",
        "Nothing real can be reached.",
        "Same screens, same commands as LIVE.",
    ),
    "LIVE": ("Every command you confirm", "goes to real hosts."),
}
FRESH_DAYS = 30


def banner(mode: str, date: str, width: int) -> list[Content]:
    """Five rows of letters, with what they mean beside them."""
    letters = LETTERS.get(mode, LETTERS["LIVE"])
    says = [*SAYS.get(mode, ()), ""]
    says += [""] * (4 - len(says)) + [date]
    style = "$secondary" if mode == "DRILL" else "bold $foreground"
    return [line("   ", (row, style), " ", cut(text, width - 42)) for row, text in zip(letters, says[:5], strict=True)]


def choices(view: Welcome, now: float) -> tuple[Numbered, ...]:
    """Unfinished runs first, then something new, then reports."""
    found = [
        Numbered(
            f"take up:{run.run}", f"Take up {run.title}", f"stopped {hm(run.at)}", more=run.note, refused=run.problem
        )
        for run in view.unfinished
    ]
    refused = "" if view.can_start else "see above"
    found.append(Numbered("new", "Start something new", "4 questions, then the plan", refused=refused))
    count = len(view.earlier)
    note = f"{count} run{'s' if count != 1 else ''}" if count else ""
    found.append(Numbered("report", "Reports and earlier runs", note, refused="" if count else "none yet"))
    return tuple(found)


def unfinished_line(view: Welcome) -> list[Content]:
    """What stands before the choices."""
    count = len(view.unfinished)
    if count:
        return [muted(f"  {count} run{'s are' if count > 1 else ' is'} not finished")]
    if not view.earlier:
        return [line("  Nothing to take up. This is the first start on this computer.")]
    return []


def ages(found: Sequence[PracticeAge], width: int) -> list[Content]:
    """When each scenario was last rehearsed; a drill counts for 30 days."""
    if not found:
        return []
    rows = [Content(""), muted(f"  {pad('Last good drill', 34)}{pad('You', 20)}Anyone on this site")]
    for age in found:
        rows.append(line(f"    {pad(visible(age.title), 30)}  ", *_age(age.yours, 20), *_age(age.anyone, 20)))
    return [*rows, muted("  A drill counts for 30 days.")]


def _age(days: int | None, width: int) -> tuple[Part, ...]:
    text = "never" if days is None else f"{days:2d} day{'s' if days != 1 else ''}"
    if days is not None and days <= FRESH_DAYS:
        return (pad(f"√ ok    {text}", width),)
    return ("", ("▲ warn", "$warning"), pad(f"  {text}", width - 6))


def story(rows: Sequence[str], width: int) -> list[Content]:
    """A drill's story."""
    return [line("  ", piece) for text in rows for piece in wrap(text, width - 3)] + ([Content("")] if rows else [])
