"""What a simulated host starts: PowerShell, `hostname`, `whoami`, and each of them through cmd.exe."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Mapping

from tui.lab.commandline import BadArguments, powershell, program, within_cmd, words
from tui.lab.faults import Faults
from tui.lab.process import VERSIONS, Machine, PowerShell, ScriptPowerShell, StdinPowerShell
from tui.lab.site import Site
from tui.lab.wsman.process import Output, Process

_UNKNOWN = "'{}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"


class Ended:
    """A program that had said all it had to say when it was started."""

    def __init__(self, output: Output, stdout: str = "", stderr: str = "") -> None:
        output.stdout(stdout.encode())
        output.stderr(stderr.encode())
        output.exit(1 if stderr else 0)

    def feed(self, data: bytes, end: bool) -> None:
        """Nobody reads it."""

    def terminate(self) -> None:
        """Nothing is left to end."""


class SiteLauncher:
    """Implements `Launcher` for every host of a site. Safe for several threads."""

    def __init__(self, site: Site, faults: Faults, user: str) -> None:
        self._site = site
        self._faults = faults
        self._user = user
        self._lock = threading.Lock()
        self._started: weakref.WeakSet[PowerShell] = weakref.WeakSet()

    def __call__(
        self, host: str, command: str, arguments: tuple[str, ...], environment: Mapping[str, str], output: Output
    ) -> Process:
        """Start a program; see `Launcher`. The environment is not looked at."""
        line = words(" ".join([command, *arguments]))
        while line and program(line[0]) == "cmd":
            line = within_cmd(line[1:])
        name = program(line[0]) if line else ""
        if name in VERSIONS:
            return self._powershell(Machine(self._site, host, self._faults, self._user), name, line[1:], output)
        said = {"hostname": host, "whoami": self._user.lower()}.get(name)
        if said is None:
            return Ended(output, stderr=_UNKNOWN.format(line[0] if line else command))
        return Ended(output, f"{said}\r\n")

    def end_all(self, host: str) -> None:
        """End every process of a host, as a power cut does."""
        with self._lock:
            started = list(self._started)
        for process in started:
            if process.machine.host == host:
                process.terminate()

    def _powershell(self, machine: Machine, engine: str, arguments: list[str], output: Output) -> Process:
        try:
            run = powershell(arguments)
        except BadArguments as refused:
            return Ended(output, stderr=f"{refused}\r\n")
        process: PowerShell
        if run.script is None:
            process = StdinPowerShell(machine, engine, output)
        else:
            process = ScriptPowerShell(machine, engine, output, run.script, encoded=run.encoded)
        with self._lock:
            self._started.add(process)
        process.start()
        return process
