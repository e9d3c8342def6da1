"""Follows a site's hosts: who went dead, who came back, who started anew. Told right after the change is on disk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from tui.lab.clock import ClockState
from tui.lab.site import Site, Store
from tui.lab.site.world import World


class Power(StrEnum):
    """What happened to a host."""

    OFF = "off"
    ON = "on"
    RESTARTED = "restarted"


class _Watched(Store):
    """A store that says when a world was saved: that is after every change."""

    def __init__(self, inner: Store, saved: Callable[[World], None]) -> None:
        super().__init__(inner.folder)
        self._inner = inner
        self._saved = saved

    def save(self, world: World) -> None:
        """Save, then tell."""
        self._inner.save(world)
        self._saved(world)

    def save_clock(self, state: ClockState) -> None:
        """Only save."""
        self._inner.save_clock(state)


def watch_power(site: Site, told: Callable[[str, Power], None]) -> None:
    """Call `told(host, power)` for each change from now on, on the thread that made it, under the site's lock."""
    with site.lock:
        known = _standing(site.world)

        def saved(world: World) -> None:
            for host, (alive, booted) in _standing(world).items():
                was_alive, was_booted = known[host]
                known[host] = alive, booted
                if alive is not was_alive:
                    told(host, Power.ON if alive else Power.OFF)
                elif alive and booted != was_booted:
                    told(host, Power.RESTARTED)

        site.store = _Watched(site.store, saved)


def _standing(world: World) -> dict[str, tuple[bool, datetime | None]]:
    return {node.name: (node.alive, node.booted) for cluster in world.clusters for node in cluster.nodes}
