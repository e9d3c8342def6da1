"""FailoverClusters: whatever node is asked, the whole cluster answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from tui.lab.cmdlet import Call, Cmdlet, CmdletError, Streams
from tui.lab.cmdlets.act import error, inputs, like, prop, text, texts, wild
from tui.lab.cmdlets.clusterobjects import (
    cluster_object,
    csv_object,
    group_object,
    node_object,
    parameter_object,
    resource_object,
)
from tui.lab.cmdlets.shape import shaped
from tui.lab.site import Site
from tui.lab.site.model import Cluster, Group, Resource
from tui.lab.values import PSObject, Value

MODULE = "Microsoft.FailoverClusters.PowerShell."
STOPPED = (
    "The cluster service is not running.  Make sure that the service is running on all nodes in the "
    "cluster.\n    There are no more endpoints available from the endpoint mapper"
)
SPELLING = (
    "Check the spelling of the cluster name. Otherwise, there might be a problem with your network. Make sure "
    "the cluster nodes are turned on and connected to the network or contact your network administrator.\n"
    "    The RPC server is unavailable"
)
COMMANDS = {
    "Get-Cluster": "GetClusterCommand",
    "Get-ClusterNode": "GetNodeCommand",
    "Get-ClusterResource": "GetResourceCommand",
    "Get-ClusterParameter": "GetParameterCommand",
}

Body = Callable[[Site, Cluster, Call, Streams], Iterable[Value]]


def command(cmdlet: str) -> str:
    """The class name of a cmdlet as it stands in error ids."""
    return MODULE + COMMANDS.get(cmdlet, cmdlet.replace("-", "") + "Command")


def clustered(site: Site, host: str, body: Body) -> Cmdlet:
    """A cmdlet that asks the cluster of its host, if the cluster service runs there."""

    def run(call: Call, out: Streams) -> Iterable[Value]:
        cluster = site.cluster_of(host)
        service = next(s for s in site.node(host).services if s.name == "ClusSvc")
        if service.status != "Running":
            raise CmdletError(error(f"ClusterEndpointNotRegistered,{command(call.cmdlet)}", "ConnectionError", STOPPED))
        named = call.text("Cluster") or (call.text("Name") if call.cmdlet == "Get-Cluster" else "")
        if named and named.split(".")[0].lower() not in (cluster.name.lower(), "."):
            # From a remote session there is no second hop to another cluster.
            raise CmdletError(error(f"ClusterRpcConnection,{command(call.cmdlet)}", "ConnectionError", SPELLING, named))
        return list(body(site, cluster, call, out))

    return run


def cmdlets(site: Site, host: str) -> Mapping[str, Cmdlet]:
    """The reading FailoverClusters cmdlets of one host."""
    bodies: dict[str, Body] = {
        "Get-Cluster": lambda site, cluster, call, out: [cluster_object(cluster)],
        "Get-ClusterNode": _nodes,
        "Get-ClusterGroup": _groups,
        "Get-ClusterResource": _resources,
        "Get-ClusterParameter": _parameters,
        "Get-ClusterQuorum": _quorum,
        "Get-ClusterSharedVolume": _volumes,
    }
    return {name: clustered(site, host, body) for name, body in bodies.items()}


def named(call: Call, out: Streams, what: str, names: list[str]) -> set[str]:
    """Which of the names a call's -Name means (all without one), lower case; the missing are reported."""
    asked = texts(call, "Name")
    if not asked:
        return {name.lower() for name in names}
    found: set[str] = set()
    for pattern in asked:
        hits = (
            {name.lower() for name in names if like(name, pattern)}
            if wild(pattern)
            else {name.lower() for name in names if name.lower() == pattern.lower()}
        )
        if not hits and not wild(pattern):
            out.error(missing(call.cmdlet, what, pattern))
        found |= hits
    return found


missing = partial(
    lambda cmdlet, what, name: error(
        f"ClusterObjectNotFound,{command(cmdlet)}",
        "ObjectNotFound",
        f"Unable to find {what} '{name}'.\n    The cluster {what} could not be found",
        name,
    )
)
"""The error of a name that is not there: the first line is the lab's (no transcript is published)."""


