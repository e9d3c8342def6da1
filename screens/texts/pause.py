"""The pause between two phases as a picture: what is true now, and what comes next."""

from __future__ import annotations

from textual.content import Content

from screens.texts.line import block, cut, ends, line, muted, pad, visible, wrap
from screens.texts.progress import label
from screens.texts.wave import wave_coming, wave_of, wave_title, wave_true_now
from tui.core.front import RunSession
from tui.core.plan import Phase
from tui.core.question import Question

TRUE_NOW = 4
"""Values of a complete phase that are shown, the newest; the plan has all."""
COMING = 4
"""Steps of the next phase that are shown."""


def pause_title(question: Question, session: RunSession) -> str:
    """`Run: phase 1 of 2 complete: the key is on AZL-HAM`, or how many VMs of a wave are through."""
    ended = _phase(question, session)
    wave = wave_of(session, ended) if ended else None
    if wave is not None:
        return wave_title(wave)
    done = session.plan.phases.index(ended) + 1 if ended else 0
    return f"Run: phase {done} of {len(session.plan.phases)} complete: {ended.reached if ended else ''}"


def pause_rows(question: Question, session: RunSession, width: int) -> list[Content]:
    """What is true now, what comes next, and whether there is a way back."""
    plan, phase = session.plan, _phase(question, session)
    rows = []
    wave = wave_of(session, phase) if phase is not None else None
    if phase is not None:
        at = plan.phases.index(phase)
        name = f"Wave {wave.number}" if wave is not None else f"Phase {at + 1} of {len(plan.phases)}"
        rows.append(line(f"  {name} is complete. This is true now:"))
    if wave is not None:
        rows += wave_true_now(session, wave, width)
    else:
        rows += _values(question, width)
    if phase is not None and at + 1 < len(plan.phases):
        then = plan.phases[at + 1]
        following = wave_of(session, then)
        rows += wave_coming(following, then, session, width) if following else _coming(then, at + 2, session, width)
    undo = next((c for c in question.choices if c.key == "undo"), None)
    if undo is not None and not undo.refused:
        rows += [Content(""), line("  You can go back: each step of it is shown, and asks.")]
    return rows


def _values(question: Question, width: int) -> list[Content]:
    rows = []
    hidden = len(question.lines) - TRUE_NOW
    rows += [muted(f"    {hidden} steps before these are through too, p shows them")] if hidden > 0 else []
    for text in question.lines[-TRUE_NOW:]:
        name, _, value = text.partition(": ")
        rows += _true_now(name, value or text, width)
    return rows


def _true_now(name: str, value: str, width: int) -> list[Content]:
    """A value on one row; what is not proved is never cut."""
    if "not proved" not in value:
        return [line(f"    {pad(visible(name), 30)}  ", cut(visible(value), width - 37))]
    first, *rest = wrap(value, width - 37)
    return [line(f"    {pad(visible(name), 30)}  ", first), *(line(" " * 36, text) for text in rest)]


def _coming(phase: Phase, number: int, session: RunSession, width: int) -> list[Content]:
    plan = session.plan
    usual = sum(step.usual for step in phase.steps)
    count = len(phase.steps)
    rows = [
        Content(""),
        *block(f"Phase {number} of {len(plan.phases)}: {phase.title}. {count} steps, usual {_about(usual)}.", width),
    ]
    for step in phase.steps[:COMING]:
        if step.no_return:
            rows.append(line((" ═══ POINT OF NO RETURN " + "═" * (width - 25) + " ", "$warning")))
        end = f"you will type: {session.mode} {step.gate.phrase}" if step.gate.phrase else ""
        rows.append(
            ends(cut(f"○ {visible(label(plan, step))}", width - len(end) - 4), line((end, "$text-muted"), " "), width)
        )
    if count > COMING:
        rows.append(muted(f"○ and {count - COMING} more, p shows them"))
    return rows


def _about(seconds: float) -> str:
    return f"{round(seconds / 60)} min" if seconds >= 90 else f"{round(seconds)} s"


def _phase(question: Question, session: RunSession) -> Phase | None:
    name = question.id.removeprefix("pause:")
    return next((phase for phase in session.plan.phases if phase.title == name), None)
