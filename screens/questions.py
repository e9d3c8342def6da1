"""Which view asks which question."""

from __future__ import annotations

from screens.asked import Standing
from screens.asking import QuestionView
from screens.decision import DecisionView
from screens.gate import GateView
from screens.typed import TypedGateView
from tui.core.front import RunSession
from tui.core.question import Asks, Question


def queued_view(standing: Standing, session: RunSession) -> QuestionView:
    """The view of a question among others: esc goes back to them, and what was typed is kept."""
    view = standing.view = question_view(standing.question, session)
    view.queued, view.drafts = True, standing.drafts
    return view


def question_view(question: Question, session: RunSession) -> QuestionView:
    """The view for a question, by what it is about."""
    if question.phrase:
        return TypedGateView(question, session)
    if question.asks is Asks.CONFIRM:
        return GateView(question, session)
    return DecisionView(question, session)
