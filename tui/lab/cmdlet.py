"""The contract between the reader, which reads and binds a command, and the site, which does what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tui.lab.values import Value


@dataclass(frozen=True, slots=True)
class PSError:
    """An error record as the frame carries it (shape: tui.remote.frame, `azlr`)."""

    message: str
    id: str = "NotSpecified"
    category: str = "NotSpecified"
    target: str = ""
    hresult: int = -2146233088


class CmdletError(Exception):
    """A cmdlet ends with a terminating error."""

    def __init__(self, error: PSError) -> None:
        super().__init__(error.message)
        self.error = error


class LeaveScript(Exception):
    """The script is left early, as by `exit`: no further statement runs, no `catch` sees it, the frame ends in X."""


@dataclass(frozen=True, slots=True)
class Call:
    """One bound call: canonical cmdlet and parameter names, values converted to the parameter's type."""

    cmdlet: str
    parameters: Mapping[str, Value]
    parameter_set: str = ""
    pipeline: tuple[Value, ...] = ()
    """Objects that came down the pipeline and were not bound to a parameter."""

    def text(self, name: str, default: str = "") -> str:
        """The parameter as text, `default` where it was not given."""
        value = self.parameters.get(name)
        return default if value is None else str(value)


class Streams(Protocol):
    """Where a cmdlet writes what is not output."""

    def error(self, error: PSError) -> None: ...
    def warning(self, text: str) -> None: ...
    def verbose(self, text: str) -> None: ...
    def information(self, text: str) -> None: ...


Cmdlet = Callable[[Call, Streams], Iterable[Value]]
"""Does one call on the site and yields its output objects. Raises CmdletError to end the script (unless caught)."""


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What a PowerShell process says of itself in the handshake."""

    computer: str
    user: str
    pid: int
    version: str = "5.1.26100.4652"
    constrained: bool = True
    cmdlets: Mapping[str, Cmdlet] = field(default_factory=dict)
    """What the host's modules offer, by canonical name."""
