"""The rules of a VM's life: what starts, what refuses to, what the system does when a key is missing.

Microsoft Learn, "Manual backup and recovery of guest state protection keys for Trusted launch VMs": a VM started
before its key was restored fails, "and a new VM guest state protection key is created by the system". The ids of the
events of a failed unwrap are not documented: those here are the lab's, only the texts may be looked at.
"""

from __future__ import annotations

from tui.lab.site.files import Files
from tui.lab.site.model import Key, Vm
from tui.lab.site.site import Site
from tui.lab.site.vault import holds

VMMS = "Microsoft-Windows-Hyper-V-VMMS"
WORKER = "Microsoft-Windows-Hyper-V-Worker"
UNWRAP = "The key protector could not be unwrapped."
NO_CONTACT_SECONDS = 20.0
FLAP_SECONDS = 15.0


class StartRefused(Exception):
    """A VM does not start: `kind` is memory or other; the text is Hyper-V's."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


def start(site: Site, vm: Vm) -> None:
    """Start a VM on its node. Raises StartRefused; events and a wrong key stay behind. Under `site.change()`."""
    why = _obstacle(site, vm)
    if why is None:
        vm.state, vm.started = "Running", site.clock.now()
        site.record(
            vm.node,
            WORKER + "-Admin",
            WORKER,
            18500,
            4,
            f"'{vm.name}' started successfully. (Virtual machine ID {vm.id.upper()})",
        )
        return
    kind, detail = why
    failed = f"'{vm.name}' failed to start. (Virtual machine ID {vm.id.upper()})"
    site.record(vm.node, WORKER + "-Admin", WORKER, 12030, 2, f"{failed} {detail}")
    site.record(vm.node, VMMS + "-Admin", VMMS, 15130, 2, failed)
    raise StartRefused(kind, f"{failed}\n\n{detail}")


def _obstacle(site: Site, vm: Vm) -> tuple[str, str] | None:
    if vm.start_fault:
        return "other", vm.start_fault
    files = Files(site, vm.node)
    for disk in vm.disks:
        if files.find(disk.path) is None:
            return "other", (
                f"'{vm.name}' Synthetic SCSI Controller: Failed to open attachment '{disk.path}'. "
                "Error: 'The system cannot find the file specified.'"
            )
    megabytes = vm.memory // 2**20
    if free_memory(site, vm.node) < vm.memory:
        return "memory", (
            f"Not enough memory in the system to start the virtual machine {vm.name} with ram size "
            f"{megabytes} megabytes. '{vm.name}' could not initialize memory: Ran out of memory "
            "(0x8007000E)."
        )
    return _sealed(site, vm, files) if vm.sealed_by else None


def _sealed(site: Site, vm: Vm, files: Files) -> tuple[str, str] | None:
    state = files.find(f"{vm.config}\\Virtual Machines\\{vm.id.upper()}.vmgs")
    if state is None or not state.size:
        return "other", f"'{vm.name}' could not open its guest state file. The file or directory is corrupted."
    held = holds(site, vm.cluster, vm.id, vm.sealed_by)
    if held == "none":
        make_wrong_key(site, vm.cluster, vm.id)
    return None if held == "right" else ("other", UNWRAP)


def make_wrong_key(site: Site, cluster: str, vm_id: str) -> None:
    """The system makes a new key of the VM's name, which opens nothing."""
    site.cluster(cluster).keys.append(Key(vm_id, "AES", 256, site.keys.aes(256), site.clock.now(), "system"))


def stop(site: Site, vm: Vm) -> None:
    """Turn a VM off."""
    if vm.state != "Off":
        vm.state, vm.started = "Off", None
        site.record(
            vm.node,
            WORKER + "-Admin",
            WORKER,
            18502,
            4,
            f"'{vm.name}' was turned off. (Virtual machine ID {vm.id.upper()})",
        )


def heartbeat(site: Site, vm: Vm) -> str | None:
    """The VMHeartbeatStatus by name; None while it is off."""
    if vm.state != "Running" or vm.started is None:
        return None
    up = (site.clock.now() - vm.started).total_seconds()
    if up < NO_CONTACT_SECONDS:
        return "NoContact"
    if vm.flaps and int(up / FLAP_SECONDS) % 2:
        return "LostCommunication"
    return "OkApplicationsHealthy"


def free_memory(site: Site, host: str) -> int:
    """Bytes of memory that no running VM of a node has."""
    used = sum(vm.memory for vm in site.vms_on(host) if vm.state == "Running")
    return site.node(host).memory - used
