"""A wait that is under way, in sentences: how far, how fast, until when. Both front ends say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from tui.core.action import Copy, PowerShell
from tui.core.clock import hms, span
from tui.core.engine.patience import UNDER_WAY
from tui.core.facts import split
from tui.core.plan import Plan, Step, Tier
from tui.core.state import Course, RunState
from tui.core.waits import RECENT, Outlook, outlook

MB_IN_GB = 1024


@dataclass(frozen=True, slots=True)
class Waited:
    """One wait as it stands at `now`. All times are site time (epoch seconds)."""

    step: Step
    course: Course
    outlook: Outlook
    since: float
    now: float
    closable: bool
    """Whether this program may be closed meanwhile: the wait only reads, and nothing else is under way."""

    @property
    def deadline(self) -> float:
        """From when on a person is asked."""
        return self.since + (self.step.wait or UNDER_WAY).deadline

    @property
    def read(self) -> float:
        """When it was read last."""
        return self.course.points[-1][0]

    def amount(self) -> str:
        """`118 of 187 GB`; empty where the unit is the percentage itself."""
        course = self.course
        if course.unit == "%":
            return ""
        return f"{_count(course.points[-1][1], course.total)} of {_count(course.total, course.total)} {course.unit}"

    def pace(self) -> tuple[str, ...]:
        """`48 MB/s over the last 10 min`, `was 51 MB/s at the start`: the second once both are not the same."""
        seen, course = self.outlook, self.course
        gone = self.read - course.points[0][0]
        if seen.rate <= 0:
            return ()
        now = f"{_rate(seen.rate, course.unit)} over the last {span(min(gone, RECENT))}"
        at_first = gone > RECENT and seen.rate_at_first > 0
        return (now, f"was {_rate(seen.rate_at_first, course.unit)} at the start") if at_first else (now,)

    def stands(self) -> str:
        """Since when nothing moved; empty while it moves."""
        since = self.outlook.stalled
        return f"{self.course.percent} since {_minute(since, self.now)} UTC, {span(self.now - since)}." if since else ""

    @property
    def look(self) -> str:
        """What to look at where nothing moves."""
        return self.step.remedy or "Look at what it waits for."

    def end(self, zone: tzinfo | None = None) -> tuple[str, ...]:
        """When it will be done, or why that is not told; and that this is after the deadline, where it may be."""
        seen = self.outlook
        if not seen.latest:
            return (seen.why,)
        first, last = _minute(seen.earliest, self.now), _minute(seen.latest, self.now)
        here = [datetime.fromtimestamp(at, UTC).astimezone(zone) for at in (seen.earliest, seen.latest)]
        name = here[1].tzname() or ""
        local = f" ({here[0]:%H:%M} and {here[1]:%H:%M} {name})" if here[1].utcoffset() else ""
        told = (
            f"Done between {first} and {last} UTC{local}, in {_apart(seen.earliest - self.now, seen.latest - self.now)}"
        )
        if seen.latest <= self.deadline or self.now >= self.deadline:
            return (f"{told}.",)
        return (f"{told}.", f"That {'is' if seen.earliest > self.deadline else 'may be'} after the deadline.")

    def until(self) -> str:
        """The deadline, and what it means."""
        if self.now >= self.deadline:
            return f"The deadline, {_minute(self.deadline, self.now)} UTC, has passed. Nothing is cancelled."
        return f"Deadline {_minute(self.deadline, self.now)} UTC. If it passes, you are asked; nothing is cancelled."

    def reading(self) -> str:
        """`Last read 02:51:00 UTC, next in 22 s.`"""
        rest = self.read + (self.step.wait or UNDER_WAY).every - self.now
        return f"Last read {hms(self.read)}, {f'next in {span(rest)}' if rest >= 1 else 'read again now'}."


def waited(plan: Plan, state: RunState, step: Step | None, now: float) -> Waited | None:
    """The wait of this step; None while it waits for nothing that tells how far it is."""
    known = state.step(step.id) if step is not None else None
    if step is None or known is None or known.course is None or not known.waits:
        return None
    closable = step.act is None and not state.in_flight and not split(step.id)[1]
    return Waited(step, known.course, outlook(known.course, now), known.since, now, closable)


def then(plan: Plan, step: Step) -> str:
    """What comes after it: whether that asks first. Empty for the last step."""
    steps = list(plan.lane(step.id))
    here = next((n for n, one in enumerate(steps) if one.id == step.id), len(steps))
    coming = next(iter(steps[here + 1 :]), None)
    if coming is None:
        return ""
    if not any({step.id, coming.id} <= {one.id for one in phase.steps} for phase in plan.phases):
        return "a pause: you are asked before the next phase begins."
    action = coming.preview(plan.facts_of(coming.id))
    changes = isinstance(action, PowerShell | Copy) and action.changes
    if changes or coming.gate.tier is not Tier.NONE or coming.attest is not None or coming.decide is not None:
        return f"step {plan.number(coming.id)} asks you first."
    return f"step {plan.number(coming.id)} goes on by itself: it only reads."


def sentences(wait: Waited, zone: tzinfo | None = None) -> Iterator[str]:
    """All of it, one after the other, for a line of text."""
    yield from how_far(wait, zone)
    if wait.stands():
        yield wait.look
    yield wait.until()
    yield wait.reading()
    if wait.closable:
        yield "You may close this program: what is waited for goes on."


def how_far(wait: Waited, zone: tzinfo | None = None) -> Iterator[str]:
    """How far it is, and when it will be done."""
    yield ", ".join(part for part in (wait.course.percent, wait.amount(), *wait.pace()) if part) + "."
    if wait.stands():
        yield f"Warning: {wait.stands()}"
    else:
        yield from wait.end(zone)


def _count(value: float, total: float) -> str:
    """Whole numbers, but for small totals with one decimal."""
    return f"{value:,.0f}" if total >= 20 or value == int(value) else f"{value:,.1f}"


def _rate(rate: float, unit: str) -> str:
    """Per second in MB for GB; else per second, minute or hour, so that the number is not below 1."""
    if unit == "GB":
        return f"{rate * MB_IN_GB:,.0f} MB/s" if rate * MB_IN_GB >= 1 else f"{rate * MB_IN_GB * 60:,.1f} MB/min"
    seconds, word = next(((s, w) for s, w in ((1, "s"), (60, "min")) if rate * s >= 1), (3600, "h"))
    return f"{rate * seconds:,.1f} {unit} a {word}"


def _minute(at: float, now: float) -> str:
    """`03:12`, with its day where that is another one."""
    there, here = datetime.fromtimestamp(at, UTC), datetime.fromtimestamp(now, UTC)
    return f"{there:%H:%M}" if there.date() == here.date() else f"{there:%a %d %b %H:%M}"


def _apart(first: float, last: float) -> str:
    """`21 to 29 min`; `50 s to 3 min` where the units differ."""
    near, far = span(first), span(last)
    same = near.split(" ")[-1] == far.split(" ")[-1] and near.count(" ") == far.count(" ") == 1
    return f"{near.split(' ')[0]} to {far}" if same else f"{near} to {far}"
