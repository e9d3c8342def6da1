"""A transport in process whose PowerShell says what the test wrote down, and a clock that only moves when waited on."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from tui.core.action import Estate, PowerShell, Prepared, Record
from tui.core.errors import ConnectionLost, EstateError
from tui.core.secret import Secret
from tui.remote.estate import RemoteEstate
from tui.remote.transport import Host

HELLO = '{n} H {"p":4242,"v":"5.1.26100.1","l":"ConstrainedLanguage","u":"admin","c":"NODE1"}\r\n'
HOST = Host("node1", "192.0.2.10", "node1\\admin", Secret("pl4nted!"))

Item = str | bytes | Exception | None
"""What a read gives: text with {n} for the nonce ({p}: the one before it), bytes, an error raised, or None for the
end of the process."""


class FakeClock:
    """Stands still unless told. `speed` is seconds of the site for one real one."""

    def __init__(self, speed: float = 1.0) -> None:
        self.real = 1_000.0
        self.speed = speed

    def wall(self) -> float:
        return 1_800_000_000.0 + (self.real - 1_000.0) * self.speed

    def monotonic(self) -> float:
        return self.real

    async def sleep(self, seconds: float) -> None:
        self.real += seconds / self.speed


@dataclass
class FakePipe:
    """Plays `hello` after the opening and `answer` after each frame; then it is silent, and time passes."""

    clock: FakeClock
    hello: list[Item]
    answer: list[Item]
    shell: str = "SHELL-1"
    command: str = "COMMAND-1"
    stderr: str = ""
    reader: bool = False
    nonce: str = ""
    """Of the handshake, then of the last frame."""
    before: str = ""
    """The nonce before it."""
    script: str = ""
    writes: list[bytes] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)
    pending: list[Item] = field(default_factory=list)
    refuse: Exception | None = None
    on_quiet: Callable[[], None] = lambda: None

    def write(self, data: bytes) -> None:
        self.writes.append(data)
        if data.startswith(b"azlx "):
            if self.refuse:
                raise self.refuse
            matched = re.fullmatch(r"azlx '([0-9a-f]{32})' '(.*)'\n(exit\n)?", data.decode("ascii"))
            assert matched
            said_before = any(matched[1].encode() in data for data in self.writes[:-1])
            assert said_before != self.reader  # each frame of a reader has a nonce of its own
            assert bool(matched[3]) != self.reader  # an act's process ends after its one script
            self.before, self.nonce = self.nonce, matched[1]
            self.script = json.loads(matched[2])["c"]
            self.pending += self.answer
        else:
            self.nonce = re.search(rb"azle '([0-9a-f]{32})' H", data)[1].decode()  # type: ignore[index]
            self.pending += self.hello

    def read(self, timeout: float) -> bytes | None:
        assert timeout > 0
        if not self.pending:
            self.clock.real += timeout
            self.on_quiet()
            return b""
        item = self.pending.pop(0)
        if isinstance(item, Exception):
            raise item
        return item.replace("{n}", self.nonce).replace("{p}", self.before).encode() if isinstance(item, str) else item

    def close(self) -> None:
        self.closed.set()


class FakeTransport:
    """Opens the scripted pipes in order (an exception instead of one is raised)."""

    def __init__(self, clock: FakeClock, *plays: tuple[list[Item], list[Item]] | Exception) -> None:
        self.clock = clock
        self.plays = list(plays)
        self.pipes: list[FakePipe] = []
        self.opens: dict[int, bool | Exception] = {}
        self.closed = 0
        self.ended: list[tuple[str, str, str]] = []
        self.opened = threading.Event()
        self.opened_with: Callable[[FakePipe], None] = lambda pipe: None
        self.on_refusal: Callable[[], None] = lambda: None

    def open(self, host: str, *, reader: bool) -> FakePipe:
        play = self.plays.pop(0)
        if isinstance(play, Exception):
            self.on_refusal()
            raise play
        self.pipes.append(FakePipe(self.clock, *play, reader=reader))
        self.opened_with(self.pipes[-1])
        self.opened.set()
        return self.pipes[-1]

    def reach(self, host: str, port: int, timeout: float) -> bool:
        found = self.opens[port]
        if isinstance(found, Exception):
            raise found
        return found

    def end(self, host: str, shell: str, command: str) -> None:
        self.ended.append((host, shell, command))

    def close(self) -> None:
        self.closed += 1


READ = PowerShell("node1", "Get-VM", deadline=30.0)
ACT = PowerShell("node1", "Import-MocKey", changes=True, deadline=100.0)
GOOD: list[Item] = ["{n} B\n", "{n} O 1\n{n} O ", '"x"\n', "{n} Z\n"]
LOST = ConnectionLost("gone", "m", "d")
Play = tuple[list[Item], list[Item]] | Exception


def estate(*plays: Play, speed: float = 1.0) -> tuple[Estate, FakeTransport]:
    clock = FakeClock(speed)
    transport = FakeTransport(clock, *plays)
    return RemoteEstate(transport, clock), transport


def frames(transport: FakeTransport) -> int:
    return sum(data.startswith(b"azlx") for pipe in transport.pipes for data in pipe.writes)


async def sent(it: Estate, prepared: Prepared) -> tuple[list[Record], EstateError | None]:
    records: list[Record] = []
    try:
        async for record in it.send(prepared):
            records.append(record)
    except EstateError as error:
        return records, error
    return records, None


async def closed(event: threading.Event) -> bool:
    return await asyncio.get_running_loop().run_in_executor(None, event.wait, 5)
