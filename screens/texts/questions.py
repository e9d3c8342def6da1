"""The engine's questions as pictures: what stands above the choices, what stands below, the title."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo

from textual.content import Content

from screens.texts.changed import changed_rows, what_changed
from screens.texts.command import MAX_ROWS, command
from screens.texts.deciding import advice_rows, back_rows, decide_rows, overdue_rows
from screens.texts.line import block, cut, hang, line, muted, rule, visible, wrap
from screens.texts.pause import pause_rows, pause_title
from screens.texts.resume import reading_rows, would_be
from screens.texts.step import Card, before, body, head, previewed
from tui.core.front import RunSession
from tui.core.naming import named, place, sentence_case
from tui.core.question import Asks, Question

NO_CONSOLE = "A simulated site has no console of its own: let the program do it (3), or use another WinRM client."
RAW_ROWS = 3
COLUMN = 18
LANE = re.compile(r"  ([^:]+): (\d+ of \d+ steps through)(?:; .*: begun, nothing sent)?$")
"""A VM's line when a run of several is taken up, where nothing of it needs a person."""


def title(question: Question, session: RunSession) -> str:
    """Row 3."""
    if question.asks is Asks.PAUSE:
        return pause_title(question, session)
    if not question.step:
        return "Take up the run" if question.asks is Asks.RESUME else question.title
    number = session.plan.number(question.step)
    where = f"Run: {place(session.plan, question.step)}" if number else "Run: going back"
    told = {
        Asks.FAILURE: ". It failed",
        Asks.UNKNOWN: ". Its result is not known",
        Asks.BY_HAND: ". By hand",
        Asks.DECLINED: " waits for you",
        Asks.OVERDUE: ". The deadline has passed",
        Asks.DECIDE: f". Decide: {question.title}",
    }
    if question.asks is Asks.CHANGED:
        return f"Run: before {named(session.plan, question.step)}. {what_changed(question, session)}"
    return where + told.get(question.asks, "")


def above(question: Question, session: RunSession, width: int, now: float, zone: tzinfo | None) -> list[Content]:
    """What stands above the choices, at this moment (site time)."""
    if question.asks is Asks.OVERDUE:
        rows = overdue_rows(question, session, width, now, zone)
    else:
        rows = _ABOVE.get(question.asks, _plain)(question, session, width)
    wrong = [Content(""), line("  ", (f"▲ {visible(question.wrong)}", "$warning"))] if question.wrong else []
    return [*rows, *wrong, Content("")]


def beneath(question: Question, session: RunSession, width: int) -> list[Content]:
    """What stands below the choices."""
    if question.asks in (Asks.FAILURE, Asks.UNKNOWN):
        return _said(question, session, width)
    if question.asks is Asks.DECIDE:
        return [Content(""), *advice_rows(question, width)]
    if question.asks is Asks.BY_HAND:
        return [Content(""), *hang("By hand and proved", "stands in the report as: h by hand, proved", width, 22)]
    return []


def _plain(question: Question, session: RunSession, width: int) -> list[Content]:
    return [row for text in (question.title, *question.lines) for row in block(text, width)]


def _paper(question: Question, session: RunSession, width: int) -> list[Content]:
    return [row for text in question.lines for row in block(text, width)]


def _failure(question: Question, session: RunSession, width: int) -> list[Content]:
    step = session.plan.step(question.step)
    failed = question.asks is Asks.FAILURE
    sign, style = ("×", "$error") if failed else ("?", "$warning")
    state = f"{sign} failed" if failed else f"{sign} unknown"
    rows = [head(session.plan, Card(step, state, style), sign, width), Content("")] if step else []
    names = ("What happened", "What it means", "What to do")
    for name, text in zip(names, question.lines, strict=False):
        rows += hang(name, text, width, COLUMN)
    for text in question.lines[len(names) :]:
        rows += hang("", text, width, COLUMN)
    return rows + (command(question.remedy, width, host=question.remedy_host) if question.remedy else [])


def _said(question: Question, session: RunSession, width: int) -> list[Content]:
    tried = session.state.step(question.step).attempts
    rows = [Content(""), muted(f"  Tried {tried} time{'s' if tried != 1 else ''}. "
                               + ("No choice is marked." if not question.mark else ""))]  # fmt: skip
    if question.raw:
        step = session.plan.step(question.step)
        raw = question.raw.splitlines()
        rows.append(rule(f"What {step.host if step else 'the host'} said ── e for all, to copy", width))
        rows += [line("  ", cut(visible(text), width - 3)) for text in raw[:RAW_ROWS]]
        rows += [muted(f"  … {len(raw) - RAW_ROWS} more, e shows all")] if len(raw) > RAW_ROWS else []
    return rows


