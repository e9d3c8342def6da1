"""Bottom sheets: a box over the view below, which stays visible; and the sheets that ask for one line of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from screens.host import Host, host_of
from screens.texts.footer import Hint
from screens.texts.line import block, line
from screens.widgets.choices import Marked
from screens.widgets.frame import FooterBar
from screens.widgets.lines import Lines

T = TypeVar("T")


class Sheet(ModalScreen[T]):
    """A box at the bottom. Subclasses give `parts`, `hints` and fill in `refill`."""

    AUTO_FOCUS = "Marked"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Close", id="close"),
        Binding("question_mark", "help", "Explain this screen", id="help"),
    ]
    HELP_NAME: ClassVar[str] = "Question"
    HELP_TEXT: ClassVar[tuple[tuple[str, str], ...]] = ()

    def parts(self) -> Sequence[Widget]:
        """What stands in the box."""
        raise NotImplementedError

    def hints(self) -> list[Hint]:
        """The keys that work now."""
        return []

    def refill(self) -> None:
        """Fill the parts for the width."""

    @property
    def host(self) -> Host:
        """The app, as far as views know it."""
        return host_of(self)

    @property
    def width(self) -> int:
        """Cells of a line in the box."""
        return self.app.size.width - 6

    def compose(self) -> ComposeResult:
        """The box, and the footer below it."""
        with Vertical(classes="seat"), Vertical(classes="sheet"):
            yield from self.parts()
        yield FooterBar()

    def on_mount(self) -> None:
        """Fill it; a clock may go in it."""
        self.set_interval(1.0, self.draw)
        self.draw()

    def on_resize(self, event: events.Resize) -> None:
        """Lines are made for a width."""
        self.draw()

    def on_marked_moved(self, event: Marked.Moved) -> None:
        """The footer says what enter takes."""
        self.draw()

    def draw(self) -> None:
        """Box and footer."""
        if self.is_mounted and self.query(FooterBar):
            self.refill()
            self.query_one(FooterBar).tell(self.hints(), self.pinned(), self.app.size.width)

    def pinned(self) -> list[Hint]:
        """The right end of row 24."""
        return [("ctrl+p", "More") if isinstance(self.focused, Input) else ("?", "Help")]

    def action_help(self) -> None:
        """Explain this box."""
        self.host.explain(self)

    def action_back(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class TextSheet(Sheet[str]):
    """One line of text: a reason, a note, a time. `wrong` says what is missing; esc closes and `keep` gets the text."""

    AUTO_FOCUS = "Input"

    def __init__(self, title: str, about: Sequence[str], ask: str, verb: str, text: str = "", least: int = 0,
                 cancel: str = "Back", hint: str = "") -> None:  # fmt: skip
        super().__init__()
        self._title, self._about, self._ask, self._verb, self._cancel = title, tuple(about), ask, verb, cancel
        self._least, self._hint = least, hint
        self.draft = text
        """What was typed so far; esc keeps it."""
        self._wrong = ""

    def parts(self) -> Sequence[Widget]:
        """What it is about, the field, what is missing."""
        field = Input(self.draft, placeholder=self._hint, compact=True, select_on_focus=False)
        field.cursor_blink = False
        return [Lines(id="about"), field, Lines(id="wrong")]

    def hints(self) -> list[Hint]:
        """In a field there are only these."""
        return [("enter", self._verb), ("esc", self._cancel)]

    def refill(self) -> None:
        """The texts."""
        rows = [line((self._title, "bold")), Content("")]
        for text in self._about:
            rows += block(text, self.width, 0)
        if self._about:
            rows.append(Content(""))
        rows += block(self._ask, self.width, 0, "$text-muted")
        self.query_one("#about", Lines).show(rows)
        self.query_one("#wrong", Lines).show([line((self._wrong, "$warning"))])

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.query_one(Input).value

    def problem(self) -> str:
        """Why it cannot be taken yet."""
        missing = self._least - len(self.text.strip())
        return f"{missing} more character{'s' if missing > 1 else ''}." if missing > 0 else ""

    def on_input_changed(self) -> None:
        """Say nothing more of what was wrong, unless it still is."""
        self.draft = self.text
        if self._wrong:
            self._wrong = self.problem()
            self.refill()

    def on_input_submitted(self) -> None:
        """Take it, or say what is missing."""
        self._wrong = self.problem()
        if self._wrong:
            self.refill()
        else:
            self.dismiss(self.text.strip())


class TimeSheet(TextSheet):
    """A time of day, HH:MM in UTC."""

    def problem(self) -> str:
        """Two digits, a colon, two digits."""
        hours, colon, minutes = self.text.strip().partition(":")
        digits = self.text.isascii() and hours.isdecimal() and minutes.isdecimal()
        fits = colon and digits and int(hours) < 24 and int(minutes) < 60
        return "" if fits else "A time is written HH:MM, in UTC."


class TellSheet(Sheet[None]):
    """A few lines over the view, until enter or esc."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,c,d,g,e", "back", "Close", show=False)]

    def __init__(self, rows: Sequence[str], seconds: float = 0.0) -> None:
        super().__init__()
        self._rows, self._seconds = tuple(rows), seconds

    def parts(self) -> Sequence[Widget]:
        """The lines."""
        return [Lines(id="told")]

    def hints(self) -> list[Hint]:
        """How to close it."""
        return [("esc", "Close")]

    def on_mount(self) -> None:
        """A notice goes by itself after its seconds."""
        if self._seconds:
            self.set_timer(self._seconds, self._gone)

    def _gone(self) -> None:
        if self.is_current:
            self.dismiss(None)

    def refill(self) -> None:
        """The lines, wrapped."""
        self.query_one("#told", Lines).show([row for text in self._rows for row in block(text, self.width, 0)])


class CopiedSheet(TellSheet):
    """What can be said of a copied line: it was sent, whether it arrived cannot be known. Any key closes it."""

    def __init__(self, text: str, file: str) -> None:
        count = text.count("\n") + 1
        what = "One line" if count == 1 else f"{count} lines"
        rows = [f"{what}, {len(text)} characters, sent to your terminal's clipboard.",
                "Whether it arrived cannot be read back. Paste it somewhere to see."]  # fmt: skip
        super().__init__([*rows, f"Also in the file   {file}"] if file else rows, seconds=6.0)

    def on_key(self, event: events.Key) -> None:
        """The key does nothing else."""
        event.stop()
        event.prevent_default()
        self.dismiss(None)
