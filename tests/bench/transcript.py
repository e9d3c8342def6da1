"""The transcript: lines a second and the worst gap of the screen under them, against Textual's own logs.

Three figures of ours: the widget alone (events are there, the screen takes them), the whole path (lanes commit lines to
a journal, the run's screen shows them), and a log of 100,000 lines that is opened, scrolled and searched.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from textual.app import App
from textual.widget import Widget
from textual.widgets import Log, RichLog

from screens.widgets.transcript import Transcript
from tests.bench.figure import Figure
from tests.bench.journal import EVENTS, said, write_long_run
from tests.screens.driving import running
from tests.screens.fake import FakeSession, FrozenClock, plan, situation
from tui.core.clock import SystemClock
from tui.core.engine import Asker
from tui.core.events import Chosen, Stamped
from tui.core.journal import Journal
from tui.core.nosite import NoSite
from tui.core.state import RunState
from tui.wizard.session import Session

WINDOW = (120, 40)
LINES = 1_000_000
LOG_LINES = 100_000
RICH_LINES = 10_000
"""RichLog keeps 3 kB a line and takes 5,000 a second."""
COMMITTED = 20_000
LANES = 8
ROUNDS = 3
GRAIN = 0.001
"""Seconds between two looks of the ticker: what it adds to a gap."""


@dataclass(slots=True)
class Ticker:
    """Looks every millisecond whether the loop of the screen still goes; `worst` is its longest absence, in ms."""

    worst: float = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(GRAIN)
            now = time.perf_counter()
            self.worst, last = max(self.worst, (now - last - GRAIN) * 1000), now


@asynccontextmanager
async def ticking() -> AsyncIterator[Ticker]:
    """A ticker beside what is measured."""
    ticker = Ticker()
    task = asyncio.create_task(ticker.run())
    await asyncio.sleep(0.01)
    yield ticker
    task.cancel()


class Host(App[None]):
    """An app with one widget over the whole window."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self):
        """The widget."""
        yield self.widget


async def until(there: Callable[[], bool]) -> None:
    """Look every 5 ms."""
    while not there():  # noqa: ASYNC110 - an event would be one thing more on the loop that is measured
        await asyncio.sleep(0.005)


async def fed(widget: Widget, feed: Callable[[], Awaitable[int]]) -> tuple[float, float]:
    """Lines a second until the screen has them, and the worst gap meanwhile."""
    app = Host(widget)
    async with app.run_test(size=WINDOW) as pilot:
        await pilot.pause()
        async with ticking() as ticker:
            began = time.perf_counter()
            lines = await feed()
            took = time.perf_counter() - began
        return lines / took, ticker.worst


def recorded(count: int) -> list[Stamped]:
    """So many lines of hosts, as they are on record."""
    return [Stamped(n, 1_795_313_640.0 + n * 0.001, said("import", n)) for n in range(count)]


async def ours_alone(_: Path) -> tuple[float, float]:
    """A thread puts events on the session's list as fast as it can; the widget shows the last of them."""
    session = FakeSession(asleep, FrozenClock())
    session.events.clear()
    transcript, coming = Transcript(session), recorded(LINES)

    async def feed() -> int:
        def put() -> None:
            for n in range(0, LINES, 500):
                session.events += coming[n : n + 500]
                time.sleep(0)

        threading.Thread(target=put, daemon=True).start()
        await until(lambda: len(transcript.lines) == LINES)
        return LINES

    return await fed(transcript, feed)


async def textual_log(_: Path) -> tuple[float, float]:
    """The same lines as text into `Log`, 100 at a time."""
    log = Log()

    async def feed() -> int:
        texts = [f"{stamped.event.text}" for stamped in recorded(LOG_LINES)]  # type: ignore[attr-defined]
        for n in range(0, LOG_LINES, 100):
            log.write_lines(texts[n : n + 100])
            await asyncio.sleep(0)
        return LOG_LINES

    return await fed(log, feed)


