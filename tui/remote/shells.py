"""WinRS shells: each process has one of its own, so that deleting it ends the process and gives its quotas back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tui.core.errors import EstateError
from tui.remote.connections import Connections
from tui.remote.errors import Faulted, Phase
from tui.remote.transport import Host

ACT_IDLE: Final = "PT10800S"
"""3 h: longer than the longest step, because a shell that expires takes its processes along."""
READER_IDLE: Final = "PT900S"
"""15 min: what a crash of ours leaves on a host is gone by then. A reader that rests so long is not asked again."""
CODEPAGE: Final = 65001
GONE_QUICKLY: Final = 5
"""Seconds that the host may take to delete a shell or end a process."""


class HostShells:
    """Makes and deletes shells on one host. Safe to use from several threads."""

    def __init__(self, host: Host, connections: Connections) -> None:
        self._host = host
        self._connections = connections

    def create(self, idle: str) -> str:
        """A new shell's id; `idle` is how long it may rest. Raises Unreachable, SignInRefused."""
        try:
            return self._create(idle)
        except Faulted:  # a host that allows less is asked for its own idle time
            return self._create(None)

    def delete(self, shell: str) -> None:
        """Delete a shell with what runs in it. Never raises."""
        self.quietly(lambda protocol: protocol.close_shell(shell, close_session=False))

    def quietly(self, request: Callable[..., object]) -> None:
        """A request whose failure changes nothing for us."""
        try:
            self._connections.ask(self._host, request, Phase.OPEN, GONE_QUICKLY)
        except EstateError:
            return

    def _create(self, idle: str | None) -> str:
        def request(protocol: Any) -> str:  # noqa: ANN401 - pywinrm has no types
            return str(protocol.open_shell(codepage=CODEPAGE, idle_timeout=idle))

        return self._connections.ask(self._host, request, Phase.OPEN)
