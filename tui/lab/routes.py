"""What the control channel can be asked: the state, the pace, faults, happenings, and the end."""

from __future__ import annotations

import difflib
import math
import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict

from tui.core.threads import in_thread
from tui.lab.clock import LabClock
from tui.lab.control import BadRequest, Json, Route
from tui.lab.faults import FAULTS, Faults
from tui.lab.site import Site, judge, summary
from tui.lab.site.happenings import HAPPENINGS
from tui.lab.wirefaults import FRAME, WIRE, WireFaults


def anchor(clock: LabClock) -> dict[str, float]:
    """The clock as others can follow it: now and the simulated time (epoch seconds), and the speed."""
    state = clock.state()
    return {"wall": state.wall, "sim": state.sim.timestamp(), "speed": state.speed}


class Routes:
    """Answers for one site. `settle` waits until the listeners have followed; `stop` ends the lab."""

    def __init__(
        self,
        site: Site,
        faults: Faults,
        wire: WireFaults,
        counts: Callable[[str], Json],
        settle: Callable[[], Awaitable[None]],
        delay: Callable[[float], None],
        stop: Callable[[], None],
    ) -> None:
        self._site = site
        self._faults = faults
        self._wire = wire
        self._counts = counts
        self._settle = settle
        self._delay = delay
        self._stop = stop

    def table(self) -> dict[str, Route]:
        """Every route by method and path."""
        return {
            "GET /alive": self.alive, "GET /state": self.state, "POST /pace": self.pace, "POST /fault": self.fault,
            "POST /apply": self.apply, "POST /latency": self.latency, "POST /stop": self.stop,
        }  # fmt: skip

    async def alive(self, _: Json) -> Json:
        """The process, and the clock's anchor."""
        return {"pid": os.getpid(), "clock": anchor(self._site.clock)}

    async def state(self, _: Json) -> Json:
        """All that is known of the site and its listeners."""
        return await in_thread(self._state)

    def _state(self) -> Json:
        site = self._site
        with site.lock:
            return {
                "clock": anchor(site.clock),
                "hosts": {host: {"alive": site.reachable(host), **self._counts(host)} for host in site.hosts},
                "judge": asdict(judge(site)),
                "summary": summary(site),
                "fired": [*self._faults.fired, *self._wire.fired],
                "writes": [
                    {
                        "host": w.host,
                        "cmdlet": w.cmdlet,
                        "parameters": str(sorted(w.parameters.items())),
                        "pid": w.pid,
                        "effect": w.effect,
                        "error": w.error,
                    }
                    for w in site.writes
                ],
            }

    async def pace(self, given: Json) -> Json:
        """Another speed from now on."""
        speed = given.get("speed")
        if isinstance(speed, bool) or not isinstance(speed, int | float) or not 0 < speed < math.inf:
            raise BadRequest("speed is a number above 0")
        self._site.clock.pace(float(speed))
        return {"clock": anchor(self._site.clock)}

    async def latency(self, given: Json) -> Json:
        """Seconds that every WinRM request takes longer from now on: a network, for measurements."""
        seconds = given.get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= 5:
            raise BadRequest("seconds is a number from 0 to 5")
        self._delay(float(seconds))
        return {}

    async def fault(self, given: Json) -> Json:
        """Let something go wrong at a later call, on the wire or in the site."""
        name, options = _named(given, [*WIRE, *FRAME, *FAULTS])
        inject = self._wire.inject if name in WIRE or name in FRAME else self._faults.inject
        try:
            inject(name, **options)
        except (TypeError, ValueError) as error:
            raise BadRequest(f"{name}: {error}") from error
        return {}

    async def apply(self, given: Json) -> Json:
        """Let something happen at once; answered when it is on disk and the listeners have followed."""
        name, options = _named(given, HAPPENINGS)
        try:
            await in_thread(lambda: self._faults.apply_now(self._site, name, **options))
        except (TypeError, ValueError, LookupError) as error:
            raise BadRequest(f"{name}: {error}") from error
        await self._settle()
        return {}

    async def stop(self, _: Json) -> Json:
        """End the lab after this answer."""
        self._stop()
        return {}


def _named(given: Json, names: Iterable[str]) -> tuple[str, Json]:
    known = sorted(names)
    options = {key: value for key, value in given.items() if key != "name"}
    name = str(given.get("name", ""))
    if name in known:
        return name, options
    near = difflib.get_close_matches(name, known, 3, 0.4) or known
    raise BadRequest(f"there is no {name!r}; there are: {', '.join(near)}")
