"""The three header rows of every view: mode and site, the clock of the outage, the rule with the title."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from screens.texts.line import Part, cut, ends, line, middle, visible
from tui.core.clock import hm, span

if TYPE_CHECKING:
    from tui.core.front import Situation


def header(situation: Situation, now: float, zone: tzinfo | None, title: str, right: Part, width: int,
           rto: str = "") -> list[Content]:  # fmt: skip
    """`rto` stands in for the rest of the RTO once a run has ended. Rows 1 to 3, each exactly `width` cells."""
    return [
        _who(situation, now, zone, width),
        _when(situation, now, right, width, rto),
        _rule(situation, right, title, width),
    ]


def _who(situation: Situation, now: float, zone: tzinfo | None, width: int) -> Content:
    clocks = f"{hm(now)}  {local(now, zone)}"
    live = situation.mode == "LIVE"
    badge = f" {situation.mode} "
    room = width - len(badge) - cell_len(clocks) - 4
    place = visible(situation.way or situation.site)
    scenario = visible(situation.scenario or "no scenario chosen")
    if cell_len(place) + 2 + cell_len(scenario) > room:
        scenario = middle(scenario, max(12, room - 2 - cell_len(place)))
        place = middle(place, room - 2 - cell_len(scenario))
    left = line((badge, "bold reverse" if live else "reverse $secondary"), " ", (place, "bold"), "  ", scenario)
    return ends(left, f"{clocks} ", width)


def _when(situation: Situation, now: float, right: Part, width: int, ended: str) -> Content:
    end = line(right)
    if situation.lab_time and not end.plain:
        end = line(("lab time", "$text-muted"))
    left = _elapsed(situation, now, True, ended)
    if left.cell_length + end.cell_length + 2 >= width:
        left = _elapsed(situation, now, False, ended)
    return ends(left, line(end, " "), width)


def _elapsed(situation: Situation, now: float, long: bool, ended: str) -> Content:
    rto = line(ended) if ended else rto_word(situation, now)
    if not situation.declared:
        return line(" no outage declared  ", rto)
    since = f"{hm(situation.declared)}, " if long else ""
    return line(f" declared {since}{ago(now - situation.declared)} ago  ", rto)


def rto_word(situation: Situation, now: float) -> Content:
    """`RTO 2 h: 1 h 18 left`; amber in its last fifth and after it, never red."""
    if not situation.rto:
        return line("RTO not set")
    name = f"RTO {hours(situation.rto)}"
    if not situation.declared:
        return line(name)
    left = situation.declared + situation.rto - now
    if left < 0:
        return line((f"▲ {name}: over by {hours(-left)}", "$warning"))
    if left <= situation.rto / 5:
        return line((f"▲ {name}: {hours(left)} left", "$warning"))
    return line(f"{name}: {hours(left)} left")


def _rule(situation: Situation, right: Part, title: str, width: int) -> Content:
    double = situation.mode == "LIVE"
    tail = " lab time " if situation.lab_time and line(right).plain else ""
    head = f"{'══' if double else '──'} {cut(visible(title), width - 8 - len(tail))} "
    room = width - cell_len(head) - len(tail)
    end = ("══" if double else "──") if tail else ""
    room -= len(end)
    dashes = "═" * room if double else ("─ " * room)[:room]
    return line((head[:3], "$text-muted"), (head[3:], "bold"), (dashes + tail + end, "$text-muted"))


def local(now: float, zone: tzinfo | None) -> str:
    """`03:56 CET`; a long name of a zone is shown by its capitals."""
    there = datetime.fromtimestamp(now, UTC).astimezone(zone)
    name = there.tzname() or ""
    if len(name) > 5:
        name = "".join(char for char in name if char.isupper())[:5]
    return f"{there:%H:%M} {name}".rstrip()


def hours(seconds: float) -> str:
    """`2 h`, `1 h 18`, `54 min`, `40 s`."""
    minutes = int(seconds) // 60
    if minutes < 2:
        return f"{int(seconds)} s"
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes // 60} h {minutes % 60:02d}"


def ago(seconds: float) -> str:
    """`97 s`, `66 min`, `1 h 48`."""
    minutes = int(seconds) // 60
    return hours(seconds) if minutes < 2 or minutes >= 100 else f"{minutes} min"


def against_usual(name: str, elapsed: float, usual: float) -> Content:
    """`step 41 s, usual 70 s`; amber from twice the usual on."""
    text = f"{name} {brief(elapsed)}, usual {brief(usual)}" if usual else f"{name} {brief(elapsed)}"
    return line((f"▲ {text}", "$warning")) if usual and elapsed > 2 * usual else line(text)


def brief(seconds: float) -> str:
    """Seconds up to five minutes, then minutes."""
    whole = max(0, int(seconds))
    return f"{whole} s" if whole < 300 else span(whole)
