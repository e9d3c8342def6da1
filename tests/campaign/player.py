"""The product in a process of its own, with an operator who never tires: what a campaign kills.

    python -m tests.campaign.player RUNS DRILL [SEED]      takes up the unfinished run in RUNS, else begins one

Prints why it stopped before the run's end; nothing where it did not.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from tests.scenarios.world import Operator
from tui.core.errors import BadInput, RecoverError
from tui.core.question import Answer, Asks, Question
from tui.drill import earlier, fresh, play
from tui.lab import drills
from tui.wizard.runs import find_run

SPEED = 500.0
"""Site seconds in one second: the five minutes that a start may take are 0.6 s."""
COULD_NOT = 3
"""Exit code where it could not go on and said so, as the command line's."""
ALONE = "nobody else works on this site"


class Careful(Operator):
    """An operator who knows to be alone on the site: what reads as it should be after all is as the run made it.

    Reads it again first. The record keeps the word (`attest`): a campaign counts it as a person's.
    """

    def _decide(self, question: Question) -> str:
        offered = {choice.key for choice in question.offered()}
        looked = (question.step, question.asks) in self._taken
        if question.asks is Asks.UNKNOWN and looked and "attest" in offered and "end" not in offered:
            return "attest"
        return super()._decide(question)

    async def ask(self, question: Question) -> Answer:
        """See `Autopilot.ask`."""
        answer = await super().ask(question)
        return replace(answer, reason=ALONE) if answer.choice == "attest" else answer


async def leg(runs: Path, drill: str, seed: int) -> str:
    """From wherever the record ends to the run's end, or to where a person is needed; gives what was asked there."""
    known = drills.drill(drill)
    try:
        found = find_run(runs, None)
        stage, name = earlier(runs, found), found.folder.name
    except BadInput:
        stage, name = fresh(runs, known, seed), ""
    pilot = Careful(stage.clock, known.witness)
    await play(pilot, stage, SPEED, name, paced=False)
    return pilot.stuck


def main(runs: str, drill: str, seed: str = "1") -> int:
    """One leg."""
    try:
        print(asyncio.run(leg(Path(runs), drill, int(seed))))
    except RecoverError as error:
        print("; ".join(error.lines()))
        return COULD_NOT
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
