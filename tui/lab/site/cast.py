"""Who is in the stories: the VMs that were lost, the order in which they come back, and who runs there meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from tui.core.scenario import Group


@dataclass(frozen=True, slots=True)
class Restored:
    """A lost VM as it was restored to AZL-HAM. Node and volume by number from 1; memory and data disk in GiB."""

    name: str
    node: int
    volume: int
    memory: int
    processors: int
    data: int
    auto_start: str


@dataclass(frozen=True, slots=True)
class Ordinary:
    """A VM that runs on AZL-HAM all the while: node by number from 1, memory in GiB."""

    name: str
    node: int
    memory: int
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """The VMs of one story. `groups` is empty where the order says nothing."""

    restored: tuple[Restored, ...]
    ordinary: tuple[Ordinary, ...]
    groups: tuple[Group, ...] = ()


_ORDINARY = (
    Ordinary("SRV-WEB01", 1, 16),
    Ordinary("SRV-WEB02", 2, 16),
    Ordinary("SRV-APP01", 1, 32),
    Ordinary("SRV-HR01", 1, 24, trusted=True),
    Ordinary("SRV-PRT01", 2, 8),
)
_ONE = Cast((Restored("SRV-DB01", 2, 1, 64, 8, 512, "Start"),), _ORDINARY)
_WAVE = Cast(
    (
        Restored("SRV-DC01", 1, 1, 8, 2, 32, "Start"),
        Restored("SRV-DC02", 2, 2, 8, 2, 32, "Start"),
        Restored("SRV-DB01", 2, 1, 64, 8, 512, "Start"),
        Restored("SRV-DB02", 1, 2, 64, 8, 512, "StartIfRunning"),
        Restored("SRV-APP01", 1, 1, 32, 4, 64, "Nothing"),
        Restored("SRV-APP02", 2, 2, 32, 4, 64, "StartIfRunning"),
    ),
    tuple(replace(vm, name="SRV-APP11") if vm.name == "SRV-APP01" else vm for vm in _ORDINARY),
    (
        Group("domain controllers", ("SRV-DC01", "SRV-DC02")),
        Group("databases and applications", ("SRV-DB01", "SRV-DB02", "SRV-APP01", "SRV-APP02")),
    ),
)
# 208 GiB in all: even HAM-N01 alone (320 GiB, 72 of them taken) can run the six.
CASTS: Mapping[str, Cast] = MappingProxyType({"": _ONE, "started-too-early": _ONE, "wave": _WAVE})
"""By the site's variant."""
