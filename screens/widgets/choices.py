"""The one model of choice: rows with one mark `►`; keys move it, enter takes what it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from screens.texts.choices import Item, Numbered, numbered
from screens.texts.line import fill, line
from screens.widgets.lines import Lines


class Marked(Lines, can_focus=True):
    """Rows with a mark. `mark` is a key, or empty: then nothing is marked and enter does nothing."""

    DEFAULT_CSS = "Marked { height: auto; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Move up", show=False),
        Binding("down", "move(1)", "Move down", show=False),
        Binding("pageup", "move(-8)", "Move up", show=False),
        Binding("pagedown", "move(8)", "Move down", show=False),
        Binding("home", "edge(0)", "First", show=False),
        Binding("end", "edge(-1)", "Last", show=False),
        Binding("enter", "take", "Take the marked choice", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The mark stands on another row."""

        key: str

    @dataclass
    class Taken(Message):
        """Enter was pressed on the marked row."""

        key: str
        at: float
        """When the key was pressed, in Textual's time."""

    def __init__(self, *, column: int = 0, id: str | None = None, quiet: bool = False) -> None:
        """`quiet`: what stands above stays in view until the mark is moved."""
        super().__init__(id=id)
        self._column = column
        self._quiet = quiet
        self._items: tuple[Item, ...] = ()
        self._pressed = 0.0
        self.mark = ""

    @property
    def items(self) -> tuple[Item, ...]:
        """The rows."""
        return self._items

    def put(self, items: Sequence[Item], mark: str | None = None) -> None:
        """Show these rows. `mark` None keeps the mark where it was, by its key."""
        self._items = tuple(items)
        wanted = self.mark if mark is None else mark
        self.mark = wanted if any(item.open and item.key == wanted for item in self._items) else ""
        self._draw()

    def move_to(self, key: str) -> None:
        """Move the mark; no effect on a row that is not offered."""
        if key != self.mark and any(item.open and item.key == key for item in self._items):
            self.mark, self._quiet = key, False
            self._draw()
            self.post_message(self.Moved(key))

    def reveal(self) -> None:
        """Scroll so that the marked row can be seen."""
        if self._quiet:
            return
        top = 0
        for item in self._items:
            if item.key == self.mark:
                region = Region(0, top, max(1, self.size.width), len(item.lines))
                self.call_after_refresh(self.scroll_to_region_of_parent, region)
                return
            top += len(item.lines)

    def scroll_to_region_of_parent(self, region: Region) -> None:
        """Bring a region of this widget into the parent's view."""
        parent = self.parent
        if isinstance(parent, Widget):
            parent.scroll_to_region(region.translate(self.virtual_region.offset), animate=False)

    def _draw(self) -> None:
        width = self.size.width or 80
        rows: list[Content] = []
        for item in self._items:
            rows += self._marked(item, width) if item.key == self.mark else item.lines
        self.show(rows)
        self.reveal()

    def _marked(self, item: Item, width: int) -> list[Content]:
        at = self._column
        first = fill(item.lines[0], width)
        head = line(first[:at], ("►", "$accent reverse"), first[at + 1 :].stylize("bold"))
        return [head, *item.lines[1:]]

    def on_resize(self) -> None:
        """Keep the mark in view."""
        self.reveal()

    def on_key(self, event: events.Key) -> None:
        """Note when the key was pressed, so that who asks can tell keys typed ahead."""
        self._pressed = event.time

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key counts once the view has given its result."""
        return not getattr(self.screen, "busy", False)

    def action_move(self, by: int) -> None:
        """Move over the rows that are offered; a first move comes in from the edge."""
        offered = [item.key for item in self._items if item.open]
        if not offered:
            return
        if self.mark in offered:
            at = max(0, min(len(offered) - 1, offered.index(self.mark) + by))
        else:
            at = 0 if by > 0 else len(offered) - 1
        self.move_to(offered[at])

    def action_edge(self, which: int) -> None:
        """To the first or last row that is offered."""
        offered = [item.key for item in self._items if item.open]
        if offered:
            self.move_to(offered[which])

    def action_take(self) -> None:
        """Take the marked row."""
        if self.mark:
            self.post_message(self.Taken(self.mark, self._pressed))

    def on_click(self, event: events.Click) -> None:
        """The mouse moves the mark; it never takes."""
        top = 0
        for item in self._items:
            if top <= event.y < top + len(item.lines):
                self.move_to(item.key)
            top += len(item.lines)


class Choices(Marked):
    """Numbered choices; a digit moves the mark and does not take."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"digit({n})", f"Mark choice {n}", show=False) for n in range(1, 10)),
        Binding("pageup", "screen.page(-1)", "Scroll up", show=False),
        Binding("pagedown", "screen.page(1)", "Scroll down", show=False),
    ]

    def __init__(self, choices: Sequence[Numbered] = (), mark: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.choices = tuple(choices)
        self._start: str | None = mark
        self.mark = mark

    def offer(self, choices: Sequence[Numbered], mark: str | None = None) -> None:
        """Other choices; the mark stays where it is unless told."""
        self.choices = tuple(choices)
        self._start = mark
        self.mark = self.mark if mark is None else mark
        self._lay()

    def on_resize(self) -> None:
        """Notes wrap for the width."""
        self._lay()

    def _lay(self) -> None:
        width = self.size.width or 80
        start, self._start = self._start, None
        self.put(numbered(self.choices, width), start)

    def label(self) -> str:
        """The marked choice's label, for the footer; empty when none is marked."""
        return next((c.label for c in self.choices if c.key == self.mark), "")

    def action_digit(self, number: int) -> None:
        """Move the mark to that choice."""
        if number <= len(self.choices):
            self.move_to(self.choices[number - 1].key)
