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
from tui.drill import earlier, fresh, play
from tui.lab import drills
from tui.lab.client import Lab
from tui.wizard.runs import find_run

SPEED = 500.0


async def go_on(runs: Path, drill: str) -> Lab:
    """One leg: from wherever the record ends, until the run ends."""
    known = drills.drill(drill)
    try:
        found = find_run(runs, None)
        stage, name = earlier(runs, found), found.folder.name
    except BadInput:
        stage, name = fresh(runs, known), ""
    _, lab = await play(Operator(stage.clock, known.witness), stage, SPEED, name, paced=False)
    return lab


async def main(runs: Path, drill: str) -> None:
    """One leg, and what the site says of it."""
    lab = await go_on(runs, drill)
    judged = await lab.judge()
    print(json.dumps({"recovered": judged.recovered, "reasons": list(judged.reasons), "lab": str(lab.folder)}))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
