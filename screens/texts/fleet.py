"""Several VMs side by side: the waves, one row a VM, and what needs a person, for a width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from screens.texts.choices import Item
from screens.texts.line import cut, line, muted, pad, rule, visible
from screens.verdicts import STANDS
from tui.core.clock import hm, span
from tui.core.fleet import counts
from tui.core.standing import Need, Row, Stand, Waits, Wave

NAMES = 20
"""Cells of the longest name that is shown whole."""
FOLD = 12
"""VMs that have a row each at 80 columns; with more, those that are through are one line."""
DONE = "done:"
"""The key of that line."""
STATE, FOR, USUAL, OWNER = 10, 7, 10, 9
ROOMY = 110
"""From so many columns on a row also has owner, usual and what the host said."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of the columns that depend on the window and the names."""

    name: int
    now: int
    said: int

    @classmethod
    def of(cls, rows: Sequence[Row], width: int) -> Columns:
        """What the window has room for."""
        name = min(NAMES, max((cell_len(visible(row.vm)) for row in rows), default=2)) + 2
        rest = width - 4 - name - 8 - STATE - FOR - 2
        if width < ROOMY:
            return cls(name, rest, 0)
        rest -= OWNER + USUAL - 2
        now = min(60, max(30, rest // 2))
        return cls(name, now, rest - now)


def wave_rows(waves: Sequence[Wave], here: Wave, rows: Sequence[Row], width: int) -> list[Content]:
    """The waves on one line, then how many VMs stand how."""
    totals = "   ".join(f"{count} {word}" for count, word in counts(rows))
    shown = _waves_wide(waves, here, width) if width >= ROOMY else _waves_narrow(waves, here, rows, width)
    return [shown, line(f"  {totals}"), *([Content("")] if width >= ROOMY else [])]


def _waves_narrow(waves: Sequence[Wave], here: Wave, rows: Sequence[Row], width: int) -> Content:
    texts = []
    if here.number > 1:
        before = waves[here.number - 2]
        texts.append(f"Wave {before.number} {complete(before)}.")
    after = waves[here.number] if here.number < len(waves) else None
    stuck = [row.vm for row in rows if row.stand.needs_you]
    if after is not None and stuck and not any(row.stand.goes or row.stand is Stand.NOT_YET for row in rows):
        texts.append(f"Wave {after.number} does not start: {_named(stuck, width // 3)} open.")
    elif after is not None:
        texts.append(f"Wave {after.number}, {vms(len(after.vms))}, starts after all {len(here.vms)}.")
    return line(cut("  " + ("  ".join(texts) or visible(here.phase)), width))


def _named(names: Sequence[str], room: int) -> str:
    """`SRV-APP07 is`, `SRV-APP07, SRV-APP08 are`, with how many more where there is no room."""
    text = ", ".join(map(visible, names))
    if cell_len(text) > room:
        text = vms(len(names))
    return f"{text} {'is' if len(names) == 1 else 'are'}"


def _waves_wide(waves: Sequence[Wave], here: Wave, width: int) -> Content:
    whole = [_wave(wave, here, f"  {visible(wave.name)}") for wave in waves]
    names = sum(map(cell_len, whole)) + 3 * len(whole) <= width
    parts = whole if names else [_wave(wave, here, "") for wave in waves]
    return line(cut("  " + "   ".join(parts), width))


def _wave(wave: Wave, here: Wave, name: str) -> str:
    name = "" if wave.name == f"Wave {wave.number}" else name
    through = f"{wave.whole} of {len(wave.vms)}"
    if wave.complete:
        skipped = f", {len(wave.skipped)} skipped" if wave.skipped else ""
        return f"Wave {wave.number}{name}  √ complete {hm(wave.ended)}, {through}{skipped}"
    return f"Wave {wave.number}{name}  {'●' if wave.number == here.number else '○'} {through}"


def complete(wave: Wave) -> str:
    """`complete 03:19 UTC: 11 of 12 VMs, 1 skipped`."""
    skipped = f", {len(wave.skipped)} skipped" if wave.skipped else ""
    return f"complete {hm(wave.ended)}: {wave.whole} of {vms(len(wave.vms))}{skipped}"


def vms(count: int) -> str:
    """`1 VM`, `12 VMs`."""
    return f"{count} VM{'s' if count != 1 else ''}"


def head(columns: Columns, width: int) -> Content:
    """The names of the columns."""
    wide = columns.said > 0
    text = f"    {pad('VM', columns.name)}{pad('step', 8)}{pad('now', columns.now)}"
    text += pad("owner", OWNER) if wide else ""
    text += pad("state", STATE) + pad("for", FOR)
    text += f"  {pad('usual', USUAL - 2)}what the host said last" if wide else ""
    return muted(cut(text, width))


def items(rows: Sequence[Row], marked: str, now: float, columns: Columns, most: int) -> list[Item]:
    """A row a VM, in the plan's order; where there are more than `most`, those that are done are one line.

    A VM with a skipped step keeps its row: a skip is never hidden among what is done.
    """
    through = [row for row in rows if row.stand in (Stand.DONE, Stand.HAND) and row.vm != marked]
    if len(rows) <= most or len(through) < 2:
        return [_item(row, now, columns) for row in rows]
    text = f"{len(through)} done: {', '.join(visible(row.vm) for row in through)}"
    width = columns.name + 8 + columns.now + STATE + FOR
    folded = Item(DONE, (line("  √ ", cut(text, width)),), False)
    return [folded, *(_item(row, now, columns) for row in rows if row not in through)]


def _item(row: Row, now: float, columns: Columns) -> Item:
    sign, word, style = STANDS[row.stand]
    wide = columns.said > 0
    step = f"{row.number:>2}/{row.count}"
    doing = _doing_wide(row) if wide else _doing(row)
    parts = [
        line("  ", (sign, style), f" {pad(visible(row.vm), columns.name)}{pad(f'{step:>5}', 8)}"),
        line(pad(visible(doing), columns.now - 1) + " "),
        line(pad(visible(row.host), OWNER) if wide else ""),
        line((pad(word, STATE), style)),
        line(f"{span(row.took(now)) if row.since else '':>6} "),
    ]
    if wide:
        parts.append(line(f"  {span(row.usual) if row.usual else '':>6}  {cut(visible(_said(row)), columns.said)}"))
    return Item(row.vm, (line(*parts),))


def _doing(row: Row) -> str:
    """What it does now and what was read of it, in one text."""
    if row.hand:
        return f"step {row.hand} by hand, proved: {row.said}"
    if row.stand is Stand.SKIPPED:
        return f"{row.title}: {row.said}"
    if row.stand.through:
        return row.said or row.title
    if row.waits is not None:
        return waiting(row.waits)
    if row.progress:
        return f"{row.title}: {row.progress}"
    if row.stand in (Stand.RUNNING, Stand.PROVING) and row.said not in ("", "no output yet"):
        return f"{row.title}: {row.said}"
    return row.title


def _doing_wide(row: Row) -> str:
    if not row.stand.through:
        return row.title
    return f"done {hm(row.ended)}" + (f", step {row.hand} by hand" if row.hand else "")


def _said(row: Row) -> str:
    if row.waits is not None:
        return waiting(row.waits)
    return row.cause or (f"{row.progress}: {row.said}" if row.progress and "%" not in row.said else row.said)


def waiting(waits: Waits) -> str:
    """`2nd for the vault of AZL-HAM, 1 at a time`."""
    return f"{_ordinal(waits.place)} for {waits.shared}, {waits.at_once} at a time"


def _ordinal(number: int) -> str:
    last = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 10 <= number % 100 <= 20 else last}"


def need_rows(needs: Sequence[Need], rows: Sequence[Row], width: int, most: int) -> list[Content]:
    """`Needs you, worst first`: one row a cause, then what goes on meanwhile. At most so many rows."""
    going = sum(row.stand.goes for row in rows)
    if not needs:
        return [rule("Nothing needs you now", width)]
    name = max(cell_len(_who(need)) for need in needs)
    room = most - 2 if going else most - 1
    shown = needs if len(needs) <= room else needs[: max(1, room - 1)]
    found = [_need(need, name, width) for need in shown]
    hidden = sum(len(need.vms) for need in needs[len(shown) :])
    more = [muted(f"  and {vms(hidden)} more in the table: tab marks the next one that needs you.")] if hidden else []
    others = f"The other {going} go" if going != 1 else "The other one goes"
    on = f"  {others} on. An answer changes 1 VM; stop and undo, the whole run."
    return [rule("Needs you, worst first", width), *found, *more, *([muted(on)] if going else [])]


def _who(need: Need) -> str:
    return visible(need.vms[0]) if len(need.vms) == 1 else vms(len(need.vms))


def _need(need: Need, name: int, width: int) -> Content:
    sign, _, style = STANDS[need.stand]
    one = len(need.vms) == 1
    said = ": ".join(part for part in (need.title, need.cause.rstrip(".")) if part)
    todo = _todo(need)
    if not one:
        todo = ", ".join(need.vms)
    joined = f"{said}: {todo}" if not one else f"{said}{todo}"
    return line("  ", (sign, style), f" {pad(_who(need), name)}  {cut(visible(joined), width - name - 7)}")


def _todo(need: Need) -> str:
    if need.stand is Stand.DECLINED:
        return ". It was answered with not now. Open it."
    if need.stand is not Stand.ASKS:
        return ". Open it."
    if need.phrase:
        return ": no return after it. Open it." if need.no_return else f". Open it, type {need.phrase}"
    return ". Open it."
