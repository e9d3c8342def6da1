"""What the record tells of each VM besides its state: its open question, what a host said last, its place in line."""

from __future__ import annotations

from dataclasses import dataclass

from tui.core.events import (
    AnsweredEvent,
    Asked,
    Began,
    Ended,
    Event,
    Intended,
    Probed,
    Queued,
    Returned,
    Said,
    Stamped,
    TakenUp,
    Withdrawn,
)
from tui.core.facts import split

ERRORS = ("E", "T")
"""The frame's kinds for what went wrong."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One VM. Times are site time (epoch seconds), 0 while nothing happened."""

    asked: Asked | None = None
    said: str = ""
    """The last that a host answered, in a reading or while it worked."""
    since: float = 0.0
    """When the lane came to what it does now."""


class Watch:
    """Follows a run's events, in order."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}
        self._line: list[tuple[str, str]] = []

    def of(self, vm: str) -> Seen:
        """What is seen of this VM; of an empty name, of what all share."""
        return self._seen.get(vm, Seen())

    def place(self, step_id: str) -> int:
        """The step's place, from 1, among those that wait for the same thing; 0 when it does not wait."""
        shared = next((shared for shared, step in self._line if step == step_id), "")
        before = [step for name, step in self._line if name == shared]
        return before.index(step_id) + 1 if shared else 0

    def add(self, stamped: Stamped) -> None:
        """One event more."""
        event = stamped.event
        if isinstance(event, TakenUp):
            self._line.clear()
            self._seen = {vm: Seen(None, seen.said, seen.since) for vm, seen in self._seen.items()}
        step: str | None = getattr(event, "step", None)
        if step is None:
            return
        if isinstance(event, Began | Queued | Probed | Asked | Intended | Ended):
            self._line = [row for row in self._line if row[1] != step]
        if isinstance(event, Queued):
            self._line.append((event.shared, step))
        vm = split(step)[1]
        self._seen[vm] = _after(self.of(vm), event, stamped.at)


def _after(seen: Seen, event: Event, at: float) -> Seen:
    match event:
        case Asked():
            return Seen(event, seen.said, at)
        case AnsweredEvent() | Withdrawn() if seen.asked is not None and seen.asked.question == event.question:
            return Seen(None, seen.said, at)
        case Began() | Queued() | Ended():
            return Seen(seen.asked, seen.said, at)
        case Intended():
            return Seen(seen.asked, "no output yet", at)
        case Said():
            return Seen(seen.asked, f"ERROR: {event.text}" if event.stream in ERRORS else event.text, seen.since)
        case Probed():
            return Seen(seen.asked, event.evidence, seen.since)
        case Returned(sent=False):
            return Seen(seen.asked, "nothing was sent", seen.since)
    return seen
