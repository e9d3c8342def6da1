"""The seam below the estate: one PowerShell process as a pipe, and what opens one. All calls block.

The real one speaks WinRM; the lab has one in process; tests script one. Whoever writes another needs nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tui.core.secret import Secret


@dataclass(frozen=True, slots=True)
class Host:
    """Where a host's WinRM listens and who signs in. Its repr shows no password.

    `ports` maps a well-known port to where it really is: the lab puts 445 on a free port of 127.0.0.1.
    """

    name: str
    address: str
    user: str
    password: Secret
    port: int = 5985
    auth: str = "ntlm"
    """ntlm, kerberos or credssp: those that can encrypt messages without TLS."""
    tls: bool = False
    """WinRM over HTTPS (5986 by default); then `address` is what the host's certificate must be for."""
    ports: Mapping[int, int] = field(default_factory=dict)
    engine: str = "powershell"
    """`powershell` (5.1), or `pwsh` (7) where the host's module needs it."""
    ca: str = ""
    """Path of the CA bundle that signs the host's certificate; empty: the bundle of `requests`."""

    @property
    def place(self) -> str:
        """Name, address and port, as errors say it."""
        return f"{self.name} ({self.address}, TCP {self.port})"


class Pipe(Protocol):
    """One PowerShell process. One thread writes and reads it; `close` may come from another at any time."""

    shell: str
    """Id of the shell that holds the process."""
    command: str
    """Id of the process within it."""

    @property
    def stderr(self) -> str:
        """What the process wrote to stderr so far, for errors."""
        ...

    def write(self, data: bytes) -> None:
        """Put `data` on stdin, once, never repeated. Raises Unreachable, SignInRefused or NotTrusted where it is
        certain that nothing of it arrived, ConnectionLost otherwise."""
        ...

    def read(self, timeout: float) -> bytes | None:
        """The next bytes of stdout, cut anywhere; b"" when none came within `timeout` seconds (it may take up to 1 s
        more); None when the process has ended and all was read. Raises ConnectionLost."""
        ...

    def close(self) -> None:
        """End the process and give back what held it. Never raises; may be called again."""
        ...


class Transport(Protocol):
    """Opens pipes. Raises only `EstateError`s; safe to use from several threads at the same time."""

    def open(self, host: str, *, reader: bool) -> Pipe:
        """Start PowerShell in a shell of its own: a `reader` is asked often and may be left to expire soon, any other
        carries one change. Raises Unreachable, SignInRefused, NotTrusted."""
        ...

    def reach(self, host: str, port: int, timeout: float) -> bool:
        """Whether the port accepts a TCP connection within `timeout` seconds. Raises Unreachable where the host's
        address itself is not known: that is not an answer about the port."""
        ...

    def end(self, host: str, shell: str, command: str) -> None:
        """End a process that any client of this account started, by its ids. A process that is gone is no error.
        Raises Unreachable, SignInRefused, NotTrusted."""
        ...

    def close(self) -> None:
        """Give the connections back. A process that carries a change is left alone. Never raises."""
        ...
