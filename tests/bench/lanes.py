"""Twelve VMs side by side: how long the whole takes, against the critical path; and against one after the other."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from tests.bench.figure import Figure
from tests.core.fake import FakeEstate, holds, step
from tests.core.person import BEGAN, answer
from tui.core.action import Prepared, Record
from tui.core.clock import SystemClock
from tui.core.engine import Engine
from tui.core.journal import Journal
from tui.core.plan import Phase, Plan, Shared, Step, own_lane
from tui.core.question import Answer, Question

LANES = 12
ACTS = (("export", 0.10, Shared("the vault of KEY-N01", 4)), ("copy", 0.05, None),
        ("import", 0.06, Shared("the vault of AZL-HAM")), ("role", 0.08, None), ("start", 0.40, None))  # fmt: skip
"""Each act of a VM: seconds on its host (a hundredth of a real one's), and what it shares with other lanes."""


class Timed(FakeEstate):
    """Every act takes the time that its name says."""

    async def send(self, prepared: Prepared) -> AsyncIterator[Record]:
        name = prepared.action.script.split()[1].partition("-")[0]
        async for record in super().send(prepared):
            yield record
            if record.kind == "B":
                await asyncio.sleep(next(seconds for act, seconds, _ in ACTS if act == name))


def critical_path() -> float:
    """The bound that no order beats: a lane alone, or what one shared thing must do for all, with what comes after it.

    The import is one at a time: the first can begin after its export and copy, and after the last one its VM still
    has role and start before it.
    """
    times = {act: seconds for act, seconds, _ in ACTS}
    alone = sum(times.values())
    by_turns = times["export"] + times["copy"] + LANES * times["import"] + times["role"] + times["start"]
    return max(alone, by_turns)


def steps(vm: str) -> list[Step]:
    """One VM's steps."""
    made = []
    for act, _, shared in ACTS:
        uses = (shared,) if shared is not None else ()
        made.append(step(f"{act}-{vm}", id=act, undo=None, uses=uses))
    return made


async def go(question: Question) -> Answer:
    """At once."""
    return answer(question, "go")


async def makespan(folder: Path) -> float:
    """Seconds from the first step to the end."""
    vms = [f"VM{n:02}" for n in range(LANES)]
    phase = Phase("Wave 1", "All run.", tuple(own_lane(vm, {}, steps(vm)) for vm in vms))
    plan = Plan("bench", "12 VMs", holds(f"start-{vms[-1]}"), (phase,))
    with Journal.create(folder, SystemClock()) as journal:
        await journal.commit(BEGAN)
        began = time.perf_counter()
        state = await Engine(plan, journal, Timed(), SystemClock(), go, "DRILL").run()
        took = time.perf_counter() - began
    assert state.ended is not None
    assert state.ended.recovered
    return took


def main() -> list[Figure]:
    """The best of three: what else the computer does only adds."""
    with tempfile.TemporaryDirectory() as folder:
        took = min(asyncio.run(makespan(Path(folder) / str(n))) for n in range(3))
    one_by_one = LANES * sum(seconds for _, seconds, _ in ACTS)
    return [
        Figure("makespan of 12 lanes", took, critical_path(), "the critical path", "s", ratio_at_most=1.1,
               why="0.1 to 0.3 ms of engine and record for each of 900 events weigh against acts of 50 ms"),
        Figure("makespan of 12 lanes", took, one_by_one, "one VM after the other", "s"),
    ]  # fmt: skip
