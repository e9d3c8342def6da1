"""What is saved: the story, the clusters and VMs, and the record of what happened to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

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


@dataclass(slots=True)
class Story:
    """What the site is for: the VM that was lost and what it must be again."""

    vm: str
    name: str
    target: str
    source: str
    backup: str
    auto_start: str
    sealed_by: str


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
