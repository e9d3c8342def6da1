"""Virtual machines as the nodes see them: state, place, disks, checkpoints, and what Hyper-V wrote about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from tui.core.action import PowerShell, Reply
from tui.reads.asking import ask
from tui.remote.powershell import Row, listing, render, rows

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


def trusted_launch(host: str, vm_id: str) -> PowerShell:
    """Whether the VM of this ID has a virtual TPM, which every Trusted Launch VM has."""
    return ask(host, render("[bool](Get-VM -Id «id» | Get-VMSecurity).TpmEnabled", id=vm_id))


def disks(host: str, vm_id: str) -> PowerShell:
    """The paths of the disks of the VM of this ID."""
    return ask(host, render(listing("Get-VM -Id «id» | Get-VMHardDiskDrive | Select-Object Path"), id=vm_id))


def checkpoints(host: str, vm_id: str) -> PowerShell:
    """The checkpoints of the VM of this ID."""
    return ask(host, render(listing("Get-VM -Id «id» | Get-VMSnapshot | Select-Object Name"), id=vm_id))


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


def errors_since(replies: Iterable[Reply], since: float) -> tuple[str, ...]:
    """First lines of error records not older than `since` (epoch seconds, by the host's clock, a minute of grace)."""
    found: list[str] = []
    for row in (row for reply in replies for row in rows(reply)):
        at = datetime.fromisoformat(row.text("at")[:19] + "+00:00").timestamp()
        if row.number("level") in (1, 2) and at >= since - 60.0:
            found.append(row.text("message").strip().partition("\n")[0])
    return tuple(found)


def errors_in(replies: Iterable[Reply]) -> tuple[str, ...]:
    """The newest error record (level 1 or 2) of each log, when and its first line."""
    newest = (
        [row for row in rows(reply) if row.number("level") in (1, 2) and row.text("message")][:1] for reply in replies
    )
    return tuple(f"{row.text('at')[:19]}Z {row.text('message').splitlines()[0]}" for found in newest for row in found)
