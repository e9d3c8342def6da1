"""What every Azure Local cluster of the story has: nodes, groups, volumes, services, files."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, timedelta

from tui.lab.site.model import ActionPlan, Cluster, Csv, File, Group, Node, Resource, Service, Vm

GIB = 2**30
TIB = 2**40
SERVICES = (
    ("vmms", "Hyper-V Virtual Machine Management"),
    ("vmcompute", "Hyper-V Host Compute Service"),
    ("ClusSvc", "Cluster Service"),
    ("mochostagent", "MOC Host Agent Service"),
    ("himds", "Azure Hybrid Instance Metadata Service"),
    ("WinRM", "Windows Remote Management (WS-Management)"),
    ("W32Time", "Windows Time"),
)
HCI_GROUPS = ("Download", "Health", "Orchestrator", "Update")
FOLDERS = (
    "C:\\Agents",
    "C:\\CloudContent",
    "C:\\CloudDeployment",
    "C:\\ClusterStorage",
    "C:\\MASLogs",
    "C:\\ProgramData",
    "C:\\Users",
    "C:\\Users\\Administrator",
    "C:\\Windows",
    "C:\\Windows\\System32",
)


def make_cluster(name: str, nodes: tuple[str, ...], subnet: int, rng: random.Random, now: datetime) -> Cluster:
    """A healthy cluster without VMs and keys. Addresses are 10.<subnet>.0.x."""
    cluster = Cluster(name, [_node(n, i, subnet, now) for i, n in enumerate(nodes)], agent_address=f"10.{subnet}.0.40")
    first, last = cluster.nodes[0].name, cluster.nodes[-1].name
    cluster.csvs = [
        Csv(
            "Cluster Virtual Disk (UserStorage_1)",
            "C:\\ClusterStorage\\UserStorage_1",
            4 * TIB,
            4 * TIB - 2150 * GIB,
            first,
        ),
        Csv(
            "Cluster Virtual Disk (UserStorage_2)",
            "C:\\ClusterStorage\\UserStorage_2",
            4 * TIB,
            4 * TIB - 1640 * GIB,
            last,
        ),
        Csv(
            "Cluster Virtual Disk (Infrastructure_1)",
            "C:\\ClusterStorage\\Infrastructure_1",
            256 * GIB,
            171 * GIB,
            first,
        ),
    ]
    cluster.groups = _groups(first, last, rng)
    for node in cluster.nodes:
        _folders(node.files, FOLDERS, now)
    _folders(cluster.files, tuple(csv.path for csv in cluster.csvs), now)
    _folders(cluster.files, ("C:\\ClusterStorage\\Infrastructure_1\\ArcHci",), now)
    cluster.plans = [
        ActionPlan(
            str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            "Check Update readiness",
            "Completed",
            now - timedelta(days=2),
            now - timedelta(days=2) + timedelta(minutes=9),
        )
    ]
    return cluster


def _node(name: str, index: int, subnet: int, now: datetime) -> Node:
    return Node(
        name,
        f"10.{subnet}.0.{11 + index}",
        (320 if index == 0 else 448) * GIB,
        booted=now - timedelta(days=31 + index),
        services=[Service(n, d) for n, d in SERVICES],
    )


def _groups(first: str, last: str, rng: random.Random) -> list[Group]:
    bridge = rng.randbytes(3).hex()
    return [
        Group(
            "Cluster Group",
            "Cluster",
            first,
            core=True,
            resources=[
                Resource("Cluster Name", "Network Name"),
                Resource("Cluster IP Address", "IP Address"),
                Resource("Cloud Witness", "Cloud Witness"),
            ],
        ),
        Group("Available Storage", "AvailableStorage", first, "Offline", core=True),
        Group("Cloud Management", "Unknown", first, resources=[Resource("Cloud Management", "Cloud Management")]),
        Group("SDDC Group", "CoreSddc", last, core=True, resources=[Resource("SDDC Management", "SDDC Management")]),
        *(Group(f"Azure Stack HCI {what} Service Cluster Group", "GenericService", first) for what in HCI_GROUPS),
        Group(
            f"ca-{uuid.UUID(int=rng.getrandbits(128), version=4)}",
            "GenericService",
            last,
            resources=[Resource("MOC Cloud Agent Service", "Generic Service")],
        ),
        Group(f"{bridge}-control-plane-0-{rng.randbytes(4).hex()}", "VirtualMachine", first),
    ]


def _folders(files: dict[str, File], paths: tuple[str, ...], now: datetime) -> None:
    for path in paths:
        files[path.lower()] = File(path, folder=True, created=now, written=now)


def put_vm_files(cluster: Cluster, vm: Vm, now: datetime) -> None:
    """Put the configuration, guest state, runtime state and disks of a VM into its folder."""
    inside = vm.config[len("C:\\ClusterStorage\\") :].split("\\")
    above = ["C:\\ClusterStorage\\" + "\\".join(inside[: n + 1]) for n in range(len(inside))]
    _folders(
        cluster.files,
        (*above[1:], f"{vm.config}\\Virtual Machines", f"{vm.config}\\Virtual Hard Disks", f"{vm.config}\\Snapshots"),
        vm.created,
    )
    sizes = {"vmcx": 57_344, "VMRS": 87_040, **({"vmgs": 4_194_816} if vm.tpm else {})}
    paths = {f"{vm.config}\\Virtual Machines\\{vm.id.upper()}.{end}": size for end, size in sizes.items()}
    paths |= {disk.path: disk.size * 3 // 8 for disk in vm.disks}
    for path, size in paths.items():
        cluster.files[path.lower()] = File(path, size=size, created=vm.created, written=now)
