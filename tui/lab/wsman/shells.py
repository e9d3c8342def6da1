"""Shells and their commands on one host: what lives between two requests, and the quotas on it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.lab.wsman.commands import Command
from tui.lab.wsman.faults import BAD_PARAMETER, MAX_OPERATIONS, MAX_SHELLS, NO_SHELL, Fault, over


@dataclass(frozen=True, slots=True)
class Quotas:
    """What one user may hold on one host. Windows' defaults (as shown in ansible issue 66846)."""

    shells: int = 30
    """MaxShellsPerUser."""
    processes: int = 25
    """MaxProcessesPerShell: programs of one shell that have not left."""
    operations: int = 1500
    """MaxConcurrentOperationsPerUser: commands ever started in the shells that are open. Terminate gives none
    back (MS-WSMV note 118, pywinrm issue 124); only deleting the shell does."""
    idle_seconds: float = 7200.0
    """A shell that nobody uses for so long is deleted, unless its client asked for another time."""


@dataclass(slots=True)
class Shell:
    """One WinRS shell."""

    id: str
    environment: Mapping[str, str]
    options: Mapping[str, str]
    idle_seconds: float
    used: float = 0.0
    operations: int = 0
    commands: dict[str, Command] = field(default_factory=dict)
    timer: asyncio.TimerHandle | None = None

    def live(self) -> int:
        """Programs that have not left."""
        return sum(each.running for each in self.commands.values())


class ShellTable:
    """The shells of one host. Must be used on the event loop."""

    def __init__(self, quotas: Quotas) -> None:
        self.quotas = quotas
        self.shells: dict[str, Shell] = {}

    def open(self, environment: Mapping[str, str], options: Mapping[str, str], idle: float | None) -> Shell:
        """A new shell. Raises Fault MAX_SHELLS."""
        if len(self.shells) >= self.quotas.shells:
            raise over(MAX_SHELLS, self.quotas.shells)
        seconds = max(0.1, self.quotas.idle_seconds if idle is None else idle)
        shell = Shell(str(uuid.uuid4()).upper(), environment, options, seconds)
        self.shells[shell.id] = shell
        self.use(shell)
        self._watch(shell)
        return shell

    def find(self, shell_id: str) -> Shell:
        """The shell of this id (any case). Raises Fault NO_SHELL."""
        shell = self.shells.get(shell_id.upper())
        if shell is None:
            raise Fault(NO_SHELL)
        self.use(shell)
        return shell

    def command(self, shell_id: str, command_id: str) -> Command:
        """A command of a shell. Raises Fault NO_SHELL or BAD_PARAMETER."""
        command = self.find(shell_id).commands.get(command_id.upper())
        if command is None:
            raise Fault(BAD_PARAMETER)
        return command

    def add(self, shell: Shell, command_id: str, line: str) -> Command:
        """A new command, not started yet. Raises Fault MAX_OPERATIONS, or BAD_PARAMETER for an id in use."""
        quotas = self.quotas
        if shell.live() >= quotas.processes:
            raise over(MAX_OPERATIONS, quotas.processes)
        if sum(each.operations for each in self.shells.values()) >= quotas.operations:
            raise over(MAX_OPERATIONS, quotas.operations)
        command = Command(command_id or str(uuid.uuid4()).upper(), line)
        if command.id.upper() in shell.commands:
            raise Fault(BAD_PARAMETER)
        shell.operations += 1
        shell.commands[command.id.upper()] = command
        return command

    def close(self, shell_id: str) -> None:
        """Delete a shell and end its programs. Raises Fault NO_SHELL."""
        shell = self.find(shell_id)
        del self.shells[shell.id]
        if shell.timer:
            shell.timer.cancel()
        for command in shell.commands.values():
            command.abort()

    def clear(self) -> None:
        """Delete every shell, as a restart of the host does."""
        for shell_id in list(self.shells):
            self.close(shell_id)

    def use(self, shell: Shell) -> None:
        """The shell is not idle now."""
        shell.used = asyncio.get_running_loop().time()

    def _watch(self, shell: Shell) -> None:
        loop = asyncio.get_running_loop()
        left = shell.used + shell.idle_seconds - loop.time()
        if left > 0:
            shell.timer = loop.call_later(left, self._watch, shell)
        else:
            self.close(shell.id)
