"""ctrl+p: every action of the view by its name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.screen import Screen


def commands_of(app: App[Any], screen: Screen[Any]) -> Iterator[SystemCommand]:
    """The actions that have a name of their own (an id) and work now. Answers to questions are not among them."""
    seen: set[str] = set()
    for _, binding in [*screen._bindings, *app._bindings]:
        if not binding.id or binding.id in seen or binding.id == "copy-or-stop":
            continue
        seen.add(binding.id)
        if screen.check_action(binding.action, ()) is not False:
            yield _command(app, screen, binding)


def _command(app: App[Any], screen: Screen[Any], binding: Binding) -> SystemCommand:
    namespace: App[Any] | Screen[Any] = app if binding.id == "stop" else screen
    run = partial(app.run_action, binding.action, namespace)
    keys = binding.key.replace("question_mark", "?").replace("escape", "esc").replace("slash", "/")
    return SystemCommand(
        binding.description, f"{keys}: {binding.tooltip or binding.description}", partial(_later, app, run)
    )


def _later(app: App[Any], run: Any) -> None:  # noqa: ANN401 - a partial of a coroutine function
    app.call_later(run)
