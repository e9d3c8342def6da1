"""Rows of the inputs: the fields with their values, the options of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from screens.texts.choices import Item
from screens.texts.line import cut, line, pad, visible, wrap
from tui.core.scenario import Field, Option


def field_rows(fields: Sequence[Field], chosen: Mapping[str, str], notes: Mapping[str, str], at: str,
               width: int) -> list[Content]:  # fmt: skip
    """`  √ ok   Target cluster   AZL-HAM   2 of 2 nodes up`; `●` is the field in work."""
    rows = []
    for field in fields:
        here = field.name == at
        has = field.name in chosen
        head = "● " if here else "  "
        state = "√ ok   " if has and not here else "○      " if not has and not here else "       "
        value = chosen.get(field.name, "choose" if here else "")
        several = value.count(", ") + 1 if field.many and ", " in value else 0
        value = f"{several} chosen" if several else value
        note = cut(visible(notes.get(field.name, "") if has else ""), width - 51)
        name = line((pad(visible(field.label), 23), "bold" if here else ""))
        style = "" if has or here else "$text-muted"
        rows.append(line(head, (state, style), name, pad(visible(value), 16), "  ", (note, "$text-muted")))
    return rows


def option_items(options: Sequence[Option], width: int) -> list[Item]:
    """One option a row, with what the host said of it, why we would take it, or why it cannot be chosen."""
    longest = min(24, max((len(visible(o.value)) for o in options), default=0))
    return [_item(option, longest, width) for option in options]


def _item(option: Option, longest: int, width: int) -> Item:
    column = 4 + longest + 3
    words = [w for w in (option.note, f"we would take this: {option.recommended}" if option.recommended else "",
                         f"not possible: {option.problem}" if option.problem else "") if w]  # fmt: skip
    rows = wrap("    ".join(words), width - column - 1)
    gutter = "  – " if option.problem else "    "
    style = "$text-muted" if option.problem else ""
    value = pad(visible(option.value), longest) if len(visible(option.value)) <= 24 else visible(option.value)
    if len(value) > longest:
        first = [line((cut(f"{gutter}{value}", width), style)), *(line(" " * column, (r, "$text-muted")) for r in rows)]
    else:
        first = [line((f"{gutter}{value}   ", style), (rows[0], "$text-muted"))]
        first += [line(" " * column, (row, "$text-muted")) for row in rows[1:]]
    return Item(option.value, tuple(first), not option.problem)
