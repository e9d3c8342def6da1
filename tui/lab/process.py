"""PowerShell processes of a simulated host: each computes on a thread of its own and tells its exit once."""

from __future__ import annotations

import queue
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tui.lab.clixml import clixml
from tui.lab.cmdlet import Call, Cmdlet, HostFacts, Streams
from tui.lab.cmdlets import cmdlets_of
from tui.lab.faults import Faults, ProcessEnded
from tui.lab.reader import PowerShellHost, Record, read
from tui.lab.reader.records import to_json
from tui.lab.site import Site
from tui.lab.values import Value
from tui.lab.wsman.process import Output

VERSIONS = {"powershell": "5.1.26100.4652", "pwsh": "7.4.13"}
"""What each engine says of itself."""
KILLED = -1073741510
"""Exit code of a program that was ended by ctrl+c (STATUS_CONTROL_C_EXIT)."""
DEFECT = "The lab has a defect: {}. Its log has the details."


@dataclass(frozen=True, slots=True)
class Machine:
    """A simulated host as its programs see it. `user` is `DOMAIN\\name`."""

    site: Site
    host: str
    faults: Faults
    user: str


class PowerShell:
    """A process from its start to its end: the site knows its PID for exactly this long."""

    def __init__(self, machine: Machine, engine: str, output: Output) -> None:
        site = machine.site
        self.machine = machine
        self.pid = site.processes.next_pid()
        self._engine = engine
        self._output = output
        self._killed = threading.Event()
        site.processes.register(machine.host, self.pid, site.host_now(machine.host), engine)

    def start(self) -> None:
        """Compute, on a thread that does not keep the lab alive."""
        name = f"lab-{self.machine.host}-{self.pid}"
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def feed(self, data: bytes, end: bool) -> None:
        """Stdin; see `wsman.process.Process.feed`."""

    def terminate(self) -> None:
        """End it where it is: what has not taken effect has none; a sleep is woken."""
        self._killed.set()
        self._gone()

    def _run(self) -> None:
        code = 1
        try:
            code = self._work()
        except Exception as defect:
            self._defect(defect)
        finally:
            self._gone()
            self._output.exit(KILLED if self._killed.is_set() else code)

    def _work(self) -> int:
        raise NotImplementedError

    def _gone(self) -> None:
        self.machine.site.processes.gone(self.machine.host, self.pid)

    def _facts(self) -> HostFacts:
        machine = self.machine
        offered = cmdlets_of(machine.site, machine.host, machine.faults, self.pid)
        alive = {name: self._while_alive(cmdlet) for name, cmdlet in offered.items()}
        user = machine.user.rpartition("\\")[2]
        return HostFacts(machine.host, user, self.pid, VERSIONS[self._engine], cmdlets=alive)

    def _while_alive(self, cmdlet: Cmdlet) -> Cmdlet:
        """A process that was ended calls nothing more, not even in a `finally`."""

        def run(call: Call, streams: Streams) -> Iterable[Value]:
            if self._killed.is_set():
                raise ProcessEnded(call.cmdlet)
            return cmdlet(call, streams)

        return run

    def _say(self, line: str) -> None:
        if not self._killed.is_set():
            self._output.stdout(f"{line}\r\n".encode())

    def _defect(self, error: Exception) -> str:
        """Put a mistake of the lab into its log; gives what the client is told."""
        traceback.print_exception(error, file=sys.stderr)
        text = DEFECT.format(type(error).__name__)
        self._output.stderr(f"{text}\r\n".encode())
        return text


class StdinPowerShell(PowerShell):
    """`-Command -`: reads statements from stdin. A last line without its line end is dropped, as 5.1 does."""

    def __init__(self, machine: Machine, engine: str, output: Output) -> None:
        super().__init__(machine, engine, output)
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._rest = b""

    def feed(self, data: bytes, end: bool) -> None:
        """Stdin; see `wsman.process.Process.feed`."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._lines.put(line.removesuffix(b"\r").decode("utf-8", "replace"))
        if end:
            self._lines.put(None)

    def terminate(self) -> None:
        """End it; see `PowerShell.terminate`."""
        super().terminate()
        self._lines.put(None)

    def _work(self) -> int:
        shell = PowerShellHost(self._facts())
        while not shell.ended and (line := self._lines.get()) is not None and not self._killed.is_set():
            for text in self._answers(shell, line):
                if shell.ended:
                    self._gone()  # whoever reads its last line may ask at once whether it still lives
                self._say(text)
        return 0

    def _answers(self, shell: PowerShellHost, line: str) -> Iterator[str]:
        nonce = line.split("'")[1] if line.startswith("azlx '") else ""
        try:
            yield from shell.feed(line)
        except Exception as defect:
            text = self._defect(defect)
            if nonce:
                yield f"{nonce} T {to_json({'m': text, 'id': 'LabDefect', 'c': 'NotSpecified', 'g': '', 'h': 0})}"
                yield f"{nonce} Z"


class ScriptPowerShell(PowerShell):
    """`-EncodedCommand` or `-Command TEXT`: one script, printed as text; exit code 1 where it ended in an error."""

    def __init__(self, machine: Machine, engine: str, output: Output, script: str, *, encoded: bool) -> None:
        super().__init__(machine, engine, output)
        self._script = script
        self._encoded = encoded

    def _work(self) -> int:
        code, errors = 0, []
        for record in read(self._script, self._facts(), framed=False):
            if record.kind in "ET":
                errors.append(str(record.value["m"]))
            code = _code(record, code)
            for line in _printed(record):
                self._say(line)
        if errors:
            self._output.stderr(clixml(errors) if self._encoded else "".join(f"{e}\r\n" for e in errors).encode())
        return code


def _code(record: Record, before: int) -> int:
    """The exit code after a record: how the last statement went (an `exit` with a number is not imitated)."""
    return before if record.kind in "ZX" else int(record.kind in "ET")


def _printed(record: Record) -> list[str]:
    """Output and warnings as text; a table of PowerShell's formatter is not imitated, an object prints as its JSON."""
    value = record.value
    if record.kind in "ETZX" or value is None:
        return []
    if record.kind in "WVD":
        value = f"{ {'W': 'WARNING', 'V': 'VERBOSE', 'D': 'DEBUG'}[record.kind] }: {value}"
    return (str(value) if isinstance(value, str | bool | int | float) else to_json(value)).split("\n")
