"""Readings as a person types them: the same line on two hosts stands once, and has one code in the whole document."""

from __future__ import annotations

from collections.abc import Iterable

from tui import reads
from tui.core.action import PowerShell, Read
from tui.runbook.model import Reading

HERE = "this computer"


class Codes:
    """Gives each script its code, in the order in which they are first read."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._here: set[str] | None = None

    def page(self) -> Codes:
        """The same codes on a page of their own: a line that stands there already is not told in full again."""
        other = Codes()
        other._codes, other._here = self._codes, set()
        return other

    def of(self, asked: Iterable[Read]) -> tuple[Reading, ...]:
        """The readings, those of one script together."""
        hosts: dict[str, list[str]] = {}
        for action in (one for each in asked for one in _lines(each)):
            there = hosts.setdefault(action.script, [])
            if action.host not in there:
                there.append(action.host)
        return tuple(Reading(self._code(line), tuple(there), line, self._again(line)) for line, there in hosts.items())

    def _again(self, script: str) -> bool:
        if self._here is None or script not in self._here:
            self._here = self._here if self._here is None else {*self._here, script}
            return False
        return True

    def _code(self, script: str) -> str:
        return self._codes.setdefault(script, f"R{len(self._codes) + 1}")


def _lines(action: Read) -> tuple[PowerShell, ...]:
    if isinstance(action, PowerShell):
        return (action,)
    return tuple(reads.port_from(HERE, action.host, port) for port in action.ports)
