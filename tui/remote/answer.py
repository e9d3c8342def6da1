"""What comes back from a PowerShell process: lines with the nonce are records, everything else is noise.

The bytes may be cut anywhere. A record counts only where its line carries the nonce, which no script, file or name
can know; so nothing that a host says in passing can pose as an answer.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from tui.core.action import Kind, Record

NOISE_LINES: Final = 200
"""Lines outside the frame that are kept; later ones are only counted."""
NOISE_WIDTH: Final = 2_000
"""Characters kept of each."""
LINE_LIMIT: Final = 16_000_000
"""Bytes of one line: a file of 1 MB comes as 4 MB of numbers. A longer line is noise."""

_INSIDE: Final = {kind.value: kind for kind in Kind if kind not in (Kind.BEGUN, Kind.NOISE)}


@dataclass(frozen=True, slots=True)
class Hello:
    """Who the process is, by the handshake's H line. `language` is ConstrainedLanguage or FullLanguage."""

    pid: int
    version: str
    language: str
    user: str
    computer: str


def hello(body: str) -> Hello | None:
    """The handshake in the JSON of an H line; None where it is not one."""
    data = _json(body)
    if not isinstance(data, dict) or set(data) != set("pvluc") or not isinstance(data["p"], int):
        return None
    version, language, user, computer = (str(data[key] or "") for key in "vluc")
    return Hello(data["p"], version, language, user, computer)


class Parser:
    """Turns the bytes of one process into its handshake and the records of its one frame.

    `hello` is set by the handshake's line, `begun` by B, `ended` by Z or X; what follows the end is noise.
    """

    def __init__(self, nonce: str) -> None:
        self.hello: Hello | None = None
        self.begun = False
        self.ended = False
        self._buffer = bytearray()
        self._searched = 0
        self._overlong = False
        self._noise: list[str] = []
        self._dropped = 0
        self._line = re.compile(rf"(.*?){re.escape(nonce)} ([A-Z])(?: (.*))?", re.DOTALL)

    def feed(self, data: bytes) -> list[Record]:
        """The records that `data` completes, in order. Noise within its bounds is among them."""
        self._buffer += data
        found: list[Record] = []
        while (end := self._buffer.find(b"\n", self._searched)) >= 0:
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            self._searched = 0
            found += self._take(line.removesuffix(b"\r").decode("utf-8", "replace"))
        self._searched = len(self._buffer)
        if self._searched > LINE_LIMIT:
            del self._buffer[NOISE_WIDTH:]
            self._searched = len(self._buffer)
            self._overlong = True
        return found

    @property
    def raw(self) -> str:
        """The noise and the unfinished line, for the key that shows what came."""
        rest = bytes(self._buffer[: 4 * NOISE_WIDTH]).decode("utf-8", "replace")[:NOISE_WIDTH]
        more = [f"({self._dropped:,} more lines)"] if self._dropped else []
        return "\n".join([*self._noise, *more, rest]).strip("\n")

    def _take(self, line: str) -> list[Record]:
        overlong, self._overlong = self._overlong, False
        match = None if overlong else self._line.fullmatch(line)
        if match is None:
            return self._noisy(line)
        letter, body = match[2], match[3] or ""
        if not self.begun and letter == "H" and self.hello is None:
            self.hello = hello(body)
            return self._noisy(line if self.hello is None else match[1])
        record = self._record(letter, body)
        return [*self._noisy(match[1]), record] if record else self._noisy(line)

    def _record(self, letter: str, body: str) -> Record | None:
        """The record of a line with the nonce; None outside the frame. A damaged line is an error, never clean."""
        if letter == Kind.BEGUN.value and not self.begun:
            self.begun = True
            return Record(Kind.BEGUN)
        if not self.begun or self.ended:
            return None
        kind = _INSIDE.get(letter)
        if kind in (Kind.END, Kind.LEFT):
            self.ended = True
            return Record(kind)
        value = _json(body)
        if kind is None or value is _DAMAGED:
            text = f"{letter} {body}"[:NOISE_WIDTH]
            return Record(Kind.ERROR, {"m": f"A line of the answer is damaged: {text}", "id": "AzlDamagedLine"})
        return Record(kind, value)

    def _noisy(self, line: str) -> list[Record]:
        text = line[:NOISE_WIDTH]
        if not text.strip("\ufeff \t\r"):
            return []
        if len(self._noise) >= NOISE_LINES:
            self._dropped += 1
            return []
        self._noise.append(text)
        return [Record(Kind.NOISE, text)]


_DAMAGED: Final = object()


def _json(body: str) -> Any:  # noqa: ANN401 - JSON data
    """The data; None for an empty body (nothing is how 5.1 may write null)."""
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return _DAMAGED
