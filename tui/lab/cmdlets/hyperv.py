"""Hyper-V: VMs as their node has them; a VM on another node is not found here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.lab.cmdlet import Call, Cmdlet, PSError, Streams
from tui.lab.cmdlets.act import error, flag, inputs, like, prop, text, texts
from tui.lab.cmdlets.machines import COMMANDS, asked, drives, virtual_machine, vm_object
from tui.lab.cmdlets.shape import shaped
from tui.lab.site import Site, running
from tui.lab.site.clustering import follow
from tui.lab.site.files import FileFault, Files
from tui.lab.site.model import Checkpoint, Vm
from tui.lab.values import GuidValue, PSObject, Value

START_ACTIONS = {"nothing": "Nothing", "startifrunning": "StartIfRunning", "start": "Start"}
CHANGEABLE = {"Name", "VM", "AutomaticStartAction", "Passthru", "Confirm", "WhatIf", "ErrorAction", "Verbose"}
ALREADY = "The virtual machine is already in the specified state."


def cmdlets(site: Site, host: str) -> Mapping[str, Cmdlet]:
    """The Hyper-V cmdlets of one host."""
    return {
        "Get-VM": lambda call, out: _get_vm(site, host, call, out),
        "Set-VM": lambda call, out: _set_vm(site, host, call, out),
        "Start-VM": lambda call, out: _start_vm(site, host, call, out),
        "Stop-VM": lambda call, out: _stop_vm(site, host, call, out),
        "Get-VMSnapshot": lambda call, out: _snapshots(site, host, call, out),
        "Get-VMSecurity": lambda call, out: _security(site, host, call, out),
        "Get-VMHardDiskDrive": lambda call, out: _drives(site, host, call, out),
        "Get-VHD": lambda call, out: _vhd(site, host, call, out),
    }


def _get_vm(site: Site, host: str, call: Call, out: Streams) -> Iterable[Value]:
    groups = inputs(call, "ClusterObject")
    if groups:
        names = [text(prop(group, "Name")) for group in groups]
        ids = [g.vm for g in site.cluster_of(host).groups if g.name in names and g.vm]
        return [vm_object(site, vm) for vm in site.vms_on(host) if vm.id in ids]
    if not texts(call, "Name", "Id", "VMName"):
        every = sorted(site.vms_on(host), key=lambda vm: vm.name.lower())
        return [vm_object(site, vm) for vm in every]
    found = asked(site, host, call, out, "GetVM", missing="InvalidParameter", category="InvalidArgument")
    return [vm_object(site, vm) for vm in found]


def _set_vm(site: Site, host: str, call: Call, out: Streams) -> Iterable[Value]:
    other = sorted(set(call.parameters) - CHANGEABLE)
    if other:
        out.error(
            error(
                f"NotSupported,{COMMANDS}SetVM",
                "NotImplemented",
                f"The simulated site cannot change {', '.join(other)} of a virtual machine.",
            )
        )
        return []
    vms = asked(site, host, call, out, "SetVM")
    action = call.text("AutomaticStartAction") and text(call.parameters["AutomaticStartAction"])
    for vm in vms:
        if action:
            vm.auto_start = START_ACTIONS[action.lower()]
    return [vm_object(site, vm) for vm in vms] if flag(call, "Passthru") else []


def _start_vm(site: Site, host: str, call: Call, out: Streams) -> Iterable[Value]:
    vms = asked(site, host, call, out, "StartVM")
    for vm in vms:
        if vm.state == "Running":
            out.warning(ALREADY)
            continue
        try:
            running.start(site, vm)
        except running.StartRefused as refused:
            out.error(_not_started(vm, refused))
        follow(site, vm)
    return [vm_object(site, vm) for vm in vms] if flag(call, "Passthru") else []


def _not_started(vm: Vm, refused: running.StartRefused) -> PSError:
    if refused.kind == "memory":
        return error(f"OutOfMemory,{COMMANDS}StartVM", "FromStdErr", str(refused), vm.name)
    return error(f"OperationFailed,{COMMANDS}StartVM", "NotSpecified", str(refused), vm.name)


def _stop_vm(site: Site, host: str, call: Call, out: Streams) -> Iterable[Value]:
    vms = asked(site, host, call, out, "StopVM")
    for vm in vms:
        if vm.state == "Off":
            out.warning(ALREADY)
        running.stop(site, vm)
        follow(site, vm)
    return [vm_object(site, vm) for vm in vms] if flag(call, "Passthru") else []


def _snapshots(site: Site, host: str, call: Call, out: Streams) -> Iterable[Value]:
    wanted = call.text("Name")
    for vm in asked_by_vm_name(site, host, call, out, "GetVMSnapshot"):
        hits = [c for c in vm.checkpoints if not wanted or like(c.name, wanted)]
        if wanted and not hits:
            out.error(
                error(
                    f"ObjectNotFound,{COMMANDS}GetVMSnapshot",
                    "ObjectNotFound",
                    "Unable to find a snapshot matching the given criteria.",
                )
            )
        yield from (_snapshot(vm, each) for each in hits)


def asked_by_vm_name(site: Site, host: str, call: Call, out: Streams, command: str) -> list[Vm]:
    """The VMs of -VMName or -VM, where -Name is something else."""
    rest = {k: v for k, v in call.parameters.items() if k != "Name"}
    return asked(site, host, Call(call.cmdlet, rest, call.parameter_set, call.pipeline), out, command)


def _snapshot(vm: Vm, point: Checkpoint) -> PSObject:
    return shaped(
        "VMSnapshot",
        f"VMSnapshot (Name = '{point.name}')",
        SnapshotType=point.type,
        IsAutomaticCheckpoint=False,
        State="Off",
        HardDrives=[],
        IsClustered=False,
        SizeOfSystemFiles=0,
        CreationTime=point.created,
        Id=GuidValue(point.id),
        Name=point.name,
        **virtual_machine(vm),
    )


def _security(site: Site, host: str, call: Call, out: Streams) -> Iterable[Value]:
    for vm in asked(site, host, call, out, "GetVMSecurity"):
        yield shaped(
            "VMSecurity",
            TpmEnabled=vm.tpm,
            KsdEnabled=False,
            Shielded=False,
            EncryptStateAndVmMigrationTraffic=vm.tpm,
            VirtualizationBasedSecurityOptOut=False,
            BindToHostTpm=False,
            ComputerName=vm.node,
            IsDeleted=False,
        )


def _drives(site: Site, host: str, call: Call, out: Streams) -> Iterable[Value]:
    for vm in asked(site, host, call, out, "GetVMHardDiskDrive"):
        for drive in drives(site, vm):
            location = call.text("ControllerLocation")
            if not location or str(prop(drive, "ControllerLocation")) == location:
                yield drive


def _vhd(site: Site, host: str, call: Call, out: Streams) -> Iterable[Value]:
    files = Files(site, host)
    ids = texts(call, "VMId")
    mine = [vm for vm in site.vms if vm.cluster == site.cluster_of(host).name]
    paths = [*texts(call, "Path"), *(disk.path for vm in mine if vm.id in ids for disk in vm.disks)]
    sizes = {disk.path.lower(): disk.size for vm in mine for disk in vm.disks}
    held = {disk.path.lower() for vm in mine if vm.state != "Off" for disk in vm.disks}
    for path in paths:
        try:
            file = files.find(path)
        except FileFault:
            file = None
        if file is None or file.folder or not file.path.lower().endswith((".vhdx", ".vhd")):
            out.error(
                error(
                    "InvalidParameter,Microsoft.Vhd.PowerShell.Cmdlets.GetVHD",
                    "InvalidArgument",
                    f"'{path}' is not an existing virtual hard disk file.",
                    path,
                )
            )
            continue
        yield shaped(
            "VirtualHardDisk",
            ComputerName=host,
            Path=file.path,
            VhdFormat="VHDX",
            VhdType="Dynamic",
            FileSize=file.size,
            Size=sizes.get(file.path.lower(), file.size),
            LogicalSectorSize=512,
            PhysicalSectorSize=4096,
            BlockSize=33_554_432,
            ParentPath="",
            FragmentationPercentage=0,
            DiskIdentifier="",
            Alignment=1,
            Attached=file.path.lower() in held,
            IsPMEMCompatible=False,
            AddressAbstractionType="None",
        )
