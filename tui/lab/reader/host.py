"""A PowerShell process that reads statements from stdin, line by line, and knows the product's frames."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache

from tui.lab.cmdlet import HostFacts
from tui.lab.reader.binder import bind
from tui.lab.reader.read import read
from tui.lab.reader.records import Record, to_json
from tui.lab.reader.session import Binder
from tui.lab.values import Value

_NONCE = "([0-9a-f]{32})"
_FRAME = re.compile(rf"azlx '{_NONCE}' '([^'\u2018\u2019\u201a\u201b]*)'")
_NO_FUNCTION = (
    "The term '{}' is not recognized as the name of a cmdlet, function, script file, or operable program. "
    "Check the spelling of the name, or if a path was included, verify that the path is correct and try again."
)


@cache
def _known_lines() -> tuple[tuple[str, ...], re.Pattern[str]]:
    """The bootstrap's lines and the handshake's, from where the product keeps them."""
    from tui.remote.frame import BOOTSTRAP, HANDSHAKE

    return BOOTSTRAP, re.compile(re.escape(HANDSHAKE).replace(re.escape("{nonce}"), _NONCE))


class PowerShellHost:
    """One process: its functions and variables live until `exit`."""

    def __init__(self, facts: HostFacts, binder: Binder = bind) -> None:
        self.facts = facts
        self.ended = False
        self._binder = binder
        self._bootstrap, self._handshake = _known_lines()
        self._defined: set[str] = set()
        self._variables: dict[str, Value] = {}

    def feed(self, line: str) -> Iterator[str]:
        """Runs one line (without its line end) and gives the lines of output as they are made."""
        if self.ended:
            return
        if line in self._bootstrap:
            self._defined.add(line)
        elif hello := self._handshake.fullmatch(line):
            yield self._hello(hello.group(1))
        elif frame := _FRAME.fullmatch(line):
            yield from self._frame(*frame.groups())
        elif line.strip():
            yield from self._plain(line)

    def _hello(self, nonce: str) -> str:
        if self._bootstrap[0] not in self._defined:
            return _NO_FUNCTION.format("azle")
        facts = self.facts
        mode = "ConstrainedLanguage" if facts.constrained else "FullLanguage"
        said = {"p": facts.pid, "v": facts.version, "l": mode, "u": facts.user, "c": facts.computer}
        return f"{nonce} H {to_json(said)}"

    def _frame(self, nonce: str, envelope: str) -> Iterator[str]:
        if not self._defined.issuperset(self._bootstrap):
            yield _NO_FUNCTION.format("azlx")
            return
        yield f"{nonce} B"
        for record in self._script(envelope):
            if record.kind in "ZX":
                # Before the line is sent: whoever reads it may ask at once whether the process still lives.
                self.ended = record.value == "exit"
                yield f"{nonce} {record.kind}"
            else:
                yield f"{nonce} {record.kind} {to_json(record.value)}"

    def _script(self, envelope: str) -> Iterator[Record]:
        try:
            script = json.loads(envelope)["c"]
        except (ValueError, KeyError, TypeError):
            script = None
        if not isinstance(script, str):
            # ConvertFrom-Json or Invoke-Expression would fail inside the frame's try.
            error = {"m": "The frame holds no script.", "id": "LabReaderRefused", "c": "NotImplemented", "g": ""}
            yield Record("T", {**error, "h": -2146233087})
            yield Record("Z")
            return
        yield from read(script, self.facts, self._binder, dict(self._variables))

    def _plain(self, line: str) -> Iterator[str]:
        """A statement outside a frame: what it gives is printed, not answered."""
        for record in read(line, self.facts, self._binder, self._variables, framed=False):
            if record.kind in "ZX":
                self.ended = record.value == "exit"
            else:
                yield from _printed(record)


def _printed(record: Record) -> Iterator[str]:
    """As text; a table of PowerShell's formatter is not imitated, an object prints as its JSON."""
    value = record.value
    if record.kind in "ET":
        value = value["m"]
    elif record.kind in "WV":
        value = f"{'WARNING' if record.kind == 'W' else 'VERBOSE'}: {value}"
    if value is not None:
        yield from (str(value) if isinstance(value, str | bool | int | float) else to_json(value)).split("\n")
