"""What can happen to a site from outside, by name: somebody else's hand, a power cut, a full volume, a repair.

Each takes the site and keyword values that default to the story's VM, and does its thing under `site.change()`.
"""

from __future__ import annotations

import ntpath
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta

from tui.lab.site import clustering, running
from tui.lab.site.model import ActionPlan, Checkpoint, File, StorageJob, Vm
from tui.lab.site.site import Site


def story_vm(site: Site, cluster: str = "") -> Vm:
    """The story's VM as its target (or another cluster) has it."""
    vm = site.vm_in(site.cluster(cluster or site.world.story.target), site.world.story.vm)
    assert vm is not None
    return vm


def key_appears(site: Site, cluster: str = "", name: str = "") -> None:
    """Somebody puts another key of the VM's name into the vault."""
    story = site.world.story
    where = site.cluster(cluster or story.target)
    if all(key.name != (name or story.vm) for key in where.keys):
        running.make_wrong_key(site, where.name, name or story.vm)


def key_disappears(site: Site, cluster: str = "", name: str = "") -> None:
    """Somebody removes the VM's key; by default from the backup vault."""
    where = site.cluster(cluster or site.world.story.backup)
    where.keys = [key for key in where.keys if key.name != (name or site.world.story.vm)]


def vm_moves(site: Site, node: str = "HAM-N01") -> None:
    """Somebody moves the VM to another node."""
    vm = story_vm(site)
    vm.node = site.node(node).name
    group = clustering.group_of(site.cluster(vm.cluster), vm.id)
    if group is not None:
        group.owner = vm.node


def vm_starts(site: Site) -> None:
    """Somebody starts the VM."""
    vm = story_vm(site)
    if vm.state == "Running":
        return
    try:
        running.start(site, vm)
    except running.StartRefused:
        return
    clustering.follow(site, vm)


def vm_stops(site: Site) -> None:
    """Somebody turns the VM off."""
    running.stop(site, story_vm(site))
    clustering.follow(site, story_vm(site))


def source_returns(site: Site) -> None:
    """The dead cluster has power again, and the VM runs there."""
    for node in site.cluster(site.world.story.source).nodes:
        node.alive, node.state, node.booted = True, "Up", site.clock.now()
    vm = story_vm(site, site.world.story.source)
    vm.state, vm.started = "Running", site.clock.now()


def repair_runs(site: Site, cluster: str = "", minutes: float = 11) -> None:
    """A storage repair begins; it ends by itself."""
    now = site.clock.now()
    site.cluster(cluster or site.world.story.target).jobs.append(
        StorageJob("Repair", now - timedelta(minutes=4 * minutes), now + timedelta(minutes=minutes), 17_448_304_640)
    )


def update_runs(site: Site, cluster: str = "") -> None:
    """A solution update begins."""
    where = site.cluster(cluster or site.world.story.target)
    where.update_state = "UpdateInProgress"
    where.plans.append(
        ActionPlan(str(uuid.UUID(int=site.number(), version=4)), "MAS Update", "Running", site.clock.now())
    )


def csv_full(site: Site, csv: str = "UserStorage_1", cluster: str = "") -> None:
    """A volume has no space left."""
    for each in site.cluster(cluster or site.world.story.target).csvs:
        if each.path.lower().endswith("\\" + csv.lower()):
            each.free = 0


def service_stops(site: Site, host: str = "HAM-N02", service: str = "mochostagent") -> None:
    """A service of a node stops."""
    for each in site.node(host).services:
        if each.name.lower() == service.lower():
            each.status = "Stopped"


def moc_offline(site: Site, cluster: str = "") -> None:
    """MOC's cloud agent group goes offline."""
    for group in site.cluster(cluster or site.world.story.target).groups:
        if group.name.startswith("ca-"):
            group.state = "Offline"


def witness_offline(site: Site, cluster: str = "") -> None:
    """The cloud witness cannot be reached."""
    site.cluster(cluster or site.world.story.target).witness = "Failed"


def heartbeat_flaps(site: Site) -> None:
    """The VM's heartbeat comes and goes."""
    story_vm(site).flaps = True


