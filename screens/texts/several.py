"""The options of an input that takes several values: groups as headings, `[x]` before what is taken."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from screens.texts.choices import Item
from screens.texts.line import cut, line, pad, visible, wrap
from tui.core.scenario import Option, grouped

LONGEST = 24
"""Cells of the longest value that is shown whole beside its note."""


def several_items(options: Sequence[Option], ticked: Collection[str], width: int) -> list[Item]:
    """`  [x] SRV-DB01   Off, 64 GB`, under its group; what cannot be chosen says why."""
    longest = min(LONGEST, max((len(visible(option.value)) for option in options), default=0))
    items: list[Item] = []
    group = ""
    for option in grouped(options):
        if option.group != group:
            group = option.group
            items.append(_heading(group, options, ticked, width))
        items.append(_item(option, option.value in ticked, longest, width))
    return items


def _heading(group: str, options: Sequence[Option], ticked: Collection[str], width: int) -> Item:
    names = [option.value for option in options if option.group == group]
    count = f"{sum(name in ticked for name in names)} of {len(names)}"
    text = cut(visible(group), width - 20)
    return Item(f"group:{group}", (line("    ", (text, "bold"), (f"   {count}", "$text-muted")),), False)


def _item(option: Option, ticked: bool, longest: int, width: int) -> Item:
    column = 4 + 4 + longest + 3
    words = (option.note, option.recommended, f"not possible: {option.problem}" if option.problem else "")
    rows = wrap("    ".join(word for word in words if word), width - column - 1)
    style = "$text-muted" if option.problem else "bold" if ticked else ""
    box = " –  " if option.problem else "[x] " if ticked else "[ ] "
    name = pad(visible(option.value), longest)
    first = line((f"    {box}{name}   ", style), (rows[0], "$text-muted"))
    return Item(option.value, (first, *(line(" " * column, (row, "$text-muted")) for row in rows[1:])),
                not option.problem)  # fmt: skip
