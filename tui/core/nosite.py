"""The estate before a site stands: nothing can be asked of it, and nothing sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from tui.core.errors import Unreachable

if TYPE_CHECKING:  # the first screen stands on this: 5 ms
    from tui.core.action import Action, Alive, Ids, PowerShell, Prepared, Read, Record, Reply


class NoSite:
    """Implements `Estate`; every question is answered with Unreachable."""

    async def read(self, action: Read) -> Reply:
        """No host."""
        raise _nobody()

    async def resolve(self, action: Action) -> PowerShell:
        """No host."""
        raise _nobody()

    async def prepare(self, action: PowerShell) -> Prepared:
        """No host."""
        raise _nobody()

    async def send(self, prepared: Prepared) -> AsyncIterator[Record]:
        """No host."""
        raise _nobody()
        yield

    async def alive(self, ids: Ids, since: float) -> Alive:
        """Cannot be said."""
        from tui.core.action import Alive

        return Alive.UNREADABLE

    async def end(self, ids: Ids) -> None:
        """No host."""
        raise _nobody()

    async def discard(self, prepared: Prepared) -> None:
        """Nothing was prepared."""

    async def close(self) -> None:
        """Nothing is open."""


def _nobody() -> Unreachable:
    return Unreachable("There is no site to ask yet.", "Nothing was sent.", "Wait until the site stands.")