def start_fails(site: Site, text: str = "'SRV-DB01' Synthetic SCSI Controller: General access denied error.") -> None:
    """The VM refuses to start for another reason than its key."""
    story_vm(site).start_fault = text


def mended(site: Site) -> None:
    """The VM's own faults (`start-fails`, `heartbeat-flaps`) are over."""
    vm = story_vm(site)
    vm.start_fault, vm.flaps = "", False


def moc_old(site: Site, module: str = "1.2.20", version: str = "1.13.0.10200", cluster: str = "") -> None:
    """MOC is older than what Microsoft's script asks for."""
    where = site.cluster(cluster or site.world.story.target)
    where.moc_module, where.moc_version = module, version


def clock_off(site: Site, host: str = "HAM-N02", seconds: float = 600) -> None:
    """A node's clock is wrong."""
    site.node(host).clock_offset = seconds


def file_cut(site: Site, end: str = ".vmgs", size: int = 0) -> None:
    """A file of the restored VM is shorter than it was."""
    for file in _files(site, end):
        file.size = size


def file_missing(site: Site, end: str = ".vmgs") -> None:
    """A file of the restored VM is not there."""
    files = site.cluster(site.world.story.target).files
    for file in _files(site, end):
        del files[file.path.lower()]


def _files(site: Site, end: str) -> list[File]:
    vm = story_vm(site)
    return [
        file
        for low, file in site.cluster(vm.cluster).files.items()
        if low.startswith(vm.config.lower() + "\\") and low.endswith(end.lower())
    ]


def leftover_file(site: Site, host: str = "HAM-N02", path: str = "C:\\azlr\\old.pem") -> None:
    """A file lies where a run wants to write."""
    files, now = site.node(host).files, site.clock.now()
    folder = ntpath.dirname(path)
    files[folder.lower()] = File(folder, folder=True, created=now, written=now)
    files[path.lower()] = File(path, size=3, data=b"old", created=now, written=now)


def checkpoint_appears(site: Site) -> None:
    """Somebody takes a checkpoint of the VM."""
    story_vm(site).checkpoints.append(
        Checkpoint(str(uuid.UUID(int=site.number(), version=4)), "before the test", site.clock.now())
    )


def node_drains(site: Site, host: str = "HAM-N02") -> None:
    """A node is paused; its groups go to another one."""
    node, cluster = site.node(host), site.cluster_of(host)
    node.state, node.drain = "Paused", "Completed"
    for group in [g for g in cluster.groups if g.owner == node.name]:
        clustering.move(site, cluster, group)


def node_restarts(site: Site, host: str = "HAM-N02") -> None:
    """A node starts anew: VMs come back as their AutomaticStartAction says, whatever key there is."""
    node = site.node(host)
    node.booted = site.clock.now()
    for vm in site.vms_on(node.name):
        was, clustered = vm.state, clustering.group_of(site.cluster(vm.cluster), vm.id) is not None
        running.stop(site, vm)
        if (was == "Running" and (clustered or vm.auto_start != "Nothing")) or (
            not clustered and vm.auto_start == "Start"
        ):
            _try_start(site, vm)
        clustering.follow(site, vm)


def node_dies(site: Site, host: str = "HAM-N01") -> None:
    """A node loses power."""
    node = site.node(host)
    node.alive, node.state = False, "Down"


def _try_start(site: Site, vm: Vm) -> None:
    try:
        running.start(site, vm)
    except running.StartRefused:
        return


HAPPENINGS: Mapping[str, Callable[..., None]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        key_appears,
        key_disappears,
        vm_moves,
        vm_starts,
        vm_stops,
        source_returns,
        repair_runs,
        update_runs,
        csv_full,
        service_stops,
        moc_offline,
        witness_offline,
        heartbeat_flaps,
        start_fails,
        mended,
        moc_old,
        clock_off,
        file_cut,
        file_missing,
        leftover_file,
        checkpoint_appears,
        node_drains,
        node_restarts,
        node_dies,
    )
}
"""All of them by name, with hyphens."""