async def textual_rich_log(_: Path) -> tuple[float, float]:
    """The same lines as text into `RichLog`, 100 at a time."""
    log = RichLog()

    async def feed() -> int:
        texts = [f"{stamped.event.text}" for stamped in recorded(RICH_LINES)]  # type: ignore[attr-defined]
        for n in range(0, RICH_LINES, 100):
            for text in texts[n : n + 100]:
                log.write(text)
            await asyncio.sleep(0)
        return RICH_LINES

    return await fed(log, feed)


async def asleep(*_: object) -> None:
    """A run in which nothing happens."""
    await asyncio.Event().wait()


class Talking(Session):
    """A run in which lanes do nothing but put on record what their hosts write."""

    took = 0.0

    async def go(self, asker: Asker) -> RunState:
        """Commit, each lane one line after the other."""
        began = time.perf_counter()

        async def lane(name: str) -> None:
            for n in range(COMMITTED // LANES):
                await self._journal.commit(said(name, n))

        await asyncio.gather(*(lane(f"lane{n}") for n in range(LANES)))
        self.took = time.perf_counter() - began
        return self.state


async def whole_path(folder: Path) -> tuple[float, float]:
    """From lanes that commit to a journal to the run's screen."""
    with Journal.create(folder, SystemClock()) as journal:
        await journal.commit(Chosen("trusted-launch", {"vm": "SRV-DB01"}))
        session = Talking(plan(), "DRILL", journal, NoSite(), SystemClock(), "m.weber", lambda _: plan())
        async with running(lambda front: front.run(session), situation(), size=WINDOW), ticking() as ticker:
            await until(lambda: bool(session.took))
        return COMMITTED / session.took, ticker.worst


class Silent(Session):
    """A run in which nothing more happens."""

    async def go(self, asker: Asker) -> RunState:
        """For ever."""
        await asyncio.Event().wait()
        return self.state


async def long_log(folder: Path) -> tuple[float, float]:
    """The worst gap while the log of 100,000 events is opened, scrolled, and searched in vain."""
    write_long_run(folder)
    with Journal.take_up(folder, SystemClock()) as journal:
        session = Silent(plan(), "DRILL", journal, NoSite(), SystemClock(), "m.weber", lambda _: plan())
        async with running(lambda front: front.run(session), situation(), size=WINDOW) as (app, pilot, _):
            await pilot.pause(0.3)  # the run's own screen stands
            async with ticking() as ticker:
                await pilot.press("l", *["pageup"] * 5, "home", *["pagedown"] * 5, "slash", *"not there", "enter")
                await until(lambda: not any(w.group == "search" and not w.is_finished for w in app.workers))
                await pilot.press("escape", "end")
            assert len(session.events) == EVENTS
            return EVENTS, ticker.worst


def best(measure: Callable[[Path], Awaitable[tuple[float, float]]]) -> tuple[float, float]:
    """The highest rate and the smallest worst gap of the rounds: what it is when nothing else runs."""
    rounds = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(asyncio.run(measure(Path(folder) / "run")))  # type: ignore[arg-type]
    return max(rate for rate, _ in rounds), min(gap for _, gap in rounds)


def main() -> list[Figure]:
    """All of them."""
    rate, gap = best(ours_alone)
    log_rate, log_gap = best(textual_log)
    rich_rate, rich_gap = best(textual_rich_log)
    path_rate, path_gap = best(whole_path)
    _, long_gap = best(long_log)
    rich = "RichLog, 10,000 lines"
    return [
        Figure("transcript alone", rate, log_rate, "Log.write_lines, 100 at a time", "lines/s", at_least=500_000),
        Figure("  worst gap of the screen", gap, log_gap, "Log", "ms", at_most=50),
        Figure("transcript alone", rate, rich_rate, "RichLog.write", "lines/s", at_least=500_000),
        Figure("  worst gap of the screen", gap, rich_gap, rich, "ms", at_most=50),
        Figure("8 lanes, over the journal, to the run's screen", path_rate, rich_rate, "RichLog, and no record",
               "lines/s", at_least=500_000,
               why="each line is hashed and on disk before it counts: JSON and fsync take the time, not the screen"),
        Figure("  worst gap of the screen", path_gap, rich_gap, rich, "ms", at_most=50),
        Figure("log of 100,000 events: worst gap, all its keys", long_gap, rich_gap, rich, "ms", at_most=50),
    ]  # fmt: skip
