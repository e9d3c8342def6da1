"""Read-only questions to a host and what their answers mean, as types. Every script here only reads.

Texts of enums are taken with `[string]`, dates as `'o'`, lists as one JSON text; what a cmdlet leaves out stays empty.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString

from tui.core.action import PowerShell, Reply
from tui.core.errors import EstateError
from tui.core.facts import Unknown
from tui.remote.powershell import Row, bytes_of, listing, render, rows

GROUP = "AzureStackHostAttestation"
VAULT = "AzureStackTvmKeyVault"
"""Microsoft's names for the group and the vault of guest state protection keys."""

READ_DEADLINE = 30.0
"""Seconds for one reading."""

_VM_COLUMNS: LiteralString = (
    "Select-Object Name,@{n='id';e={[string]$_.VMId}},@{n='state';e={[string]$_.State}},"
    "@{n='heartbeat';e={[string]$_.Heartbeat}},@{n='generation';e={[int]$_.Generation}},"
    "@{n='clustered';e={[bool]$_.IsClustered}},@{n='path';e={[string]$_.ConfigurationLocation}},"
    "@{n='autostart';e={[string]$_.AutomaticStartAction}},@{n='memory';e={[int64]$_.MemoryStartup}}"
)


@dataclass(frozen=True, slots=True)
class Vm:
    """A virtual machine as one node sees it. `memory` in bytes; `state` and `heartbeat` are enum names."""

    name: str
    id: str
    node: str
    state: str
    heartbeat: str
    generation: int
    clustered: bool
    path: str
    autostart: str
    memory: int


def ask(host: str, script: str) -> PowerShell:
    """A read-only script for a host."""
    return PowerShell(host, script, deadline=READ_DEADLINE, usual=1.0)


def vms(host: str) -> PowerShell:
    """All virtual machines that this node owns."""
    return ask(host, render(listing("Get-VM | " + _VM_COLUMNS)))


def vms_of(reply: Reply, node: str) -> tuple[Vm, ...]:
    """What `vms` brought."""
    return tuple(_vm(row, node) for row in rows(reply))


def _vm(row: Row, node: str) -> Vm:
    return Vm(
        row.text("Name"), row.text("id").lower(), node, row.text("state"), row.text("heartbeat"),
        row.number("generation"), row.flag("clustered"), row.text("path"), row.text("autostart"), row.number("memory"),
    )  # fmt: skip


def found(vm_id: str, nodes: Sequence[str], replies: Iterable[Reply]) -> Vm | None:
    """The VM of this ID on any of the nodes, whose `vms` these are."""
    for node, reply in zip(nodes, replies, strict=True):
        for vm in vms_of(reply, node):
            if vm.id == vm_id.lower():
                return vm
    return None


def trusted_launch(host: str, vm: str) -> PowerShell:
    """Whether the VM has a virtual TPM, which every Trusted Launch VM has."""
    return ask(host, render("[bool](Get-VMSecurity -VMName «vm»).TpmEnabled", vm=vm))


@dataclass(frozen=True, slots=True)
class Key:
    """A key as a vault lists it. Whether it is the right one cannot be read."""

    name: str
    kind: str
    size: str

    @property
    def text(self) -> str:
        """`AES 256`."""
        return f"{self.kind} {self.size}"


def vault_keys(host: str) -> PowerShell:
    """All keys in the vault of this host's cluster. Get-MocKey gives one array object, so it is unrolled first."""
    return ask(
        host,
        render(
            listing(
                "Get-MocKey -group AzureStackHostAttestation -keyvaultName AzureStackTvmKeyVault | ForEach-Object {$_}"
                " | Select-Object Name,@{n='kty';e={[string]$_.properties.kty}},"
                "@{n='size';e={[string]$_.properties.key_size}}"
            )
        ),
    )


def keys_of(reply: Reply) -> tuple[Key, ...]:
    """What `vault_keys` brought."""
    return tuple(Key(row.text("Name"), row.text("kty"), row.text("size")) for row in rows(reply))


def key_named(name: str, reply: Reply) -> Key | None:
    """The key of this name, without regard to case."""
    return next((key for key in keys_of(reply) if key.name.lower() == name.lower()), None)


