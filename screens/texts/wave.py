"""A wave at a pause: how each of its VMs came through, and the wave that follows."""

from __future__ import annotations

from textual.content import Content

from screens.texts.fleet import complete, vms
from screens.texts.line import block, cut, line, muted, pad, visible, wrap
from screens.verdicts import STANDS
from tui.core.clock import span
from tui.core.fleet import Fleet
from tui.core.front import RunSession
from tui.core.plan import Phase
from tui.core.standing import Row, Stand, Wave
from tui.core.watch import Watch

SHOWN = 6
"""VMs of a wave that a pause names, those that were skipped first."""


def wave_of(session: RunSession, phase: Phase) -> Wave | None:
    """The wave that this phase is; None for what all VMs share."""
    waves = Fleet(session.plan).waves(session.state) if session.plan.vms else ()
    return next((wave for wave in waves if wave.phase == phase.title), None)


def wave_title(wave: Wave) -> str:
    """`Run: wave 2 complete 03:19 UTC: 11 of 12 VMs, 1 skipped`."""
    return f"Run: wave {wave.number} {complete(wave)}"


def wave_true_now(session: RunSession, wave: Wave, width: int) -> list[Content]:
    """What is true of its VMs; a word that is not proved is never cut."""
    rows = sorted(
        Fleet(session.plan).rows(session.state, Watch(), wave), key=lambda row: row.stand is not Stand.SKIPPED
    )
    shown = rows if len(rows) <= SHOWN + 1 else rows[:SHOWN]
    name = max(len(visible(row.vm)) for row in rows)
    found = [piece for row in shown for piece in _vm(row, name, width)]
    hidden = len(rows) - len(shown)
    return [*found, *([muted(f"    and {hidden} more are done, p shows them")] if hidden else [])]


def _vm(row: Row, name: int, width: int) -> list[Content]:
    sign, _, style = STANDS[row.stand]
    text = f"skipped: {row.title}: {row.said}" if row.stand is Stand.SKIPPED else row.said
    text += f"; step {row.hand} by hand" if row.hand else ""
    head = line("    ", (sign, style), f" {pad(visible(row.vm), name)}  ")
    room = width - head.cell_length - 1
    pieces = wrap(text, room) if "not proved" in text else [cut(visible(text), room)]
    return [line(head, pieces[0]), *(line(" " * head.cell_length, piece) for piece in pieces[1:])]


def wave_coming(wave: Wave, phase: Phase, session: RunSession, width: int) -> list[Content]:
    """The wave that follows: its VMs, and whether a name will be typed."""
    most = max(len(lane.steps) for lane in phase.lanes)
    waves = len(Fleet(session.plan).waves(session.state))
    name = "" if wave.name == f"Wave {wave.number}" else f" {visible(wave.name)}."
    head = f"Wave {wave.number} of {waves}:{name} {vms(len(wave.vms))} side by side, {most} steps each, "
    rows = [Content(""), *block(f"{head}usual {span(wave.usual)}.", width), *block(", ".join(wave.vms), width, 4)]
    typed = [step.gate.phrase for step in phase.steps if step.gate.phrase]
    if any(step.no_return for step in phase.steps):
        rows.append(line((" ═══ POINT OF NO RETURN in each VM " + "═" * (width - 36) + " ", "$warning")))
    if typed:
        more = f", and {len(typed) - 1} more like it" if len(typed) > 1 else ""
        rows.append(muted(f"  You will type: {session.mode} {visible(typed[0])}{more}"))
    return rows
