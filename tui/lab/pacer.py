"""Site time follows the run: fast while it works, at 1 while a person thinks."""

from __future__ import annotations

import asyncio

from tui.core.events import AnsweredEvent, Asked, Left, RunEnded, Stamped, Withdrawn
from tui.lab.client import Lab


class Pacer:
    """Site time runs at the drill's speed while the run works, and at 1 before it and while a question is open.

    Before it, because prerequisites compare clocks: at speed 1,000 a reading of 0.3 s is five minutes.
    """

    def __init__(self, lab: Lab, speed: float, *, waits: bool) -> None:
        self._lab = lab
        self._speed = speed
        self._waits = waits
        self._now = 1.0
        self._open: set[str] = set()
        self._works = False
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, stamped: Stamped) -> None:
        """Change the pace when the first question opens or the last closes; without `waits` nobody thinks it over."""
        match stamped.event:
            case Asked(question=question) if self._waits:
                self._open.add(question)
            case AnsweredEvent(question=question) | Withdrawn(question=question):
                self._open.discard(question)
                self._works = True
            case RunEnded() | Left():
                self._works = False
            case _:
                self._works = self._works or not self._waits
        wanted = self._speed if self._works and not self._open else 1.0
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
