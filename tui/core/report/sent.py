"""Every command that was sent, with what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tui.core.action import Kind
from tui.core.events import Intended, Returned, Said, Stamped

ENDS = {
    Kind.END: "ran to its end",
    Kind.LEFT: "was left before its end",
    "lost": "connection lost: whether it ran to its end was not seen",
    "deadline": "no end by its deadline",
    "not sent": "not handed over",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One action: its intent, when it went out and came back (epoch seconds), and what it said of itself."""

    intended: Intended
    at: float
    returned: Returned | None = None
    until: float = 0.0
    errors: tuple[str, ...] = ()

    @property
    def result(self) -> str:
        """How it ended, in words. What it made true stands in its step's outcome."""
        if self.returned is None:
            return "no result on record: what it did is not known from here"
        end = ENDS.get(self.returned.end, self.returned.end)
        return f"{end}, with an error" if self.errors and self.returned.end == Kind.END else end


def commands(events: Iterable[Stamped]) -> tuple[Sent, ...]:
    """All of them, in the order in which they went out."""
    found: list[Sent] = []
    for stamped in events:
        event = stamped.event
        if isinstance(event, Intended):
            found.append(Sent(event, stamped.at))
        elif isinstance(event, Said | Returned):
            _note(found, event, stamped.at)
    return tuple(found)


def _note(found: list[Sent], event: Said | Returned, at: float) -> None:
    """Put a record or a result with the last open command of its step."""
    for index in range(len(found) - 1, -1, -1):
        sent = found[index]
        if sent.intended.step != event.step or sent.returned is not None:
            continue
        if isinstance(event, Returned):
            found[index] = replace(sent, returned=event, until=at)
        elif event.stream in (Kind.ERROR, Kind.TERMINATING):
            found[index] = replace(sent, errors=(*sent.errors, event.text))
        return
