"""The lab as a process: a site from disk or new, its listeners, its control channel, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tui.core.errors import BadInput, JournalHeld
from tui.core.hold import Hold
from tui.lab.authority import Authority
from tui.lab.clock import LabClock
from tui.lab.control import Control
from tui.lab.drills import drill
from tui.lab.faults import Faults
from tui.lab.hosting import Hosting
from tui.lab.labfile import CA, ClusterEntry, LabFile
from tui.lab.routes import Routes, anchor
from tui.lab.site import Site, Store, load_site, make_site
from tui.lab.site.story import START
from tui.lab.wirefaults import WireFaults
from tui.lab.wsman.userfile import Credentials

IDLE = 600.0
"""Seconds without a request after which a lab ends."""
SITE = "site"
"""The folder of the site, within the lab's."""
PIDS = 4000
"""How far beyond the last act's PID a lab that is started again begins: no PID names two processes."""
USER = "LAB\\operator"
LOOK = 5.0
"""Seconds at most between two looks whether anybody asks."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a lab is started with. `speed` None: as it was, or 1. `https`: its drill is played over HTTPS."""

    folder: Path
    drill: str = ""
    seed: int = 1
    speed: float | None = None
    ready: Path | None = None
    idle: float = IDLE
    https: bool = False


def serve(order: Order, *, hang_up_ends: bool = False) -> None:
    """Run a lab until it is stopped or idle. Raises RecoverError where it cannot start."""
    hold = _hold(order.folder)
    try:
        with _private_temp(order.folder):
            asyncio.run(_serve(order, _site(order), hang_up_ends))
    finally:
        hold.release()


def serve_until_interrupted(ready: Path | None, *, seed: int = 1, speed: float | None = None) -> int:
    """A lab for other clients, in a folder that goes with it; idle or not, it stays until it is interrupted.

    Says where the ready file is (by default in that folder), never what is in it.
    """
    with tempfile.TemporaryDirectory(prefix="azl-recover-lab-") as folder:
        where = (ready or Path(folder) / "ready.json").absolute()
        print(f"Hosts, user and password are in {where} as soon as the lab is up. ctrl+c ends it.", flush=True)
        serve(Order(Path(folder), seed=seed, speed=speed, ready=where, idle=math.inf), hang_up_ends=True)
    return 0


async def _serve(order: Order, site: Site, hang_up_ends: bool) -> None:
    stop = asyncio.Event()
    faults, wire = Faults(), WireFaults()
    credentials = Credentials(USER, secrets.token_urlsafe(18))
    authority = Authority()
    hosting = Hosting(site, faults, wire, credentials, authority)
    token = secrets.token_urlsafe(24)
    control = Control(
        token, Routes(site, faults, wire, hosting.counts, hosting.settle, hosting.delay, stop.set).table()
    )
    with _signals(stop.set, hang_up_ends):
        try:
            hosts = await hosting.start()
            port = await control.start()
            found = LabFile(
                order.drill, order.seed, os.getpid(), port, token, USER, credentials.password, hosts,
                _clusters(site), site.world.story.groups, anchor(site.clock), order.https,
            )  # fmt: skip
            (order.folder / CA).write_text(authority.certificate, encoding="ascii")
            if order.ready is not None:
                found.write_ready(order.ready, order.folder / CA)
            found.write(order.folder)
            await _until_idle(lambda: hosting.winrm.counts().requests + control.requests, order.idle, stop)
        finally:
            await control.close()
            await hosting.close()
            LabFile(order.drill, order.seed, https=order.https).write(order.folder)


async def _until_idle(asked: Callable[[], int], idle: float, stop: asyncio.Event) -> None:
    """Return when told to stop, or when nobody has asked anything for `idle` seconds."""
    loop = asyncio.get_running_loop()
    seen, since = asked(), loop.time()
    while loop.time() - since < idle:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(idle / 4, LOOK)):
                await stop.wait()
            return
        if asked() != seen:
            seen, since = asked(), loop.time()


def _site(order: Order) -> Site:
    store = Store(order.folder / SITE)
    site = load_site(store)
    if site is None:
        variant = drill(order.drill).variant if order.drill else ""
        return make_site(order.seed, variant, clock=LabClock(START, order.speed or 1.0), store=store)
    if order.speed is not None:
        site.clock.pace(order.speed)
    unused = max((write.pid for write in site.writes), default=0) + PIDS
    while site.processes.next_pid() < unused:
        pass
    return site


def _clusters(site: Site) -> tuple[ClusterEntry, ...]:
    backup = site.world.story.backup
    return tuple(ClusterEntry(c.name, tuple(n.name for n in c.nodes), c.name == backup) for c in site.clusters)


def _hold(folder: Path) -> Hold:
    """One lab to a folder, given back by the system however it dies."""
    (folder / SITE).mkdir(parents=True, exist_ok=True)
    try:
        return Hold.take(folder / SITE)
    except JournalHeld as error:
        raise BadInput(f"The lab in {folder} runs already.") from error


@contextmanager
def _private_temp(folder: Path) -> Iterator[None]:
    """Temporary files (the NTLM acceptor's among them) lie in the lab's folder; a killed lab's are removed here."""
    place = folder / "temp"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    before, tempfile.tempdir = tempfile.tempdir, str(place)
    try:
        yield
    finally:
        tempfile.tempdir = before
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _signals(stop: Callable[[], None], hang_up_ends: bool) -> Iterator[None]:
    """SIGTERM and SIGINT end the lab; SIGHUP, where there is one, only if asked."""
    loop = asyncio.get_running_loop()
    ending = ["SIGTERM", "SIGINT", *(["SIGHUP"] if hang_up_ends else [])]
    numbers = [getattr(signal, name) for name in ending if hasattr(signal, name)]
    before: dict[int, object] = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
    if not hang_up_ends and hasattr(signal, "SIGHUP"):
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
