"""The things of a site as plain data: what is saved, and nothing that is only true while the lab runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

GROUP = "AzureStackHostAttestation"
VAULT = "AzureStackTvmKeyVault"
ROOT_KEY = "AzureStackTvmAKRootKey"
# The three names: Microsoft Learn, "Manual backup and recovery of guest state protection keys for Trusted launch VMs".


@dataclass(slots=True)
class Service:
    """A Windows service of a node."""

    name: str
    display: str
    status: str = "Running"


@dataclass(slots=True)
class File:
    """A file or folder. Only small files carry their bytes; `data` is None where only the size is known."""

    path: str
    folder: bool = False
    size: int = 0
    data: bytes | None = None
    created: datetime | None = None
    written: datetime | None = None


@dataclass(slots=True)
class Node:
    """A host. `alive` is power and network; `state` is what the cluster says of it."""

    name: str
    address: str
    memory: int
    alive: bool = True
    state: str = "Up"
    drain: str = "NotInitiated"
    weight: int = 1
    clock_offset: float = 0.0
    """Seconds that its clock is ahead."""
    booted: datetime | None = None
    services: list[Service] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    """Its own disk C:, by lower-case path."""


@dataclass(slots=True)
class Resource:
    """A cluster resource; parameters by name."""

    name: str
    type: str
    state: str = "Online"
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Group:
    """A cluster group (a "role"). `vm` is the VM ID of a clustered VM."""

    name: str
    type: str
    owner: str
    state: str = "Online"
    vm: str = ""
    core: bool = False
    resources: list[Resource] = field(default_factory=list)


@dataclass(slots=True)
class Csv:
    """A cluster shared volume; `path` is `C:\\ClusterStorage\\<name>`, sizes in bytes."""

    name: str
    path: str
    size: int
    free: int
    owner: str
    state: str = "Online"


@dataclass(slots=True)
class StorageJob:
    """A repair or rebalance that ends by itself at `ends`."""

    name: str
    started: datetime
    ends: datetime
    bytes_total: int


@dataclass(slots=True)
class Key:
    """A key in a vault. `material`: an AES key's 32 bytes, or an RSA pair as PKCS8 PEM."""

    name: str
    kty: str
    size: int
    material: bytes
    created: datetime
    made_by: str
    """story, system, New-MocKey or Import-MocKey."""


@dataclass(slots=True)
class ActionPlan:
    """A run of the orchestrator (an update, a repair)."""

    id: str
    name: str
    status: str
    started: datetime
    ended: datetime | None = None


@dataclass(slots=True)
class Cluster:
    """A failover cluster with what its nodes share."""

    name: str
    nodes: list[Node]
    groups: list[Group] = field(default_factory=list)
    csvs: list[Csv] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    jobs: list[StorageJob] = field(default_factory=list)
    plans: list[ActionPlan] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    """Below C:\\ClusterStorage, by lower-case path."""
    witness: str = "Online"
    moc_version: str = "1.14.1.10414"
    moc_module: str = "1.2.27"
    agent_address: str = "10.20.0.40"
    update_state: str = "AppliedSuccessfully"


@dataclass(slots=True)
class Disk:
    """A virtual hard disk on SCSI controller 0."""

    path: str
    size: int
    location: int


@dataclass(slots=True)
class Checkpoint:
    """A checkpoint of a VM."""

    id: str
    name: str
    created: datetime
    type: str = "Standard"


@dataclass(slots=True)
class Vm:
    """A VM as one cluster has it registered. Two clusters may have the same VM ID: that is what can go wrong."""

    id: str
    name: str
    cluster: str
    node: str
    state: str
    memory: int
    processors: int
    config: str
    """ConfigurationLocation: its folder."""
    created: datetime
    auto_start: str = "Nothing"
    generation: int = 2
    tpm: bool = False
    sealed_by: str = ""
    """SHA-256 of the key material that opens its guest state; empty where nothing is sealed."""
    disks: list[Disk] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)
    started: datetime | None = None
    flaps: bool = False
    start_fault: str = ""
    """Why it refuses to start, where a fault says so."""
