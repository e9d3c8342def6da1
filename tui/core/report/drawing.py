"""The timeline as SVG inside the page: no script, each row with its name, so that nothing hangs on a colour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from tui.core.clock import hms, span
from tui.core.report.page import Html, el
from tui.core.report.scale import Scale, scale
from tui.core.report.timeline import Bar, Mark, Row, Timeline

WIDTH, LEFT, RIGHT = 760.0, 96.0, 676.0
"""Units: names stand left of LEFT, sums right of RIGHT."""
ROW, BAR, TOP = 26.0, 15.0, 46.0
LABEL = 24.0
"""Width and height that a mark's letters take."""
MARKED = frozenset({"failure", "override"})
"""Marks that stand out."""


def drawing(line: Timeline) -> Html:
    """The picture; nothing for a record without a span of time."""
    if line.end <= line.begin:
        return Html("")
    away = next((row.bars for row in line.rows if row.kind == "away"), ())
    along = scale(line.begin, line.end, away, LEFT, RIGHT)
    rows = [row for row in line.rows if row.bars]
    bottom = TOP + ROW * len(rows)
    levels = placed(line.marks, along)
    height = bottom + LABEL * (max(levels, default=-1) + 1) + 14
    parts = [
        el("title", f"{hms(line.begin)} to {hms(line.end)}: whose time it was, {len(line.marks)} decision points"),
        *_axis(along, bottom, line.begin),
        *(part for n, row in enumerate(rows) for part in _row(row, TOP + ROW * n, along)),
        *(part for mark, level in zip(line.marks, levels, strict=True) for part in _mark(mark, level, along, bottom)),
    ]  # fmt: skip
    return Html(f'<svg role="img" viewBox="0 0 {WIDTH:.0f} {height:.0f}">{"".join(parts)}</svg>')


def placed(marks: Sequence[Mark], along: Scale) -> list[int]:
    """The level of each mark's letters: the first one where they overlap none before them."""
    ends: list[float] = []
    levels: list[int] = []
    for mark in marks:
        at = along.x(mark.at)
        level = next((n for n, end in enumerate(ends) if at - LABEL / 2 >= end), len(ends))
        ends[level : level + 1] = [at + LABEL / 2]
        levels.append(level)
    return levels


def _axis(along: Scale, bottom: float, begin: float) -> list[Html]:
    day = datetime.fromtimestamp(begin, UTC).strftime("%d %b %Y")
    parts = [_text(0, 10, f"{day}, times in UTC", "small")]
    for at in along.ticks(52):
        x = along.x(at)
        parts += [_line(x, TOP - 12, x, bottom), _text(x, TOP - 16, _clock(at), "small mid")]
    return parts


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M" if at % 60 == 0 else "%H:%M:%S")


def _row(row: Row, y: float, along: Scale) -> list[Html]:
    parts = [_text(0, y + 12, _short(row.name, 14))]
    for bar in row.bars:
        parts += _bar(row, bar, y, along)
    total = sum(bar.end - bar.begin for bar in row.bars)
    number = f"{len(row.bars)} step{'s' if len(row.bars) > 1 else ''}"
    return [*parts, _text(RIGHT + 8, y + 12, number if row.kind == "steps" else span(total))]


def _bar(row: Row, bar: Bar, y: float, along: Scale) -> list[Html]:
    x, right = along.x(bar.begin), along.x(bar.end)
    width = max(1.0, right - x)
    told = f"{row.name} {bar.label}: {hms(bar.begin)} to {hms(bar.end)}, {span(bar.end - bar.begin)}"
    parts = [_box(row.kind, x, y, width, BAR, told)]
    if bar.label and width >= 7.0 * len(bar.label) + 2:
        parts.append(_text(x + width / 2, y + 11.5, bar.label, "small mid"))
    elif row.kind == "away":
        parts.append(_text(x + width / 2, y + 11.5, span(bar.end - bar.begin), "small mid"))
    return parts


def _mark(mark: Mark, level: int, along: Scale, bottom: float) -> list[Html]:
    x, y = along.x(mark.at), bottom + LABEL * level + LABEL / 2 + 4
    kind = "bad" if mark.kind in MARKED else "mark"
    told = f"{mark.letter} {hms(mark.at)} {mark.kind}: {mark.what}"
    return [_line(x, TOP - 6, x, y - 9), _box(kind, x - 10, y - 9, 20, 18, told),
            _text(x, y + 4, mark.letter, "small mid")]  # fmt: skip


def _box(kind: str, x: float, y: float, width: float, height: float, told: str) -> Html:
    """A box with its words for who points at it. Its look is in its attributes too: a drawing may leave its page."""
    fill, stroke, thick, round_ = LOOKS[kind]
    return el("rect", el("title", told), class_=f"b-{kind}", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{width:.1f}",
              height=f"{height:.1f}", fill=fill, stroke=stroke, stroke_width=thick, rx=round_)  # fmt: skip


LOOKS = {
    "machine": ("#777", "none", "0", ""), "you": ("#1f5fbf", "none", "0", ""), "away": ("#ddd", "#777", "1", ""),
    "steps": ("#f3f3f3", "#111", "1", ""), "mark": ("#fff", "#111", "1", "9"), "bad": ("#fff", "#b00020", "2.5", ""),
}  # fmt: skip
"""By kind: fill, stroke, its width, round corners."""


def _line(x: float, y: float, right: float, bottom: float) -> Html:
    return el("line", class_="axis", x1=f"{x:.1f}", y1=f"{y:.1f}", x2=f"{right:.1f}", y2=f"{bottom:.1f}", stroke="#999")


def _text(x: float, y: float, words: str, class_: str = "") -> Html:
    small, middle = "small" in class_, "mid" in class_
    return el("text", words, class_=class_, x=f"{x:.1f}", y=f"{y:.1f}", font_family="sans-serif",
              font_size="10.5" if small else "12", text_anchor="middle" if middle else "start")  # fmt: skip


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
