"""What one host does for each operation: a Request in, an envelope out, or a Fault."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from tui.lab.wsman import replies
from tui.lab.wsman.commands import Command
from tui.lab.wsman.faults import ABORTED, BAD_PARAMETER, BROKEN_PIPE, TIMED_OUT, UNKNOWN_ACTION, Fault
from tui.lab.wsman.process import Launcher
from tui.lab.wsman.shells import Shell, ShellTable
from tui.lab.wsman.soap import Operation, Request

CMD_LIMIT = 8191
"""Characters of a line that cmd.exe takes (remoting: an -EncodedCommand of 3,062 characters is the first too long)."""
CREATE_PROCESS_LIMIT = 32767
"""Characters that CreateProcess takes, when WINRS_SKIP_CMD_SHELL is set."""
ENVELOPE_SPARE = 4096
"""Bytes of a Receive reply that are not output: measured 1.5 kB, and some 150 for each chunk."""


class Client(Protocol):
    """What an operation may know of who asks: whether it is still there."""

    gone: bool

    def on_gone(self, tell: Callable[[], None] | None) -> None: ...


class Host:
    """The WinRS service of one simulated host."""

    def __init__(self, name: str, launcher: Launcher, shells: ShellTable) -> None:
        self.name = name
        self.shells = shells
        self.requests = 0
        """HTTP requests that it has had."""
        self.over_tls = 0
        """Those of them that came over TLS."""
        self._launcher = launcher

    async def answer(self, request: Request, principal: str, client: Client) -> bytes:
        """Do the operation. Raises Fault; ConnectionError when the client left while it waited."""
        match request.operation:
            case Operation.IDENTIFY:
                return self.identify("OS: 10.0.26100 SP: 0.0 Stack: 3.0")
            case Operation.CREATE:
                return self._create(request, principal)
            case Operation.COMMAND:
                return self._command(request)
            case Operation.SEND:
                return self._send(request)
            case Operation.RECEIVE:
                return await self._receive(request, client)
            case Operation.SIGNAL:
                return self._signal(request)
            case Operation.DELETE:
                self.shells.close(request.shell_id)
                return replies.deleted(request)
        raise Fault(UNKNOWN_ACTION)

    def identify(self, version: str = "OS: 0.0.0 SP: 0.0 Stack: 3.0") -> bytes:
        """What an anonymous client is told: not the version of the system."""
        return replies.identified(version)

    def text(self, request: Request) -> str:
        """What a fault rule can look at (see FaultHook)."""
        if request.operation is Operation.COMMAND:
            return _line(request)
        if request.operation is Operation.SEND:
            return request.data.decode("utf-8", "replace")
        if request.operation not in (Operation.RECEIVE, Operation.SIGNAL):
            return ""
        shell = self.shells.shells.get(request.shell_id.upper())
        command = shell.commands.get(request.command_id.upper()) if shell else None
        return command.last_text if command else ""

    def _create(self, request: Request, principal: str) -> bytes:
        shell = self.shells.open(request.environment, request.options, request.idle_timeout)
        return replies.created(request, shell.id, principal, shell.idle_seconds)

    def _command(self, request: Request) -> bytes:
        if not request.command:
            raise Fault(BAD_PARAMETER)
        shell = self.shells.find(request.shell_id)
        command = self.shells.add(shell, request.command_id, _line(request))
        self._launch(request, shell, command)
        return replies.started(request, command.id)

    def _launch(self, request: Request, shell: Shell, command: Command) -> None:
        limit = CREATE_PROCESS_LIMIT if request.option("WINRS_SKIP_CMD_SHELL") else CMD_LIMIT
        if len(_line(request)) > limit:
            command.stderr(b"The command line is too long.\r\n")
            command.exit(1)
            return
        command.process = self._launcher(self.name, request.command, request.arguments, shell.environment, command)

    def _send(self, request: Request) -> bytes:
        command = self.shells.command(request.shell_id, request.command_id)
        if not command.running or command.stdin_ended or command.process is None:
            raise Fault(BROKEN_PIPE)
        command.last_text = request.data.decode("utf-8", "replace")
        command.stdin_ended = request.end
        command.process.feed(request.data, request.end)
        return replies.sent(request)

    async def _receive(self, request: Request, client: Client) -> bytes:
        command = self.shells.command(request.shell_id, request.command_id)
        await _until_ready(command, request.timeout, client)
        if command.aborted:
            raise Fault(ABORTED)
        room = max(1024, (request.envelope_limit - ENVELOPE_SPARE) * 3 // 4)  # base64
        chunks = command.take(room)
        if request.shell_id.upper() in self.shells.shells:
            self.shells.find(request.shell_id)  # a long wait was use, too
        return replies.received(request, chunks, command.exit_code if command.done else None)

    def _signal(self, request: Request) -> bytes:
        command = self.shells.command(request.shell_id, request.command_id)
        if request.signal == "terminate":
            del self.shells.find(request.shell_id).commands[command.id.upper()]
            command.abort()
        elif request.signal in ("ctrl_c", "ctrl_break"):
            if command.running and command.process:
                command.process.terminate()
        else:
            raise Fault(BAD_PARAMETER)
        return replies.signalled(request)


async def _until_ready(command: Command, seconds: float, client: Client) -> None:
    client.on_gone(command.nudge)
    try:
        async with asyncio.timeout(seconds):
            while not command.ready and not client.gone:
                await command.changed()
    except TimeoutError:
        raise Fault(TIMED_OUT) from None
    finally:
        client.on_gone(None)
    if client.gone:
        raise ConnectionResetError("the client left while it waited for output")


def _line(request: Request) -> str:
    return " ".join([request.command, *request.arguments])
