"""The plan in a run: every step with its state; the same key or esc closes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget

from screens.texts.command import command
from screens.texts.footer import Hint
from screens.texts.line import muted, rule
from screens.texts.progress import current, full_label
from screens.texts.runlist import plan_items
from screens.texts.step import previewed
from screens.view import View
from screens.widgets.choices import Marked
from screens.widgets.lines import Lines
from tui.core.facts import scoped
from tui.core.fleet import Fleet
from tui.core.front import RunSession
from tui.core.watch import Watch

DETAIL = 7
"""Rows that the marked step's command has at least; it scrolls, so that all of it can be read."""


class RunPlanScreen(View[None]):
    """Read-only."""

    HELP_NAME = "Plan"
    HELP_TEXT = (("What this screen is", "The whole way, with the state of each step and the point of no return."),)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("p", "back", "Close the plan", show=False)]

    def __init__(self, session: RunSession, vm: str = "") -> None:
        """It opens at the step of now; in a run of several VMs, at that of this VM."""
        super().__init__()
        self._session = session
        step = current(session.plan, session.state, vm)
        last = session.plan.lane(scoped("", vm))[-1:] if vm else ()
        self._start: str | None = step.id if step is not None else last[0].id if last else ""

    def parts(self) -> Sequence[Widget]:
        """The steps, and the marked one's command."""
        return [
            VerticalScroll(Marked(column=2), can_focus=False, id="list"),
            VerticalScroll(Lines(id="detail"), can_focus=False, id="whole"),
        ]

    def heading(self) -> str:
        """How far it is."""
        steps = list(self._session.plan.steps())
        settled = [s for s in steps if (o := self._session.state.step(s.id).outcome) is not None and o.settled]
        vms = ""
        if self._session.plan.vms:
            rows = Fleet(self._session.plan).rows(self._session.state, Watch())
            vms = f"{sum(row.stand.through for row in rows)} of {len(rows)} VMs, "
        return f"Plan: {vms}{len(settled)} of {len(steps)} steps are through"

    def hints(self) -> list[Hint]:
        """Back to the step."""
        asks: list[Hint] = [("", f"! Asks you: {self.host.asks}.")] if self.host.asks else []
        part = self.query_one("#whole", VerticalScroll)
        tab: list[Hint] = [("tab", "Steps" if part.has_focus else "Command")] if part.can_focus else []
        return [*asks, ("esc", "Back to the run"), ("↑↓", "Scroll" if part.has_focus else "Move"), *tab]

    def tick(self) -> None:
        """States go on."""
        self.refill()

    def refill(self) -> None:
        """The list keeps its mark and place."""
        marked = self.query_one(Marked)
        marked.put(plan_items(self._session.plan, self.width, self._session.state), self._start)
        self._start = None
        step = self._session.plan.step(marked.mark)
        if step is None:
            return
        text = previewed(self._session.plan, self._session.state, step)
        rows = [rule(full_label(self._session.plan, step), self.width)]
        rows += command(text, self.width - 1) if text else [muted("  Reads only; sends no change.")]
        self.query_one("#detail", Lines).show(rows)
        part = self.query_one("#whole", VerticalScroll)
        room = max(DETAIL, self.rows - sum(len(item.lines) for item in marked.items))
        part.styles.max_height = room
        part.can_focus = len(rows) > room
        self.query_one("#list").styles.max_height = max(4, self.rows - min(room, len(rows)))

    def action_back(self) -> None:
        """Close it."""
        self.dismiss(None)
