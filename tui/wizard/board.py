"""The prerequisites, read live: each read once a round however many checks need it, rows in place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from tui.core.action import Estate, Read
from tui.core.clock import Clock
from tui.core.errors import EstateError
from tui.core.facts import Facts
from tui.core.front import Row
from tui.core.question import MIN_REASON
from tui.core.scenario import Check, Level
from tui.core.verdict import Answered

TOO_OLD = 300.0
"""Seconds of site time after which a reading is unknown again."""


class SiteBoard:
    """See `tui.core.front.Board`."""

    def __init__(self, checks: tuple[Check, ...], facts: Facts, estate: Estate, clock: Clock) -> None:
        self.rows: tuple[Row, ...] = tuple(Row(check.id, check.title) for check in checks)
        self.read_at = 0.0
        self._checks = checks
        self._facts = facts
        self._estate = estate
        self._clock = clock

    async def read(self, changed: Callable[[], None]) -> None:
        """Read every check side by side. An earlier value stays until the new one is there."""
        self.rows = tuple(replace(row, reading=True) for row in self.rows)
        changed()
        asked: dict[Read, asyncio.Task[Answered]] = {}
        await asyncio.gather(*(self._one(check, asked, changed) for check in self._checks))
        self.read_at = self._clock.monotonic()

    async def _one(self, check: Check, asked: dict[Read, asyncio.Task[Answered]], changed: Callable[[], None]) -> None:
        reads = check.reads(self._facts)
        for read in reads:
            if read not in asked:
                asked[read] = asyncio.create_task(self._ask(read))
        finding = check.judge(self._facts, [await asked[read] for read in reads])
        self._put(
            check.id, lambda row: _renewed(replace(row, finding=finding, at=self._clock.wall(), reading=False), row)
        )
        changed()

    async def _ask(self, read: Read) -> Answered:
        try:
            return await self._estate.read(read)
        except EstateError as error:
            return error

    def override(self, check: str, reason: str) -> str:
        """Record a reason for a warning or an unknown; gives what is wrong with it."""
        row = next(row for row in self.rows if row.check == check)
        if row.finding is None or row.finding.level not in (Level.WARN, Level.UNKNOWN):
            return "Only a warning or an unknown can be overridden; a stop cannot."
        short = MIN_REASON - len(reason.strip())
        if short > 0:
            return f"{short} more characters."
        self._put(check, lambda row: replace(row, reason=reason.strip()))
        return ""

    def missing(self) -> str:
        """What is missing before the plan, in the words of the title."""
        levels = [row.finding.level if row.finding else None for row in self.rows]
        if None in levels:
            return f"{levels.count(None)} not read yet"
        stops = levels.count(Level.STOP)
        open_rows = [row for row in self.rows if needs_reason(row)]
        parts = [f"{stops} stop{'s' if stops == 1 else ''} you"] if stops else []
        parts += [f"{len(open_rows)} need{'s' if len(open_rows) == 1 else ''} a reason"] if open_rows else []
        return ", ".join(parts)

    def learned(self) -> dict[str, str]:
        """What the findings taught, and `override:CHECK` for each reason given."""
        known: dict[str, str] = {}
        for row in self.rows:
            if row.finding is not None:
                known |= row.finding.learned
            if row.reason:
                known[f"override:{row.check}"] = row.reason
        return known

    def _put(self, check: str, change: Callable[[Row], Row]) -> None:
        self.rows = tuple(change(row) if row.check == check else row for row in self.rows)


def needs_reason(row: Row) -> bool:
    """Whether going on needs a reason for this row that was not given yet."""
    return row.finding is not None and row.finding.level in (Level.WARN, Level.UNKNOWN) and not row.reason


def _renewed(new: Row, old: Row) -> Row:
    """A reason holds for what it was given for: another verdict or another evidence asks again."""
    same = old.finding is not None and new.finding is not None and old.finding.level is new.finding.level
    return new if same else replace(new, reason="")
