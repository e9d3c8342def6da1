"""Events of a run as lines: what was sent, what hosts said, what the program concludes."""

from __future__ import annotations

from collections.abc import Callable

from tui.core.action import Kind, PowerShell
from tui.core.clock import hms, span
from tui.core.events import (
    Began,
    Ended,
    Event,
    Intended,
    Learned,
    Left,
    Noted,
    Outcome,
    PhaseEnded,
    Probed,
    Returned,
    RunEnded,
    Said,
    Stamped,
    UndoBegan,
    Withdrawn,
)
from tui.core.facts import split
from tui.core.naming import place, sentence_case
from tui.core.plan import Plan
from tui.core.verdict import Truth
from tui.plain.text import lines_of, listed, safe, sentence

STREAMS: dict[str, str] = {
    Kind.ERROR: "ERROR: ",
    Kind.TERMINATING: "ERROR: ",
    Kind.WARNING: "WARNING: ",
    Kind.VERBOSE: "VERBOSE: ",
    Kind.DEBUG: "DEBUG: ",
    Kind.INFORMATION: "INFORMATION: ",
    Kind.NOISE: "outside the answer: ",
}


class Telling:
    """Turns each event into lines. The same reading twice in a row is told once."""

    def __init__(self, plan: Callable[[], Plan]) -> None:
        self._plan = plan
        self._began: dict[str, float] = {}
        self._read: dict[tuple[str, str], str] = {}

    def place(self, step_id: str) -> str:
        """`Step 7 of 13`, `SRV-DB03, step 7 of 13`; a step that takes back is not one of these."""
        return sentence_case(place(self._plan(), step_id))

    def lines(self, stamped: Stamped) -> list[str]:
        """The lines for one event; none for what a question shows anyway. Those of a lane begin with its VM."""
        step_id = getattr(stamped.event, "step", "")
        lines = self._lines(stamped)
        if not split(step_id)[1]:
            return lines
        here = self.place(step_id)
        return [line if line.startswith(here) else f"{here}. {line}" for line in lines if line]

    def _lines(self, stamped: Stamped) -> list[str]:
        at, event = hms(stamped.at), stamped.event
        match event:
            case Began():
                self._began.setdefault(event.step, stamped.at)
                return self._begins(event)
            case Intended():
                return [f"{at}. Sent to {safe(event.host)}. {self._bounds(event)}"]
            case Said():
                said = lines_of(event.text)
                return [f"{at}. {safe(event.host)}: {STREAMS.get(event.stream, '')}{line}" for line in said]
            case Returned():
                return [f"{at}. {listed(lines_of(event.error))}"] if event.error else []
            case Probed():
                return [f"{at}. {line}" for line in self._probed(event)]
            case Ended():
                return [self._ended(event, stamped.at)]
        return [f"{at}. {line}" for line in _other(event, self._plan())]

    def _begins(self, event: Began) -> list[str]:
        step = self._plan().step(event.step)
        title, why = (step.title, step.why) if step is not None else (event.step, "")
        again = f" Attempt {event.attempt}." if event.attempt > 1 else ""
        head = f"{self.place(event.step)}. {sentence(title)}{again}"
        return ["", head, *([f"Why: {sentence(why)}"] if why else [])]

    def _bounds(self, event: Intended) -> str:
        step = self._plan().step(event.step)
        if step is None:
            return ""
        action = step.preview(self._plan().facts_of(step.id))
        deadline = f", deadline {span(action.deadline)}" if isinstance(action, PowerShell) else ""
        return f"Usual {span(step.usual)}{deadline}."

    def _probed(self, event: Probed) -> list[str]:
        if event.purpose == "guard":
            return []  # the question shows them, or what broke
        key = (event.step, event.question)
        said = f"{event.truth}: {event.evidence}"
        if self._read.get(key) == said:
            return []
        self._read[key] = said
        if event.purpose == "whole goal":
            return [f"The whole goal: {sentence(said)}"]
        if event.purpose == "proof" and event.truth == Truth.SO:
            return [f"Proof: {sentence(event.evidence)}"]
        if event.purpose == "trace":
            return [f"Read: {safe(event.question)} {sentence(event.evidence)}"]
        return [f"Read: {safe(event.question)} {sentence(said)}"]

    def _ended(self, event: Ended, at: float) -> str:
        taken = span(at - self._began.pop(event.step, at))
        text = f"{self.place(event.step)} {event.outcome}, {taken}."
        if event.by and event.outcome != Outcome.DONE:
            text += f" By {sentence(event.by)}"
        if event.reason:
            text += f" Reason: {sentence(event.reason)}"
        return text if not event.evidence else f"{text} {sentence(event.evidence)}"


def _other(event: Event, plan: Plan) -> list[str]:
    match event:
        case Learned():
            shown = {name: value for name, value in event.values.items() if ":" not in name}
            return [f"Learned: {safe(name)} is {sentence(value)}" for name, value in shown.items()]
        case PhaseEnded():
            number = next((n for n, phase in enumerate(plan.phases, 1) if phase.title == event.phase), 0)
            reached = next((phase.reached for phase in plan.phases if phase.title == event.phase), event.phase)
            return [f"Phase {number} of {len(plan.phases)} complete: {sentence(reached)}"]
        case Withdrawn():
            return ["Its question stands no more: the run turned."]
        case UndoBegan():
            return [f"Going back: {len(event.steps)} steps take back what this run made. Each asks."]
        case Noted():
            return [f"Noted: {sentence(event.text)}"]
        case Left():
            return [f"Left: {sentence(event.how)}"]
        case RunEnded():
            left = [f"Left over: {sentence(what)}" for what in event.left_over]
            return [f"The run has ended: {listed((event.outcome, event.evidence))}", *left]
    return []
