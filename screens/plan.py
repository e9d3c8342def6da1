"""The plan before its first step: the whole way, and where the way back ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from screens.sheet import CopiedSheet, TellSheet
from screens.texts.command import command
from screens.texts.footer import Hint
from screens.texts.line import hang, muted, rule
from screens.texts.progress import full_label
from screens.texts.runlist import plan_items
from screens.view import View
from screens.widgets.choices import Marked
from screens.widgets.lines import Lines
from tui.core.clock import span
from tui.core.front import BACK, PlanView
from tui.core.plan import Plan, Step, shown

OLD = 120.0
"""Seconds after which the age of the prerequisites is said."""


class PlanScreen(View[str]):
    """Gives "begin" or BACK."""

    HELP_NAME = "Plan"
    WAITS = "Beginning the run"
    HELP_TEXT = (
        ("What this screen is", "Every step, with its command. Nothing is sent before you answer each step."),
        ("<VM ID> and the like", "stand for values that an earlier step will read."),
        ("The double line", "The point of no return: after it, the way back loses data."),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Copy command", id="copy", tooltip="Copy the marked step's command"),
        Binding("w", "save", "Save the plan", id="save", tooltip="Save the plan as Markdown"),
    ]

    def __init__(self, view: PlanView) -> None:
        super().__init__()
        self._view = view

    def parts(self) -> Sequence[Widget]:
        """State, steps, the marked step's command."""
        return [
            Lines(id="state"),
            VerticalScroll(Marked(column=2), can_focus=False, id="list"),
            Lines(id="detail"),
        ]

    def heading(self) -> str:
        """How long it is."""
        plan = self._view.plan
        steps = list(plan.steps())
        changing = sum(step.act is not None for step in steps)
        parts = f"{_count(len(steps), 'step')} in {_count(len(plan.phases), 'phase')}"
        many = f"{_count(len(plan.vms), 'VM')}, " if plan.vms else ""
        return f"Plan: {many}{parts}, {changing} change something, usual {max(1, round(usual(plan) / 60))} min"

    def hints(self) -> list[Hint]:
        """Enter begins; that asks again at each step."""
        return [("enter", "Begin…"), ("↑↓", "Move"), ("c", "Copy command"), ("w", "Save plan"), ("esc", "Back")]

    @property
    def step(self) -> Step | None:
        """The marked step."""
        return self._view.plan.step(self.query_one(Marked).mark)

    def tick(self) -> None:
        """The age of the prerequisites."""
        self.refill()

    def refill(self) -> None:
        """State, steps, command."""
        digest = self._view.plan.digest
        rows = [muted(f"  Plan {digest[:4]}-{digest[4:8]}, not started. Nothing is sent before you answer each step.")]
        if self._view.board_age() > OLD:
            rows.append(
                muted(f"  Prerequisites are {span(self._view.board_age())} old: guards are read again at each step.")
            )
        self.query_one("#state", Lines).show(rows)
        marked = self.query_one(Marked)
        items = plan_items(self._view.plan, self.width)
        first = next((item.key for item in items if item.open), "")
        marked.put(items, first if not marked.mark else None)
        below = self._detail()
        self.query_one("#detail", Lines).show(below)
        self.query_one("#list").styles.max_height = max(4, self.rows - len(rows) - len(below))

    def _detail(self) -> list[Content]:
        step = self.step
        if step is None:
            return []
        text = shown(step.preview(self._view.plan.facts_of(step.id)))
        rows = [rule(full_label(self._view.plan, step), self.width)]
        rows += command(text, self.width, fold=True) if text else [muted("  Reads only; sends no change.")]
        rows += hang("Undo", step.way_back, self.width, 11) if step.way_back else []
        return rows

    def on_marked_taken(self, event: Marked.Taken) -> None:
        """Begin."""
        self.finish("begin")

    def action_copy(self) -> None:
        """Copy the marked step's command."""
        step = self.step
        text = shown(step.preview(self._view.plan.facts_of(step.id))) if step is not None else ""
        if text:
            self.app.copy_to_clipboard(text)
            self.app.push_screen(CopiedSheet(text, ""))

    def action_save(self) -> None:
        """Save it, say where."""
        try:
            told = f"Saved: {self._view.save()}"
        except OSError as error:
            told = f"It cannot be saved: {error.filename}: {error.strerror}."
        self.app.push_screen(TellSheet([told]))

    def action_back(self) -> None:
        """Back to the prerequisites."""
        self.finish(BACK)


def usual(plan: Plan) -> float:
    """Seconds that it usually takes: of each phase its longest lane."""
    lanes = ((sum(step.usual for step in lane.steps) for lane in phase.lanes) for phase in plan.phases)
    return sum(max(phase, default=0.0) for phase in lanes)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
