"""What a scenario declares: when to choose it, its inputs, its prerequisites, and how to make its plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.core.action import Read
    from tui.core.facts import Facts
    from tui.core.plan import Plan
    from tui.core.verdict import Answered


class Level(StrEnum):
    """A prerequisite's verdict. A stop has no override; a warning and an unknown need a reason."""

    OK = "ok"
    WARN = "warn"
    STOP = "stop"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: the value it read, what that means here, and the remedy with its line."""

    level: Level
    evidence: str
    means: str = ""
    remedy: str = ""
    remedy_host: str = ""
    remedy_script: str = ""
    learned: Mapping[str, str] = field(default_factory=dict)
    """What the plan needs to know of it (the state of a key, say)."""


@dataclass(frozen=True, slots=True)
class Check:
    """A prerequisite: read-only."""

    id: str
    title: str
    reads: Callable[[Facts], Sequence[Read]]
    judge: Callable[[Facts, Sequence[Answered]], Finding]
    hosts: tuple[str, ...] = ()
    """Where it asks: checks of a host that does not answer are folded under one row."""
    wanted: str = ""
    """What a person looks for in the answer, on paper."""
    otherwise: str = ""
    """What a person does who finds something else."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value that a host offered for an input. `problem` says why it cannot be chosen."""

    value: str
    note: str = ""
    recommended: str = ""
    """Why we would take this one."""
    problem: str = ""
    learned: Mapping[str, str] = field(default_factory=dict)
    """What choosing it also tells (a VM's ID and owner node)."""
    group: str = ""
    """Under which heading it stands, where several may be chosen: `Wave 1: domain controllers`."""


def grouped(options: Sequence[Option]) -> tuple[Option, ...]:
    """Groups together, in the order in which they come; within one as they come."""
    order = list(dict.fromkeys(option.group for option in options))
    return tuple(sorted(options, key=lambda option: order.index(option.group)))


@dataclass(frozen=True, slots=True)
class Field:
    """An input, picked from what the hosts answer."""

    name: str
    label: str
    gloss: str
    reads: Callable[[Facts], Sequence[Read]]
    options: Callable[[Facts, Sequence[Answered]], tuple[Option, ...]]
    many: bool = False
    """Whether several values may be chosen. One: what it taught becomes facts, as for any input. Several: the fact of
    the input's name joins them with `, `, and the fact `NAMEs` is a JSON list of objects (`name`, `group`, learned).
    """


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster of the site: its nodes' names. `backup_vault` says that it keeps backups of keys."""

    name: str
    nodes: tuple[str, ...]
    backup_vault: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """VMs, by name, that come back together: "domain controllers" before what needs them."""

    name: str
    vms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """What the operator's site file (or the lab) names."""

    name: str
    clusters: tuple[Cluster, ...]
    groups: tuple[Group, ...] = ()
    """The order in which VMs come back. Asked only while the inputs are chosen; `RunBegan` does not keep it."""

    @classmethod
    def recorded(cls, name: str, clusters: Sequence[tuple[str, Sequence[str], bool]]) -> Site:
        """The site that `RunBegan` kept."""
        return cls(name, tuple(Cluster(c, tuple(nodes), backup) for c, nodes, backup in clusters))

    def record(self) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
        """What `RunBegan` keeps of it."""
        return tuple((c.name, c.nodes, c.backup_vault) for c in self.clusters)

    def cluster(self, name: str) -> Cluster:
        """The cluster of that name. Raises KeyError."""
        for cluster in self.clusters:
            if cluster.name == name:
                return cluster
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A disaster that the operator recognises. `fields`, `checks` and `plan` are pure."""

    id: str
    title: str
    choose_when: str
    summary: str
    """Two or three lines: what it does and what it leaves."""
    needs: str
    changes: str
    leaves: str
    usual: str
    source: str
    fields: Callable[[Site], tuple[Field, ...]]
    checks: Callable[[Site, Facts], tuple[Check, ...]]
    plan: Callable[[Site, Facts], Plan]
    """From the inputs, what the checks learned, and `run`, `machine`, `epoch`."""
    afterwards: tuple[str, ...] = ()
    """What the report tells to do next, whatever the outcome."""