def _by_hand(question: Question, session: RunSession, width: int) -> list[Content]:
    step = session.plan.step(question.step)
    rows = [head(session.plan, Card(step, "h by hand"), "●", width)] if step else []
    rows += [line("  The program sends nothing in this step. It will check what you did.")]
    for note in filter(None, question.lines[1:]):
        rows += hang("■ stop" if note.startswith("Still") else "", note, width, 11, "$error")
    text = question.action.script if question.action else ""
    rows += [Content(""), *block(f"1  {question.lines[0] if question.lines else ''}", width)]
    rows += block(NO_CONSOLE, width, 5, "$warning") if session.mode == "DRILL" else []
    rows += [line(f"  2  Run this ({_how(text, width)}c copies it)"), *command(text, width, fold=True)]
    return [
        *rows, line("  3  The program reads what is there and compares."),
        muted(f"     c also writes it as a file in {session.folder}"),
    ]  # fmt: skip


def _how(text: str, width: int) -> str:
    """How many rows the command really takes, where that is not what it is."""
    shown, lines = len(command(text, width)), text.count("\n") + 1
    it_is = "it is one line" if lines == 1 else f"it is {lines} lines"
    if shown > MAX_ROWS:
        return f"{MAX_ROWS - 1} of {shown} rows shown, {it_is}; "
    return f"shown on {shown} lines, {it_is}; " if shown > lines else ""


def _declined(question: Question, session: RunSession, width: int) -> list[Content]:
    step = session.plan.step(question.step)
    if step is None:
        return _plain(question, session, width)
    earlier = before(session.plan, session.state, step, width)
    card = Card(step, "– declined", "$text-muted", previewed(session.plan, session.state, step), rows=9)
    rows = [*earlier, Content(""), head(session.plan, card, "●", width), *body(card, width), Content("")]
    name = sentence_case(named(session.plan, step.id)) if session.plan.number(step.id) else step.title
    return [*rows, *block(f"{name} waits for you. {' '.join(question.lines)}", width)]


def _resume(question: Question, session: RunSession, width: int) -> list[Content]:
    began = session.state.began
    rows = block(f"Run {began.run}, by {began.user} on {began.machine}.", width) if began else []
    rows += [row for text in question.lines[:1] for row in block(text, width)]
    rows += [Content(""), muted("  Known from the record")]
    for text in folded(question.lines[1:]):
        first, *rest = wrap(text, width - 7)
        rows += [line("  ", first), *(line(" " * 6, piece) for piece in rest)]
    rows += [Content(""), muted("  Before anything is sent, the program reads           read-only")]
    rows += [row for guard in question.guards for row in reading_rows(guard, session.plan, width)]
    if not question.guards:
        rows.append(line("  Nothing was in flight."))
    would = [text for guard in question.guards if (text := would_be(guard, session.plan))]
    return [*rows, *([Content("")] if would else []), *(row for text in would for row in block(text, width))]


def folded(known: Sequence[str]) -> list[str]:
    """Lines `  3 Title: done`; three or more in a row that ended alike become `  1 to 6: done`, or `  6 VMs: …`."""
    groups: list[tuple[str, bool, list[str]]] = []
    for text in known:
        lane = LANE.match(text)
        alone = not text.startswith("  ") or (not lane and " steps through" in text)
        end = lane[2] if lane else "" if alone else text.rpartition(": ")[2]
        if groups and end and groups[-1][:2] == (end, bool(lane)):
            groups[-1][2].append(text)
        else:
            groups.append((end, bool(lane), [text]))
    return [row for end, lanes, texts in groups for row in _folded(end, lanes, texts)]


def _folded(end: str, lanes: bool, texts: Sequence[str]) -> Sequence[str]:
    if not end or len(texts) < 3:
        return texts
    names = [text.split(":" if lanes else None)[0].strip() for text in texts]
    return [f"  {len(names)} VMs: {end} ({', '.join(names)})" if lanes else f"  {names[0]} to {names[-1]}: {end}"]


_ABOVE: Mapping[Asks, Callable[[Question, RunSession, int], list[Content]]] = {
    Asks.FAILURE: _failure,
    Asks.UNKNOWN: _failure,
    Asks.CHANGED: changed_rows,
    Asks.DECIDE: decide_rows,
    Asks.GO_BACK: back_rows,
    Asks.PAPER: _paper,
    Asks.BY_HAND: _by_hand,
    Asks.DECLINED: _declined,
    Asks.PAUSE: pause_rows,
    Asks.RESUME: _resume,
}
