"""All scenarios, for who knows what they want; / searches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from screens.texts.choices import Numbered
from screens.texts.footer import Hint
from screens.texts.line import hang, muted, rule
from screens.view import View
from screens.widgets.choices import Choices, Marked
from screens.widgets.lines import Lines
from tui.core.front import BACK
from tui.core.scenario import Scenario


class ScenariosScreen(View[str]):
    """Gives a scenario's id, or BACK."""

    HELP_NAME = "All scenarios"
    HELP_TEXT = (("What this screen is", "Every scenario, with what it needs, changes and leaves."),)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("slash", "search", "Search", id="search")]

    def __init__(self, choices: Sequence[Scenario], fitting: str) -> None:
        super().__init__()
        self._all = sorted(choices, key=lambda s: s.id != fitting)
        self._fits = any(s.id == fitting for s in choices)
        self._word = ""

    def parts(self) -> Sequence[Widget]:
        """The list, and the marked one below."""
        field = Input(placeholder="Search", compact=True, select_on_focus=False)
        field.cursor_blink = False
        field.display = False
        found = self._found()
        return [
            Lines(id="hint"),
            field,
            VerticalScroll(Choices(found, found[0].key if found else ""), can_focus=False, id="list"),
            VerticalScroll(Lines(id="detail"), can_focus=False, id="upper"),
        ]

    def _found(self) -> list[Numbered]:
        word = self._word.lower()
        return [
            Numbered(s.id, s.title, s.choose_when) for s in self._all
            if word in f"{s.title} {s.choose_when} {s.summary} {s.needs}".lower()
        ]  # fmt: skip

    def heading(self) -> str:
        """What it is."""
        return "All scenarios"

    def hints(self) -> list[Hint]:
        """What enter takes."""
        if self.in_field:
            return [("enter", "To the list"), ("esc", "Show all")]
        mark: list[Hint] = [("enter", "Use this")] if self.query_one(Choices).mark else []
        return [*mark, ("↑↓", "Move"), ("/", "Search"), ("esc", "Back")]

    def refill(self) -> None:
        """The hint and the detail."""
        choices = self.query_one(Choices)
        first = "  Type / to search." + (" The first one fits your answers." if self._fits else "")
        self.query_one("#hint", Lines).show([
            muted(first if choices.choices else "  Nothing has this word. esc shows all."), Content("")
        ])  # fmt: skip
        scenario = next((s for s in self._all if s.id == choices.mark), None)
        rows: list[Content] = []
        if scenario is not None:
            rows = [Content(""), rule(scenario.title, self.width)]
            for name, text in (("Needs", scenario.needs), ("Changes", scenario.changes), ("Leaves", scenario.leaves),
                               ("Usual", scenario.usual), ("Source", scenario.source)):  # fmt: skip
                rows += hang(name, text, self.width, 12)
        self.query_one("#detail", Lines).show(rows)
        self.query_one("#list").styles.max_height = max(4, self.rows - 2 - min(9, len(rows)))

    def on_marked_taken(self, event: Marked.Taken) -> None:
        """This one."""
        self.finish(event.key)

    def action_search(self) -> None:
        """Open the field."""
        field = self.query_one(Input)
        field.display = True
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter while typing."""
        self._word = event.value
        found = self._found()
        self.query_one(Choices).offer(found, found[0].key if found else "")
        self.refill()

    def on_input_submitted(self) -> None:
        """To the list."""
        self.query_one(Choices).focus()

    def action_back(self) -> None:
        """End the search, else back."""
        field = self.query_one(Input)
        if not field.display:
            self.finish(BACK)
            return
        field.value = ""
        field.display = False
        self.query_one(Choices).focus()
        self.draw_frame()
