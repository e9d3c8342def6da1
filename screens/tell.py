"""Something that cannot wait for a view: an error's three lines. Enter or esc goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from screens.texts.footer import Hint
from screens.texts.line import hang
from screens.view import View
from screens.widgets.lines import Lines

NAMES = ("What happened", "What it means", "What to do")


class TellScreen(View[None]):
    """Lines to read."""

    AUTO_FOCUS = ""
    HELP_NAME = "Message"
    HELP_TEXT = (("What this screen is", "Something you should know before the next step."),)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "back", "Go on", id="go-on")]

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._told, self._rows = title, tuple(lines)

    def parts(self) -> Sequence[Widget]:
        """The lines."""
        return [VerticalScroll(Lines(id="told"), can_focus=False, id="upper")]

    def heading(self) -> str:
        """What it is about."""
        return self._told

    def hints(self) -> list[Hint]:
        """Read, then go on."""
        return [("enter", "Go on")]

    def refill(self) -> None:
        """Three lines have names; others stand for themselves."""
        names = NAMES if len(self._rows) == len(NAMES) else ("",) * len(self._rows)
        rows = [Content("")]
        for name, text in zip(names, self._rows, strict=True):
            rows += hang(name, text, self.width, 18 if name else 2)
        self.query_one("#told", Lines).show(rows)

    def action_back(self) -> None:
        """It was read."""
        self.finish(None)
