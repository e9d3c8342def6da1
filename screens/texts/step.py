"""One step, large: what, why, where, the exact command, what it changes, the way back, the proof."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual.content import Content

from screens.texts.command import command
from screens.texts.header import brief
from screens.texts.line import cut, ends, fill, hang, line, visible
from screens.texts.progress import label, word
from tui.core.action import PowerShell
from tui.core.clock import hm
from tui.core.events import Outcome
from tui.core.front import RunSession
from tui.core.known import known_to
from tui.core.plan import Plan, Step, shown
from tui.core.state import RunState

COLUMN = 11
"""Where the texts beside `Why`, `On`, `Changes` begin."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows. `text` overrides the command that the plan previews; `dull` leaves out all but the command."""

    step: Step
    state: str
    style: str = ""
    text: str = ""
    dull: bool = False
    rows: int = 0
    """Rows there are; 0 = as many as it takes."""


def head(plan: Plan, card: Card, sign: str, width: int) -> Content:
    """`● 7 Import the key    ~ running 41 s`."""
    end = line((card.state, card.style))
    title = cut(visible(label(plan, card.step)), width - end.cell_length - 5)
    return ends(line((sign, card.style or "bold"), " ", (title, "bold")), line(end, " "), width)


def body(card: Card, width: int) -> list[Content]:
    """The rows under the head; parts go, least needed first, where there is no room."""
    step = card.step
    cmd = command(card.text, width, fold=not card.dull) if card.text else []
    reads = hang("", "Reads only; sends no change.", width, COLUMN)
    parts: dict[str, list[Content]] = {
        "why": hang("Why", step.why, width, COLUMN) if step.why else [],
        "on": hang("On", step.host if step.attest is None else "you", width, COLUMN),
        "command": cmd or ([] if step.act is not None or step.attest is not None else reads),
        "changes": hang("Changes", step.changes, width, COLUMN) if step.changes else [],
        "undo": hang("Undo", step.way_back, width, COLUMN) if step.way_back else [],
        "proof": hang("Proof", step.proof, width, COLUMN) if step.proof else [],
    }
    if card.dull:
        for name in ("changes", "undo", "proof"):
            parts[name] = []
    for name in ("why", "proof", "undo", "changes"):
        if card.rows and sum(map(len, parts.values())) > card.rows:
            parts[name] = []
    return [row for rows in parts.values() for row in rows]


def card_of(session: RunSession, step: Step, asks: bool, now: float) -> Card:
    """The card of a step as it is now."""
    known = session.state.step(step.id)
    sign, state, style = word(known, asks)
    flight = known.flight
    if flight is not None and flight.returned is None and known.outcome is None:
        state = f"running {brief(now - flight.at)}"
    if known.waits and known.course is not None and not asks:
        state = f"{state} {known.course.percent}"
    text = flight.intended.shown if flight is not None and known.airborne and known.outcome is None else ""
    return Card(step, f"{sign} {state}", style, text or previewed(session.plan, session.state, step))


def previewed(plan: Plan, state: RunState, step: Step) -> str:
    """The command as far as it is known; `<VM ID>` stands for what is not."""
    return shown(step.preview(known_to(plan, state, step.id)))


def before(plan: Plan, state: RunState, step: Step, width: int) -> list[Content]:
    """The step before, small: `√ 6 Copy the sealed key   equal on both   02:50 UTC`."""
    steps = list(plan.lane(step.id))
    at = next((n for n, s in enumerate(steps) if s.id == step.id), 0)
    return [small(plan, state, steps[at - 1], width)] if at else []


def small(plan: Plan, state: RunState, step: Step, width: int) -> Content:
    """A settled step on one line, with the value that it ended with."""
    known = state.step(step.id)
    sign, state_word, style = word(known, False)
    end = hm(known.ended) if known.ended else ""
    who = f"{known.by}: " if known.by else ""
    room = width - len(end) - 2
    name = cut(f"{sign} {visible(label(plan, step))}", max(28, room // 2))
    said = known.reason or known.evidence or state_word
    if known.outcome is Outcome.ATTESTED and "not proved" in known.evidence:
        said = f"attested, not proved; {said}"
    text = cut(f"{name}   {visible(who + said)}", room)
    return ends(line((text[:1], style), text[1:]), line((end, "$text-muted"), " "), width)


def after(plan: Plan, step: Step, width: int) -> list[Content]:
    """The next two steps on one line."""
    steps = list(plan.lane(step.id))
    at = next((n for n, s in enumerate(steps) if s.id == step.id), len(steps))
    coming = steps[at + 1 : at + 3]
    if not coming:
        return []
    half = width // 2
    rooms = (half + 2, width - half - 5)
    texts = [_coming(plan, s, room) for s, room in zip(coming, rooms, strict=False)]
    return [line(*(fill(line((text, "$text-muted")), half + 4 if not n else 0) for n, text in enumerate(texts)))]


def _coming(plan: Plan, step: Step, room: int) -> str:
    end = " (no return)" if step.no_return else ""
    return cut(f"○ {visible(label(plan, step))}", room - len(end)) + end


def deadline_of(session: RunSession, step_id: str) -> float:
    """When (site time) the command in flight is over its deadline; 0.0 when none is."""
    step, known = session.plan.step(step_id), session.state.step(step_id)
    if step is None or known.flight is None:
        return 0.0
    action = step.preview(known_to(session.plan, session.state, step_id))
    return known.flight.at + (action.deadline if action is not None else 0.0)


def with_action(card: Card, action: PowerShell | None) -> Card:
    """The card with the exact command that is asked about."""
    return replace(card, text=action.shown) if action is not None else card
