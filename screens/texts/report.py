"""The report on one screen: counts of outcomes that hide nothing, times apart, what is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from textual.content import Content

from screens.signs import OUTCOMES
from screens.texts.choices import Item
from screens.texts.command import command
from screens.texts.header import hours
from screens.texts.line import block, cut, hang, line, visible
from tui.core.clock import hm, span
from tui.core.events import Outcome
from tui.core.front import Report, Situation
from tui.core.state import RunState, StepState

OPEN = (Outcome.SKIPPED, Outcome.ATTESTED, Outcome.FAILED, Outcome.UNKNOWN, Outcome.DECLINED)
"""Outcomes that are named one by one."""


def upper(view: Report, situation: Situation, width: int) -> list[Content]:
    """Outcome, counts, times, open points."""
    state = view.state
    rows = _outcome(state, situation, width)
    rows += [Content(""), *hang("Steps", _counts(view), width, 10), *hang("Time", _times(state), width, 10)]
    named = _named(view, width)
    rows += [Content(""), *named] if named else []
    return [*rows, Content("")] if view.left_over else rows


def _outcome(state: RunState, situation: Situation, width: int) -> list[Content]:
    rows: list[Content] = []
    if state.ended is not None:
        rows += block(f"{state.ended.evidence}", width)
    elif state.left is not None:
        rows += block(f"The run is not finished; it was left ({state.left.how}). It can be taken up.", width)
    if situation.declared and situation.rto and state.last:
        took, spare = state.last - situation.declared, situation.declared + situation.rto - state.last
        recovered = state.ended is not None and state.ended.recovered
        kept = "kept" if spare >= 0 else f"missed by {hours(-spare)}"
        target = (
            f"RTO target {hours(situation.rto)}: {kept}." if recovered else "The RTO target is not reached by this run."
        )
        rows += block(f"{'Back after' if recovered else 'Elapsed'} {hours(took)}. {target}", width)
    return rows


def _counts(view: Report) -> str:
    found = Counter(known.outcome for known in view.state.steps.values() if known.outcome is not None)
    words = [f"{found[o]} {OUTCOMES[o][0]} {o.value}" for o in Outcome if found[o]]
    total = len(list(view.plan.steps())) if view.plan is not None else len(view.state.steps)
    return "   ".join([*words, f"total {total}"])


def _times(state: RunState) -> str:
    whole = max(0.0, state.last - state.first)
    machine = max(0.0, whole - state.waited - state.away)
    return f"machine {span(machine)}   you {span(state.waited)}   away {span(state.away)}   total {span(whole)}"


def _named(view: Report, width: int) -> list[Content]:
    rows = []
    for step_id, known in view.state.steps.items():
        if known.outcome in OPEN:
            step = view.plan.step(step_id) if view.plan is not None else None
            rows.append(_row(known, step.title if step is not None else step_id, width))
    for over in view.state.overridden:
        text = (
            f'{cut(visible(over.title), 28).ljust(28)}  "{cut(visible(over.reason), width - 60)}"  {visible(over.by)}'
        )
        rows.append(line("  ", ("▲ override", "$warning"), "   ", cut(text, width - 16)))
    return rows


def _row(known: StepState, title: str, width: int) -> Content:
    assert known.outcome is not None  # chosen by its outcome
    sign, word, style = OUTCOMES[known.outcome]
    said = f'"{known.reason}"' if known.reason else known.evidence
    who = f"{known.by} {hm(known.ended)[:5]}" if known.by else hm(known.ended)[:5]
    text = f"{cut(visible(title), 28).ljust(28)}  {cut(visible(said), max(8, width - 49 - len(who)))}  {visible(who)}"
    return line("  ", (f"{sign} {word}".ljust(11), style), "  ", cut(text, width - 16))


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
    if view.saved is not None:
        rows += hang("Saved", str(view.saved), width, 10)
    if view.chain:
        rows += hang("Record", view.chain, width, 10)
    return rows


def rto_end(state: RunState, situation: Situation) -> str:
    """`RTO kept, 72 min spare`; empty while it still runs."""
    if state.ended is None or not state.ended.recovered or not (situation.declared and situation.rto):
        return ""
    spare = situation.declared + situation.rto - state.last
    return f"RTO kept, {hours(spare)} spare" if spare >= 0 else f"RTO missed by {hours(-spare)}"
