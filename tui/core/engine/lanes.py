"""The lanes of a phase, side by side: one that waits, fails or asks never holds up or ends its siblings.

Only the person's word turns the whole run (stop, go back): then questions are taken back, and the other lanes come to
their next safe place, where nothing of theirs is in flight.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from tui.core.engine.asking import Asking
from tui.core.engine.ledger import ForwardChosen, Ledger, Stopped, UndoChosen
from tui.core.errors import JournalError

WEIGHT: tuple[type[BaseException], ...] = (JournalError, UndoChosen, ForwardChosen, Stopped)
"""Which end of several lanes counts; any other exception is a defect and goes first."""


async def side_by_side(
    lanes: Sequence[str], run: Callable[[str], Awaitable[None]], ledger: Ledger, asking: Asking
) -> None:
    """Run every lane, by name, to its end. Raises what ended one early, once all have come to rest."""
    if len(lanes) == 1:
        await run(lanes[0])
        return
    tasks = [asyncio.ensure_future(run(lane)) for lane in lanes]
    try:
        _, going = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        met = _worst(tasks)
        if met is not None and not isinstance(met, Exception):
            raise met  # the process is about to die: nothing more may happen
        if going:
            ledger.turning = True
            asking.withdraw()
            await asyncio.wait(going)
            met = _worst(tasks)
        if met is not None:
            raise met
        if any(task.cancelled() for task in tasks):
            raise asyncio.CancelledError  # its front end has gone: that lane has not come to its end
    finally:
        ledger.turning = False
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _worst(tasks: Sequence[asyncio.Future[None]]) -> BaseException | None:
    met = [error for task in tasks if task.done() and not task.cancelled() and (error := task.exception())]
    ranks = [next((rank for rank, kind in enumerate(WEIGHT, 1) if isinstance(error, kind)), 0) for error in met]
    return met[ranks.index(min(ranks))] if met else None
