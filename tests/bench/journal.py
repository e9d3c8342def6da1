"""The record: resume of 100,000 events against `json.loads` of each line; events a second against write and fsync."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.figure import Figure
from tui.core.clock import SystemClock
from tui.core.events import (
    AnsweredEvent,
    Asked,
    Began,
    Ended,
    Event,
    Intended,
    PlanMade,
    Probed,
    Returned,
    RunBegan,
    Said,
)
from tui.core.journal import GENESIS, NAME, Journal, line_of

EVENTS, STEPS = 100_000, 520
"""40 VMs of 13 steps; what is left of the events, hosts said."""
COMMITS = 4_000
ROUNDS = 5


def step_events(step: str, lines: int) -> Iterator[Event]:
    """All that one step puts on record while its host writes so many lines."""
    yield Began(step, 1)
    yield Probed(step, "goal", "Is the key in the vault?", "not so", "no key of this name")
    yield Asked(step, f"gate:{step}", "confirm", "Import the key", "b" * 64, shown="Import-MocKey")
    yield AnsweredEvent(step, f"gate:{step}", "b" * 64, "go", "m.weber", seconds=8.0)
    yield Intended(step, 1, "HAM-N01", "Import-MocKey", "d" * 64, "never", "s" * 36, "c" * 36, 4711, "n" * 32)
    for n in range(lines):
        yield said(step, n)
    yield Returned(step, 1, "Z")
    yield Probed(step, "proof", "Is the key in the vault?", "so", "AES 256")
    yield Ended(step, "done", "AES 256")


def said(step: str, n: int) -> Said:
    """A line of a host."""
    return Said(step, "HAM-N01", "V", f"Importing key 7f3c2a91-4d0e-4b6b-9a55-e1c8d2f00b17, part {n}")


def long_run() -> Iterator[Event]:
    """A run of `EVENTS` events."""
    steps = [f"import:VM{n:03}" for n in range(STEPS)]
    yield RunBegan("20261122-021400-3f9a", "DRILL", "lab", "DR-PC3", "m.weber", "0.1.0", 1_795_313_640.0, 7200.0)
    yield PlanMade("d" * 64, "Trusted Launch key restore", tuple((step, "1", step, "HAM-N01") for step in steps))
    each, rest = divmod(EVENTS - 2 - STEPS * 8, STEPS)
    for number, step in enumerate(steps):
        yield from step_events(step, each + (number < rest))


def write_long_run(folder: Path) -> Path:
    """Its record, as a journal writes it."""
    folder.mkdir()
    before = GENESIS
    with (folder / NAME).open("wb") as file:
        for n, event in enumerate(long_run(), 1):
            line, before = line_of(n, 1_795_313_640.0 + n * 0.1, event, before)
            file.write(line)
    return folder / NAME


def best(call: Callable[[], object]) -> float:
    """Seconds of the fastest of the rounds: what the work takes when nothing else runs."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return min(times)


def resume(folder: Path) -> Figure:
    """Take a run up: hold, read, check the chain, fold to the state."""
    path = write_long_run(folder)

    def take_up() -> None:
        with Journal.take_up(folder, SystemClock()) as journal:
            assert journal.state.events == EVENTS
            assert len(journal.state.steps) == STEPS

    floor = best(lambda: [json.loads(line) for line in path.read_bytes().splitlines()])
    return Figure(
        "resume of a journal of 100,000 events", best(take_up), floor, "json.loads of each line, nothing else", "s",
        at_most=1.0, why="one core of this computer is slow: json.loads alone takes more than half of the aim",
    )  # fmt: skip


async def commits(folder: Path, lanes: int) -> float:
    """Events a second with so many lanes that each wait for their line to be on disk."""
    with Journal.create(folder, SystemClock()) as journal:

        async def lane(name: str) -> None:
            for n in range(COMMITS // lanes):
                await journal.commit(said(name, n))

        began = time.perf_counter()
        await asyncio.gather(*(lane(f"lane{n}") for n in range(lanes)))
        return COMMITS / (time.perf_counter() - began)


def bare(path: Path) -> float:
    """Events a second of one who writes a line of JSON and syncs it, and does nothing else."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        began = time.perf_counter()
        for n in range(COMMITS):
            event = said("lane0", n)
            os.write(
                file, json.dumps({"kind": "Said", "n": n, "text": event.text, "host": event.host}).encode() + b"\n"
            )
            os.fsync(file)
        return COMMITS / (time.perf_counter() - began)
    finally:
        os.close(file)


def main() -> list[Figure]:
    """Resume; events a second with one lane and with eight."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rates = [
            (lanes, asyncio.run(commits(folder / f"{lanes}", lanes)), bare(folder / f"bare{lanes}")) for lanes in (1, 8)
        ]
        return [
            resume(folder / "long"),
            *(
                Figure(
                    f"journal, {lanes} lane{'s' * (lanes > 1)} waiting for the disk", ours, other,
                    "a line of JSON, write and fsync, by itself", "events/s",
                )
                for lanes, ours, other in rates
            ),
        ]  # fmt: skip
