"""One ordered queue of questions: each is on record before it is shown, its answer before it counts.

Lanes ask side by side. Their questions reach the front end in the order in which they stand in the record; which of
them a person answers first is the person's choice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from tui.core.engine.ledger import Ledger, Stopped
from tui.core.events import AnsweredEvent, Asked, Withdrawn
from tui.core.question import Answer, Question, problem

Asker = Callable[[Question], Awaitable[Answer]]
"""A front end's way to ask. It shows the question as it is and gives an answer that `problem` lets pass.

It may be called again while earlier questions stand: they queue. Cancelled, its question was withdrawn.
"""


class Asking:
    """Asks, and takes the questions back that stand while the run turns."""

    def __init__(self, ledger: Ledger, asker: Asker) -> None:
        self._ledger = ledger
        self._asker = asker
        self._standing: set[asyncio.Task[Answer]] = set()

    async def ask(self, question: Question) -> Answer:
        """The answer, on record. An answer that does not fit is put again with what is wrong with it.

        Raises Stopped where the run turned meanwhile.
        """
        ledger = self._ledger
        ledger.check()
        await ledger.commit(
            Asked(
                question.step, question.id, question.asks, question.title, question.binding, question.phrase,
                question.action.shown if question.action else "",
            )
        )  # fmt: skip
        answer = await self._put(question)
        while wrong := problem(question, answer):
            answer = await self._put(replace(question, wrong=wrong))
        await ledger.commit(
            AnsweredEvent(
                question.step, question.id, question.binding, answer.choice, answer.by, answer.typed,
                answer.reason, dict(answer.blanks), round(answer.seconds, 1),
            )
        )  # fmt: skip
        return answer

    def withdraw(self) -> None:
        """Take back every question that stands."""
        for task in self._standing:
            task.cancel()

    async def _put(self, question: Question) -> Answer:
        task = asyncio.ensure_future(self._asker(question))
        self._standing.add(task)
        try:
            if self._ledger.turning:
                task.cancel()
            return await task
        except asyncio.CancelledError:
            task.cancel()
            here = asyncio.current_task()
            if not self._ledger.turning or (here is not None and here.cancelling()):
                raise
            await self._ledger.commit(Withdrawn(question.step, question.id))
            raise Stopped from None
        finally:
            self._standing.discard(task)
