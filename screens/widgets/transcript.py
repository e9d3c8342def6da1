"""What the hosts say: drawn by the line, taken on a 20 Hz timer, following the end only while the reader is there.

Nothing is done per event and nothing is laid out but what is shown, so 100,000 lines cost what 20 do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from screens.texts.transcript import LINES, Said, of_event, of_vm, said_line, said_rows
from tui.core.events import Stamped
from tui.core.front import RunSession

RATE = 20.0
"""Drains a second."""
TAKE = 100_000
"""Events that one drain takes at most, in about 8 ms: 2,000,000 a second."""
KEPT = 500
"""Lines whose rows are kept."""
Place = tuple[int, int]
"""A row: the number of its line, and which row of that line."""


class Transcript(Widget, can_focus=False):
    """Lines of a run, one row each. The timer takes what the session has on record since and draws the window."""

    DEFAULT_CSS = "Transcript { height: 1fr; }"

    def __init__(self, session: RunSession, *, live: Callable[[], Said | None] = lambda: None) -> None:
        super().__init__()
        self.lines: list[Stamped] = []
        """The events that make a line."""
        self.found = ""
        """Lines with this text are shown bold."""
        self._session = session
        self._only = ""
        self._taken = 0
        self._live = live
        self._tail: Said | None = None
        self._top: Place | None = None
        """The first row shown once the reader went up; None = follow the end."""
        self._kept: dict[int, list[Content]] = {}
        self._kept_for = (0, "", "")
        self._page: list[Content] = []
        self._page_of: object = None
        while self._take():
            pass

    def on_mount(self) -> None:
        """Start to drain."""
        self.set_interval(1 / RATE, self.drain)

    def _take(self) -> bool:
        """Take what is on record since; whether that was anything."""
        events, before = self._session.events, self._taken
        self._taken = min(len(events), before + TAKE)
        new = [stamped for stamped in islice(events, before, self._taken) if type(stamped.event) in LINES]
        self.lines += [s for s in new if of_vm(s) == self._only] if self._only else new
        return self._taken != before

    def show_only(self, vm: str) -> None:
        """The lines of one VM, without its name; of all, where it is empty. The end is shown."""
        if vm != self._only:
            self._only, self._taken, self._top, self.lines = vm, 0, None, []
            self._take()
            self.refresh()

    def drain(self) -> None:
        """Draw what came since."""
        tail = self._live()
        if self._take() or tail != self._tail:
            self._tail = tail
            self.refresh()

    @property
    def count(self) -> int:
        """How many lines there are, with the one of now."""
        return len(self.lines) + (self._tail is not None)

    def said(self, number: int) -> Said:
        """A line; `count` of them."""
        if number == len(self.lines) and self._tail is not None:
            return self._tail
        said = of_event(self.lines[number], self._session.plan)
        assert said is not None  # `LINES`
        return replace(said, vm="") if self._only else said

    def lay(self, number: int) -> list[Content]:
        """Make the rows of a line: one, cut with `…` at the width."""
        return [said_line(self.said(number), self.size.width, self.found)]

    def _laid(self, number: int) -> list[Content]:
        """The rows of a line, kept for the window and what is near it: a key needs each some six times."""
        wanted = (self.size.width, self.found, self._only)
        if wanted != self._kept_for or len(self._kept) > KEPT:
            self._kept, self._kept_for = {}, wanted
        if number == len(self.lines):  # the line of now changes
            return self.lay(number)
        if number not in self._kept:
            self._kept[number] = self.lay(number)
        return self._kept[number]

    def _last(self) -> Place:
        """The first row shown when the end is in view."""
        return self._moved((self.count, 0), -self.size.height)

    def _moved(self, place: Place, by: int) -> Place:
        """So many rows further; not beyond the first or the last row."""
        line, row = place[0], place[1] + by
        while row < 0 and line > 0:
            line -= 1
            row += len(self._laid(line))
        while line < self.count and row >= (rows := len(self._laid(line))):
            line, row = line + 1, row - rows
        return (line, max(0, row)) if line < self.count else (self.count, 0)

    @property
    def top(self) -> Place:
        """The first row shown."""
        last = self._last()
        return last if self._top is None else min(self._top, last)

    @property
    def below(self) -> int:
        """How many lines are below what is shown."""
        return 0 if self._top is None else self.count - self._moved(self.top, self.size.height - 1)[0] - 1

    def show_from(self, place: Place) -> None:
        """Show from this row on; from the end on it follows again."""
        self._top = None if place >= self._last() else place
        self.refresh()

    def scroll_rows(self, by: int) -> None:
        """Go so many rows on (below 0: back)."""
        self.show_from(self._moved(self.top, by))

    def show_line(self, number: int, above: int) -> None:
        """Show a line with some rows above it."""
        self.show_from(self._moved((number, 0), -above))

    def to_end(self) -> None:
        """Follow the end."""
        self._top = None
        self.refresh()

    def on_mouse_scroll_up(self) -> None:
        """Back."""
        self.scroll_rows(-3)

    def on_mouse_scroll_down(self) -> None:
        """Forth."""
        self.scroll_rows(3)

    def _rows_from(self, place: Place) -> Iterator[Content]:
        line, row = place
        while line < self.count:
            yield from self._laid(line)[row:]
            line, row = line + 1, 0

    def render_line(self, y: int) -> Strip:
        """One row. The window is laid out once for all its rows."""
        wanted = (self._top, self._only, self.count, self._tail, self.size, self.found)
        if wanted != self._page_of:
            self._page, self._page_of = list(islice(self._rows_from(self.top), self.size.height)), wanted
        width = self.size.width
        if y >= len(self._page):
            return Strip.blank(width, self.rich_style)
        return Visual.to_strips(self, self._page[y], width, 1, self.visual_style, pad=True)[0]


class WholeTranscript(Transcript):
    """Every line in full: long ones go on beneath."""

    def lay(self, number: int) -> list[Content]:
        """The rows of a line, all of it."""
        return said_rows(self.said(number), self.size.width or 80, self.found)
