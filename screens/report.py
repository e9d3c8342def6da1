"""The report: the outcome in one line, what is not proved, what is left to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from screens.sheet import CopiedSheet, TellSheet
from screens.texts.footer import Hint
from screens.texts.line import block, line, visible
from screens.texts.report import beneath, left_over_items, rto_end, upper
from screens.view import View
from screens.widgets.choices import Marked
from screens.widgets.lines import Lines
from tui.core.front import Report


class ReportScreen(View[None]):
    """Enter or esc goes to Welcome."""

    HELP_NAME = "Report"
    WAITS = "Reading earlier runs"
    HELP_TEXT = (
        ("What this screen is", "How it ended. What was skipped, attested or left over is named."),
        ("Left over", "c copies the line that removes what is marked."),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Copy the line", id="copy", tooltip="Copy the line that removes what is left over"),
        Binding(
            "w", "whole", "The whole report", id="whole", tooltip="The whole report as text, and where it is saved"
        ),
        Binding("enter", "back", "Welcome", show=False),
        Binding("pageup", "page(-1)", "Scroll up", show=False, priority=True),
        Binding("pagedown", "page(1)", "Scroll down", show=False, priority=True),
    ]

    def __init__(self, view: Report) -> None:
        super().__init__()
        self._view = view

    def parts(self) -> Sequence[Widget]:
        """Numbers, what is left over, what to do next."""
        return [
            VerticalScroll(
                Lines(id="upper-text"), Marked(quiet=True), Lines(id="beneath"), can_focus=False, id="upper"
            )
        ]  # fmt: skip

    def on_mount(self) -> None:
        """The outcome is read first: the focus of what is left over does not scroll it away."""
        self.call_after_refresh(self._laid_out)

    def _laid_out(self) -> None:
        self.query_one("#upper", VerticalScroll).scroll_home(animate=False)
        self.draw_frame()

    def heading(self) -> str:
        """The outcome; the word success does not occur."""
        return f"Report: {self._view.title}"

    def moment(self) -> float:
        """The clocks stand where the run ended."""
        return self._view.state.last or super().moment()

    def rto(self) -> str:
        """Kept or missed, once it is over."""
        return rto_end(self._view)

    def hints(self) -> list[Hint]:
        """What works."""
        left: list[Hint] = [("c", "Copy the line"), ("↑↓", "Move")] if self._view.left_over else []
        more: list[Hint] = [("pgdn", "More")] if self.query_one("#upper", VerticalScroll).max_scroll_y else []
        return [*more, *left, ("w", "Whole report"), ("esc", "Welcome")]

    def refill(self) -> None:
        """Everything for the width."""
        self.query_one("#upper-text", Lines).show(upper(self._view, self.width))
        items = left_over_items(self._view.left_over, self.width)
        marked = self.query_one(Marked)
        marked.display = bool(items)
        marked.put(items, items[0].key if items and not marked.mark else None)
        self.query_one("#beneath", Lines).show(beneath(self._view, self.width))

    def on_marked_taken(self) -> None:
        """Enter leaves."""
        self.finish(None)

    def action_copy(self) -> None:
        """Copy the line of the marked left-over."""
        mark = self.query_one(Marked).mark
        if mark:
            text = self._view.left_over[int(mark)][2]
            if text:
                self.app.copy_to_clipboard(text)
                self.app.push_screen(CopiedSheet(text, self._view.files))

    def action_whole(self) -> None:
        """The whole report."""
        saved = [f"Saved: {self._view.files}", ""] if self._view.files else []
        self.app.push_screen(WholeReport([*saved, *self._view.markdown.splitlines()]))

    def action_back(self) -> None:
        """To Welcome."""
        self.finish(None)


class WholeReport(TellSheet):
    """The report's text; scrolls."""

    AUTO_FOCUS = "VerticalScroll"

    def parts(self) -> Sequence[Widget]:
        """One text that scrolls."""
        return [VerticalScroll(Lines(id="told"), id="whole")]

    def hints(self) -> list[Hint]:
        """It scrolls."""
        return [("↑↓ pgup pgdn", "Scroll"), ("home end", "Edges"), ("esc", "Close")]

    def refill(self) -> None:
        """Lines as they are, wrapped."""
        rows: list[Content] = []
        for text in self._rows:
            rows += block(text, self.width, 0) if text else [line(visible(text))]
        self.query_one("#told", Lines).show(rows)
