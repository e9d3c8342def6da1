"""Where a time stands on the drawing: true to scale, but a long absence is drawn short, and says how long it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tui.core.report.timeline import Bar

AWAY_AT_MOST = 0.12
"""Share of the width that one absence may take."""
TICKS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
"""Seconds between two ticks that people count in."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the time and of the width. `cut`: an absence that is drawn shorter than it was."""

    begin: float
    end: float
    left: float
    right: float
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Time to units of the drawing."""

    stretches: tuple[Stretch, ...]

    def x(self, at: float) -> float:
        """Where this time stands; what is outside stands at the edge."""
        for part in self.stretches:
            if at <= part.end:
                share = (max(at, part.begin) - part.begin) / (part.end - part.begin) if part.end > part.begin else 0.0
                return part.left + share * (part.right - part.left)
        return self.stretches[-1].right

    def ticks(self, gap: float) -> Iterator[float]:
        """Round times, at least `gap` units apart, none in an absence that is cut."""
        rates = [(p.end - p.begin) / (p.right - p.left) for p in self.stretches if not p.cut and p.right > p.left]
        every = next((tick for tick in TICKS if tick >= gap * max(rates, default=1.0)), TICKS[-1])
        last = -gap
        for part in self.stretches:
            at = -(-part.begin // every) * every
            while not part.cut and at <= part.end:
                if self.x(at) - last >= gap:
                    last = self.x(at)
                    yield at
                at += every


def scale(begin: float, end: float, away: Iterable[Bar], left: float, right: float) -> Scale:
    """The scale of a run between these edges."""
    total = end - begin
    long = [bar for bar in away if bar.end - bar.begin > AWAY_AT_MOST * total]
    worked = total - sum(bar.end - bar.begin for bar in long)
    share = AWAY_AT_MOST if worked > 0 else 1.0 / max(1, len(long))
    share = min(share, 0.5 / max(1, len(long))) if worked > 0 else share
    rate = (right - left) * (1 - share * len(long)) / worked if worked > 0 else 0.0
    parts: list[Stretch] = []
    at, x = begin, left
    for bar in sorted(long, key=lambda bar: bar.begin):
        middle = x + (bar.begin - at) * rate
        parts += [Stretch(at, bar.begin, x, middle)] if bar.begin > at else []
        x = middle + share * (right - left)
        parts.append(Stretch(bar.begin, bar.end, middle, x, cut=True))
        at = bar.end
    return Scale((*parts, Stretch(at, end, x, right)))
