"""One ordered queue of questions: each is on record before it is shown, its answer before it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from tui.core.engine.ledger import Ledger
from tui.core.events import AnsweredEvent, Asked
from tui.core.question import Answer, Question, problem

Asker = Callable[[Question], Awaitable[Answer]]
"""A front end's way to ask. It shows the question as it is and gives an answer that `problem` lets pass."""


class Asking:
    """Asks, one question at a time, in the order in which they came up."""

    def __init__(self, ledger: Ledger, asker: Asker) -> None:
        self._ledger = ledger
        self._asker = asker
        self._turn = asyncio.Lock()

    async def ask(self, question: Question) -> Answer:
        """The answer, on record. An answer that does not fit is put again with what is wrong with it."""
        async with self._turn:
            ledger = self._ledger
            ledger.brake.check()
            await ledger.commit(
                Asked(
                    question.step, question.id, question.asks, question.title, question.binding, question.phrase,
                    question.action.shown if question.action else "",
                )
            )  # fmt: skip
            answer = await self._asker(question)
            while wrong := problem(question, answer):
                answer = await self._asker(replace(question, wrong=wrong))
            await ledger.commit(
                AnsweredEvent(
                    question.step, question.id, question.binding, answer.choice, answer.by, answer.typed,
                    answer.reason, dict(answer.blanks), round(answer.seconds, 1),
                )
            )  # fmt: skip
            return answer
