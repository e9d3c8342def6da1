"""Simulated time: the one clock of the lab, which runs at a chosen speed and is saved with the site."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

POLL = 0.25
"""Seconds of wall time after which a sleeper looks again: the pace may have changed meanwhile."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """What is saved: at wall time `wall` (epoch seconds) it was `sim` in the simulation."""

    wall: float
    sim: datetime
    speed: float
    instant: bool = False


class LabClock:
    """Simulated time. `speed` simulated seconds pass in one second of wall time; with `instant`, or a speed of 0
    or less, time stands still and a sleep moves it on without waiting. Safe for several threads."""

    def __init__(
        self, sim: datetime, speed: float = 1.0, *, instant: bool = False, wall: Callable[[], float] = time.time
    ) -> None:
        if sim.tzinfo is None:
            raise ValueError("the simulated time must be aware")
        self._lock = threading.Lock()
        self._wall = wall
        self._sim = sim.astimezone(UTC)
        self._anchor = wall()
        self._speed = speed
        self._instant = instant

    @classmethod
    def resumed(cls, state: ClockState, wall: Callable[[], float] = time.time) -> LabClock:
        """The clock of a lab that is started again: while it was down, time went on at speed 1 (instant: not)."""
        away = 0.0 if state.instant else max(0.0, wall() - state.wall)
        return cls(state.sim + timedelta(seconds=away), state.speed, instant=state.instant, wall=wall)

    @property
    def jumps(self) -> bool:
        """Whether a sleep takes no wall time."""
        return self._instant or self._speed <= 0

    def now(self) -> datetime:
        """The simulated time, aware, UTC."""
        with self._lock:
            return self._now()

    def _now(self) -> datetime:
        if self.jumps:
            return self._sim
        return self._sim + timedelta(seconds=max(0.0, self._wall() - self._anchor) * self._speed)

    def pace(self, speed: float) -> None:
        """Go on from now at another speed."""
        with self._lock:
            self._sim, self._anchor, self._speed = self._now(), self._wall(), speed

    def skip(self, seconds: float) -> None:
        """Move the simulated time on at once."""
        with self._lock:
            self._sim += timedelta(seconds=seconds)

    def sleep(self, seconds: float, until: threading.Event | None = None) -> bool:
        """Let simulated seconds pass, blocking. False if `until` was set before they had passed."""
        end = self.now() + timedelta(seconds=max(0.0, seconds))
        stop = until or threading.Event()
        while not stop.is_set():
            with self._lock:
                left = (end - self._now()).total_seconds()
                if self.jumps:
                    self._sim = max(self._sim, end)
                    return True
                speed = self._speed
            if left <= 0:
                return True
            stop.wait(min(left / speed, POLL))
        return False

    def state(self) -> ClockState:
        """What to save."""
        with self._lock:
            return ClockState(self._wall(), self._now(), self._speed, self._instant)
