"""What every view of a run offers: log, plan, note, copy."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType

from screens.log import LogScreen
from screens.plansheet import RunPlanScreen
from screens.sheet import CopiedSheet, TellSheet, TextSheet
from screens.view import View
from tui.core.errors import RecoverError
from tui.core.front import RunSession

T = TypeVar("T")


class RunView(View[T]):
    """A view that has a session."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "log", "Log", id="log", tooltip="The whole transcript; / searches"),
        Binding("p", "plan", "Plan", id="plan", tooltip="The plan with the states of its steps"),
        Binding("n", "note", "Note", id="note", tooltip="A note into the record"),
        Binding("c", "copy", "Copy command", id="copy", tooltip="Copy the command or remedy shown, as one line"),
    ]

    def __init__(self, session: RunSession) -> None:
        super().__init__()
        self.session = session
        self._note = ""

    @property
    def vm(self) -> str:
        """The VM that is looked at, in a run of several; empty for what all share."""
        return ""

    def action_log(self) -> None:
        """The transcript over the whole body."""
        self.app.push_screen(LogScreen(self.session, self.vm))

    def action_plan(self) -> None:
        """The plan with states."""
        self.app.push_screen(RunPlanScreen(self.session, self.vm))

    def action_note(self) -> None:
        """A note into the record."""
        ask = "Your note. It stands in the report with your name and the time."
        sheet = TextSheet("A note into the record", (), ask, "Record the note", self._note, least=1)

        def noted(text: str | None) -> None:
            self._note = sheet.draft if text is None else ""
            if text:
                self.run_worker(self._record(text), exit_on_error=False)

        self.app.push_screen(sheet, noted)

    async def _record(self, text: str) -> None:
        try:
            await self.session.note(text)
        except RecoverError as error:
            self._note = text
            self.app.push_screen(TellSheet(error.lines()))

    def command_shown(self) -> tuple[str, str]:
        """(step, the line that `c` copies); empty when none is shown."""
        return "", ""

    def action_copy(self) -> None:
        """Send the line to the terminal's clipboard, and into a file."""
        step, text = self.command_shown()
        if not text:
            return
        self.app.copy_to_clipboard(text)
        try:
            file = str(self.session.script_file(step, text)) if step else ""
        except (OSError, RecoverError) as error:
            file = f"(not written: {error})"
        self.app.push_screen(CopiedSheet(text, file))