def file_or_absent(host: str, path: str | Unknown) -> PowerShell:
    """A file's bytes as numbers, or `absent`."""
    return ask(
        host,
        render(
            "if(Test-Path -LiteralPath «path»){(Get-Content -LiteralPath «path» -Encoding Byte -ReadCount 0) -join ','}"
            "else{'absent'}",
            path=path,
        ),
    )


def bytes_or_absent(reply: Reply) -> bytes | None:
    """What `file_or_absent` brought; None for absent. Raises EstateError for anything else."""
    return None if reply.values == ("absent",) else bytes_of(reply)


def exists(host: str, path: str | Unknown) -> PowerShell:
    """Whether a path is there: one true or false."""
    return ask(host, render("Test-Path -LiteralPath «path»", path=path))


def truth_of(reply: Reply) -> bool:
    """One true or false. Raises EstateError for anything else."""
    if len(reply.values) == 1 and isinstance(reply.values[0], bool):
        return reply.values[0]
    raise EstateError("The host answered something that is not true or false.", raw=repr(reply.values))


def files_under(host: str, folder: str) -> PowerShell:
    """All files below a folder: full name and length in bytes."""
    return ask(
        host,
        render(
            listing(
                "Get-ChildItem -LiteralPath «folder» -Recurse -File | "
                "Select-Object FullName,@{n='length';e={[int64]$_.Length}}"
            ),
            folder=folder,
        ),
    )


def disks(host: str, vm: str) -> PowerShell:
    """The paths of a VM's disks."""
    return ask(host, render(listing("Get-VMHardDiskDrive -VMName «vm» | Select-Object Path"), vm=vm))


def checkpoints(host: str, vm: str) -> PowerShell:
    """A VM's checkpoints."""
    return ask(host, render(listing("Get-VMSnapshot -VMName «vm» | Select-Object Name"), vm=vm))


def services(host: str, *names: str) -> PowerShell:
    """Services by name, those that exist: name and status."""
    wanted = ",".join(names)
    return ask(
        host,
        render(
            listing(
                "Get-Service | Where-Object {(«wanted» -split ',') -contains $_.Name} | "
                "Select-Object Name,@{n='status';e={[string]$_.Status}}"
            ),
            wanted=wanted,
        ),
    )


def moc_versions(host: str) -> PowerShell:
    """MOC's stack and module versions."""
    return ask(
        host,
        render(
            listing(
                "Get-MocConfig | Select-Object @{n='version';e={[string]$_.version}},"
                "@{n='module';e={[string]$_.moduleVersion}}"
            )
        ),
    )


def groups(host: str) -> PowerShell:
    """The cluster's groups: name, state, owner."""
    return ask(
        host,
        render(
            listing(
                "Get-ClusterGroup | Select-Object Name,@{n='state';e={[string]$_.State}},"
                "@{n='owner';e={[string]$_.OwnerNode}}"
            )
        ),
    )


def nodes(host: str) -> PowerShell:
    """The cluster's nodes: state, drain, votes."""
    return ask(
        host,
        render(
            listing(
                "Get-ClusterNode | Select-Object Name,@{n='state';e={[string]$_.State}},"
                "@{n='status';e={[string]$_.StatusInformation}},@{n='drain';e={[string]$_.DrainStatus}},"
                "@{n='weight';e={[int]$_.DynamicWeight}}"
            )
        ),
    )


def quorum(host: str) -> PowerShell:
    """The quorum's witness: its name and state; nothing without a witness."""
    return ask(
        host,
        render(
            listing(
                "Get-ClusterQuorum | Where-Object {$_.QuorumResource} | "
                "Select-Object @{n='witness';e={[string]$_.QuorumResource.Name}},"
                "@{n='state';e={[string]$_.QuorumResource.State}}"
            )
        ),
    )


def volumes(host: str) -> PowerShell:
    """The cluster shared volumes: where, state, free bytes, maintenance."""
    return ask(
        host,
        render(
            listing(
                "Get-ClusterSharedVolume | Select-Object Name,@{n='state';e={[string]$_.State}},"
                "@{n='path';e={[string]$_.SharedVolumeInfo.FriendlyVolumeName}},"
                "@{n='free';e={[int64]$_.SharedVolumeInfo.Partition.FreeSpace}},"
                "@{n='maintenance';e={[bool]$_.SharedVolumeInfo.MaintenanceMode}}"
            )
        ),
    )


