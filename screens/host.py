"""What the views know of the app: the little that they share, as a protocol, so that no view imports the app."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Protocol, cast

from textual.screen import Screen

if TYPE_CHECKING:
    from tui.core.clock import Clock
    from tui.core.front import RunSession, Situation


class Host(Protocol):
    """The app, for views."""

    clock: Clock
    situation: Situation
    zone: tzinfo | None
    session: RunSession | None
    """The run that goes on, if one does."""

    @property
    def stopping(self) -> bool:
        """Whether the person asked to stop after the command that runs."""
        ...

    @property
    def asks(self) -> str:
        """The step that waits for an answer while something else is open; empty when none does."""
        ...

    def explain(self, view: Screen[Any]) -> None:
        """Open the help for a view."""
        ...

    def copy_to_clipboard(self, text: str) -> None:
        """Send text to the terminal's clipboard (OSC 52)."""
        ...


def host_of(screen: Screen[Any]) -> Host:
    """The app of a screen."""
    return cast(Host, screen.app)
