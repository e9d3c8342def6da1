"""Probes: read-only questions with five answers. Unreadable is never "not so"."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tui.core.action import Estate, Read, Reply
from tui.core.errors import EstateError
from tui.core.facts import Facts, NotLearned


class Truth(StrEnum):
    """The five answers."""

    SO = "so"
    NOT_SO = "not so"
    RUNNING = "running"
    MIXED = "mixed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something under way has come, as its host says: `done` of `total` in `unit` (`GB`, `%`, `readings`)."""

    done: float
    total: float
    unit: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer with the value it was drawn from (`HAM-N02: Off`), never a tick."""

    truth: Truth
    evidence: str
    learned: Mapping[str, str] = field(default_factory=dict)
    condition: str = ""
    """What an answer binds to when this is a guard: values only, no times, ages or free space."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """Facts with which the plan could be made again so that it fits what was found; empty: it cannot."""
    progress: Progress | None = None


def so(evidence: str, condition: str = "", **learned: str) -> Verdict:
    """It is as wanted."""
    return Verdict(Truth.SO, evidence, learned, condition)


def not_so(evidence: str, condition: str = "", **learned: str) -> Verdict:
    """It is certainly not as wanted."""
    return Verdict(Truth.NOT_SO, evidence, learned, condition)


def running(evidence: str, progress: Progress | None = None) -> Verdict:
    """Something that may make it so is under way."""
    return Verdict(Truth.RUNNING, evidence, progress=progress)


def mixed(evidence: str, condition: str = "", **learned: str) -> Verdict:
    """Half there; the evidence says what."""
    return Verdict(Truth.MIXED, evidence, learned, condition)


def unreadable(evidence: str) -> Verdict:
    """It could not be read; the evidence says why."""
    return Verdict(Truth.UNREADABLE, evidence)


Answered = Reply | EstateError
"""What a read brought, or why it brought nothing."""


Judge = Callable[[Facts, Sequence[Answered]], Verdict]
"""Draws a verdict from what came, in the order of the reads. An error stands in its read's place."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question to the site: what to read for what is known so far, and how to judge what came.

    Where silence is no evidence, the judge is `strict`.
    """

    question: str
    reads: Callable[[Facts], Sequence[Read]]
    judge: Judge

    async def ask(self, facts: Facts, estate: Estate) -> Verdict:
        """Read all parts side by side and judge them. Never raises an EstateError."""
        try:
            return self.judge(facts, await read_all(self.reads(facts), estate))
        except EstateError as error:  # the answer is not what was asked for
            return unreadable(error.happened)
        except NotLearned as missing:
            return unreadable(str(missing))


def strict(judge: Callable[[Facts, Sequence[Reply]], Verdict]) -> Judge:
    """A judge that sees whole replies only: what could not be read makes the verdict unreadable."""

    def judged(facts: Facts, answers: Sequence[Answered]) -> Verdict:
        replies: list[Reply] = []
        for answer in answers:
            if isinstance(answer, EstateError):
                return unreadable(answer.happened)
            if not answer.clean:
                return unreadable(first_error(answer))
            replies.append(answer)
        return judge(facts, replies)

    return judged


def probe(
    question: str, reads: Callable[[Facts], Sequence[Read]], judge: Callable[[Facts, Sequence[Reply]], Verdict]
) -> Probe:
    """A probe with a strict judge: most are."""
    return Probe(question, reads, strict(judge))


async def read_all(actions: Sequence[Read], estate: Estate) -> list[Answered]:
    """Every read side by side, in order; an error stands in its read's place."""

    async def one(action: Read) -> Answered:
        try:
            return await estate.read(action)
        except EstateError as error:
            return error

    return list(await asyncio.gather(*(one(action) for action in actions)))


def first_error(reply: Reply) -> str:
    """The first error of a reply as one line, or that its script was left early."""
    if reply.errors:
        return reply.errors[0].text.strip().splitlines()[0] if reply.errors[0].text.strip() else "an error without text"
    return "the script was left before its end"
