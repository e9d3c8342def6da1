"""What happened? One question a person in an outage can answer, with what was read beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from screens.texts.choices import Numbered
from screens.texts.footer import Hint
from screens.texts.line import block, cut, line, muted, pad, visible
from screens.view import View
from screens.widgets.choices import Choices, Marked
from screens.widgets.lines import Lines
from tui.core.front import BACK, Triage


class TriageScreen(View[str]):
    """Gives an option's key, BACK, or "scenarios"."""

    HELP_NAME = "What happened?"
    HELP_TEXT = (
        ("What this screen is", "A few questions that lead to the right scenario. Nothing is changed."),
        ("If you do not know", "Say so: then the plan is guarded as if the worse were true."),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "scenarios", "Scenarios", id="scenarios", tooltip="Choose from all scenarios"),
    ]

    def __init__(self, view: Triage) -> None:
        super().__init__()
        self._view = view

    def parts(self) -> Sequence[Widget]:
        """Answered questions, the open one, the next ones."""
        found = [
            Numbered(o.key, o.label, f"we would take this: {o.why}" if o.why else "",
                     more=f"Leads to: {o.leads}" if o.leads else "", refused=o.nowhere)
            for o in self._view.options
        ]  # fmt: skip
        offered = [o for o in self._view.options if not o.nowhere]
        mark = next((o.key for o in offered if o.why), offered[0].key if offered else "")
        return [
            Lines(id="asked"),
            VerticalScroll(Choices(found, mark), can_focus=False, id="list"),
            Lines(id="next"),
        ]

    def heading(self) -> str:
        """Which question it is."""
        return f"What happened?  Question {self._view.number} of {self._view.total}"

    def hints(self) -> list[Hint]:
        """What enter takes."""
        choices = self.query_one(Choices)
        back = f"Question {self._view.number - 1}" if self._view.number > 1 else "Back"
        enter: list[Hint] = [("enter", cut(visible(choices.label()), 22))] if choices.mark else []
        return [*enter, (f"1-{len(choices.choices)}", "Move"), ("s", "Scenarios"), ("esc", back)]

    def refill(self) -> None:
        """The texts for the width."""
        rows = [
            line("√ ", pad(visible(question), 34), *_answer(visible(answer), how, self.width - 36))
            for question, answer, how in self._view.answered
        ]
        rows = [*rows, *([Content("")] if rows else []), line("● ", (visible(self._view.question), "bold"))]
        rows += [row for text in self._view.readings for row in block(text, self.width, 4)]
        self.query_one("#asked", Lines).show([*rows, Content("")])
        below = [muted(f"○ {pad(visible(question), 32)}  {visible(note)}") for question, note in self._view.upcoming]
        self.query_one("#next", Lines).show([Content(""), *below])
        self.query_one("#list").styles.max_height = max(4, self.rows - len(rows) - 1 - len(below) - 1)

    def on_marked_taken(self, event: Marked.Taken) -> None:
        """The answer."""
        self.finish(event.key)

    def action_back(self) -> None:
        """The question before."""
        self.finish(BACK)

    def action_scenarios(self) -> None:
        """All scenarios."""
        self.finish("scenarios")


def _answer(answer: str, how: str, room: int) -> tuple[str, tuple[str, str]]:
    end = f"({visible(how)})"
    return pad(answer, min(max(20, len(answer)), room - len(end) - 3)) + "  ", (end, "$text-muted")
