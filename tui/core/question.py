"""Typed questions to the person, and their answers.

An answer binds to the digest of exactly what was shown; if any of it differs when the lane comes to act, it is asked
again (design: promise 1).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tui.core.action import PowerShell
from tui.core.verdict import Truth


class Asks(StrEnum):
    """What a question is about: front ends choose their picture by it."""

    CONFIRM = "confirm"
    TYPE = "type the name"
    DECLINED = "declined"
    FAILURE = "failure"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    DECIDE = "decide"
    OVERDUE = "overdue"
    BY_HAND = "by hand"
    GO_BACK = "go back"
    PAPER = "done on paper"
    PAUSE = "pause"
    RESUME = "resume"


class Needs(StrEnum):
    """What a choice asks for besides itself."""

    NOTHING = ""
    REASON = "reason"
    """10 characters or more."""
    TIME = "time"
    """HH:MM, UTC."""


MIN_REASON = 10
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One numbered choice. `refused` says why it is not offered; then it takes no mark."""

    key: str
    label: str
    note: str = ""
    refused: str = ""
    needs: Needs = Needs.NOTHING
    sends: bool = False
    """Whether taking it leads to a write without another question."""
    detail: str = ""
    """A second line, where a choice has one."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A field of a question that a person may fill: a witness's name, a time."""

    name: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A guard or proof as it stands in a question. `at` is site time (epoch seconds)."""

    title: str
    truth: Truth
    evidence: str
    at: float
    condition: str = ""
    was: str = ""
    """What was read when it was last as it must be, and when; empty and 0 where it never was."""
    was_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a front end needs to ask, and nothing else."""

    id: str
    step: str
    asks: Asks
    title: str
    lines: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    mark: str = ""
    """The key of the choice on which the mark starts; empty: none is marked."""
    phrase: str = ""
    """What must be typed, mode word included; then choices other than "not now" are not offered."""
    blanks: tuple[Blank, ...] = ()
    guards: tuple[Shown, ...] = ()
    action: PowerShell | None = None
    values: tuple[tuple[str, str], ...] = ()
    """What a decision depends on (what, what was read); what going back would do (step and host, its command)."""
    sources: tuple[str, ...] = ()
    """The pages that a decision rests on."""
    delay: float = 0.4
    """Seconds of the person's time in which no answer counts (0.4 confirm, 1.5 typed)."""
    remedy_host: str = ""
    remedy: str = ""
    """A line to copy, for failures."""
    raw: str = ""
    """What the host said, in full."""
    wrong: str = ""
    """Why the answer before was not taken."""

    @property
    def binding(self) -> str:
        """What an answer binds to: text, host, values, and each guard's verdict and condition. No times, no ages."""
        parts = [
            self.step, self.asks, self.phrase, self.action.digest if self.action else "", list(self.lines),
            [(g.title, g.truth, g.condition) for g in self.guards],
            [(c.key, c.label, c.refused) for c in self.choices],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]

    def offered(self) -> tuple[Choice, ...]:
        """The choices that can be taken."""
        return tuple(choice for choice in self.choices if not choice.refused)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered. `seconds` is how long the question stood (a reflex is one under 1.5 s)."""

    question: str
    binding: str
    choice: str
    by: str
    typed: str = ""
    reason: str = ""
    blanks: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def problem(question: Question, answer: Answer) -> str:
    """Why this answer cannot be taken, in words for the person; empty when it can."""
    if answer.binding != question.binding:
        return "What was shown has changed since. It is asked again."
    chosen = next((choice for choice in question.offered() if choice.key == answer.choice), None)
    if chosen is None:
        return "This choice is not offered."
    if chosen.needs is Needs.REASON and len(answer.reason.strip()) < MIN_REASON:
        return f"{MIN_REASON - len(answer.reason.strip())} more characters."
    if question.phrase and chosen.sends and answer.typed != question.phrase:
        return f"{answer.typed} is not {question.phrase}"
    if chosen.needs is Needs.TIME and not _is_time(answer.reason):
        return "A time is written HH:MM, in UTC."
    return ""


def _is_time(text: str) -> bool:
    hours, _, minutes = text.strip().partition(":")
    digits = text.isascii() and hours.isdecimal() and minutes.isdecimal()
    return digits and int(hours) < 24 and int(minutes) < 60
