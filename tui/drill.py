"""A drill: the lab beside the wizard, with the same code behind other endpoints. It can reach nothing but loopback."""

from __future__ import annotations

import asyncio
import getpass
import platform
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path

from tui import __version__
from tui.core.events import AnsweredEvent, Asked, Stamped
from tui.core.front import FrontEnd
from tui.lab.client import Lab, find_lab, start_lab
from tui.lab.drillclock import DrillClock
from tui.lab.drills import Drill
from tui.remote.estate import RemoteEstate
from tui.remote.winrm import WinRm
from tui.scenarios import all_scenarios
from tui.wizard import wizard
from tui.wizard.desk import Desk, Story

LABS = "labs"
"""The folder below the runs folder where the labs keep their sites."""


def new_lab_id() -> str:
    """4 random hex digits after the word: names no time, for a lab may outlive its drill."""
    return f"lab-{secrets.token_hex(4)}"


class Pacer:
    """Site time runs at the drill's speed while the run works, and at 1 before it and while a question is open.

    Before it, because prerequisites compare clocks: at speed 1,000 a reading of 0.3 s is five minutes.
    """

    def __init__(self, lab: Lab, speed: float, *, waits: bool) -> None:
        self._lab = lab
        self._speed = speed
        self._waits = waits
        self._now = 1.0
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, stamped: Stamped) -> None:
        """Change the pace when a question opens or closes; with `waits` off nobody is there to think it over."""
        asks = self._waits and isinstance(stamped.event, Asked)
        answered = isinstance(stamped.event, AnsweredEvent) or not self._waits
        wanted = 1.0 if asks else self._speed if answered else self._now
        if wanted != self._now:
            self._now = wanted
            self._pace(wanted)

    def _pace(self, speed: float) -> None:
        task = asyncio.get_running_loop().create_task(self._lab.pace(speed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait for what is under way; errors of a lab that went away are the estate's to tell."""
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def play(
    front: FrontEnd,
    runs: Path,
    lab_of: Callable[[], Awaitable[Lab]],
    speed: float | None,
    take_up: str = "",
    paced: bool = True,
) -> tuple[int, Lab]:
    """Start or find the lab, then walk the wizard on it. The lab goes on after it, for `resume`."""
    lab = await lab_of()
    fast = speed if speed is not None else lab.drill.speed
    pacer = Pacer(lab, fast, waits=paced)
    await lab.pace(1.0)
    estate = RemoteEstate(WinRm(lab.hosts, lab.clock), lab.clock)
    try:
        code = await wizard(front, desk(lab, runs, estate, pacer.follow), take_up)
    finally:
        await pacer.settle()
        await estate.close()
    return code, lab


def desk(lab: Lab, runs: Path, estate: RemoteEstate, follow: Callable[[Stamped], None]) -> Desk:
    """A desk on the lab's site."""
    drill = lab.drill
    story = Story(
        drill.name, drill.title, drill.story, drill.scenario, drill.told,
        declared_ago=drill.declared_minutes_ago * 60, rto=drill.rto_minutes * 60, lab=lab.folder.name,
    )  # fmt: skip
    return Desk(
        "DRILL", lab.site, estate, lab.clock, runs, getpass.getuser(), platform.node() or "unknown", __version__,
        all_scenarios(), story, follow=follow,
    )  # fmt: skip


def fresh(runs: Path, drill: Drill, seed: int, speed: float, clock: DrillClock) -> Callable[[], Awaitable[Lab]]:
    """How to start a new lab for a drill."""
    return lambda: start_lab(runs / LABS / new_lab_id(), drill, seed=seed, speed=speed, clock=clock)


def earlier(folder: Path, clock: DrillClock) -> Callable[[], Awaitable[Lab]]:
    """How to find the lab of an earlier run, or to start it again from its disk."""
    return lambda: find_lab(folder, clock=clock)
