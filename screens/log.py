"""The log: the whole transcript of a run, no line cut; / searches, end follows, w saves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from screens.sheet import TellSheet
from screens.texts.footer import Hint
from screens.texts.line import visible
from screens.view import View
from screens.widgets.transcript import WholeTranscript
from tui.core.front import RunSession
from tui.core.threads import in_thread

SLICE = 100
"""Lines that a search reads before it lets the screen work: 1 ms; 100,000 at once would hold it for a second."""


class LogScreen(View[None]):
    """Read-only. A question that arises waits until it is closed; the footer says so."""

    AUTO_FOCUS = ""
    HELP_NAME = "Log"
    HELP_TEXT = (
        ("What this screen is", "Everything that was sent, answered, read and said in this run."),
        ("In a run of several VMs", "v shows the lines of one VM alone, and all again."),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "back", "Close the log", show=False),
        Binding("v", "one_vm", "One VM only", id="one-vm", tooltip="The lines of one VM alone, or of all again"),
        Binding("slash", "search", "Search", id="search"),
        Binding("w", "save", "Save", id="save", tooltip="Save the log as a text file in the run's folder"),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("pageup", "scroll(-16)", show=False),
        Binding("pagedown", "scroll(16)", show=False),
        Binding("home", "home", show=False),
        Binding("end", "end", show=False),
    ]

    def __init__(self, session: RunSession, vm: str = "") -> None:
        """`vm` is the VM whose lines can be shown alone."""
        super().__init__()
        self._session = session
        self._vm, self._only = vm, False
        self._transcript = WholeTranscript(session)
        self._hit = -1

    def parts(self) -> Sequence[Widget]:
        """The transcript and the field for searching."""
        field = Input(placeholder="Search", compact=True, id="search", select_on_focus=False)
        field.cursor_blink = False
        field.display = False
        return [self._transcript, field]

    def heading(self) -> str:
        """How many lines, and how many are below."""
        only = f" of {self._vm} only" if self._only else ""
        return f"Log: {len(self._transcript.lines)} lines{only}"

    def hints(self) -> list[Hint]:
        """What works."""
        asks: list[Hint] = [("", f"! Asks you: {self.host.asks}.")] if self.host.asks else []
        if self.in_field:
            return [*asks, ("enter", "Next hit"), ("esc", "End search")]
        new: list[Hint] = [("end", f"{self._transcript.below} lines below")] if self._transcript.below else []
        wraps: Hint = ("", "Long lines go on beneath.")
        one: list[Hint] = [("v", "All VMs" if self._only else f"{visible(self._vm)} only")] if self._vm else []
        return [*asks, ("esc", "Close"), *new, ("↑↓", "Scroll"), *one, ("/", "Search"), ("w", "Save"), wraps]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a run of one VM there is nothing to leave out."""
        return super().check_action(action, parameters) and (action != "one_vm" or bool(self._vm))

    def action_one_vm(self) -> None:
        """The lines of one VM, or all."""
        self._only, self._hit = not self._only, -1
        self._transcript.show_only(self._vm if self._only else "")
        self.draw_frame()

    def action_scroll(self, by: int) -> None:
        """Scroll by rows."""
        self._transcript.scroll_rows(by)
        self.draw_frame()

    def action_home(self) -> None:
        """The first line."""
        self._transcript.show_from((0, 0))
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
        self._transcript.refresh()
        self.run_worker(self._search(event.value.lower()), group="search", exclusive=True)

    async def _search(self, text: str) -> None:
        end = len(self._transcript.lines)
        before = self._hit if self._hit >= 0 else end
        self._hit = await self._hit_before(before, 0, text)
        if self._hit < 0:
            self._hit = await self._hit_before(end, before, text)
        if self._hit >= 0:
            self._transcript.show_line(self._hit, above=5)
        self.draw_frame()

    async def _hit_before(self, end: int, begin: int, text: str) -> int:
        """The last line from `begin` to before `end` that has the text; -1 for none."""
        for number in range(end - 1, begin - 1, -1) if text else ():
            if text in self._transcript.said(number).whole.lower():
                return number
            if number % SLICE == 0:
                await asyncio.sleep(0)
        return -1

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
        self.run_worker(self._save(), group="save", exclusive=True)

    async def _save(self) -> None:
        path, count = self._session.folder / "log.txt", len(self._transcript.lines)
        try:
            text = await in_thread(lambda: "".join(f"{self._transcript.said(n).whole}\n" for n in range(count)))
            path.write_text(text, encoding="utf-8")
            told = f"Saved: {path}"
        except OSError as error:
            told = f"It cannot be saved: {path}: {error.strerror}."
        self.app.push_screen(TellSheet([told]))
