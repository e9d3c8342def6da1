"""A drill's lab as the wizard sees it: started or found, asked and paced. Reaches nothing but loopback."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tui.core.errors import BadInput, RecoverError
from tui.core.scenario import Cluster, Site
from tui.core.secret import Secret
from tui.core.threads import in_thread
from tui.lab import drills
from tui.lab.channel import Channel, Heartbeat, LabGone
from tui.lab.drillclock import DrillClock
from tui.lab.drills import Drill
from tui.lab.labfile import ADDRESS, CA, NAME, LabFile, read_lab_file
from tui.lab.spawn import spawn, wait_ended
from tui.remote.transport import Host

SITE_NAME = "lab-berlin-hamburg"
ENDING = 5.0
"""Seconds that the lab's end is waited for."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the story came to its good end; `reasons` names each thing that is not so."""

    recovered: bool
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Lab:
    """A running lab."""

    folder: Path
    site: Site
    hosts: Mapping[str, Host]
    clock: DrillClock
    drill: Drill
    seed: int
    pid: int
    _channel: Channel = field(repr=False)
    _heartbeat: Heartbeat = field(repr=False)

    async def pace(self, speed: float) -> None:
        """Let site time run at another speed, for the lab and for `clock`."""
        self._follow(await self._ask("POST", "/pace", {"speed": speed}))

    async def state(self) -> dict[str, Any]:
        """Everything: clock, hosts, judge, summary, fired, writes."""
        return dict(await self._ask("GET", "/state"))

    async def judge(self) -> Judgement:
        """What the site itself says of the story."""
        said = (await self.state())["judge"]
        return Judgement(said["recovered"], tuple(said["reasons"]))

    async def summary(self) -> dict[str, Any]:
        """The end state without its history; equal for two runs that came to the same end."""
        return dict((await self.state())["summary"])

    async def fault(self, name: str, **options: object) -> None:
        """Let something go wrong later (`FAULTS`, `WIRE`, `FRAME`). Raises BadInput for what there is not."""
        await self._ask("POST", "/fault", {"name": name, **options})

    async def apply(self, name: str, **options: object) -> None:
        """Let something happen now (`HAPPENINGS`). Raises BadInput for what there is not."""
        await self._ask("POST", "/apply", {"name": name, **options})

    async def latency(self, seconds: float) -> None:
        """Let every WinRM request take this much longer, for measurements. Raises BadInput beyond 0 to 5."""
        await self._ask("POST", "/latency", {"seconds": seconds})

    async def stop(self) -> None:
        """End the lab; its site stays on disk. May be called again."""
        self._heartbeat.stop()
        with contextlib.suppress(LabGone):
            await self._ask("POST", "/stop")
        await in_thread(lambda: wait_ended(self.pid, ENDING), "azl-lab")

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = await in_thread(lambda: self._channel.ask(method, path, body), "azl-lab")
        return dict(answer)

    def _follow(self, answer: Mapping[str, Any]) -> None:
        anchor = answer["clock"]
        self.clock.set_anchor(anchor["wall"], anchor["sim"], anchor["speed"])


async def start_lab(
    folder: Path, drill: Drill, *, seed: int, speed: float, idle: float | None = None, clock: DrillClock | None = None,
    https: bool = False,
) -> Lab:  # fmt: skip
    """A new lab in a folder that has none. Raises BadInput where it has; RecoverError where it does not come up.

    `idle`: seconds without a request after which it ends, where not ten minutes. `clock` is made to follow it.
    `https`: its hosts are spoken to over HTTPS, also when it is found again.
    """
    if (folder / NAME).exists():
        raise BadInput(f"{folder} holds a lab already.", "", "Choose another folder, or take that one up.")
    order = LabFile(drill.name, seed, https=https)
    found = await in_thread(lambda: _spawn(folder, order, idle, "--speed", str(speed)), "azl-lab")
    return await _lab(folder, found, clock)


async def find_lab(folder: Path, *, idle: float | None = None, clock: DrillClock | None = None) -> Lab:
    """The lab of a folder: the running one, else started again from its disk. Raises BadInput if it is no lab's."""
    return await _lab(folder, await in_thread(lambda: _find(folder, idle), "azl-lab"), clock)


def _find(folder: Path, idle: float | None) -> LabFile:
    found = read_lab_file(folder)
    if found.pid and _alive(found):
        return found
    try:
        return _spawn(folder, found, idle)
    except RecoverError:
        found = read_lab_file(folder)  # another program may have been faster
        if found.pid and _alive(found):
            return found
        raise


def _spawn(folder: Path, order: LabFile, idle: float | None, *more: str) -> LabFile:
    folder.mkdir(parents=True, exist_ok=True)
    more += ("--drill", order.drill) if order.drill else ()
    more += ("--idle", str(idle)) if idle is not None else ()
    more += ("--https",) if order.https else ()
    return spawn(folder, "--seed", str(order.seed), *more)


def _alive(found: LabFile) -> bool:
    try:
        return bool(Channel(found).ask("GET", "/alive")["pid"] == found.pid)
    except (LabGone, BadInput):
        return False


async def _lab(folder: Path, found: LabFile, clock: DrillClock | None) -> Lab:
    channel = Channel(found)
    clock = clock or DrillClock()
    lab = Lab(
        folder, _site(found), {name: _host(name, folder, ports, found) for name, ports in found.hosts.items()}, clock,
        drills.drill(found.drill), found.seed, found.pid, channel, Heartbeat(channel),
    )  # fmt: skip
    lab._follow(await lab._ask("GET", "/alive"))
    return lab


def _site(found: LabFile) -> Site:
    clusters = tuple(Cluster(c.name, c.nodes, c.backup_vault) for c in found.clusters)
    return Site(SITE_NAME, clusters, found.groups)


def _host(name: str, folder: Path, ports: Mapping[str, int], found: LabFile) -> Host:
    real = {int(port): at for port, at in ports.items()}
    password = Secret(found.password)
    if found.https:
        return Host(name, ADDRESS, found.user, password, real[5986], tls=True, ports=real, ca=str(folder / CA))
    return Host(name, ADDRESS, found.user, password, real[5985], ports=real)
