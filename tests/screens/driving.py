"""Driving the app in tests: pictures of the screen, and waiting on conditions with a bound."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from screens.app import RecoveryApp
from tests.screens.fake import CET, FrozenClock
from tui.core.front import FrontEnd, Situation

PICTURES = Path(__file__).parent / "pictures"
WRITE = os.environ.get("AZL_PICTURES") == "write"


def screen_text(app: RecoveryApp) -> str:
    """The window as text, one line a row, each as wide as the window."""
    strips = app.screen._compositor.render_strips()
    return "".join(f"{strip.text}\n" for strip in strips)


def compare(app: RecoveryApp, name: str) -> None:
    """The window is the picture of this name; with AZL_PICTURES=write it becomes it."""
    text = screen_text(app)
    path = PICTURES / f"{name}.txt"
    if WRITE:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{name} differs:\n{text}"


async def until(pilot: Pilot[int], condition: Callable[[], bool]) -> None:
    """Let the app work until it is so; at most some seconds."""
    for _ in range(150):
        if condition():
            await pilot.pause()
            return
        await pilot.pause(0.02)
    raise AssertionError(f"it never became so; the screen is\n{screen_text(pilot.app)}")  # type: ignore[arg-type]


@asynccontextmanager
async def running(
    lead: Callable[[FrontEnd], Awaitable[object]], situation: Situation, *, size: tuple[int, int] = (80, 24),
    ascii_only: bool = False, clock: FrozenClock | None = None,
) -> AsyncIterator[tuple[RecoveryApp, Pilot[int], list[object]]]:  # fmt: skip
    """The app with a wizard that makes one call; its result lands in the list."""
    results: list[object] = []

    async def wizard(front: FrontEnd) -> int:
        front.situation(situation)
        results.append(await lead(front))
        return 0

    app = RecoveryApp(wizard, clock or FrozenClock(), ascii_only=ascii_only)
    app.zone = CET
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: len(app.screen_stack) > 1 or bool(results) or app.failure is not None)
        yield app, pilot, results
