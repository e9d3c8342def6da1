"""The cluster that carries a machine: nodes, votes, groups, volumes, services, jobs, updates."""

from __future__ import annotations

from tui.core.action import PowerShell, Reply
from tui.reads.asking import ask
from tui.remote.powershell import Row, listing, render, rows


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
                "Select-Object Name,@{n='state';e={[string]$_.JobState}},@{n='percent';e={[int]$_.PercentComplete}},"
                "@{n='done';e={[int64]$_.BytesProcessed}},@{n='total';e={[int64]$_.BytesTotal}}"
            )
        ),
    )


def update_state(host: str) -> PowerShell:
    """What the solution update service says of itself."""
    return ask(
        host,
        render(listing("Get-SolutionUpdateEnvironment | Select-Object @{n='state';e={[string]$_.State}}")),
    )


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
