"""The Textual app: it declares themes, keys and the stack; one coroutine outside leads through the views.

What the first frame does not show is imported where it is shown (`tests/test_layers.py` holds it).
"""

from __future__ import annotations

import asyncio
import locale
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import tzinfo
from typing import Any, ClassVar, TypeVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.geometry import Size
from textual.screen import Screen

from screens.assets import asset
from screens.front import TextualFront
from screens.hangup import hangup
from screens.palette import commands_of
from screens.signs import AsciiFilter
from screens.small import MIN_HEIGHT, MIN_WIDTH, SmallScreen
from screens.texts.line import cut, visible
from screens.themes import THEMES, fitting
from screens.view import View
from tui.core.clock import Clock
from tui.core.front import FrontEnd, Leave, RunSession, Situation

T = TypeVar("T")
ASKS = 40
"""Cells in which a footer says what waits, so that its keys have room beside it."""
Wizard = Callable[[FrontEnd], Awaitable[int]]


def run_app(wizard: Wizard, clock: Clock, *, ascii_only: bool = False) -> int:
    """Show what the wizard asks for until it returns; gives its number. What it raises is raised here, after the
    terminal is as it was."""
    app = RecoveryApp(wizard, clock, ascii_only=ascii_only or not _utf8())
    with hangup(app.hung_up):
        app.run()
    if app.failure is not None:
        raise app.failure
    return app.return_value or 0


def _utf8() -> bool:
    return locale.getpreferredencoding(False).replace("-", "").lower() in ("utf8", "cp65001")


class RecoveryApp(App[int], inherit_bindings=False):
    """Shows views one after the other; the last one stays until the next comes."""

    TITLE = "azl-recover"
    AUTO_FOCUS = None
    CSS_PATH = asset("app.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "stop", "Stop", id="stop", priority=True, tooltip="Stop or leave; asks first"),
        Binding("ctrl+c", "copy_or_stop", "Stop", id="copy-or-stop", priority=True, show=False,
                tooltip="Copies a selection, else as ctrl+q"),
    ]  # fmt: skip

    def __init__(self, wizard: Wizard, clock: Clock, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.clock = clock
        self.front = TextualFront(self)
        self.situation = Situation("", "")
        self.zone: tzinfo | None = None
        self.session: RunSession | None = None
        self.failure: BaseException | None = None
        self._wizard = wizard
        self._ascii = AsciiFilter() if ascii_only else None
        self._leaving = False
        self._home: asyncio.AbstractEventLoop | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = fitting(self.console.color_system)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """ASCII twins come after everything else."""
        return [*super().get_line_filters(), *([self._ascii] if self._ascii else [])]

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every action of the view by its name."""
        return commands_of(self, screen)

    def on_mount(self) -> None:
        """The wizard belongs to the app: no view that goes can take it along."""
        self._home = asyncio.get_running_loop()
        self.run_worker(self._lead(), name="wizard", exit_on_error=False)

    async def _lead(self) -> None:
        try:
            self.exit(await self._wizard(self.front))
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # handed on by run_app, once the terminal is restored
            self.failure = error
            self.exit(1)

    async def show(self, view: View[T]) -> T:
        """Put the view in place of the one before and wait for its result. Raises Leave."""
        if self._leaving:
            raise Leave
        view.result = asyncio.get_running_loop().create_future()
        await self.place(view)
        return await view.result

    async def place(self, view: Screen[Any]) -> None:
        """Put a view in place of the one before; whatever was open over that one is closed."""
        self.close_over(None)
        if len(self.screen_stack) > 1:
            await self.switch_screen(view)
        else:
            await self.push_screen(view)
        self._fit(self.size)

    async def over(self, screen: Screen[T]) -> T | None:
        """Open a screen over the view; its result, or None when it was closed without one."""
        answered: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()

        def done(value: T | None) -> None:
            if not answered.done():
                answered.set_result(value)

        await self.push_screen(screen, done)
        return await answered

    def close_over(self, view: Screen[Any] | None) -> None:
        """Close, top first, all that is open over a view (None: over the base view)."""
        stay = view or (self.screen_stack[1] if len(self.screen_stack) > 1 else self.screen_stack[0])
        while self.screen_stack[-1] is not stay and len(self.screen_stack) > 1:
            self.screen_stack[-1].dismiss(None)

    @property
    def stopping(self) -> bool:
        """Whether the run stops after the command that runs."""
        return self.session is not None and self.session.brake.on

    @property
    def asks(self) -> str:
        """The step that waits while something else is open."""
        from screens.run import RunScreen

        return cut(visible(next((s.waits for s in self.screen_stack if isinstance(s, RunScreen)), "")), ASKS)

    def leave(self) -> None:
        """The view that is shown, or else the next one, gives Leave."""
        self._leaving = True
        self.close_over(None)
        base = self.screen_stack[-1]
        if isinstance(base, View) and base.result is not None and not base.result.done():
            base.result.set_exception(Leave())

    async def leave_at_once(self, how: str) -> None:
        """Put on record that something is in flight, then leave."""
        try:
            if self.session is not None:
                await self.session.left(how)
        finally:
            self.leave()

    def hung_up(self) -> None:
        """The terminal is gone: as "leave at once". May be called from a signal handler."""
        if self._home is not None:
            self._home.call_soon_threadsafe(self._without_terminal)

    def _without_terminal(self) -> None:
        self.run_worker(self.leave_at_once("lost terminal"), exit_on_error=False)

    def on_resize(self, event: events.Resize) -> None:
        """Too small: say so, ask nothing."""
        self._fit(event.size)

    def _fit(self, size: Size) -> None:
        small = size.width < MIN_WIDTH or size.height < MIN_HEIGHT
        shown = next((screen for screen in self.screen_stack if isinstance(screen, SmallScreen)), None)
        if small and shown is None:
            from screens.run import RunScreen

            for run in (screen for screen in self.screen_stack if isinstance(screen, RunScreen)):
                self.close_over(run)
            self.push_screen(SmallScreen())
        elif shown is not None and not small:
            self.close_over(shown)
            shown.dismiss(None)

    def explain(self, view: Screen[Any]) -> None:
        """Open the help for a view, once."""
        from screens.help import HelpScreen
        from screens.sheet import Sheet

        if isinstance(view, View | Sheet) and not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(view))

    def action_copy_or_stop(self) -> None:
        """A selection is copied; otherwise it means stop."""
        selected = self.screen.get_selected_text()
        if selected:
            self.copy_to_clipboard(selected)
            self.screen.clear_selection()
        else:
            self.action_stop()

    def action_stop(self) -> None:
        """Ask; again while it is open: no effect."""
        from screens.stop import StopSheet

        if not any(isinstance(screen, StopSheet) for screen in self.screen_stack):
            self.push_screen(StopSheet(self.session), self._stop_answered)

    def _stop_answered(self, choice: str | None) -> None:
        if choice == "after" and self.session is not None:
            self.session.brake.on = True
        elif choice == "at once":
            self.run_worker(self.leave_at_once("at once"), exit_on_error=False)
        elif choice == "leave":
            self.leave()
