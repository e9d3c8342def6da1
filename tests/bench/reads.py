"""A read and an act through the estate, against `winrm.Session.run_ps`: requests and milliseconds, at 0 and 50 ms.

The aim is a read of 2 requests in at most 0.30 of run_ps' time. The server is the lab's, in a process of its own; the
latency is added to each request there. Its PowerShell starts at once, a real one takes most of a second: that is not in
these numbers, and run_ps pays it for each command.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import winrm

from tui.core.action import PowerShell, Repeat
from tui.core.clock import SystemClock
from tui.core.threads import in_thread
from tui.lab import drills
from tui.lab.client import Lab, start_lab
from tui.lab.labfile import CA
from tui.remote.estate import RemoteEstate
from tui.remote.winrm import WinRm

SCRIPT = "Get-ClusterNode | ForEach-Object {$_.Name}"
HOST = "HAM-N01"
ROUNDS = 15


async def requests(lab: Lab) -> int:
    """How many requests the host has had."""
    return int((await lab.state())["hosts"][HOST]["requests"])


async def measured(
    lab: Lab, name: str, do: Callable[[], Awaitable[object]], latency: float, beside: float = 0.0
) -> float:
    """Print one row: the median of the rounds in milliseconds, its ratio to `beside`, and requests a round."""
    await do()
    before, times = await requests(lab), []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await do()
        times.append((time.perf_counter() - began) * 1000)
    after = await requests(lab)
    each, median = (after - before) / ROUNDS, statistics.median(times)
    ratio = median / (beside or median)
    print(f"  {latency * 1000:3.0f} ms  {name:28}{median:8.1f} ms {ratio:6.2f}  {each:5.1f} requests")
    return median


async def compare(lab: Lab, latency: float) -> None:
    """All three on one lab."""
    await lab.latency(latency)
    host = lab.hosts[HOST]
    estate = RemoteEstate(WinRm(lab.hosts, SystemClock()), SystemClock())
    session = winrm.Session(
        f"http://{host.address}:{host.port}/wsman", auth=(host.user, host.password.reveal()), transport="ntlm",
        message_encryption="always", proxy=None,
    )  # fmt: skip
    act = PowerShell(HOST, SCRIPT, Repeat.SAFE, changes=True)

    async def send() -> None:
        async for _ in estate.send(await estate.prepare(act)):
            pass

    bare = await measured(lab, "winrm.Session.run_ps", lambda: in_thread(lambda: session.run_ps(SCRIPT)), latency)
    await measured(lab, "read", lambda: estate.read(PowerShell(HOST, SCRIPT)), latency, bare)
    await over_https(lab, latency, bare)
    await measured(lab, "act (prepare and send)", send, latency, bare)
    await estate.close()


async def over_https(lab: Lab, latency: float, bare: float) -> None:
    """The same read over HTTPS."""
    host = lab.hosts[HOST]
    secure = replace(host, port=host.ports[5986], tls=True, ca=str(lab.folder / CA))
    estate = RemoteEstate(WinRm({HOST: secure}, SystemClock()), SystemClock())
    await measured(lab, "read over HTTPS", lambda: estate.read(PowerShell(HOST, SCRIPT)), latency, bare)
    await estate.close()


async def measure() -> None:
    """Start a lab, compare at both latencies, stop it."""
    with tempfile.TemporaryDirectory() as folder:
        lab = await start_lab(Path(folder) / "lab", drills.drill("trusted-launch"), seed=1, speed=10_000.0)
        try:
            for latency in (0.0, 0.05):
                await compare(lab, latency)
        finally:
            await lab.stop()


def main() -> None:
    """Print the table."""
    print("one command on one host, median, and its ratio to run_ps:")
    asyncio.run(measure())
