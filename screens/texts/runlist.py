"""The step list: in the plan before the run, in the run with states, with the point of no return drawn."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from textual.content import Content

from screens.texts.choices import Item
from screens.texts.line import cut, line, pad, visible
from screens.texts.progress import word
from tui.core.facts import scoped, split
from tui.core.fleet import settled, short
from tui.core.plan import Phase, Plan, Step, numbers
from tui.core.state import RunState

COLUMNS = 33
"""Cells of host, risk or state, and undo."""
TITLES = 47
"""Cells of the titles at 80 columns."""
SIDE = 43
"""Cells of the step list in a window of 110 columns."""
CARD = 77
"""Cells that the step beside the list keeps before the list grows."""
POINT = "POINT OF NO RETURN: after this, there is no way back"


def plan_items(plan: Plan, width: int, state: RunState | None = None) -> list[Item]:
    """Phases and steps with host, risk and undo; in a run with the state instead of the risk."""
    heads = ("host", "state", "undo") if state is not None else ("host", "risk", "undo")
    right = width - _title_room(plan, width - COLUMNS)
    items: list[Item] = []
    counted = numbers(step.id for step in plan.steps())  # once: 20 VMs have 260 steps
    heading = ""
    for number, phase in enumerate(plan.phases, 1):
        title = cut(f"  Phase {number}  {visible(phase.title)}", width - right - 1)
        row = line(
            (pad(title, width - right), "bold"), (_columns(*(heads if number == 1 else ("", "", ""))), "$text-muted")
        )
        items.append(Item(f"phase:{number}", (row,), False))
        for step in phase.steps:
            vm = split(step.id)[1]
            if vm and f"vm:{number}:{vm}" != heading:
                heading = f"vm:{number}:{vm}"
                items.append(Item(heading, (_vm_row(phase, vm, state, width),), False))
            if step.no_return:
                items.append(Item(f"point:{step.id}", (_point(counted[step.id], width),), False))
            items.append(_step(counted, step, width - right, state))
    return items


def _vm_row(phase: Phase, vm: str, state: RunState | None, width: int) -> Content:
    """The head of a VM's steps, with how many of them are through."""
    steps = [step for step in phase.steps if split(step.id)[1] == vm]
    through = sum(settled(state.step(step.id)) for step in steps) if state is not None else 0
    count = f"{through} of {len(steps)} steps are through" if through else f"{len(steps)} steps"
    return line((cut(f"  {visible(vm)}", width - 30), "bold"), (f"   {count}", "$text-muted"))


def _title_room(plan: Plan, room: int) -> int:
    """The titles' column: as wide as the longest needs, so that host and undo stay near it."""
    longest = max((cell_len(visible(step.title)) for step in plan.steps()), default=0)
    phases = max((cell_len(visible(phase.title)) for phase in plan.phases), default=0)
    return min(room, max(TITLES, longest + 7, phases + 13))


def _point(number: int, width: int) -> Content:
    head = f" ═══ {number} {POINT} "
    return line((head + "═" * (width - len(head) - 1) + " ", "$warning"))


def _step(counted: Mapping[str, int], step: Step, room: int, state: RunState | None) -> Item:
    name = pad(f"  {counted[step.id]:3} {visible(step.title)}", room - 1) + " "
    undo = _undo(counted, step)
    if state is None:
        return Item(step.id, (line(name, _columns(step.host or "you", step.risk, undo)),))
    sign, text, style = word(state.step(step.id), False)
    return Item(step.id, (line(name, pad(step.host or "you", 10), (pad(f"{sign} {text}", 16), style), pad(undo, 7)),))


def _undo(counted: Mapping[str, int], step: Step) -> str:
    """How a step is taken back: by its own undo, by a later step, or not."""
    if step.act is None:
        return "none"
    if step.undone_by:
        vm = split(step.id)[1]
        number = counted.get(scoped(step.undone_by, vm))
        return f"step {number}" if number else "later" if vm else "no"  # a number of what all share is none of the VM's
    return "yes" if step.undo is not None else "no"


def _columns(host: str, risk: str, undo: str) -> str:
    return pad(visible(host), 10) + pad(visible(risk), 10) + pad(undo, 13)


def side_width(plan: Plan, width: int) -> int:
    """How wide the step list is beside the step: as its titles need, once the step has its room."""
    longest = max((cell_len(visible(step.title)) for step in plan.steps()), default=0)
    return max(SIDE, min(longest + 21, width - CARD))


def side_list(plan: Plan, state: RunState, now_id: str, asks: bool, width: int, vm: str = "") -> list[Content]:
    """The steps with their states, for the left of a wide run screen: those of one lane."""
    rows: list[Content] = []
    following = True
    for number, phase in enumerate(plan.phases, 1):
        steps = [step for step in phase.steps if split(step.id)[1] == vm]
        if not steps:
            continue
        if rows:
            rows.append(line(""))
        rows.append(line((cut(f"  Phase {number}  {visible(phase.title)}", width), "bold")))
        for step in steps:
            if step.no_return:
                rows.append(
                    line((pad(f"  ══ POINT OF NO RETURN {'═' * width}", width - 1).replace("…", "═"), "$warning"))
                )
            here = step.id == now_id
            sign, text, style = word(state.step(step.id), asks and here)
            if sign == "○" and following and not here:
                text, following = "next", False
            sign = "●" if here and sign == "~" else sign
            name = cut(visible(short(step.title, vm) if vm else step.title), width - 20)
            body = f"{plan.number(step.id):2} {pad(text, 10)} {name}"
            rows.append(
                line("  ", (sign, style), " ", (body, "bold" if here else style if style == "$text-muted" else ""))
            )
    return rows
