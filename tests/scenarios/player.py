"""Plays a drill over the real protocols with an operator that never tires; a process that a test can kill.

    python -m tests.scenarios.player RUNS DRILL        takes up the unfinished run in RUNS, else begins one

Prints one JSON object: recovered (what the site itself says), twice (`never` calls that took effect twice), run.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from tests.scenarios.world import Operator
from tui.core.errors import BadInput
from tui.drill import LABS, earlier, fresh, play
from tui.lab import drills
from tui.lab.client import Lab
from tui.lab.drillclock import DrillClock
from tui.wizard.runs import find_run, lab_of

SPEED = 500.0


async def go_on(runs: Path, drill: str) -> tuple[Operator, Lab]:
    """One leg: from wherever the record ends, until the run ends."""
    clock = DrillClock()
    known = drills.drill(drill)
    pilot = Operator(clock, known.witness)
    try:
        found = find_run(runs, None)
    except BadInput:
        start = fresh(runs, known, 1, SPEED, clock)
        _, lab = await play(pilot, runs, start, SPEED, paced=False)
        return pilot, lab
    folder = runs / LABS / str(lab_of(found)["lab"])
    _, lab = await play(pilot, runs, earlier(folder, clock), SPEED, found.folder.name, paced=False)
    return pilot, lab


async def main(runs: Path, drill: str) -> None:
    """One leg, and what the site says of it."""
    _, lab = await go_on(runs, drill)
    judged = await lab.judge()
    print(json.dumps({"recovered": judged.recovered, "reasons": list(judged.reasons), "lab": str(lab.folder)}))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
