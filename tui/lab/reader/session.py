"""What one script run shares: the host, its variables, and the records that wait to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from tui.lab.cmdlet import Call, Cmdlet, HostFacts, PSError
from tui.lab.reader.errors import ScriptError, refused
from tui.lab.reader.kinds import make_version
from tui.lab.reader.records import Record, error_shape
from tui.lab.reader.text import to_text
from tui.lab.values import Value

HELPERS = frozenset("ntdry")
"""Variables of the frame's own functions that a script sees: reading one before writing it is a mistake."""


@dataclass(frozen=True, slots=True)
class Word:
    """An argument with its value computed: `-name`, `-name:value` or a value."""

    name: str | None
    value: Value
    given: bool
    """False for a bare `-name`."""


class Prepared(Protocol):
    """A command whose arguments are bound, waiting for its input."""

    @property
    def common(self) -> Mapping[str, Value]:
        """The common parameters that were given."""

    def call(self) -> Call:
        """The call where nothing comes down the pipeline."""

    def call_with(self, item: Value) -> Call | PSError:
        """The call for one object of the pipeline, or why it cannot be bound, which does not end the script."""


class Binder(Protocol):
    """Binds arguments by the vendors' tables. Raises ScriptError as PowerShell does."""

    def __call__(self, cmdlet: str, words: list[Word], piped: bool) -> Prepared: ...


@dataclass(slots=True)
class Session:
    """One run of one script."""

    host: HostFacts
    bind: Binder
    framed: bool = True
    variables: dict[str, Value] = field(default_factory=dict)
    written: list[Record] = field(default_factory=list)
    """Records of streams, in order, not yet sent."""

    @property
    def constrained(self) -> bool:
        return self.host.constrained

    def variable(self, name: str) -> Value:
        if name in self.variables:
            return self.variables[name]
        automatic: dict[str, Value] = {
            "true": True, "false": False, "null": None, "_": None, "pid": self.host.pid,
            "env:username": self.host.user, "env:computername": self.host.computer,
            "erroractionpreference": "Continue", "warningpreference": "Continue",
            "verbosepreference": "SilentlyContinue", "progresspreference": "SilentlyContinue",
            "confirmpreference": "None",
        }  # fmt: skip
        if name in automatic:
            return automatic[name]
        if name == "psversiontable":
            return self._version_table()
        if name.startswith("env:") or name in _AUTOMATIC:
            raise refused(f"the variable ${name}")
        if self.framed and name in HELPERS:
            raise refused(f"${name} belongs to the frame's own functions: use a longer name")
        return None

    def assign(self, name: str, value: Value) -> None:
        if name in _CONSTANT or name.startswith("env:"):
            raise refused(f"an assignment to ${name}")
        self.variables[name] = value

    def clock(self) -> datetime:
        """The site's time, which its Get-Date knows."""
        cmdlet: Cmdlet | None = self.host.cmdlets.get("Get-Date")
        if cmdlet is None:
            raise refused("the time, on a host without Get-Date")
        now = next(iter(cmdlet(Call("Get-Date", {}), CommonStreams(self, {}))), None)
        if not isinstance(now, datetime):
            raise refused("a Get-Date that gives no time")
        return now.astimezone(UTC)

    def _version_table(self) -> Value:
        version = make_version(tuple(int(part) for part in self.host.version.split(".") if part.isdigit()))
        edition = "Desktop" if self.host.version.startswith("5.") else "Core"
        return {"PSVersion": version, "PSEdition": edition}


_CONSTANT = frozenset(
    [
        "true",
        "false",
        "null",
        "pid",
        "host",
        "home",
        "psversiontable",
        "executioncontext",
        "args",
        "input",
    ]
)
_AUTOMATIC = frozenset(
    [
        "error",
        "host",
        "home",
        "executioncontext",
        "args",
        "input",
        "profile",
        "psitem",
        "this",
        "psscriptroot",
        "pwd",
        "stacktrace",
        "lastexitcode",
        "myinvocation",
        "foreach",
        "switch",
        "psboundparameters",
        "pscmdlet",
        "sender",
        "event",
        "ofs",
    ]
)


@dataclass(slots=True)
class CommonStreams:
    """`Streams` of one call: what its common parameters and the preferences let through."""

    session: Session
    common: Mapping[str, Value]

    def error(self, error: PSError) -> None:
        action = self.preference("ErrorAction", "erroractionpreference")
        if action == "stop":
            raise ScriptError(error)
        if action == "continue":
            self.session.written.append(Record("E", error_shape(error)))
        elif action not in ("silentlycontinue", "ignore"):
            raise refused(f"-ErrorAction {action}")

    def warning(self, text: str) -> None:
        action = self.preference("WarningAction", "warningpreference")
        if action == "continue":
            self.session.written.append(Record("W", text))
        elif action not in ("silentlycontinue", "ignore"):
            raise refused(f"-WarningAction {action}")

    def verbose(self, text: str) -> None:
        wanted = self.common.get("Verbose")
        preferred = to_text(self.session.variable("verbosepreference")).lower() == "continue"
        if preferred if wanted is None else wanted:
            self.session.written.append(Record("V", text))

    def information(self, text: str) -> None:
        self.session.written.append(Record("I", text))

    def preference(self, parameter: str, variable: str) -> str:
        given = self.common.get(parameter)
        return to_text(self.session.variable(variable) if given is None else given).lower()
