"""The clock of a drill: the simulated site's time, read from an anchor that is shared with the lab."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from tui.core.clock import awake


class DrillClock:
    """Implements `tui.core.clock.Clock`. Until the first anchor it shows this computer's time.

    The formula is that of `LabClock`: `sim + (now - wall) * speed`. `set_anchor` belongs on the event loop.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._wall = self._sim = now()
        self._speed = 1.0
        self._changed = asyncio.Event()

    @property
    def speed(self) -> float:
        """Site seconds that pass in one of the person's."""
        return self._speed

    def set_anchor(self, wall: float, sim: float, speed: float) -> None:
        """At this computer's time `wall` the site's was `sim` (both epoch seconds). Wakes those who sleep.

        Raises ValueError for a speed of 0 or less.
        """
        if not speed > 0:
            raise ValueError("a drill's speed is more than 0")
        self._wall, self._sim, self._speed = wall, sim, speed
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def wall(self) -> float:
        """Site time, epoch seconds."""
        return self._sim + max(0.0, self._now() - self._wall) * self._speed

    def monotonic(self) -> float:
        """The person's time, seconds that never go back."""
        return awake()

    async def sleep(self, seconds: float) -> None:
        """Let site seconds pass; a change of pace counts at once. Gives way to others in any case."""
        end = self.wall() + seconds
        await asyncio.sleep(0)
        while (left := (end - self.wall()) / self._speed) > 0:
            try:
                async with asyncio.timeout(left):
                    await self._changed.wait()
            except TimeoutError:
                pass
