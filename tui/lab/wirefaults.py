"""Faults between a client and a simulated host, as data: on the wire, and in what PowerShell writes.

Each strikes at the `nth` fitting operation from its injection on, `times` times. `text` is looked for in what a rule
can see of it (for a frame its script, see `FaultHook`), without case; host and operation empty mean the default.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tui.lab.framefaults import FrameFault, Tampered
from tui.lab.wsman.process import Launcher, Output, Process
from tui.lab.wsman.verdict import Verdict

WIRE: Mapping[str, tuple[Verdict, str]] = {
    "connection-dropped": (Verdict.DROP_BEFORE, "connect"),
    "drop-before": (Verdict.DROP_BEFORE, "send"),
    "drop-after": (Verdict.DROP_AFTER, "send"),
    "bad-request": (Verdict.BAD_REQUEST, "send"),
    "sign-in-refused": (Verdict.UNAUTHORIZED, "create"),
    "no-answer": (Verdict.HANG, "send"),
    "garbage-reply": (Verdict.GARBAGE, "receive"),
    "truncated-reply": (Verdict.TRUNCATED, "receive"),
}
"""By name: what happens, and to which operation unless another is given."""
FRAME: Mapping[str, FrameFault] = {
    "silent-handshake": FrameFault.SILENT_HANDSHAKE,
    "frame-left": FrameFault.LEFT,
    "frame-without-end": FrameFault.NO_END,
    "reply-lost": FrameFault.REPLY_LOST,
}
"""By name, what happens within a process; they have no operation."""


@dataclass(slots=True)
class _Rule:
    kind: Verdict | FrameFault
    operation: str
    host: str
    text: str
    nth: int
    times: int
    seen: int = 0

    def strikes(self, host: str, operation: str, text: str) -> bool:
        """Count an operation that fits; whether it is one of those that are struck."""
        if operation != self.operation or self.host.lower() not in ("", host.lower()):
            return False
        if self.text.lower() not in text.lower():
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


@dataclass(slots=True)
class WireFaults:
    """The faults that wait. Implements `FaultHook`; `wrap` gives a launcher whose processes obey, too.

    `cut(host)` drops a host's connections; safe from any thread.
    """

    cut: Callable[[str], None] = lambda host: None
    fired: list[str] = field(default_factory=list)
    """The names of those that struck, in order."""
    _rules: list[tuple[str, _Rule]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def inject(
        self, name: str, *, host: str = "", operation: str = "", nth: int = 1, times: int = 1, text: str = ""
    ) -> None:
        """Add a fault. Raises KeyError for an unknown name, TypeError for an operation where there is none."""
        if name in FRAME:
            if operation:
                raise TypeError(f"{name} has no operation")
            rule = _Rule(FRAME[name], "hello" if name == "silent-handshake" else "frame", host, text, nth, times)
        else:
            verdict, usual = WIRE[name]
            rule = _Rule(verdict, operation or usual, host, text, nth, times)
        with self._lock:
            self._rules.append((name, rule))

    def __call__(self, host: str, operation: str, text: str) -> Verdict:
        """The hook of the WinRM server."""
        struck = self._struck(host, operation, text)
        return struck if isinstance(struck, Verdict) else Verdict.PASS

    def frame(self, host: str, operation: str, text: str) -> FrameFault:
        """What happens to a `hello` or `frame` that a process is about to get."""
        struck = self._struck(host, operation, text)
        return struck if isinstance(struck, FrameFault) else FrameFault.NONE

    def wrap(self, launcher: Launcher) -> Launcher:
        """A launcher whose PowerShell processes can be tampered with."""

        def launch(
            host: str, command: str, arguments: tuple[str, ...], environment: Mapping[str, str], output: Output
        ) -> Process:
            tampered = Tampered(host, self.frame, output, lambda: self.cut(host))
            tampered.process = launcher(host, command, arguments, environment, tampered)
            return tampered

        return launch

    def _struck(self, host: str, operation: str, text: str) -> Verdict | FrameFault | None:
        with self._lock:
            for name, rule in self._rules:
                if rule.strikes(host, operation, text):
                    self.fired.append(name)
                    return rule.kind
        return None
