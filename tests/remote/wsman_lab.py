"""The lab's WinRM server with one host, whose program answers each frame at once, unless that says `hold` or `die`."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.core.action import PowerShell, Prepared, Record
from tui.core.secret import Secret
from tui.lab.wsman.process import Output
from tui.lab.wsman.server import HostBinding, WsmanServer
from tui.lab.wsman.shells import Quotas
from tui.lab.wsman.tls import Tls
from tui.lab.wsman.userfile import Credentials
from tui.lab.wsman.verdict import Verdict
from tui.remote.estate import RemoteEstate
from tui.remote.transport import Host
from tui.remote.winrm import WinRm

PASSWORD = "pl4nted!"
ACT = PowerShell("node1", "act", changes=True)


class Clock:
    """Real time, and as much more as a test adds."""

    ahead = 0.0

    def wall(self) -> float:
        return time.time() + self.ahead

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class Program:
    """Answers the handshake and each frame at once: the script's length and its first words. `hold` waits for
    `release`; at `die` the process ends without an answer."""

    output: Output
    seen: list[str]
    buffer: bytes = b""
    held: list[bytes] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def feed(self, data: bytes, end: bool) -> None:
        self.buffer += data
        *lines, self.buffer = self.buffer.split(b"\n")
        for line in lines:
            self.take(line.decode("ascii"))

    def take(self, line: str) -> None:
        if greeted := re.match("azle '([0-9a-f]{32})' H ", line):
            hello = json.dumps({"p": 7, "v": "5.1", "l": "FullLanguage", "u": "u", "c": "c"})
            self.output.stdout(f"{greeted[1]} H {hello}\r\n".encode())
        if asked := re.fullmatch("azlx '([0-9a-f]{32})' '(.*)'", line):
            script = json.loads(asked[2])["c"]
            self.seen.append(script)
            answer = json.dumps([len(script), script[:20]])
            self.say(script, f"{asked[1]} B\r\n{asked[1]} O {answer}\r\n{asked[1]} Z\r\n".encode())

    def say(self, script: str, answer: bytes) -> None:
        if script.startswith("hold"):
            self.held.append(answer)
            self.begun.set()
        elif script == "die":
            self.output.exit(1)
        else:
            self.output.stdout(answer)

    def release(self) -> None:
        held, self.held = self.held, []
        for answer in held:
            self.output.stdout(answer)

    def terminate(self) -> None:
        self.ended.set()


@dataclass
class Lab:
    """A server with one host, what it started, and the estate that speaks to it."""

    seen: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)
    verdicts: list[tuple[str, str, Verdict]] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    server: WsmanServer = field(init=False)
    winrm: WinRm = field(init=False)
    estate: RemoteEstate = field(init=False)

    def launch(
        self, host: str, command: str, arguments: tuple[str, ...], environment: Mapping[str, str], output: Output
    ) -> Program:
        self.commands.append(" ".join([command, *arguments]))
        self.programs.append(Program(output, self.seen))
        return self.programs[-1]

    def judge(self, host: str, operation: str, text: str) -> Verdict:
        for at, (wanted, part, verdict) in enumerate(self.verdicts):
            if wanted == operation and part in text:
                del self.verdicts[at]
                return verdict
        return Verdict.PASS

    async def start(
        self,
        password: str = PASSWORD,
        quotas: Quotas = Quotas(),  # noqa: B008 (frozen)
        tls: Tls | None = None,
    ) -> None:
        bound = [HostBinding("node1", self.launch, tls)]
        self.server = WsmanServer(bound, Credentials("LAB\\admin", PASSWORD), faults=self.judge, quotas=quotas)
        port = (await self.server.start())["node1"]
        self.connect(port, password)

    def connect(self, port: int, password: str = PASSWORD, *, tls: bool = False, ca: str = "") -> None:
        host = Host("node1", "127.0.0.1", "LAB\\admin", Secret(password), port, tls=tls, ports={5985: port}, ca=ca)
        self.winrm = WinRm({"node1": host}, self.clock)
        self.estate = RemoteEstate(self.winrm, self.clock)


def ask(script: str = "read") -> PowerShell:
    return PowerShell("node1", script, deadline=30.0)


async def act(lab: Lab, prepared: Prepared) -> list[Record]:
    return [record async for record in lab.estate.send(prepared)]


async def listeners_done() -> None:
    """Wait for the threads that end an act's process after its last record."""
    await _joined("azl-send")


async def endings_done() -> None:
    """Wait for the threads that end a reader."""
    await _joined("azl-end")


async def _joined(name: str) -> None:
    for thread in threading.enumerate():
        if thread.name == name:
            await asyncio.to_thread(thread.join, 5)
