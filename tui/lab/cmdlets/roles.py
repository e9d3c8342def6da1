"""FailoverClusters: what changes a clustered role."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tui.lab.cmdlet import Call, Cmdlet, Streams
from tui.lab.cmdlets.act import error, texts
from tui.lab.cmdlets.cluster import Body, clustered, command, groups_of, missing
from tui.lab.cmdlets.clusterobjects import group_object
from tui.lab.site import Site, clustering
from tui.lab.site.model import Cluster, Group
from tui.lab.site.running import StartRefused
from tui.lab.values import Value


def cmdlets(site: Site, host: str) -> Mapping[str, Cmdlet]:
    """The changing FailoverClusters cmdlets of one host."""
    bodies: dict[str, Body] = {
        "Add-ClusterVirtualMachineRole": _add,
        "Start-ClusterGroup": _start,
        "Stop-ClusterGroup": _stop,
        "Move-ClusterGroup": _move,
        "Remove-ClusterGroup": _remove,
    }
    return {name: clustered(site, host, body) for name, body in bodies.items()}


def _add(site: Site, cluster: Cluster, call: Call, out: Streams) -> Iterable[Value]:
    """Adds a role for a VM on any node of the cluster."""
    ids = [vm_id.lower() for vm_id in texts(call, "VMId")]
    names = [name.lower() for name in texts(call, "VMName", "VirtualMachine")]
    vms = [vm for vm in site.vms if vm.cluster == cluster.name and (vm.id in ids or vm.name.lower() in names)]
    failed = f"Add-ClusterVirtualMachineRole,{command(call.cmdlet)}"
    if not vms:
        out.error(error(failed, "NotSpecified", f"The virtual machine '{', '.join(ids + names)}' could not be found."))
    for vm in vms:
        try:
            group = clustering.add_role(cluster, vm, call.text("Name"))
        except clustering.ClusterFault as fault:
            out.error(error(failed, "NotSpecified", str(fault), vm.name))
            continue
        yield group_object(cluster, group)


def _start(site: Site, cluster: Cluster, call: Call, out: Streams) -> Iterable[Value]:
    return _each(cluster, call, out, "starting", lambda group: clustering.online(site, cluster, group))


def _stop(site: Site, cluster: Cluster, call: Call, out: Streams) -> Iterable[Value]:
    return _each(cluster, call, out, "stopping", lambda group: clustering.offline(site, cluster, group))


def _move(site: Site, cluster: Cluster, call: Call, out: Streams) -> Iterable[Value]:
    return _each(cluster, call, out, "moving", lambda group: clustering.move(site, cluster, group, call.text("Node")))


def _each(cluster: Cluster, call: Call, out: Streams, doing: str, change: Callable[[Group], None]) -> Iterable[Value]:
    """Changes every group that is meant and gives it back; one that is refused is an error, and the next is taken."""
    for group in _meant(cluster, call, out):
        try:
            change(group)
        except (StartRefused, clustering.ClusterFault) as fault:
            what = f"An error occurred while {doing} the clustered role '{group.name}'.\n    {fault}"
            out.error(error(f"{call.cmdlet},{command(call.cmdlet)}", "NotSpecified", what, group.name))
            continue
        yield group_object(cluster, group)


def _remove(site: Site, cluster: Cluster, call: Call, out: Streams) -> Iterable[Value]:
    """The role goes, the VM stays as it is."""
    gone = _meant(cluster, call, out)
    cluster.groups = [group for group in cluster.groups if group not in gone]
    return []


def _meant(cluster: Cluster, call: Call, out: Streams) -> list[Group]:
    """The groups of a call, which must name one: none is meant by naming nothing."""
    if not texts(call, "Name", "VMId") and not call.parameters.get("InputObject") and not call.pipeline:
        out.error(missing(call.cmdlet, "group", ""))
        return []
    return groups_of(cluster, call, out)
