"""What goes wrong between a client and one of its acts, ordered by a test: lost before, after, or long before."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

_FRAME = re.compile(rb"azlx '[0-9a-f]{32}' '([^']*)'\n(?:exit\n)?")


class Fate(StrEnum):
    """What becomes of a frame."""

    PASS = "pass"
    NEVER_ARRIVES = "never arrives"
    """It is dropped, then the pipe is lost; the process ends without having seen it."""
    APPLIED = "applied"
    """The process does it and ends; then the pipe is lost, before any of the answer came."""
    APPLIES_LATER = "applies later"
    """The pipe is lost at once; the process stays alive, and does it when the test says so (`release`)."""


@dataclass(slots=True)
class Interference:
    """Strikes once: at the `nth` frame that goes to a process in a shell of its own, of those that fit.

    `host` empty means any; `text` is looked for in the script, without case.
    """

    nth: int = 1
    then: Fate = Fate.NEVER_ARRIVES
    text: str = ""
    host: str = ""
    struck: threading.Event = field(default_factory=threading.Event)
    script: str = ""
    """The script that was struck."""
    _seen: int = 0
    _held: tuple[Callable[[], None], Callable[[float], bool]] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fate(self, host: str, data: bytes) -> Fate:
        """Asked for all that is written; anything but a frame passes."""
        frame = _FRAME.fullmatch(data)
        if frame is None:
            return Fate.PASS
        script = str(json.loads(frame[1])["c"])
        with self._lock:
            if self.struck.is_set() or not self._fits(host, script):
                return Fate.PASS
            self._seen += 1
            if self._seen != self.nth:
                return Fate.PASS
            self.script = script
            self.struck.set()
            return self.then

    def hold(self, do: Callable[[], None], wait_left: Callable[[float], bool]) -> None:
        """Keep the frame of `APPLIES_LATER` for `release`."""
        self._held = do, wait_left

    def release(self, timeout: float = 5.0) -> None:
        """Let the held process do its work and end. Raises TimeoutError where that takes too long."""
        assert self._held is not None, "nothing is held"
        do, wait_left = self._held
        do()
        if not wait_left(timeout):
            raise TimeoutError("the held process did not end")

    def _fits(self, host: str, script: str) -> bool:
        return self.host.lower() in ("", host.lower()) and self.text.lower() in script.lower()
