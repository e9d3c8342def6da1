"""The objects that the FailoverClusters module shows."""

from __future__ import annotations

from tui.lab.cmdlets.shape import shaped
from tui.lab.site.model import Cluster, Csv, Group, Node, Resource
from tui.lab.values import PSObject, Value

ONLINE = {"Online": "Online", "Offline": "Offline", "Failed": "Failed"}


def cluster_object(cluster: Cluster) -> PSObject:
    """A Cluster, with what a script may want of it; the tuning values are left null."""
    return shaped(
        "Cluster",
        cluster.name,
        Name=cluster.name,
        Domain="azl.example",
        Description="",
        Id=f"id-{cluster.name.lower()}",
        AdministrativeAccessPoint="Dns",
        BackupInProgress=0,
        ClusterFunctionalLevel=12,
        DynamicQuorum=1,
        EnableSharedVolumes="Enabled",
        S2DEnabled=1,
        SharedVolumesRoot="C:\\ClusterStorage",
        WitnessDynamicWeight=1,
        DetectedCloudPlatform="None",
    )


def node_ref(name: str) -> PSObject:
    """A node where it stands inside another object."""
    return PSObject("Microsoft.FailoverClusters.PowerShell.ClusterNode", {"Name": name}, name)


def node_object(cluster: Cluster, node: Node, number: int) -> PSObject:
    """A ClusterNode."""
    return shaped(
        "ClusterNode",
        node.name,
        BuildNumber=26100,
        Cluster=cluster_object(cluster),
        CSDVersion="",
        Description="",
        DrainStatus=node.drain,
        DrainTarget=0,
        DrainErrorCode=0,
        FailbackStatus="NotInitiated",
        DynamicWeight=node.weight if node.state == "Up" else 0,
        Id=str(number),
        MajorVersion=10,
        MinorVersion=0,
        Name=node.name,
        NeedsPreventQuorum=0,
        NodeName=node.name,
        NodeWeight=node.weight,
        NodeInstanceID=f"00000000-0000-0000-0000-{number:012}",
        State=node.state,
        StatusInformation="Normal",
        Type="Node",
        UniqueID="",
        Model="Lab",
        Manufacturer="Lab",
        SerialNumber=f"LAB{number:05}",
        DetectedCloudPlatform="None",
        HyperthreadingEnabled=1,
    )


def group_object(cluster: Cluster, group: Group) -> PSObject:
    """A ClusterGroup."""
    return shaped(
        "ClusterGroup",
        group.name,
        Name=group.name,
        Cluster=cluster_object(cluster),
        Description="",
        GroupType=group.type,
        IsCoreGroup=group.core,
        OwnerNode=node_ref(group.owner),
        State=group.state,
        StatusInformation="0",
        Priority=2000,
        PersistentState=int(group.state == "Online"),
        AutoFailbackType=0,
        FailoverPeriod=6,
        FailoverThreshold=4294967295,
        LockedFromMoving=0,
        DefaultOwner=4294967295,
        ColdStartSetting=0,
        ResiliencyPeriod=240,
        Id=f"group-{cluster.name.lower()}-{group.name.lower()}",
    )


def resource_object(cluster: Cluster, group: Group, resource: Resource) -> PSObject:
    """A ClusterResource."""
    kind = PSObject("Microsoft.FailoverClusters.PowerShell.ClusterResourceType", {"Name": resource.type}, resource.type)
    return shaped(
        "ClusterResource",
        resource.name,
        Name=resource.name,
        Cluster=cluster_object(cluster),
        Description="",
        OwnerGroup=group_object(cluster, group),
        OwnerNode=node_ref(group.owner),
        ResourceType=kind,
        State=state_of(resource, group),
        IsCoreResource=group.core,
        MaintenanceMode=False,
        LastOperationStatusCode=0,
        SeparateMonitor=False,
        IsStorageClassResource=False,
        IsNetworkClassResource=False,
        MonitorProcessId=0,
        StatusInformation="0",
        Characteristics="0",
        PersistentState=int(resource.state == "Online"),
        ResourceSpecificStatus="",
        Id=f"resource-{cluster.name.lower()}-{resource.name.lower()}",
    )


def state_of(resource: Resource, group: Group) -> str:
    """The resource's state by name."""
    return ONLINE.get(resource.state, "Unknown")


def parameter_object(owner: PSObject, name: str, value: str) -> PSObject:
    """A ClusterParameter of a resource."""
    number = value.isdigit()
    held: Value = int(value) if number else value
    return shaped(
        "ClusterParameter",
        name,
        ClusterObject=owner,
        Name=name,
        IsReadOnly=name == "VmID",
        ParameterType="UInt32" if number else "String",
        Value=held,
    )


def csv_object(csv: Csv) -> PSObject:
    """A ClusterSharedVolume with its one partition."""
    partition = PSObject(
        "Microsoft.FailoverClusters.PowerShell.ClusterSharedVolumePartition",
        {
            "Name": f"\\\\?\\Volume{{{csv.path[-8:].lower()}}}\\",
            "Size": csv.size,
            "FreeSpace": csv.free,
            "UsedSpace": csv.size - csv.free,
            "PercentFree": round(100 * csv.free / csv.size, 4),
            "FileSystem": "CSVFS",
        },
    )
    info = PSObject(
        "Microsoft.FailoverClusters.PowerShell.ClusterSharedVolumeInfo",
        {
            "FaultState": "NoFaults",
            "FriendlyVolumeName": csv.path,
            "Partition": partition,
            "PartitionNumber": 2,
            "VolumeOffset": 16_777_216,
            "MaintenanceMode": False,
            "RedirectedAccess": False,
            "VolumeName": "",
        },
    )
    return shaped(
        "ClusterSharedVolume",
        csv.name,
        Id=f"csv-{csv.name.lower()}",
        Name=csv.name,
        OwnerNode=node_ref(csv.owner),
        SharedVolumeInfo=[info],
        State=csv.state,
    )
