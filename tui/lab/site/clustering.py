"""The rules of a failover cluster: roles are made, brought online and moved."""

from __future__ import annotations

from tui.lab.site import running
from tui.lab.site.model import Cluster, Group, Resource, Vm
from tui.lab.site.site import Site

MACHINE = "Virtual Machine"
CONFIGURATION = "Virtual Machine Configuration"


class ClusterFault(Exception):
    """A cluster refuses: the text."""


def vm_group(vm: Vm, name: str = "") -> Group:
    """The group that makes a VM highly available, offline or online as the VM is."""
    state = "Online" if vm.state == "Running" else "Offline"
    return Group(
        name or vm.name,
        "VirtualMachine",
        vm.node,
        state,
        vm.id,
        resources=[
            Resource(f"{MACHINE} {vm.name}", MACHINE, state, {"VmID": vm.id, "OfflineAction": "1"}),
            Resource(
                f"{CONFIGURATION} {vm.name}", CONFIGURATION, "Online", {"VmID": vm.id, "VmStoreRootPath": vm.config}
            ),
        ],
    )


def group_of(cluster: Cluster, vm_id: str) -> Group | None:
    """The group of a clustered VM."""
    return next((group for group in cluster.groups if group.vm and group.vm == vm_id.lower()), None)


def add_role(cluster: Cluster, vm: Vm, name: str = "") -> Group:
    """Make a VM highly available. Raises ClusterFault."""
    if group_of(cluster, vm.id) is not None:
        raise ClusterFault(f"The virtual machine '{vm.name}' is already clustered.")
    wanted = name or vm.name
    taken = {group.name.lower() for group in cluster.groups}
    group = vm_group(vm, wanted if wanted.lower() not in taken else f"{wanted} (2)")
    cluster.groups.append(group)
    return group


def online(site: Site, cluster: Cluster, group: Group) -> None:
    """Bring a group online; a VM's group starts the VM. Raises StartRefused, and the group is Failed."""
    vm = site.vm_in(cluster, group.vm) if group.vm else None
    if vm is not None and vm.state != "Running":
        try:
            running.start(site, vm)
        except running.StartRefused:
            _set(group, "Failed")
            raise
    _set(group, "Online")


def offline(site: Site, cluster: Cluster, group: Group) -> None:
    """Take a group offline. A VM is turned off, not saved (the lab's simplification)."""
    vm = site.vm_in(cluster, group.vm) if group.vm else None
    if vm is not None:
        running.stop(site, vm)
    _set(group, "Offline")


def follow(site: Site, vm: Vm) -> None:
    """The group shows what its VM does after it was started or stopped by itself."""
    group = group_of(site.cluster(vm.cluster), vm.id)
    if group is not None:
        _set(group, "Online" if vm.state == "Running" else "Offline")


def move(site: Site, cluster: Cluster, group: Group, node: str = "") -> None:
    """Move a group to a node that is Up, a VM with it. Raises ClusterFault."""
    up = [n.name for n in cluster.nodes if n.alive and n.state == "Up"]
    others = [name for name in up if name != group.owner]
    target = next((name for name in up if name.lower() == node.lower()), "") if node else next(iter(others), "")
    if not target:
        raise ClusterFault(
            "The operation failed because either the specified cluster node is not the owner of the "
            "group, or the node is not a possible owner of the group"
        )
    group.owner = target
    vm = site.vm_in(cluster, group.vm) if group.vm else None
    if vm is not None:
        vm.node = target


def _set(group: Group, state: str) -> None:
    group.state = state
    for resource in group.resources:
        if resource.type != CONFIGURATION:
            resource.state = state
