"""The way in for `--plain`: the keyboard, the signals, and the wizard on one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from tui.core.clock import Clock
from tui.core.front import FrontEnd, Leave
from tui.plain.front import PlainFront
from tui.plain.keyboard import Keyboard

STDIN = 0
LEFT = 3
"""What the program returns when the person left before the end."""


def run_plain(wizard: Callable[[FrontEnd], Awaitable[int]], clock: Clock) -> int:
    """Lead through `wizard` in lines on this terminal; gives its number, or LEFT."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show ends no run
    return asyncio.run(_lead(wizard, clock))


async def _lead(wizard: Callable[[FrontEnd], Awaitable[int]], clock: Clock) -> int:
    front: PlainFront | None = None

    def lost() -> None:
        if front is not None:
            front.hang_up()

    keyboard = Keyboard(STDIN, lost)
    front = PlainFront(
        clock, keyboard.read_line, keyboard.write_line, person(), keyboard.live, keyboard.drop_typed_ahead
    )
    with _signals(front):
        try:
            return await wizard(front)
        except Leave:
            return LEFT


def person() -> str:
    """The account's name, as it stands beside every answer."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown user"


@contextmanager
def _signals(front: PlainFront) -> Iterator[None]:
    """ctrl+c interrupts; a lost terminal or a request to end leaves at once, on record."""
    loop = asyncio.get_running_loop()
    names = {"SIGINT": front.interrupt, "SIGHUP": front.hang_up, "SIGTERM": front.hang_up}
    wanted = {getattr(signal, name): act for name, act in names.items() if hasattr(signal, name)}
    before = {number: signal.getsignal(number) for number in wanted}
    for number, act in wanted.items():
        try:
            loop.add_signal_handler(number, act)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_, act=act: loop.call_soon_threadsafe(act))
    try:
        yield
    finally:
        for number, handler in before.items():
            with contextlib.suppress(NotImplementedError):
                loop.remove_signal_handler(number)
            signal.signal(number, handler)
