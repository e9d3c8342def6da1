"""A run's events as lines for people: who said what to whom, with one mark each."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from screens.texts.line import cut, line, pad, visible, wrap
from tui.core.clock import hms
from tui.core.events import (
    AnsweredEvent,
    Asked,
    Ended,
    Intended,
    Left,
    Noted,
    Overridden,
    PhaseEnded,
    Probed,
    Returned,
    RunBegan,
    RunEnded,
    Stamped,
    TakenUp,
    UndoBegan,
)
from tui.core.events import Said as HostSaid
from tui.core.facts import split
from tui.core.plan import Plan

STREAMS = {"E": "ERROR: ", "T": "ERROR: ", "W": "WARNING: ", "V": "VERBOSE: ", "D": "DEBUG: ", "I": "", "~": "(raw) "}
ENDS = {
    "Z": "the command ended", "X": "the command was left early", "lost": "connection lost: what it did is not known",
    "deadline": "no end by the deadline: it may still run", "not sent": "not sent",
}  # fmt: skip
LINES = frozenset({
    AnsweredEvent, Asked, Ended, HostSaid, Intended, Left, Noted, Overridden, PhaseEnded, Probed, Returned, RunBegan,
    RunEnded, TakenUp, UndoBegan,
})  # fmt: skip
"""The events that make a line: to know that of 100,000 takes 5 ms, to make the lines 0.3 s."""
STYLES = {"!": "$accent", "~": "$text-muted"}


@dataclass(frozen=True, slots=True)
class Said:
    """One line: when (site time), its mark, who, and what."""

    at: float
    mark: str
    who: str
    text: str
    step: str = ""
    vm: str = ""
    """Whose lane it is of, in a run of several VMs; it stands before the text."""

    @property
    def told(self) -> str:
        """What was said, with the VM that it is about."""
        return f"{self.vm}: {self.text}" if self.vm else self.text

    @property
    def whole(self) -> str:
        """The line in full, for searching and saving."""
        return f"{hms(self.at)[:8]} {self.mark} {visible(self.who)} {visible(self.told)}"


def said_line(said: Said, width: int, found: str = "") -> Content:
    """The line for a width; `…` where it is cut."""
    hit = bool(found) and found.lower() in said.whole.lower()
    text = cut(f"{pad(visible(said.who), max(7, len(said.who)))} {visible(said.told)}", width - 13)
    return line(_stamp(said), (text, "bold" if hit else _style(said)))


def _stamp(said: Said) -> Content:
    return line("  ", (hms(said.at)[:8], "$text-muted"), " ", (said.mark, _style(said)), " ")


def said_rows(said: Said, width: int, found: str = "") -> list[Content]:
    """The line in full: what does not fit goes on beneath it, indented."""
    first, *rest = wrap(f"{pad(visible(said.who), max(7, len(said.who)))} {said.told}", width - 16)
    hit = bool(found) and found.lower() in said.whole.lower()
    style = "bold" if hit else _style(said)
    return [line(_stamp(said), (first, style)), *(line(" " * 15, (text, style)) for text in rest)]


def _style(said: Said) -> str:
    return "$error" if said.mark == "←" and said.text.startswith("ERROR: ") else STYLES.get(said.mark, "")


def of_event(stamped: Stamped, plan: Plan) -> Said | None:
    """The line of an event; None for what only the record needs."""
    found = _words(stamped, plan)
    if found is None:
        return None
    mark, who, text = found
    return Said(stamped.at, mark, who, text, getattr(stamped.event, "step", ""), of_vm(stamped))


def of_vm(stamped: Stamped) -> str:
    """In whose lane it happened; empty for what all share."""
    return split(getattr(stamped.event, "step", ""))[1]


def _words(stamped: Stamped, plan: Plan) -> tuple[str, str, str] | None:
    match stamped.event:
        case Intended(host=host, shown=shown):
            count = shown.count("\n") + 1
            return "→", host, f"sent, {count} line{'s' if count > 1 else ''}: {shown}"
        case HostSaid(host=host, stream=stream, text=text):
            return "←", host, STREAMS.get(stream, "") + text
        case Returned(end=end, error=error):
            reason = f". {error.splitlines()[0]}" if error else ""
            return ("←" if end in "ZX" else "~"), "program", ENDS.get(end, end) + reason
        case Probed(purpose=purpose, question=question, truth=truth, evidence=evidence):
            return "=", "program", f"{purpose}: {question}: {truth}, {evidence}"
        case Asked(step=step, title=title, phrase=phrase):
            number = f"step {plan.number(step)}" if plan.number(step) else "it"
            return "!", "program", f"{number} asks you: " + (f"type {phrase}" if phrase else title)
        case _:
            return _person(stamped, plan)


def _person(stamped: Stamped, plan: Plan) -> tuple[str, str, str] | None:
    match stamped.event:
        case AnsweredEvent(by=by, choice=choice, typed=typed, reason=reason, seconds=seconds):
            more = "".join(f", {word}" for word in (typed, reason) if word)
            return "@", by, f"answered: {choice}{more} (after {seconds:.0f} s)"
        case Ended(step=step, outcome=outcome, evidence=evidence):
            return "=", "program", f"step {plan.number(step) or step} is {outcome}: {evidence}"
        case PhaseEnded(phase=phase):
            return "=", "program", f"phase complete: {phase}"
        case UndoBegan(steps=steps):
            return "@", "you", f"go back: {len(steps)} steps"
        case Noted(text=text, by=by):
            return "@", by, f"note: {text}"
        case Overridden(title=title, reason=reason, by=by):
            return "@", by, f"goes on although: {title}: {reason}"
        case RunBegan(run=run, user=user, machine=machine):
            return "=", "program", f"run {run} begins, {user} on {machine}"
        case TakenUp(user=user, machine=machine):
            return "@", user, f"takes the run up on {machine}"
        case Left(how=how):
            return "@", "you", f"left: {how}"
        case RunEnded(outcome=outcome, evidence=evidence):
            return "=", "program", f"the run ended: {outcome}: {evidence}"
    return None
