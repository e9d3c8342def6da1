"""When something under way will be done, drawn from its own history: a span, never one number, or why none is given."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from tui.core.state import Course

ENOUGH_TIME, ENOUGH_WAY = 600.0, 0.2
"""Seconds of history, or share of the way, from which an end can be told: a start is no measure of the rest."""
RECENT = 600.0
"""Seconds of the rate of now."""
SPREAD = 0.15
"""By how much a rate may change until the end, at least: disks and networks in an outage are not steady."""
STALL = 8
"""Times the usual pause between two steps after which it stands."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a wait stands. Times are site time; rates in units a second; 0.0 = not known.

    `earliest` and `latest` bound the end; without them `why` says why no end is told. `stalled` is since when nothing
    moved, 0.0 while it does.
    """

    share: float
    rate: float = 0.0
    rate_at_first: float = 0.0
    earliest: float = 0.0
    latest: float = 0.0
    stalled: float = 0.0
    why: str = ""


def outlook(course: Course, now: float) -> Outlook:
    """Read the history as it is at `now`."""
    at, done = course.points[-1]
    share = course.share
    began, first = course.points[0]
    stalled = _stalled(course, now)
    recent = next((point for point in course.points if point[0] >= at - RECENT), course.points[0])
    rate = (done - recent[1]) / (at - recent[0]) if at > recent[0] else 0.0
    whole = (done - first) / (at - began) if at > began else 0.0
    known = Outlook(share, rate, _at_first(course), stalled=stalled)
    if at - began < ENOUGH_TIME and share < ENOUGH_WAY:
        return _without(known, "Too early for an estimate.")
    if stalled or rate <= 0 or whole <= 0:
        return _without(known, "No end can be told while nothing moves." if stalled else "Too early for an estimate.")
    rest = course.total - done
    fast, slow = max(rate, whole) * (1 + SPREAD), min(rate, whole) * (1 - SPREAD)
    return Outlook(share, rate, known.rate_at_first, at + rest / fast, at + rest / slow)


def _without(known: Outlook, why: str) -> Outlook:
    return Outlook(known.share, known.rate, known.rate_at_first, stalled=known.stalled, why=why)


def _at_first(course: Course) -> float:
    """The rate of the first ten minutes."""
    began, first = course.points[0]
    at, done = next((point for point in reversed(course.points) if point[0] <= began + RECENT), course.points[0])
    return (done - first) / (at - began) if at > began else 0.0


def _stalled(course: Course, now: float) -> float:
    """Since when nothing moved, where that is long against its own steps; 0.0 while it moves."""
    moves = [later[0] for earlier, later in pairwise(course.points) if later[1] > earlier[1]]
    if not moves:
        return 0.0
    steps = [after - before for before, after in pairwise([course.points[0][0], *moves])]
    usual = sorted(steps)[len(steps) // 2]
    return moves[-1] if now - moves[-1] > max(STALL * usual, 60.0) else 0.0
