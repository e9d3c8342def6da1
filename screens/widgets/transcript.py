"""What the hosts say: drawn by the line, filled on a 20 Hz timer, following the end only while the reader is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from screens.texts.transcript import Said, said_line, said_rows

RATE = 20.0
"""Drains a second."""


class Transcript(Widget, can_focus=False):
    """Lines of a run. `add` only appends to a list; the timer draws."""

    DEFAULT_CSS = "Transcript { height: 1fr; }"

    def __init__(self, lines: Sequence[Said] = (), *, live: Callable[[], Said | None] = lambda: None) -> None:
        super().__init__()
        self.lines: list[Said] = list(lines)
        self.found = ""
        """Lines with this text are shown bold."""
        self._live = live
        self._tail: Said | None = None
        self._drawn = -1
        self._top: int | None = None
        """The first row shown once the reader went up; None = follow the end."""

    def on_mount(self) -> None:
        """Start to drain."""
        self.set_interval(1 / RATE, self.drain)

    def add(self, said: Said) -> None:
        """One more line."""
        self.lines.append(said)

    def drain(self) -> None:
        """Draw what came since."""
        tail = self._live()
        if self._count(tail) != self._drawn or tail != self._tail:
            self._tail, self._drawn = tail, self._count(tail)
            self.refresh()

    def _count(self, tail: Said | None) -> int:
        return len(self.lines) + (tail is not None)

    def height(self) -> int:
        """How many rows there are in all."""
        return self._count(self._tail)

    def content(self, row: int) -> Content | None:
        """A row, cut with `…` at the width; None beyond the last."""
        if row < len(self.lines):
            return said_line(self.lines[row], self.size.width, self.found)
        if row == len(self.lines) and self._tail is not None:
            return said_line(self._tail, self.size.width, self.found)
        return None

    @property
    def _last(self) -> int:
        """The first row shown when the end is in view."""
        return max(0, self.height() - self.size.height)

    @property
    def top(self) -> int:
        """The number of the first row shown."""
        return self._last if self._top is None else min(self._top, self._last)

    @property
    def below(self) -> int:
        """How many rows are below what is shown."""
        return self._last - self.top

    def show_from(self, top: int) -> None:
        """Show from this row on; from the end on it follows again."""
        self._top = None if top >= self._last else max(0, top)
        self.refresh()

    def to_end(self) -> None:
        """Follow the end."""
        self._top = None
        self.refresh()

    def on_mouse_scroll_up(self) -> None:
        """Back."""
        self.show_from(self.top - 3)

    def on_mouse_scroll_down(self) -> None:
        """Forth."""
        self.show_from(self.top + 3)

    def render_line(self, y: int) -> Strip:
        """One row."""
        content, width = self.content(y + self.top), self.size.width
        if content is None:
            return Strip.blank(width, self.rich_style)
        return Visual.to_strips(self, content, width, 1, self.visual_style, pad=True)[0]


class WholeTranscript(Transcript):
    """Every line in full: long ones go on beneath. Laid out once for a width and a search."""

    def __init__(self, lines: Sequence[Said] = ()) -> None:
        super().__init__(lines)
        self._rows: list[Content] = []
        self._starts: list[int] = []
        self._made_for = (0, "")

    def _lay(self) -> list[Content]:
        wanted = (self.size.width or 80, self.found)
        if wanted != self._made_for:
            self._rows, self._starts, self._made_for = [], [], wanted
        for said in self.lines[len(self._starts) :]:
            self._starts.append(len(self._rows))
            self._rows += said_rows(said, *wanted)
        return self._rows

    def height(self) -> int:
        """How many rows there are in all."""
        return len(self._lay())

    def content(self, row: int) -> Content | None:
        """A row; None beyond the last."""
        rows = self._lay()
        return rows[row] if row < len(rows) else None

    def row_of(self, number: int) -> int:
        """The first row of a line."""
        self._lay()
        return self._starts[number] if number < len(self._starts) else 0
