"""Questions that stand: shown, withdrawn, and, where several stand at once, kept until a person opens them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from screens.asking import QuestionView
from tui.core.facts import split
from tui.core.question import Answer, Question


@dataclass(slots=True)
class Standing:
    """A question of one VM that waits for a person. `drafts` is what was typed and not given."""

    question: Question
    answered: asyncio.Future[Answer]
    view: QuestionView | None = None
    drafts: dict[str, str] = field(default_factory=dict)

    @property
    def vm(self) -> str:
        """Whose question it is."""
        return split(self.question.step)[1]

    def given(self, answer: Answer | None) -> None:
        """The view was closed: with the answer, or without one, and then the question stays."""
        self.view = None
        if answer is not None and not self.answered.done():
            self.answered.set_result(answer)


def withdraw(view: QuestionView | None) -> None:
    """Close a question's view, and what is open over it, without an answer."""
    if view is None or not view.is_attached:
        return
    app = view.app
    while view in app.screen_stack:
        app.screen_stack[-1].dismiss(None)
