"""What is saved: the story, the clusters and VMs, and the record of what happened to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tui.core.scenario import Group
from tui.lab.site.model import Cluster, Vm


@dataclass(slots=True)
class EventRecord:
    """A record of a Windows event log."""

    host: str
    log: str
    provider: str
    id: int
    level: int
    message: str
    at: datetime
    record: int


@dataclass(slots=True)
class Write:
    """One changing call as it arrived: `effect` says whether it took hold, `error` how it ended if not well."""

    host: str
    cmdlet: str
    parameters: dict[str, str]
    at: datetime
    pid: int = 0
    error: str = ""
    effect: bool = False


@dataclass(slots=True)
class SplitBrain:
    """Two copies of one VM ran at the same time."""

    vm: str
    nodes: list[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Lost:
    """A VM that was lost and what it must be again. `vm` is its ID, `sealed_by` as in `model.Vm`."""

    vm: str
    name: str
    auto_start: str
    sealed_by: str


@dataclass(frozen=True, slots=True)
class Story:
    """What the site is for: the VMs that were lost, where they ran, where they must run, and who keeps their keys."""

    lost: tuple[Lost, ...]
    target: str
    source: str
    backup: str
    groups: tuple[Group, ...] = ()
    """The order in which the VMs come back, by name; empty where it says nothing."""

    def named(self, vm: str = "") -> Lost:
        """The lost VM of this name, without case; the first where none is named. Raises LookupError."""
        for lost in self.lost:
            if vm.lower() in ("", lost.name.lower()):
                return lost
        raise LookupError(f"{vm} was not lost; there are: {', '.join(lost.name for lost in self.lost)}")


@dataclass(slots=True)
class World:
    """Everything that is saved."""

    seed: int
    variant: str
    story: Story
    clusters: list[Cluster]
    vms: list[Vm]
    events: list[EventRecord] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    split_brain: list[SplitBrain] = field(default_factory=list)
    serial: int = 0
    """The last number given to anything that is numbered."""
