"""What a gate says: consequence, scope and count; the guards with their age; what is missing of the phrase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from textual.content import Content

from screens.texts.header import brief
from screens.texts.line import block, ends, hang, line, lines_of, visible, wrap
from screens.texts.step import Card, before, body, head, with_action
from screens.verdicts import TRUTHS, as_read
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
        guards = [guard for n, guard in enumerate(question.guards) if n < most or not _holds(guard)]
        hidden = len(question.guards) - len(guards)
        rows += [Content("")] if rows and guards else []
        rows += lines_of((_proof if question.action is None else guard_rows)(g, width) for g in guards)
        rows += [line((f"… {hidden} more hold, ctrl+p Guards shows all", "$text-muted"))] if hidden else []
        return rows
    return [*rows, *_counted(question.guards, width, now)]


def _counted(guards: Sequence[Shown], width: int, now: float) -> list[Content]:
    """How many were read as they must be; each that was not, or holds by somebody's word alone, is named."""
    if not guards:
        return []
    held = [guard for guard in guards if _holds(guard)]
    at = min(guard.at for guard in guards)
    rows = block(f"Guards read {hms(at)}, {brief(now - at)} ago: {len(held)} of {len(guards)} hold.", width, 0)
    return rows + lines_of(guard_rows(guard, width) for guard in guards if guard not in held)


def _holds(guard: Shown) -> bool:
    return as_read(guard.truth, guard.evidence, guard.condition) == TRUTHS[Truth.SO]


def guard_rows(guard: Shown, width: int) -> list[Content]:
    """A guard in full: on one row where that fits, else the title, and what was read beneath it."""
    word, style = as_read(guard.truth, guard.evidence, guard.condition)
    head, end = line((word.ljust(10), style), " "), line((hms(guard.at), "$text-muted"))
    column = head.cell_length
    room = width - column - end.cell_length - 1
    whole = f"{visible(guard.title)}: {visible(guard.evidence)}"
    if cell_len(whole) <= room:
        return [ends(line(head, whole), end, width)]
    first, *rest = wrap(guard.title, room)
    under = [" " * column + text for text in rest]
    under += [" " * (column + 2) + text for text in wrap(guard.evidence, width - column - 2)]
    return [ends(line(head, first), end, width), *map(line, under)]


def _proof(shown: Shown, width: int) -> list[Content]:
    """A proof as it was read, in full; what was not read says so."""
    read = shown.truth is not Truth.UNREADABLE
    name = "Read" if read else "? none"
    text = f"{shown.title}: {shown.evidence}, {hms(shown.at)}"
    return hang(name, text, width, 9, "" if read else "$warning", indent=0)


def below(question: Question, step: Step | None, width: int, back: str = "Not now") -> list[Content]:
    """How it will be proved; a typed gate says how it is taken."""
    if question.phrase:
        if question.action is None:
            return []
        return [line((f"enter works when the text is the same      esc {back}", "$text-muted"))]
    if step is None or not step.proof:
        return []
    return block(f"Then it proves: {step.proof}", width, 0)


NO_WITNESS = "No witness: this will stand as not proved. enter again to go on."


def of_enter(names: Mapping[str, str], field: str) -> str:
    """What enter does in a field that is no phrase: it goes on, and sends nothing. `names` are in order, by id."""
    ids = list(names)
    following = names[ids[(ids.index(field) + 1) % len(ids)]]
    return f"enter goes on to: {following}. Nothing is sent by it; it may stay empty."


def missing(typed: str, phrase: str) -> str:
    """Why the text is not the phrase yet; empty when it is."""
    if typed == phrase:
        return ""
    rest = len(phrase) - len(typed)
    if phrase.startswith(typed):
        return f"{rest} character{'s' if rest > 1 else ''} missing"
    return f"{visible(typed)} is not {phrase}"
