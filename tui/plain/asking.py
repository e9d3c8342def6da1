"""The answers to the engine's questions. Nothing is decided here: enter alone takes the mark."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from tui.core.clock import hms
from tui.core.facts import split
from tui.core.question import Answer, Choice, Needs, Question, problem
from tui.plain.questions import choices, numbered, words
from tui.plain.talk import Talk
from tui.plain.text import number, safe, sentence, small

Command = Callable[[str], Awaitable[None]]
"""Carries out a line that is no answer: `p`, `?`, `n text`."""


class Later(Exception):
    """The question goes to the end of those that wait."""


class Asking:
    """Puts one question and brings its answer. `command` carries out what is typed and is no answer."""

    def __init__(
        self, talk: Talk, person: str, command: Command, stop: Callable[[], None], more: Mapping[str, str] | None = None
    ) -> None:
        """`more` are words besides the usual ones, with what they do."""
        self._talk = talk
        self._person = person
        self._command = command
        self._stop = stop
        self._more = dict(more or {})
        self._told = tuple(f"{word} {what}" for word, what in self._more.items())

    async def ask(self, question: Question) -> Answer:
        """An answer that `problem` lets pass. Raises Leave."""
        began = self._talk.clock.monotonic()
        if question.wrong:
            self._talk.say(sentence(f"Not taken: {question.wrong}"))
        while True:
            choice, typed = await (self._typed(question) if question.phrase else self._numbered(question))
            seconds = self._talk.clock.monotonic() - began
            reason = await self._needed(choice)
            if reason is None:
                continue
            blanks = await self._blanks(question) if choice.sends else {}
            answer = Answer(
                question.id, question.binding, choice.key, self._person, typed, reason, blanks, round(seconds, 1)
            )
            wrong = problem(question, answer)
            if not wrong:
                self._talk.say(
                    f"{_whose(question)}{hms(self._talk.clock.wall())}. You answered: {sentence(choice.label)}", ""
                )
                return answer
            self._talk.say(sentence(wrong))

    async def _numbered(self, question: Question) -> tuple[Choice, str]:
        """A choice by its number, by `h`, or by enter alone."""
        picks = numbered(question)
        self._talk.say(*choices(question, self._told))
        default = next((n for n, c in enumerate(picks, 1) if c.key == question.mark), 0)
        alone = f"enter alone means {default}" if default else "enter alone takes nothing"
        while True:
            text = (await self._talk.ask(f"{_whose(question)}Answer, then enter; {alone}: ", question.delay)).strip()
            if choice := await self._word(question, text):
                return choice, ""
            taken = number(text) if text else default
            if 1 <= taken <= len(picks) and not picks[taken - 1].refused:
                return picks[taken - 1], ""
            if 1 <= taken <= len(picks):
                self._talk.say(sentence(f"{taken} is not offered: {picks[taken - 1].refused}"))
            elif not self._is_word(text):
                self._talk.say(f"Nothing was taken. Type a number from 1 to {len(picks)}.")

    async def _typed(self, question: Question) -> tuple[Choice, str]:
        """The choice that sends, by its phrase; the marked one by enter alone."""
        go = next(choice for choice in question.offered() if choice.sends)
        later = next(choice for choice in question.offered() if choice.key == question.mark)
        what = f"to {small(go.label)}" if question.action is not None else "to go on"
        self._talk.say(f"({words(question, self._told)})")
        while True:
            prompt = f"{_whose(question)}Type {safe(question.phrase)} {what}, or enter for {small(later.label)}: "
            text = await self._talk.ask(prompt, question.delay)
            if not text.strip():
                return later, ""
            if text == question.phrase:
                return go, text
            if choice := await self._word(question, text.strip()):
                return choice, ""
            if not self._is_word(text.strip()):
                self._talk.say(f"{safe(text)} is not {safe(question.phrase)}. Nothing was taken.")

    async def _word(self, question: Question, text: str) -> Choice | None:
        """What a word means here: a choice (`h`, `stop`), or a command that is carried out and the question stays."""
        offered = {choice.key: choice for choice in question.offered()}
        if text == "h" and "hand" in offered:
            return offered["hand"]
        if text == "stop":
            self._stop()
            return offered.get("stop") or offered.get(question.mark)
        if self._is_word(text):
            await self._command(text)
        return None

    def _is_word(self, text: str) -> bool:
        return text in ("p", "?", "h", "stop", "n", *self._more) or text.startswith("n ")

    async def _needed(self, choice: Choice) -> str | None:
        """The reason or time that a choice needs; None when the person went back."""
        if choice.needs is Needs.REASON:
            return await self._talk.ask("Your reason, 10 characters or more, or enter to go back: ") or None
        if choice.needs is Needs.TIME:
            now = datetime.fromtimestamp(self._talk.clock.wall(), UTC).strftime("%H:%M")
            return (await self._talk.ask(f"When, HH:MM in UTC; enter alone means {now}: ")).strip() or now
        return ""

    async def _blanks(self, question: Question) -> dict[str, str]:
        filled = {}
        for blank in question.blanks:
            hint = f" ({safe(blank.hint)})" if blank.hint else ""
            filled[blank.name] = (
                await self._talk.ask(f"{safe(blank.label)}{hint}, or enter to leave it empty: ")
            ).strip()
        return filled


def _whose(question: Question) -> str:
    """The VM whose question it is, where several stand side by side."""
    vm = split(question.step)[1]
    return f"{safe(vm)}. " if vm else ""
