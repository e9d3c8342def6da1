"""What the hosts say: drawn by the line, filled on a 20 Hz timer, following the end only while the reader is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from screens.texts.transcript import Said, said_line

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
        """The first line shown once the reader went up; None = follow the end."""

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

    @property
    def _last(self) -> int:
        """The first line shown when the end is in view."""
        return max(0, self._count(self._tail) - self.size.height)

    @property
    def top(self) -> int:
        """The number of the first line shown."""
        return self._last if self._top is None else min(self._top, self._last)

    @property
    def below(self) -> int:
        """How many lines are below what is shown."""
        return self._last - self.top

    def show_from(self, top: int) -> None:
        """Show from this line on; from the end on it follows again."""
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
        """One line, cut with `…` at the width."""
        at, width = y + self.top, self.size.width
        if at < len(self.lines):
            content = said_line(self.lines[at], width, self.found)
        elif at == len(self.lines) and self._tail is not None:
            content = said_line(self._tail, width, self.found)
        else:
            return Strip.blank(width, self.rich_style)
        return Visual.to_strips(self, content, width, 1, self.visual_style, pad=True)[0]