def storage_jobs(host: str) -> PowerShell:
    """Storage jobs that are not completed."""
    return ask(
        host,
        render(
            listing(
                "Get-StorageJob | Where-Object {[string]$_.JobState -ne 'Completed'} | "
                "Select-Object Name,@{n='state';e={[string]$_.JobState}},@{n='percent';e={[int]$_.PercentComplete}}"
            )
        ),
    )


def update_state(host: str) -> PowerShell:
    """What the solution update service says of itself."""
    return ask(
        host,
        render(listing("Get-SolutionUpdateEnvironment | Select-Object @{n='state';e={[string]$_.State}}")),
    )


def host_time(host: str) -> PowerShell:
    """The host's clock, UTC, as 'o'."""
    return ask(host, render("(Get-Date).ToUniversalTime().ToString('o')"))


def cluster_vms(host: str) -> PowerShell:
    """The clustered virtual machines: group, state, owner node, VM ID (found by the resource's VmID, not by name)."""
    return ask(
        host,
        render(
            listing(
                "Get-ClusterResource | Where-Object {[string]$_.ResourceType -eq 'Virtual Machine'} | "
                "Select-Object @{n='group';e={[string]$_.OwnerGroup}},@{n='state';e={[string]$_.State}},"
                "@{n='owner';e={[string]$_.OwnerNode}},"
                "@{n='vmid';e={[string]($_ | Get-ClusterParameter -Name VmID).Value}}"
            )
        ),
    )


def cluster_vm(vm_id: str, reply: Reply) -> Row | None:
    """The row of `cluster_vms` with this VM ID."""
    return next((row for row in rows(reply) if row.text("vmid").lower() == vm_id.lower()), None)


_EVENTS: LiteralString = (
    " -MaxEvents 200 -ErrorAction SilentlyContinue | Where-Object {[string]$_.Message -like «pattern»} | "
    "Select-Object -First 3 | Select-Object @{n='at';e={$_.TimeCreated.ToUniversalTime().ToString('o')}},"
    "@{n='id';e={[int]$_.Id}},@{n='level';e={[int]$_.Level}},@{n='message';e={[string]$_.Message}}"
)


def hyperv_records(host: str, vm_id: str) -> tuple[PowerShell, PowerShell]:
    """The newest Hyper-V VMMS and Worker records that name the VM. Shown, and never decided on alone."""
    pattern = f"*{vm_id}*"
    return (
        ask(
            host,
            render(listing("Get-WinEvent -LogName 'Microsoft-Windows-Hyper-V-VMMS-Admin'" + _EVENTS), pattern=pattern),
        ),
        ask(
            host,
            render(
                listing("Get-WinEvent -LogName 'Microsoft-Windows-Hyper-V-Worker-Admin'" + _EVENTS), pattern=pattern
            ),
        ),
    )


def errors_in(replies: Iterable[Reply]) -> tuple[str, ...]:
    """The newest error record (level 1 or 2) of each log, when and its first line."""
    newest = (
        [row for row in rows(reply) if row.number("level") in (1, 2) and row.text("message")][:1] for reply in replies
    )
    return tuple(f"{row.text('at')[:19]}Z {row.text('message').splitlines()[0]}" for found in newest for row in found)


def port_from(host: str, target: str, port: int) -> PowerShell:
    """Whether `target` answers on a TCP port, asked from another host. One true or false, and a warning."""
    return ask(
        host,
        render(
            "Test-NetConnection -ComputerName «target» -Port «port» -InformationLevel Quiet", target=target, port=port
        ),
    )


def sha256(data: bytes) -> str:
    """64 hex digits."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Sealed:
    """What an exported key file shows of itself. Names beyond these three are not known to anybody but Microsoft."""

    problem: str
    wrapped_by: str


def sealed(data: bytes) -> Sealed:
    """Reads an export. `problem` says what is wrong with it; an unknown shape is no problem, only less known."""
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError):
        return Sealed("it is not whole: no JSON", "")
    if not isinstance(content, dict) or not content:
        return Sealed("it is not whole: no JSON object", "")
    info = content.get("private-key-wrapping-info")
    name = info.get("key-name", "") if isinstance(info, dict) else ""
    if "private-key" in content and not content["private-key"]:
        return Sealed("it holds no key", str(name))
    return Sealed("", str(name))
