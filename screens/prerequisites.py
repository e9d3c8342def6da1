"""Prerequisites: what is true now, what stops, what to do about it. Rows never move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from screens.sheet import CopiedSheet, TextSheet
from screens.texts.footer import Hint
from screens.texts.line import block, muted
from screens.texts.prerequisites import advice, board_items, detail, worst
from screens.view import View
from screens.widgets.choices import Marked
from screens.widgets.lines import Lines
from tui.core.clock import hms, span
from tui.core.front import BACK, Board, Row
from tui.core.question import MIN_REASON
from tui.core.scenario import Level

EVERY = 60.0
"""Seconds of the person's time between two readings."""


class PrerequisitesScreen(View[str]):
    """Gives "plan" (only when nothing is missing) or BACK."""

    HELP_NAME = "Prerequisites"
    HELP_TEXT = (
        ("What this screen is", "What is true now. Only reading; nothing is changed."),
        ("■ stop", "Mend it with the remedy, then r. A stop has no override."),
        ("▲ warn, ? unknown", "Mend it, or press o and give a reason; it stands in the report with your name."),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "reread", "Re-read", id="reread", tooltip="Read every check again"),
        Binding("c", "copy", "Copy remedy", id="copy", tooltip="Copy the remedy's line"),
        Binding("o", "override", "Give a reason", id="override", tooltip="Go on although a check warns or is unknown"),
        Binding("enter", "plan", "See the plan", id="see-plan"),
    ]

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        self._reading = False
        self._read_at = 0.0
        self._done_at = 0.0
        self._placed = False
        self._drafts: dict[str, str] = {}
        self._wrong = ""
        self._sent_to = ""
        """The row that the mark was sent to, because it is missing."""

    def parts(self) -> Sequence[Widget]:
        """When it was read, the rows, the marked one's detail."""
        return [
            Lines(id="when"),
            VerticalScroll(Marked(), can_focus=False, id="list"),
            VerticalScroll(Lines(id="detail"), can_focus=False, id="upper"),
        ]

    def on_mount(self) -> None:
        """Read at once."""
        self.action_reread()

    def action_reread(self) -> None:
        """Read every check; old values stay until the new ones are there."""
        if not self._reading:
            self._reading = True
            self.background(self._read())

    async def _read(self) -> None:
        try:
            await self._board.read(self._changed)
        finally:
            self._reading = False
        self._read_at, self._done_at = self.moment(), self.host.clock.monotonic()
        if not self._placed:
            self._placed = True
            first = worst(self._board.rows)
            if first:
                self.query_one(Marked).move_to(first)
        self._changed()

    def _changed(self) -> None:
        if self.is_mounted:
            self.refill()
            self.draw_frame()

    def tick(self) -> None:
        """Read again by itself."""
        if not self._reading and self.host.clock.monotonic() - self._done_at >= EVERY:
            self.action_reread()
        self.refill()

    def heading(self) -> str:
        """What is missing before the plan."""
        fine = sum(row.finding is not None and row.finding.level is Level.OK for row in self._board.rows)
        missing = self._board.missing()
        return f"Prerequisites: {missing}, {fine} ok" if missing else f"Prerequisites: {fine} ok"

    @property
    def row(self) -> Row | None:
        """The marked row."""
        mark = self.query_one(Marked).mark
        return next((row for row in self._board.rows if row.check == mark), None)

    def _may_override(self) -> bool:
        row = self.row
        return row is not None and row.finding is not None and row.finding.level in (Level.WARN, Level.UNKNOWN)

    def hints(self) -> list[Hint]:
        """What works on the marked row."""
        row = self.row
        open_row: list[Hint] = [("enter", "What is missing")] if worst(self._board.rows) else []
        keys: list[Hint] = [] if self._board.missing() else [("enter", "See the plan…")]
        if row is not None and row.finding is not None and row.finding.remedy_script:
            keys.append(("c", "Copy remedy"))
        if self._may_override():
            keys.append(("o", "Give a reason…"))
        return [*keys, ("↑↓", "Move"), ("r", "Re-read"), ("esc", "Inputs"), *open_row]

    def refill(self) -> None:
        """Rows in place, the detail below."""
        marked = self.query_one(Marked)
        first = self._board.rows[0].check if self._board.rows and not marked.mark else None
        marked.put(board_items(self._board.rows, self.moment(), self.width), first)
        if self._reading:
            done = sum(not row.reading for row in self._board.rows)
            when = f"  Reading: {done} of {len(self._board.rows)} are in."
        else:
            again = max(0.0, EVERY - (self.host.clock.monotonic() - self._done_at))
            when = f"  Read {hms(self._read_at)}, again in {span(again)} or with r."
        rows = block(f"▲ {self._wrong}", self.width - 1, 2, "$warning") if self._wrong else [muted(when)]
        self.query_one("#when", Lines).show(rows)
        below = detail(self.row, self.width) if self.row is not None else [Content("")]
        self.query_one("#detail", Lines).show(below)
        room = self.rows - len(rows)
        self.query_one("#list").styles.max_height = max(5, room - min(len(below), 7))

    def on_marked_moved(self, event: Marked.Moved) -> None:
        """What was said about what is missing has been read, unless it sent the mark here."""
        if event.key != self._sent_to:
            self._wrong = ""
        self._sent_to = ""

    def on_marked_taken(self, event: Marked.Taken) -> None:
        """Enter means the plan, wherever the mark stands."""
        self.action_plan()

    def action_plan(self) -> None:
        """On to the plan, or say what is missing."""
        missing = self._board.missing()
        if not missing:
            self.finish("plan")
            return
        self._sent_to = worst(self._board.rows)
        self.query_one(Marked).move_to(self._sent_to)
        self._wrong = advice(self.row if self._sent_to else None, missing)
        self.refill()
        self.draw_frame()

    def action_copy(self) -> None:
        """Copy the remedy's line."""
        row = self.row
        if row is not None and row.finding is not None and row.finding.remedy_script:
            self.app.copy_to_clipboard(row.finding.remedy_script)
            self.app.push_screen(CopiedSheet(row.finding.remedy_script, ""))

    def action_override(self) -> None:
        """Ask for a reason; a stop has none."""
        row = self.row
        if row is None or row.finding is None or not self._may_override():
            return
        about = [f"Read {hms(row.at)}   {row.finding.evidence}"]
        about += [f"If you go on        {row.finding.means}"] if row.finding.means else []
        ask = f"Your reason, {MIN_REASON} characters or more. It goes into the report with your name"
        draft = self._drafts.get(row.check, row.reason)
        sheet = TextSheet(
            f"Go on although: {row.title}", about, ask, "Record the reason", draft, MIN_REASON, "Wait instead"
        )

        def given(text: str | None) -> None:
            self._drafts[row.check] = sheet.draft
            if text:
                self._wrong = self._board.override(row.check, text)
                self._changed()

        self.app.push_screen(sheet, given)

    def action_back(self) -> None:
        """Back to the inputs."""
        self.finish(BACK)
