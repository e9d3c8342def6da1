"""Help for a view: what it is, its keys, signs and words. Clocks go on; a question that arises closes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget

from screens.sheet import Sheet
from screens.texts.footer import Hint
from screens.texts.help import help_lines
from screens.view import STOP, View
from screens.widgets.lines import Lines


class HelpScreen(View[None]):
    """Scrolls; closes with esc or `?`."""

    AUTO_FOCUS = "#help-text"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "back", "Close help", show=False)]

    def __init__(self, view: View[Any] | Sheet[Any]) -> None:
        super().__init__()
        self._view = view

    def parts(self) -> Sequence[Widget]:
        """One text that scrolls."""
        return [VerticalScroll(Lines(id="help"), id="help-text")]

    def heading(self) -> str:
        """What it explains."""
        return f"Help for: {self._view.HELP_NAME or type(self._view).__name__}"

    def hints(self) -> list[Hint]:
        """How to close it."""
        return [("esc", "Close help"), ("↑↓", "Scroll")]

    def pinned(self) -> list[Hint]:
        """Help is open already."""
        return [STOP]

    def refill(self) -> None:
        """The text for the width."""
        self.query_one("#help", Lines).show(help_lines(self._view.HELP_TEXT, self._view.hints(), self.width - 1))

    def action_back(self) -> None:
        """Close it."""
        self.dismiss(None)