def groups_of(cluster: Cluster, call: Call, out: Streams) -> list[Group]:
    """The groups that a call means by -Name, -VMId or -InputObject."""
    ids = [vm_id.lower() for vm_id in texts(call, "VMId")]
    if ids:
        hits = [group for group in cluster.groups if group.vm in ids]
        if not hits:
            out.error(missing(call.cmdlet, "group", ids[0]))
        return hits
    wanted = named(call, out, "group", [group.name for group in cluster.groups])
    given = [text(prop(item, "Name")).lower() for item in inputs(call, "InputObject")]
    return [
        group for group in cluster.groups if group.name.lower() in wanted and (not given or group.name.lower() in given)
    ]


def _nodes(site: Site, cluster: Cluster, call: Call, out: Streams) -> Iterable[Value]:
    wanted = named(call, out, "node", [node.name for node in cluster.nodes])
    return [
        node_object(cluster, node, number)
        for number, node in enumerate(cluster.nodes, 1)
        if node.name.lower() in wanted
    ]


def _groups(site: Site, cluster: Cluster, call: Call, out: Streams) -> Iterable[Value]:
    return [group_object(cluster, group) for group in groups_of(cluster, call, out)]


def _every_resource(cluster: Cluster) -> list[tuple[Group, Resource]]:
    return [(group, resource) for group in cluster.groups for resource in group.resources]


def _resources(site: Site, cluster: Cluster, call: Call, out: Streams) -> Iterable[Value]:
    every = _every_resource(cluster)
    ids = [vm_id.lower() for vm_id in texts(call, "VMId")]
    if ids:
        hits = [(g, r) for g, r in every if r.parameters.get("VmID") in ids]
        if not hits:
            out.error(missing(call.cmdlet, "resource", ids[0]))
        return [resource_object(cluster, g, r) for g, r in hits]
    wanted = named(call, out, "resource", [r.name for _, r in every])
    owners = [
        text(prop(item, "Name")).lower()
        for item in inputs(call, "InputObject")
        if item.type_name.endswith(".ClusterGroup")
    ]
    return [
        _with_witness(cluster, g, r)
        for g, r in every
        if r.name.lower() in wanted and (not owners or g.name.lower() in owners)
    ]


def _with_witness(cluster: Cluster, group: Group, resource: Resource) -> PSObject:
    if resource.type == "Cloud Witness":
        resource = Resource(resource.name, resource.type, cluster.witness)
    return resource_object(cluster, group, resource)


def _parameters(site: Site, cluster: Cluster, call: Call, out: Streams) -> Iterable[Value]:
    owners = inputs(call, "InputObject")
    if not owners:
        raise CmdletError(
            error(f"PSArgument,{command(call.cmdlet)}", "InvalidArgument", "No cluster object was specified.")
        )
    names = texts(call, "Name")
    for owner in owners:
        held = next(
            (r.parameters for _, r in _every_resource(cluster) if r.name.lower() == text(prop(owner, "Name")).lower()),
            {},
        )
        for name in names:
            if not any(like(each, name) for each in held):
                out.error(
                    error(
                        f"Get-ClusterParameter,{command(call.cmdlet)}",
                        "NotSpecified",
                        f"Unable to find parameter '{name}'.",
                        name,
                    )
                )
        yield from (
            parameter_object(owner, name, value)
            for name, value in held.items()
            if not names or any(like(name, each) for each in names)
        )


def _quorum(site: Site, cluster: Cluster, call: Call, out: Streams) -> Iterable[Value]:
    witness = next(
        (_with_witness(cluster, g, r) for g, r in _every_resource(cluster) if r.type == "Cloud Witness"), None
    )
    return [shaped("ClusterQuorum", Cluster=cluster_object(cluster), QuorumResource=witness, QuorumType="Majority")]


def _volumes(site: Site, cluster: Cluster, call: Call, out: Streams) -> Iterable[Value]:
    wanted = named(call, out, "resource", [csv.name for csv in cluster.csvs])
    return [csv_object(csv) for csv in cluster.csvs if csv.name.lower() in wanted]
