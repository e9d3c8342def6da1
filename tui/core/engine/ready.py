"""A process made ready while its gate is on the screen: after the answer only the script has to travel.

What is prepared holds no part of the script. It is used only for exactly the action that it was made for, while it is
young; else it is ended and another one is made.
"""

from __future__ import annotations

import asyncio
from types import TracebackType

from tui.core.action import PowerShell, Prepared
from tui.core.engine.ledger import Ledger
from tui.core.errors import EstateError

KEPT = 300.0
"""Seconds of the person's time that a process stands ready: long enough to read a gate, and far below the two hours
after which a host ends an idle shell (its default, IdleTimeout)."""
ON_A_HOST = 3
"""Processes that stand ready on one host at most: each takes about 100 MB there, and a user has 30 shells."""


class Ahead:
    """What stands ready, on which host."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._hosts: dict[str, int] = {}

    def ready(self, action: PowerShell) -> Ready:
        """A process for this action, begun at once where the host has room; used as `async with`."""
        count = self._hosts.get(action.host, 0)
        return Ready(self._ledger, action, self._hosts, begins=count < ON_A_HOST)


class Ready:
    """One process for one action: on its way, ready, or not begun."""

    def __init__(self, ledger: Ledger, action: PowerShell, hosts: dict[str, int], *, begins: bool) -> None:
        self._ledger = ledger
        self._action = action
        self._hosts = hosts
        self._began = ledger.clock.monotonic()
        self._made: asyncio.Task[Prepared | None] | None = None
        if begins:
            hosts[action.host] = hosts.get(action.host, 0) + 1
            self._made = asyncio.ensure_future(self._prepare())

    async def take(self, action: PowerShell) -> Prepared:
        """The process, or a new one where this one is not for that action, not young, or was not made.

        Raises EstateError.
        """
        made = await self._leave()
        if made is not None and made.action == action and self._ledger.clock.monotonic() - self._began <= KEPT:
            return made
        if made is not None:
            await self._ledger.estate.discard(made)
        return await self._ledger.estate.prepare(action)

    async def __aenter__(self) -> Ready:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, met: BaseException | None, tb: TracebackType | None
    ) -> None:
        """End what was not taken. A program that is being left does not wait: the estate ends it as it closes."""
        if self._made is not None and (met is None or isinstance(met, Exception)):
            made = await self._leave()
            if made is not None:
                await self._ledger.estate.discard(made)
        elif self._made is not None:
            self._made.cancel()

    async def _prepare(self) -> Prepared | None:
        try:
            return await self._ledger.estate.prepare(self._action)
        except EstateError:
            return None  # tried anew after the answer; then the person is told

    async def _leave(self) -> Prepared | None:
        if self._made is None:
            return None
        made, self._made = self._made, None
        try:
            return await made
        finally:
            self._hosts[self._action.host] -= 1
