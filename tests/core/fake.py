"""A small outside world: an estate whose hosts hold a dict, a clock that obeys, a person with a script.

Scripts are three words: `get KEY`, `set KEY VALUE`, `del KEY`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from tui.core.action import Action, Alive, Copy, Ids, Kind, PowerShell, Prepared, Reach, Read, Record, Repeat, Reply
from tui.core.errors import ConnectionLost, DeadlinePassed, NoHandshake, Unreachable
from tui.core.facts import Facts
from tui.core.plan import Gate, Guard, Lane, Phase, Plan, Step, Tier
from tui.core.verdict import Probe, Verdict, not_so, probe, so

NOW = 1_795_313_640.0  # 2026-11-22 02:14:00 UTC


class Killed(BaseException):
    """The process dies here."""


async def until(true: Callable[[], object]) -> None:
    """Let the others go on until this is true."""
    for _ in range(1_000_000):
        if true():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came true")


class FakeClock:
    """Site time and the person's time, moved by hand and by sleeping."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now
        self.mono = 1000.0

    def wall(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.mono

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        self.now += seconds
        self.mono += seconds


@dataclass
class FakeEstate:
    """`faults[script]` are used up one a sending: see `_send`. `unreadable` keys cannot be read."""

    world: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    alive_says: list[Alive] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    hook: Callable[[str, str], None] = lambda what, script: None
    """Called with "read", "prepare", "send" and the script, before it happens."""
    pids: int = 4000

    @property
    def sent(self) -> list[str]:
        return [line[5:] for line in self.log if line.startswith("send ")]

    async def read(self, action: Read) -> Reply:
        assert not isinstance(action, Reach)
        self._note("read", action.script)
        key = action.script.split()[1]
        if key in self.unreadable:
            raise Unreachable(f"{action.host} does not answer.", "", "Look at the network.")
        value = self.world.get(key)
        return Reply((Record(Kind.OUTPUT, value), Record(Kind.END)), Kind.END, 0.0)

    async def resolve(self, action: Action) -> PowerShell:
        if isinstance(action, Copy):
            return PowerShell(action.host, f"set {action.path} {self.world[action.source_path]}", action.repeat, True)
        return action

    async def prepare(self, action: PowerShell) -> Prepared:
        self._note("prepare", action.script)
        if self._fault(action.script, "no handshake"):
            raise NoHandshake(f"{action.host} did not answer in its frame.", "Nothing was sent.", "Try again.")
        self.pids += 1
        return Prepared(action, Ids(action.host, "shell", "command", self.pids, f"{self.pids:032x}", "FullLanguage"))

    async def send(self, prepared: Prepared) -> AsyncIterator[Record]:
        script, host = prepared.action.script, prepared.action.host
        fault = self.faults[script].pop(0) if self.faults.get(script) else ""
        if fault == "unreachable":
            raise Unreachable(f"{host} does not answer.", "Nothing was sent.", "Look at the network.")
        self._note("send", script)
        if fault == "killed before":
            raise Killed
        yield Record(Kind.BEGUN)
        if fault not in ("error", "lost before", "left before", "deadline"):
            self._apply(script)
        if fault == "killed after":
            raise Killed
        if fault in ("error", "error but done", "terminated"):
            yield Record(Kind.TERMINATING if fault == "terminated" else Kind.ERROR, {"m": "MOC does not answer."})
        if fault == "killed after error":
            yield Record(Kind.ERROR, {"m": "already exists"})
            raise Killed
        if fault.startswith("lost"):
            raise ConnectionLost(f"The connection to {host} was lost.", "It is not known.", "Read it.")
        if fault == "deadline":
            raise DeadlinePassed(f"{host} did not end by its deadline.", "It may still run.", "Read it.")
        if fault != "silence":
            yield Record(Kind.LEFT if fault.startswith("left") else Kind.END)

    async def alive(self, ids: Ids, since: float) -> Alive:
        self._note("alive", str(ids.pid))
        return self.alive_says.pop(0) if self.alive_says else Alive.GONE

    async def discard(self, prepared: Prepared) -> None:
        self._note("discard", prepared.action.script)

    async def close(self) -> None:
        self._note("close", "")

    def _note(self, what: str, script: str) -> None:
        self.hook(what, script)
        self.log.append(f"{what} {script}")

    def _fault(self, script: str, name: str) -> bool:
        if self.faults.get(script, [""])[:1] == [name]:
            self.faults[script].pop(0)
            return True
        return False

    def _apply(self, script: str) -> None:
        word, key, *rest = script.split()
        if word == "set":
            self.world[key] = rest[0]
        else:
            self.world.pop(key, None)


def holds(key: str, value: str | None = "yes", host: str = "HAM-N01") -> Probe:
    """So while the host's KEY has this value (None: while it is absent)."""

    def judge(_: Facts, replies: Sequence[Reply]) -> Verdict:
        found = replies[0].values[0]
        text = f"{key} on {host}: {found}"
        return so(text, str(found)) if found == value else not_so(text, str(found))

    return probe(f"Is {key} {value}?", lambda _: [PowerShell(host, f"get {key}")], judge)


def step(
    key: str = "key",
    repeat: Repeat = Repeat.SAFE,
    tier: Tier = Tier.CONFIRM,
    guards: tuple[Guard, ...] = (),
    **more: object,
) -> Step:
    """A step that sets KEY to yes, and its undo where `more` does not say otherwise."""
    fields: dict[str, object] = {
        "id": f"set-{key}", "title": f"Set {key}", "host": "HAM-N01", "goal": holds(key), "guards": guards,
        "act": lambda _: PowerShell("HAM-N01", f"set {key} yes", repeat, changes=True),
        "gate": Gate(tier, f"Set {key}", (f"Adds 1 {key} to 1 vault.",), "SRV-DB01" if tier is Tier.TYPED else ""),
        "undo": undo(key), "why": "It is needed.", "proof": f"{key} reads yes", "way_back": "can be undone",
    }  # fmt: skip
    return Step(**{**fields, **more})  # type: ignore[arg-type]


def undo(key: str) -> Step:
    """The step that takes KEY away again."""
    return Step(
        f"unset-{key}", f"Remove {key}", "HAM-N01", holds(key, None),
        lambda _: PowerShell("HAM-N01", f"del {key}", Repeat.SAFE, changes=True), gate=Gate(Tier.CONFIRM, "Remove"),
    )  # fmt: skip


def plan(*phases: tuple[Step, ...], goal: str = "whole") -> Plan:
    """A plan of these phases; its whole goal is that `whole` reads yes."""
    made = tuple(
        Phase(f"Phase {n}", f"Part {n} is there.", (Lane("SRV-DB01", steps),)) for n, steps in enumerate(phases, 1)
    )
    return Plan("tiny", "SRV-DB01 to AZL-HAM", holds(goal), made, Facts({"vm": "SRV-DB01"}))
