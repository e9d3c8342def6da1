"""What lanes share: an act waits, in order, until those before it have left the vault, the host, the volume."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from tui.core.engine.ledger import Ledger
from tui.core.events import Queued
from tui.core.plan import Shared, Step


@dataclass(slots=True)
class _Place:
    """One shared thing. asyncio's semaphore serves in the order of asking."""

    room: asyncio.Semaphore
    waiting: int = field(default=0)


class Sharing:
    """The shared things of one run, by name."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._places: dict[str, _Place] = {}

    @asynccontextmanager
    async def turn(self, step: Step) -> AsyncIterator[bool]:
        """Hold all that the step's act uses; gives whether it had to wait. Taken in the order of names: no deadlock."""
        async with AsyncExitStack() as held:
            waited = False
            for shared in sorted(step.uses, key=lambda one: one.name):
                waited |= await self._enter(step, shared, held)
            yield waited

    async def _enter(self, step: Step, shared: Shared, held: AsyncExitStack) -> bool:
        place = self._places.setdefault(shared.name, _Place(asyncio.Semaphore(shared.at_once)))
        waits = place.room.locked()
        place.waiting += waits
        try:
            if waits:
                await self._ledger.commit(Queued(step.id, shared.name, shared.at_once, place.waiting - 1))
            await held.enter_async_context(place.room)
        finally:
            place.waiting -= waits
        return waits
