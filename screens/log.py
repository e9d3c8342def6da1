"""The log: the whole transcript of a run, no line cut; / searches, end follows, w saves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from screens.sheet import TellSheet
from screens.texts.footer import Hint
from screens.texts.transcript import of_event
from screens.view import View
from screens.widgets.transcript import WholeTranscript
from tui.core.events import Stamped
from tui.core.front import RunSession


class LogScreen(View[None]):
    """Read-only. A question that arises waits until it is closed; the footer says so."""

    AUTO_FOCUS = ""
    HELP_NAME = "Log"
    HELP_TEXT = (("What this screen is", "Everything that was sent, answered, read and said in this run."),)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "back", "Close the log", show=False),
        Binding("slash", "search", "Search", id="search"),
        Binding("w", "save", "Save", id="save", tooltip="Save the log as a text file in the run's folder"),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("pageup", "scroll(-16)", show=False),
        Binding("pagedown", "scroll(16)", show=False),
        Binding("home", "home", show=False),
        Binding("end", "end", show=False),
    ]

    def __init__(self, session: RunSession) -> None:
        super().__init__()
        self._session = session
        said = (of_event(stamped, session.plan) for stamped in session.events)
        self._transcript = WholeTranscript([s for s in said if s is not None])
        self._hit = -1

    def parts(self) -> Sequence[Widget]:
        """The transcript and the field for searching."""
        field = Input(placeholder="Search", compact=True, id="search", select_on_focus=False)
        field.cursor_blink = False
        field.display = False
        return [self._transcript, field]

    def heading(self) -> str:
        """How many lines, and how many are below."""
        return f"Log: {len(self._transcript.lines)} lines"

    def hints(self) -> list[Hint]:
        """What works."""
        asks: list[Hint] = [("", f"! Asks you: {self.host.asks}.")] if self.host.asks else []
        if self.in_field:
            return [*asks, ("enter", "Next hit"), ("esc", "End search")]
        new: list[Hint] = [("end", f"{self._transcript.below} rows below")] if self._transcript.below else []
        wraps: Hint = ("", "Long lines go on beneath.")
        return [*asks, ("esc", "Close"), *new, ("↑↓", "Scroll"), ("/", "Search"), ("w", "Save"), wraps]

    def on_mount(self) -> None:
        """Follow the record."""
        self._unfollow = self._session.follow(self._follow)

    def on_unmount(self) -> None:
        """Stop to follow."""
        self._unfollow()

    def _follow(self, stamped: Stamped) -> None:
        said = of_event(stamped, self._session.plan)
        if said is not None:
            self._transcript.add(said)

    def action_scroll(self, by: int) -> None:
        """Scroll by rows."""
        self._transcript.show_from(self._transcript.top + by)
        self.draw_frame()

    def action_home(self) -> None:
        """The first line."""
        self._transcript.show_from(0)
        self.draw_frame()

    def action_end(self) -> None:
        """The last line, and follow."""
        self._transcript.to_end()
        self.draw_frame()

    def action_search(self) -> None:
        """Open the field."""
        field = self.query_one(Input)
        field.display = True
        field.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Show the next line that has the text, upwards from the end."""
        self._transcript.found = event.value
        lines = self._transcript.lines
        hits = [n for n, said in enumerate(lines) if event.value and event.value.lower() in said.whole.lower()]
        earlier = [n for n in hits if self._hit < 0 or n < self._hit] or hits
        self._hit = earlier[-1] if earlier else -1
        if self._hit >= 0:
            self._transcript.show_from(self._transcript.row_of(self._hit) - 5)
        self._transcript.refresh()
        self.draw_frame()

    def action_back(self) -> None:
        """End the search, else close."""
        field = self.query_one(Input)
        if field.display:
            field.display = False
            self.set_focus(None)
            self.draw_frame()
        else:
            self.dismiss(None)

    def action_save(self) -> None:
        """Write it into the run's folder."""
        path = self._session.folder / "log.txt"
        try:
            path.write_text("".join(f"{said.whole}\n" for said in self._transcript.lines), encoding="utf-8")
            told = f"Saved: {path}"
        except OSError as error:
            told = f"It cannot be saved: {path}: {error.strerror}."
        self.app.push_screen(TellSheet([told]))
