"""Which VMs a Hyper-V cmdlet means, and the objects that Hyper-V shows of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from tui.lab.cmdlet import Call, Streams
from tui.lab.cmdlets.act import error, inputs, like, prop, text, texts, wild
from tui.lab.cmdlets.shape import shaped, shapes
from tui.lab.site import Site
from tui.lab.site.clustering import group_of
from tui.lab.site.model import Disk, Vm
from tui.lab.site.running import heartbeat
from tui.lab.values import GuidValue, PSObject, Value

NO_ID = "00000000-0000-0000-0000-000000000000"
COMMANDS = "Microsoft.HyperV.PowerShell.Commands."


def asked(
    site: Site,
    host: str,
    call: Call,
    out: Streams,
    command: str,
    *,
    missing: str = "ObjectNotFound",
    category: str = "ObjectNotFound",
) -> list[Vm]:
    """The VMs of this node that a call names (-Name, -VMName, -Id, -VM); the missing are reported."""
    here = sorted(site.vms_on(host), key=lambda vm: vm.name.lower())
    found: list[Vm] = []
    for name in texts(call, "Name", "VMName"):
        hits = (
            [vm for vm in here if like(vm.name, name)]
            if wild(name)
            else [vm for vm in here if vm.name.lower() == name.lower()]
        )
        if not hits and not wild(name):
            out.error(
                error(
                    f"{missing},{COMMANDS}{command}",
                    category,
                    f'Hyper-V was unable to find a virtual machine with name "{name}".',
                    name,
                )
            )
        found += hits
    ids = [*texts(call, "Id", "VMId"), *(text(prop(vm, "Id")) for vm in inputs(call, "VM"))]
    for vm_id in ids:
        hits = [vm for vm in here if vm.id == vm_id.lower()]
        if not hits:
            out.error(
                error(
                    f"ObjectNotFound,{COMMANDS}{command}",
                    "ObjectNotFound",
                    f'Hyper-V was unable to find a virtual machine with id "{vm_id}".',
                    vm_id,
                )
            )
        found += hits
    return found


def virtual_machine(vm: Vm) -> dict[str, Value]:
    """What a VM and each of its checkpoints have alike."""
    return {
        "Path": vm.config,
        "Version": "12.0",
        "Notes": "",
        "DVDDrives": [],
        "FibreChannelHostBusAdapters": [],
        "VMIntegrationService": [],
        "DynamicMemoryEnabled": False,
        "MemoryMaximum": vm.memory,
        "MemoryMinimum": vm.memory,
        "MemoryStartup": vm.memory,
        "ProcessorCount": vm.processors,
        "BatteryPassthroughEnabled": False,
        "Generation": vm.generation,
        "ParentSnapshotName": "",
        "GuestControlledCacheTypes": False,
        "LowMemoryMappedIoSpace": 134_217_728,
        "HighMemoryMappedIoSpace": 536_870_912,
        "LockOnDisconnect": "Off",
        "VMId": GuidValue(vm.id),
        "VMName": vm.name,
        "NetworkAdapters": [],
        "ComputerName": vm.node,
        "IsDeleted": False,
    }


def vm_object(site: Site, vm: Vm) -> PSObject:
    """A VirtualMachine."""
    running = vm.state == "Running"
    state_of = shapes()["VirtualMachine"]
    up = site.clock.now() - vm.started if running and vm.started else timedelta()
    ok = state_of.enum("PrimaryOperationalStatus", "Ok")
    status: list[Value] = ["Operating normally"]
    clustered = group_of(site.cluster(vm.cluster), vm.id) is not None
    return shaped(
        "VirtualMachine",
        f"VirtualMachine (Name = '{vm.name}') [Id = '{vm.id}']",
        ConfigurationLocation=vm.config,
        SmartPagingFileInUse=False,
        SmartPagingFilePath=vm.config,
        SnapshotFileLocation=vm.config,
        CheckpointFileLocation=vm.config,
        AutomaticStartAction=vm.auto_start,
        AutomaticStartDelay=0,
        AutomaticStopAction="Save",
        AutomaticCriticalErrorAction="Pause",
        AutomaticCriticalErrorActionTimeout=30,
        AutomaticCheckpointsEnabled=False,
        CPUUsage=3 if running else 0,
        MemoryAssigned=vm.memory if running else 0,
        MemoryDemand=vm.memory // 2 if running else 0,
        MemoryStatus="OK" if running else "",
        NumaAligned=True if running else None,
        NumaNodesCount=1,
        NumaSocketCount=1,
        Heartbeat=heartbeat(site, vm),
        IntegrationServicesState="",
        IntegrationServicesVersion="0.0",
        Uptime=up,
        OperationalStatus=[ok],
        PrimaryOperationalStatus="Ok",
        StatusDescriptions=status,
        PrimaryStatusDescription="Operating normally",
        SecondaryStatusDescription="",
        Status="Operating normally",
        ReplicationHealth="NotApplicable",
        ReplicationMode="None",
        ReplicationState="Disabled",
        ResourceMeteringEnabled=False,
        CheckpointType="Production",
        EnhancedSessionTransportType="VMBus",
        Groups=[],
        VirtualMachineType="RealizedVirtualMachine",
        VirtualMachineSubType="Generation2",
        State=vm.state,
        HardDrives=list(drives(site, vm)),
        IsClustered=clustered,
        ParentCheckpointName="",
        SizeOfSystemFiles=4_339_200,
        CreationTime=vm.created,
        Id=GuidValue(vm.id),
        Name=vm.name,
        **virtual_machine(vm),
    )


def drives(site: Site, vm: Vm) -> Iterable[PSObject]:
    """The VM's HardDiskDrive objects."""
    return [_drive(vm, disk) for disk in vm.disks]


def _drive(vm: Vm, disk: Disk) -> PSObject:
    name = f"Hard Drive on SCSI controller number 0 at location {disk.location}"
    return shaped(
        "HardDiskDrive",
        f"HardDiskDrive (Name = '{name}', VMName = '{vm.name}')",
        Path=disk.path,
        MaximumIOPS=0,
        MinimumIOPS=0,
        QoSPolicyID=GuidValue(NO_ID),
        SupportPersistentReservations=False,
        WriteHardeningMethod="Default",
        ControllerLocation=disk.location,
        ControllerNumber=0,
        ControllerType="SCSI",
        Name=name,
        PoolName="Primordial",
        Id=f"Microsoft:{vm.id.upper()}\\0\\0\\{disk.location}\\D",
        VMId=GuidValue(vm.id),
        VMName=vm.name,
        VMSnapshotId=GuidValue(NO_ID),
        VMSnapshotName="",
        ComputerName=vm.node,
        IsDeleted=False,
    )
