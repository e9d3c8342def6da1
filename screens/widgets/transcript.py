"""What the hosts say: drawn by the line, filled on a 20 Hz timer, following the end only while the reader is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from screens.texts.transcript import Said, said_line

RATE = 20.0
"""Drains a second."""


class Transcript(ScrollView, can_focus=False):
    """Lines of a run. `add` only appends to a list; the timer draws."""

    DEFAULT_CSS = "Transcript { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 0; }"

    def __init__(self, lines: Sequence[Said] = (), *, live: Callable[[], Said | None] = lambda: None) -> None:
        super().__init__()
        self.lines: list[Said] = list(lines)
        self._live = live
        self._tail: Said | None = None
        self._drawn = 0
        self.found = ""
        """Lines with this text are shown bold."""

    def on_mount(self) -> None:
        """Start to drain."""
        self.set_interval(1 / RATE, self.drain)
        self.drain()
        self.call_after_refresh(self.scroll_end, animate=False)

    def add(self, said: Said) -> None:
        """One more line."""
        self.lines.append(said)

    def drain(self) -> None:
        """Draw what came since."""
        tail = self._live()
        count = len(self.lines) + (tail is not None)
        if count == self._drawn and tail == self._tail:
            return
        at_end = self.scroll_offset.y >= self.max_scroll_y
        self._tail, self._drawn = tail, count
        self.virtual_size = Size(self.size.width, count)
        self.refresh()
        if at_end:
            self.scroll_end(animate=False, immediate=True)

    @property
    def below(self) -> int:
        """How many lines are below what is shown."""
        return max(0, self.max_scroll_y - self.scroll_offset.y)

    def render_line(self, y: int) -> Strip:
        """One line, cut with `…` at the width."""
        at = y + self.scroll_offset.y
        width = self.size.width
        if at < len(self.lines):
            content = said_line(self.lines[at], width, self.found)
        elif at == len(self.lines) and self._tail is not None:
            content = said_line(self._tail, width, self.found)
        else:
            return Strip.blank(width, self.rich_style)
        return Visual.to_strips(self, content, width, 1, self.visual_style, pad=True)[0]

    def on_resize(self) -> None:
        """The end stays in view."""
        self._drawn = -1
        self.drain()
