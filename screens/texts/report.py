"""The report on one screen: counts of outcomes that hide nothing, times apart, what is open."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from screens.texts.choices import Item
from screens.texts.command import command
from screens.texts.line import block, ends, hang, line, visible, wrap
from screens.verdicts import OUTCOMES
from tui.core.clock import hm, span
from tui.core.events import Outcome
from tui.core.front import Report
from tui.core.report.times import rto_line, times
from tui.core.report.words import counts, outcome_line
from tui.core.state import RunState, StepState

OPEN = (Outcome.SKIPPED, Outcome.ATTESTED, Outcome.FAILED, Outcome.UNKNOWN, Outcome.DECLINED)
"""Outcomes that are named one by one."""
TITLE = 16
"""Cells of row 3 that are not the title of the run."""


def upper(view: Report, width: int) -> list[Content]:
    """Outcome, counts, times, open points: in the words and figures of the saved report."""
    state = view.state
    rows = [*block(_outcome(view, width), width), *block(rto_line(state, view.plan), width)]
    if state.ended is None and state.left is not None:
        rows += block(f"The run is not finished; it was left ({state.left.how}). It can be taken up.", width)
    counted = _flow(_counts(state), width - 11)
    rows += [Content(""), *hang("Steps", counted, width, 10), *hang("Time", _times(view), width, 10)]
    named = _named(view, width)
    rows += [Content(""), *named] if named else []
    return [*rows, Content("")] if view.left_over else rows


def _outcome(view: Report, width: int) -> str:
    """The outcome as the file says it; without its title where row 3 has all of that."""
    text = outcome_line(view.state, view.plan)
    return text.removeprefix(f"{view.title}. ") if cell_len(visible(view.title)) <= width - TITLE else text


def _flow(words: Sequence[str], width: int) -> str:
    """Words side by side, none of them broken."""
    rows = [""]
    for word in words:
        longer = f"{rows[-1]}   {word}" if rows[-1] else word
        rows[-1:] = [longer] if cell_len(longer) <= width else [rows[-1], word]
    return "\n".join(rows)


def _counts(state: RunState) -> list[str]:
    words = [f"{number} {OUTCOMES[outcome][0]} {outcome.value}" for outcome, number in counts(state).items()]
    planned = {row[0] for row in state.plan.steps} if state.plan is not None else set[str]()
    steps = planned | set(state.steps)
    rest = sum(1 for s in steps if (known := state.step(s)).outcome is None and not known.airborne)
    return [*words, *([f"{rest} not done"] if rest else []), f"total {len(steps)}"]


def _times(view: Report) -> str:
    known = times(view.state, view.plan)
    return (
        f"machine {span(known.machine)}   you {span(known.you)}   away {span(known.away)}   total {span(known.total)}"
    )


def _named(view: Report, width: int) -> list[Content]:
    rows: list[Content] = []
    for step_id, known in view.state.steps.items():
        step = view.plan.step(step_id) if view.plan is not None else None
        title = step.title if step is not None else step_id
        if known.outcome in OPEN:
            rows += _row(known, title, width)
        elif known.outcome is None and known.airborne:
            rows += _point(("? unknown", "$warning"), title, "it was sent, its result was not judged", "", width)
    for over in view.state.overridden:
        rows += _point(("▲ override", "$warning"), over.title, f'{over.evidence}; "{over.reason}"', over.by, width)
    return rows


def _row(known: StepState, title: str, width: int) -> list[Content]:
    assert known.outcome is not None  # chosen by its outcome
    sign, word, style = OUTCOMES[known.outcome]
    reason = f'"{known.reason}"' if known.reason else ""
    said = "; ".join(part for part in (reason, known.evidence) if part)
    return _point((f"{sign} {word}", style), title, said, f"{known.by} {hm(known.ended)}".strip(), width)


def _point(sign: tuple[str, str], title: str, said: str, who: str, width: int) -> list[Content]:
    """An open point in full: title and who on the first row, what was said or read beneath, unless it all fits."""
    word, style = sign
    column = 15
    head = line("  ", (word.ljust(11), style), "  ")
    end = line((visible(who), "$text-muted"), " ")
    room = width - column - end.cell_length - 1
    whole = f"{visible(title)}   {visible(said)}"
    if cell_len(whole) <= room:
        return [ends(line(head, whole), end, width)]
    first, *rest = wrap(title, room)
    under = [" " * column + text for text in rest]
    under += [" " * (column + 2) + text for text in wrap(said, width - column - 3)]
    return [ends(line(head, first), end, width), *map(line, under)]


def left_over_items(found: Sequence[tuple[str, str, str]], width: int) -> list[Item]:
    """What is left over, each with the line that removes it."""
    items = []
    for n, (what, host, text) in enumerate(found):
        first, *rest = hang("", what, width, 15)
        rows = [line("  ", ("× left over", "$error"), first[13:]), *rest]
        rows += command(text, width, host=host) if text else []
        items.append(Item(str(n), tuple(rows)))
    return items


def beneath(view: Report, width: int) -> list[Content]:
    """What to do next, and where it is kept."""
    rows: list[Content] = [Content("")]
    for n, text in enumerate(view.next_steps):
        rows += hang("Next" if not n else "", text, width, 10)
    if view.files:
        rows += hang("Saved", view.files, width, 10)
    if view.chain:
        rows += hang("Record", view.chain, width, 10)
    return rows


def rto_end(view: Report) -> str:
    """`RTO kept, 72 min spare`, as the report says it; empty while it is not back."""
    known = times(view.state, view.plan)
    if known.kept is None or known.back is None:
        return ""
    rest = known.target - known.back
    return f"RTO kept, {span(rest)} spare" if known.kept else f"RTO over by {span(-rest)}"
