"""A drill: the lab beside the wizard, with the same code behind other endpoints. It can reach nothing but loopback."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import platform
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui import __version__
from tui.core.errors import BadInput
from tui.core.front import FrontEnd
from tui.core.nosite import NoSite
from tui.core.scenario import Site
from tui.lab.drillclock import DrillClock
from tui.lab.drills import Drill
from tui.lab.drills import drill as drill_named
from tui.scenarios import all_scenarios
from tui.wizard import wizard
from tui.wizard.desk import Desk, Story
from tui.wizard.runs import Found, all_runs, find_run, lab_of

if TYPE_CHECKING:  # what talks to a lab is loaded after the first frame
    from tui.lab.client import Lab

STORY_BEGINS = 1_795_313_640.0
"""2026-11-22 02:14 UTC, when a new lab's time begins (`tui.lab.site.story`)."""
QUIET, LATE, ROUNDS = 0.1, 0.02, 20
"""Before the lab's process starts, the first screen has the processor to itself: until the loop has been idle three
times for `QUIET` seconds (called back less than `LATE` after them), or for `ROUNDS` such times."""
LABS = "labs"
"""The folder below the runs folder where the labs keep their sites."""


def new_lab_id() -> str:
    """4 random hex digits after the word: names no time, for a lab may outlive its drill."""
    return f"lab-{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a drill is played: the clock that follows its lab, and how the lab is started or found."""

    drill: Drill
    runs: Path
    lab: str
    clock: DrillClock
    begin: Callable[[], Awaitable[Lab]]


async def play(
    front: FrontEnd, stage: Stage, speed: float | None = None, take_up: str = "", paced: bool = True
) -> tuple[int, Lab]:
    """Walk the wizard while the lab comes up beside it; gives the exit code and the lab that was played on last."""
    coming = asyncio.ensure_future(_after_the_first_frame(stage) if paced else stage.begin())
    rooms = AsyncExitStack()
    labs: dict[str, Lab] = {}
    desks: dict[str, Desk] = {}

    async def connect(run: str) -> Desk:
        there = stage if not run or run == take_up else earlier(stage.runs, find_run(stage.runs, run), stage.clock)
        if there.lab not in desks:
            lab = await asyncio.shield(coming)  # also for another lab: this one sets the shared clock when it stands
            lab = lab if there.lab == stage.lab else await there.begin()
            desks[there.lab] = await _connected(there, lab, rooms, speed, waits=paced)
            labs[there.lab] = lab
        labs[there.lab] = labs.pop(there.lab)  # the last one played on
        await labs[there.lab].pace(1.0)
        return replace(desks[there.lab], connect=connect)

    async with rooms:
        code = await wizard(front, replace(_desk(stage), connect=connect), take_up)
    first = await coming
    for lab in {stage.lab: first, **labs}.values():
        if paced:
            await tidy(stage.runs, lab)
    return code, (list(labs.values()) or [first])[-1]


async def _connected(there: Stage, lab: Lab, rooms: AsyncExitStack, speed: float | None, *, waits: bool) -> Desk:
    """The desk on a lab that stands; `rooms` closes what it opens."""
    from tui.lab.pacer import Pacer
    from tui.remote.estate import RemoteEstate
    from tui.remote.winrm import WinRm

    pacer = Pacer(lab, speed if speed is not None else lab.drill.speed, waits=waits)
    estate = RemoteEstate(WinRm(lab.hosts, lab.clock), lab.clock)
    rooms.push_async_callback(estate.close)
    rooms.push_async_callback(pacer.settle)
    return replace(_desk(there), site=lab.site, estate=estate, follow=pacer.follow)


async def _after_the_first_frame(stage: Stage) -> Lab:
    loop, idle = asyncio.get_running_loop(), 0
    for _ in range(ROUNDS):
        before = loop.time()
        await asyncio.sleep(QUIET)
        idle = idle + 1 if loop.time() - before - QUIET < LATE else 0
        if idle == 3:
            break
    return await stage.begin()


async def tidy(runs: Path, lab: Lab) -> None:
    """End a lab that no unfinished run needs."""
    needed: list[object] = []
    for run in all_runs(runs):
        with contextlib.suppress(BadInput):  # not a drill's run
            needed += [lab_of(run).get("lab")] if run.state.ended is None and not run.problem else []
    if lab.folder.name not in needed:
        await lab.stop()


def _desk(stage: Stage) -> Desk:
    """A desk whose site does not stand yet."""
    drill, clock = stage.drill, stage.clock
    witness = f"{drill.witness['witness']}, saw {drill.witness['saw']}" if drill.witness else ""
    story = Story(
        drill.name, drill.title, drill.story, drill.scenario, drill.told, declared_ago=drill.declared_minutes_ago * 60,
        rto=drill.rto_minutes * 60, lab=stage.lab, labs=str((stage.runs / LABS).absolute()), witness=witness,
    )  # fmt: skip
    return Desk(
        "DRILL", Site("lab-berlin-hamburg", ()), NoSite(), clock, stage.runs,
        getpass.getuser(), platform.node() or "unknown", __version__, all_scenarios(), story,
        notices=(("warn", "Never run against Windows so far: see the README."),),
    )  # fmt: skip


def fresh(runs: Path, drill: Drill, seed: int = 1, *, https: bool = False) -> Stage:
    """A new lab for a drill, spoken to over HTTPS if asked. Its clock shows the story's time from the start on."""
    lab, clock = new_lab_id(), DrillClock()
    clock.set_anchor(clock.wall(), STORY_BEGINS, 1.0)

    async def begin() -> Lab:
        from tui.lab.client import start_lab

        return await start_lab(runs / LABS / lab, drill, seed=seed, speed=1.0, clock=clock, https=https)

    return Stage(drill, runs, lab, clock, begin)


def earlier(runs: Path, run: Found, follows: DrillClock | None = None) -> Stage:
    """The lab of an earlier run, running or started again from its disk. Raises BadInput where it names none."""
    named = lab_of(run)
    lab, clock = str(named.get("lab", "")), follows or DrillClock()
    if follows is None:
        clock.set_anchor(clock.wall(), run.state.last, 1.0)

    beside = runs / LABS / lab
    folder = beside if beside.is_dir() else Path(str(named.get("labs", runs / LABS))) / lab

    async def begin() -> Lab:
        from tui.lab.client import find_lab

        return await find_lab(folder, clock=clock)

    return Stage(drill_named(str(named.get("drill", ""))), runs, lab, clock, begin)
