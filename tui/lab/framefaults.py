"""What can go wrong within a PowerShell process: its stdin swallowed, its answer's end changed or kept back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from enum import StrEnum

from tui.lab.wsman.process import Output, Process

_FRAME = re.compile(rb"azlx '([0-9a-f]{32})' '([^']*)'")
_HELLO = b"function azle("


class FrameFault(StrEnum):
    """What happens to a process."""

    NONE = "none"
    SILENT_HANDSHAKE = "silent handshake"
    """What comes on its stdin is swallowed, so it never says who it is."""
    LEFT = "left"
    """The script runs; its frame ends with X instead of Z."""
    NO_END = "no end"
    """The script runs; the end of its frame never comes."""
    REPLY_LOST = "reply lost"
    """The script runs to its end; then the host's connections are cut, and its output is lost."""


class Tampered:
    """Stands between a process and its client. Implements `Process` and `Output`; until a fault it changes nothing."""

    process: Process

    def __init__(
        self, host: str, ask: Callable[[str, str, str], FrameFault], output: Output, cut: Callable[[], None]
    ) -> None:
        self._host = host
        self._ask = ask
        self._output = output
        self._cut = cut
        self._fault = FrameFault.NONE
        self._nonce = b"-"
        """Of the frame that is struck."""
        self._begun = False

    def feed(self, data: bytes, end: bool) -> None:
        """Look at a frame or a bootstrap, then hand it on."""
        if self._fault is FrameFault.NONE and (frame := _FRAME.search(data)):
            self._nonce = frame[1]
            self._fault = self._ask(self._host, "frame", _script(frame[2]))
        elif self._fault is FrameFault.NONE and _HELLO in data:
            self._fault = self._ask(self._host, "hello", "")
        if self._fault is not FrameFault.SILENT_HANDSHAKE:
            self.process.feed(data, end)
        elif end:
            self.process.feed(b"", True)

    def terminate(self) -> None:
        """End the process."""
        self.process.terminate()

    def stdout(self, data: bytes) -> None:
        """A line of output (the lab's processes write whole lines)."""
        ends = data.startswith(self._nonce + b" Z")
        self._begun |= data.startswith(self._nonce + b" B")
        if self._fault is FrameFault.REPLY_LOST and self._begun:
            if ends:
                self._cut()
        elif not ends or self._fault is FrameFault.NONE:
            self._output.stdout(data)
        elif self._fault is FrameFault.LEFT:
            self._output.stdout(data.replace(b" Z", b" X", 1))

    def stderr(self, data: bytes) -> None:
        """Errors are handed on."""
        self._output.stderr(data)

    def exit(self, code: int) -> None:
        """The exit is handed on."""
        self._output.exit(code)


def _script(body: bytes) -> str:
    """The script in a frame's body; the body itself where it is none."""
    try:
        return str(json.loads(body)["c"])
    except (ValueError, KeyError, TypeError):
        return body.decode("utf-8", "replace")
