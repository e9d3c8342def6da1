"""How one VM stands, in one frozen row; the waves of a run; and what of them needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stand(StrEnum):
    """Where a VM's lane stands."""

    NOT_YET = "not yet"
    READING = "reading"
    WAITING = "waiting"
    RUNNING = "running"
    PROVING = "proving"
    ASKS = "asks you"
    DECLINED = "declined"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DONE = "done"
    HAND = "by hand"
    """Through, and a step of it was done by hand and proved."""
    SKIPPED = "skipped"
    """Through, but for a step that was skipped."""

    @property
    def through(self) -> bool:
        """Whether nothing is left to do."""
        return self in (Stand.DONE, Stand.HAND, Stand.SKIPPED)

    @property
    def goes(self) -> bool:
        """Whether it goes on without a person."""
        return self in (Stand.READING, Stand.WAITING, Stand.RUNNING, Stand.PROVING)

    @property
    def needs_you(self) -> bool:
        """Whether nothing goes on before a person answers."""
        return self in WORST


WORST = (Stand.FAILED, Stand.UNKNOWN, Stand.CHANGED, Stand.ASKS, Stand.DECLINED)
"""What needs a person, worst first."""

COUNTED = (
    ("done", (Stand.DONE, Stand.HAND)),
    ("running", (Stand.RUNNING, Stand.PROVING, Stand.READING)),
    ("waiting", (Stand.WAITING,)),
    ("asks you", (Stand.ASKS,)),
    *((str(stand), (stand,)) for stand in (*WORST[:3], Stand.DECLINED, Stand.SKIPPED, Stand.NOT_YET)),
)


@dataclass(frozen=True, slots=True)
class Waits:
    """What a lane waits for, and its place in line, from 1."""

    shared: str
    at_once: int
    place: int


@dataclass(frozen=True, slots=True)
class Row:
    """One VM. Times are site time (epoch seconds); `usual` is seconds, 0 where none is known."""

    vm: str
    number: int
    """Its step of now, within its lane, of `count`; the last one when it is through."""
    count: int
    step: str
    title: str
    """What is done now, without the VM's name."""
    host: str
    stand: Stand
    since: float
    ended: float = 0.0
    """When it was through."""
    usual: float = 0.0
    said: str = ""
    """What a host answered last; of a VM that is through, how its start was proved."""
    waits: Waits | None = None
    progress: str = ""
    """How far what it waits for has come: `63 %`."""
    cause: str = ""
    """Why it needs a person."""
    phrase: str = ""
    """What must be typed."""
    no_return: bool = False
    hand: int = 0
    """The number of the step that was done by hand; 0 = none."""

    def took(self, now: float) -> float:
        """Seconds since it came to what it does now; of a VM that is through, what it took in all."""
        return max(0.0, (self.ended or now) - self.since) if self.since else 0.0


@dataclass(frozen=True, slots=True)
class Wave:
    """A phase that has VMs of its own. `number` is from 1 among such phases."""

    number: int
    name: str
    """The phase's title without `Wave 2:` before it."""
    phase: str
    vms: tuple[str, ...]
    through: tuple[str, ...]
    skipped: tuple[str, ...]
    began: float
    ended: float
    usual: float
    """Seconds that its longest lane usually takes."""

    @property
    def complete(self) -> bool:
        """Whether every VM of it is through."""
        return len(self.through) == len(self.vms)

    @property
    def whole(self) -> int:
        """How many VMs are through with nothing skipped."""
        return len(self.through) - len(self.skipped)


@dataclass(frozen=True, slots=True)
class Need:
    """Something that needs a person: one cause, and the VMs that have it."""

    stand: Stand
    vms: tuple[str, ...]
    title: str
    """What they were about to do; empty where that differs."""
    cause: str
    phrase: str = ""
    """What must be typed, where it is one VM's."""
    no_return: bool = False
