"""What can be asked of the outside world, as data; and the one seam through which it is asked.

An action knows how to show itself; it runs nothing. `Estate` carries it: `read` for what changes nothing, and for
what does, two moves: `prepare` starts the process that will carry it and gives its ids; after the intent with these
ids is on disk, `send` hands the script over and yields what comes back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class Repeat(StrEnum):
    """What a second sending of the same action would do; a test holds it."""

    SAFE = "safe"
    SAME_RESULT = "same-result"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class PowerShell:
    """One short script for one host. `deadline` and `usual` are seconds."""

    host: str
    script: str
    repeat: Repeat = Repeat.SAFE
    changes: bool = False
    deadline: float = 120.0
    usual: float = 5.0
    summary: str = ""
    """Shown (and kept in the journal) instead of the script where that holds a file's bytes."""

    @property
    def shown(self) -> str:
        """What a person reads: the script byte for byte, or its summary."""
        return self.summary or self.script

    @property
    def digest(self) -> str:
        """SHA-256 of host and script: what an answer binds to."""
        return hashlib.sha256(f"{self.host}\n{self.script}".encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Copy:
    """A file from host to host through the operator's machine, byte for byte.

    The estate turns it into the exact `PowerShell` that writes it, by reading the source (`Estate.resolve`); the
    source must have the SHA-256 `expected` where that is known.
    """

    source_host: str
    source_path: str
    host: str
    path: str
    expected: str = ""
    repeat: Repeat = Repeat.SAME_RESULT
    changes: bool = True
    deadline: float = 120.0
    usual: float = 5.0

    @property
    def shown(self) -> str:
        """What a person reads before the source was read."""
        return f"Copy {self.source_path} on {self.source_host} to {self.path} on {self.host}"


@dataclass(frozen=True, slots=True)
class Reach:
    """Asks from this machine which TCP ports of a host answer. Read-only; sends no byte after connecting."""

    host: str
    ports: tuple[int, ...] = (5985, 445)
    deadline: float = 5.0

    @property
    def shown(self) -> str:
        """What a person reads."""
        return f"Connect to {self.host} on TCP {', '.join(map(str, self.ports))} from this computer"


Read = PowerShell | Reach
Action = PowerShell | Copy


class Kind(StrEnum):
    """The kinds of line in the frame's answer."""

    BEGUN = "B"
    OUTPUT = "O"
    ERROR = "E"
    TERMINATING = "T"
    WARNING = "W"
    INFORMATION = "I"
    VERBOSE = "V"
    DEBUG = "D"
    END = "Z"
    LEFT = "X"
    NOISE = "~"
    """A line outside the frame, kept raw; never part of a verdict."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of an answer: `value` is JSON data (an error: keys m, id, c, g, h); for NOISE the raw text."""

    kind: Kind
    value: Any = None

    @property
    def text(self) -> str:
        """The record for a person: an error's message, a string as it is, anything else as compact JSON."""
        if isinstance(self.value, str):
            return self.value
        if self.kind in (Kind.ERROR, Kind.TERMINATING) and isinstance(self.value, dict):
            return str(self.value.get("m", ""))
        return "" if self.value is None else json.dumps(self.value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """All that a read brought. For `Reach`, each O record is `{"port": int, "open": bool}`."""

    records: tuple[Record, ...]
    end: Kind
    """END or LEFT."""
    started: float
    """Site time (epoch seconds) when the reading began."""

    @property
    def values(self) -> tuple[Any, ...]:
        """The output objects."""
        return tuple(r.value for r in self.records if r.kind is Kind.OUTPUT)

    @property
    def errors(self) -> tuple[Record, ...]:
        """The errors, terminating or not."""
        return tuple(r for r in self.records if r.kind in (Kind.ERROR, Kind.TERMINATING))

    @property
    def clean(self) -> bool:
        """Whether the script was run to its end without an error."""
        return self.end is Kind.END and not self.errors


@dataclass(frozen=True, slots=True)
class Ids:
    """What names the one process that carries one changing action: enough to ask for it after a crash."""

    host: str
    shell: str
    command: str
    pid: int
    nonce: str
    language: str = ""
    """ConstrainedLanguage or FullLanguage, as the handshake said."""
    engine: str = ""
    """The PowerShell version of the handshake."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A process that stands ready for one action; nothing was sent yet."""

    action: PowerShell
    ids: Ids


class Alive(StrEnum):
    """Whether the process of an earlier act still runs."""

    YES = "yes"
    GONE = "gone"
    UNREADABLE = "unreadable"


class Estate(Protocol):
    """The outside. Raises only `EstateError`s. Blocking work runs on daemon threads."""

    async def read(self, action: Read) -> Reply:
        """Ask; changes nothing. A lost connection is tried anew within the action's deadline."""
        ...

    async def resolve(self, action: Action) -> PowerShell:
        """The exact script: a `Copy` becomes the write of the bytes that its source holds now."""
        ...

    async def prepare(self, action: PowerShell) -> Prepared:
        """Start a process of its own for this action and wait for its handshake. Sends no part of the script."""
        ...

    def send(self, prepared: Prepared) -> AsyncIterator[Record]:
        """Hand the script over once and yield the records as they come; the last is END or LEFT.

        Raises ConnectionLost or DeadlinePassed (`sent` is true) or Unreachable (nothing was handed over).
        """
        ...

    async def alive(self, ids: Ids, since: float) -> Alive:
        """Whether that very process runs: same PID, started not later than `since` (epoch seconds)."""
        ...

    async def end(self, ids: Ids) -> None:
        """Have the host end that process, as a WS-Management signal and no script. Raises EstateError."""
        ...

    async def discard(self, prepared: Prepared) -> None:
        """End a process that was prepared and not used, or whose deadline passed. Never raises."""
        ...

    async def close(self) -> None:
        """Give the shells back. Never raises."""
        ...
