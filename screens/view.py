"""The base of every view: the frame, the keys that hold everywhere, and one result that is given once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from screens.host import Host, host_of
from screens.texts.footer import Hint
from screens.texts.header import header
from screens.texts.line import Part, line
from screens.widgets.choices import Marked
from screens.widgets.frame import FooterBar, HeaderBar
from tui.core.clock import span

T = TypeVar("T")

HELP: Hint = ("?", "Help")
STOP: Hint = ("ctrl+q", "Stop")
SLOW = 0.5
"""Seconds after which waiting for the next view is said."""


class View(Screen[T]):
    """A whole-window view. Subclasses give `parts`, `heading`, `hints`, and call `finish` once."""

    AUTO_FOCUS = "Marked"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "question_mark", "help", "Explain this screen", id="help", tooltip="What this screen is, keys, signs, words"
        ),
        Binding("escape", "back", "Back", id="back", tooltip="Back, close, not now: never sends, never stops"),
        Binding("pageup", "page(-1)", "Scroll up", show=False),
        Binding("pagedown", "page(1)", "Scroll down", show=False),
    ]
    HELP_NAME: ClassVar[str] = ""
    HELP_TEXT: ClassVar[tuple[tuple[str, str], ...]] = ()
    """(What this screen is, ...) rows of the help."""
    WAITS: ClassVar[str] = "Reading the hosts"
    """What goes on between this view's result and the next view."""

    def __init__(self) -> None:
        super().__init__()
        self.result: asyncio.Future[T] | None = None
        self._busy_since: float | None = None
        self._slow = False
        """Whether the next view has been awaited for long enough to say so."""

    @property
    def host(self) -> Host:
        """The app, as far as views know it."""
        return host_of(self)

    def parts(self) -> Sequence[Widget]:
        """The widgets of the body, rows 4 to 23."""
        raise NotImplementedError

    def heading(self) -> str:
        """The title in row 3."""
        raise NotImplementedError

    def hints(self) -> list[Hint]:
        """The keys that work now, most needed first."""
        return []

    def right(self) -> Part:
        """The right end of row 2."""
        return ""

    def rto(self) -> str:
        """What stands for the rest of the RTO once the run has ended; empty before."""
        return ""

    def refill(self) -> None:
        """Fill the body for its width; called on every resize and when told."""

    def tick(self) -> None:
        """Once a second, before the header is drawn."""

    def moment(self) -> float:
        """The site time of the header; a report shows when its run ended."""
        return self.host.clock.wall()

    def compose(self) -> ComposeResult:
        """Header, body, footer."""
        yield HeaderBar()
        with Vertical(id="body"):
            yield from self.parts()
        yield FooterBar()

    def on_mount(self) -> None:
        """Clocks go once a second."""
        self.set_interval(1.0, self._second)
        self.refill()
        self.draw_frame()

    def on_screen_resume(self) -> None:
        """What was open over it may have changed something."""
        self.refill()
        self.draw_frame()

    def _second(self) -> None:
        self.tick()
        self.draw_frame()

    def on_resize(self, event: events.Resize) -> None:
        """Lines are made for a width."""
        self.refill()
        self.draw_frame()

    def on_descendant_focus(self) -> None:
        """Other keys work in a field."""
        self.draw_frame()

    def on_marked_moved(self, event: Marked.Moved) -> None:
        """The footer says what enter takes."""
        self.refill()
        self.draw_frame()

    @property
    def width(self) -> int:
        """Cells of a line."""
        return self.app.size.width

    @property
    def rows(self) -> int:
        """Rows of the body."""
        return self.app.size.height - 4

    def draw_frame(self) -> None:
        """Rows 1 to 3 and 24."""
        if not self.is_mounted or not self.query(HeaderBar):
            return
        situation = self.host.situation
        right = line("stops after this command") if self.host.stopping else self.right()
        title = f"{self.WAITS}… {self._waited()}" if self._slow else self.heading()
        self.query_one(HeaderBar).show(
            header(situation, self.moment(), self.host.zone, title, right, self.width, self.rto())
        )
        hints = [("", f"{self.WAITS}… {self._waited()}. Keys do nothing now.")] if self._slow else self.hints()
        self.query_one(FooterBar).tell(hints, self.pinned(), self.width)

    def pinned(self) -> list[Hint]:
        """The right end of row 24: what is never dropped."""
        return [("ctrl+p", "More")] if self.in_field else [HELP, STOP]

    def _waited(self) -> str:
        return span(self.host.clock.monotonic() - (self._busy_since or 0.0))

    @property
    def busy(self) -> bool:
        """Whether the result is given: nothing is taken any more until the next view comes."""
        return self._busy_since is not None

    @property
    def in_field(self) -> bool:
        """Whether a text field has the focus, so that letters are text."""
        return isinstance(self.focused, Input)

    def finish(self, value: T) -> None:
        """Give the result; the view stays until the next one comes, and takes nothing more."""
        if self.result is not None and not self.result.done():
            self.result.set_result(value)
            self._busy_since = self.host.clock.monotonic()
            self.set_timer(SLOW, self._say_busy)

    def _say_busy(self) -> None:
        self._slow = True
        self.draw_frame()

    def background(self, work: Coroutine[object, object, None]) -> None:
        """Run something for this view; what goes wrong in it goes wrong for who showed the view."""
        self.run_worker(self._guarded(work), exclusive=True, exit_on_error=False)

    async def _guarded(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except Exception as error:
            if self.result is None or self.result.done():
                raise
            self.result.set_exception(error)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Once the result is given, only help and the app's own actions work."""
        return not self.busy or action == "help"

    def action_help(self) -> None:
        """Explain this screen."""
        self.host.explain(self)

    def action_page(self, by: int) -> None:
        """Scroll what does not fit."""
        for part in self.query(VerticalScroll):
            if part.max_scroll_y:
                part.scroll_relative(y=by * max(1, part.size.height - 1), animate=False, immediate=True)

    def action_back(self) -> None:
        """One step back; nothing where there is none."""
