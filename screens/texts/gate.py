"""What a gate says: consequence, scope and count; the guards with their age; what is missing of the phrase."""

from __future__ import annotations

from textual.content import Content

from screens.signs import TRUTHS
from screens.texts.header import brief
from screens.texts.line import block, cut, ends, hang, line, lines_of, visible
from screens.texts.step import Card, before, body, head, with_action
from tui.core.clock import hms
from tui.core.front import RunSession
from tui.core.plan import Step
from tui.core.question import Question, Shown
from tui.core.verdict import Truth

ROOMY = 24
"""From so many rows above the box on the whole step is shown."""
MOST_GUARDS = 5
"""Guards that are listed in a typed gate; more are one key away, unless they do not hold."""


def upper(question: Question, session: RunSession, step: Step | None, width: int, rows: int) -> list[Content]:
    """The step with its exact command; everything but the command gives way where there is no room."""
    if step is None:
        return [line((visible(question.title), "bold"))]
    dull = rows < ROOMY
    card = with_action(Card(step, "! asks you", "$accent", dull=dull), question.action)
    command_rows = len(body(Card(step, "", text=card.text, dull=True, rows=1), width))
    top = before(session.plan, session.state, step, width)
    title = head(session.plan, card, "●", width)
    roomy = bool(top) and rows >= len(top) + 2 + command_rows
    title_rows = [*top, Content(""), title] if roomy else [title]
    room = max(1, rows - len(title_rows))
    return [*title_rows, *body(Card(step, "", text=card.text, dull=dull, rows=room), width)]


def about(question: Question, width: int, now: float) -> list[Content]:
    """Consequence and guards."""
    rows = [row for text in question.lines for row in block(text, width, 0)]
    if question.phrase:
        most = MOST_GUARDS if question.action is not None else len(question.guards)
        guards = [guard for n, guard in enumerate(question.guards) if n < most or guard.truth is not Truth.SO]
        hidden = len(question.guards) - len(guards)
        rows += [Content("")] if rows and guards else []
        rows += (
            lines_of(_proof(g, width) for g in guards)
            if question.action is None
            else [_guard(guard, width) for guard in guards]
        )
        rows += [line((f"… {hidden} more hold, ctrl+p Guards shows all", "$text-muted"))] if hidden else []
        return rows
    if question.guards:
        held = sum(guard.truth is Truth.SO for guard in question.guards)
        at = min(guard.at for guard in question.guards)
        rows += block(f"Guards read {hms(at)}, {brief(now - at)} ago: {held} of {len(question.guards)} hold.", width, 0)
    return rows


def _guard(guard: Shown, width: int) -> Content:
    word, style = TRUTHS[guard.truth]
    room = width - 11 - 14
    evidence = visible(guard.evidence)
    title = cut(visible(guard.title), max(24, room - 2 - len(evidence)))
    text = cut(f"{title}: {evidence}", room)
    return ends(line((word.ljust(10), style), " ", text), line((hms(guard.at), "$text-muted")), width)


def _proof(shown: Shown, width: int) -> list[Content]:
    """A proof as it was read, in full; what was not read says so."""
    read = shown.truth is not Truth.UNREADABLE
    name = "Read" if read else "? none"
    text = f"{shown.title}: {shown.evidence}, {hms(shown.at)}"
    return hang(name, text, width, 9, "" if read else "$warning", indent=0)


def below(question: Question, step: Step | None, width: int) -> list[Content]:
    """How it will be proved; a typed gate says how it is taken."""
    if question.phrase:
        if question.action is None:
            return []
        return [line(("enter works when the text is the same      esc Not now", "$text-muted"))]
    if step is None or not step.proof:
        return []
    return block(f"Then it proves: {step.proof}", width, 0)


def missing(typed: str, phrase: str) -> str:
    """Why the text is not the phrase yet; empty when it is."""
    if typed == phrase:
        return ""
    rest = len(phrase) - len(typed)
    if phrase.startswith(typed):
        return f"{rest} character{'s' if rest > 1 else ''} missing"
    return f"{visible(typed)} is not {phrase}"
