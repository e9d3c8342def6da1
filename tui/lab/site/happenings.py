"""What can happen to a site from outside, by name: somebody else's hand, a power cut, a full volume, a repair.

Each takes the site and keyword values, and does its thing under `site.change()`. `vm` is the name of a lost VM; by
default it is the first one.
"""

from __future__ import annotations

import ntpath
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta

from tui.lab.site import clustering, running
from tui.lab.site.model import ActionPlan, Checkpoint, File, StorageJob, Vm
from tui.lab.site.site import Site


def story_vm(site: Site, vm: str = "", cluster: str = "") -> Vm:
    """A lost VM as its target (or another cluster) has it. Raises LookupError for a name that was not lost."""
    found = site.vm_in(site.cluster(cluster or site.world.story.target), site.world.story.named(vm).vm)
    assert found is not None
    return found


def key_appears(site: Site, cluster: str = "", vm: str = "") -> None:
    """Somebody puts another key of the VM's name into the vault."""
    story = site.world.story
    where, name = site.cluster(cluster or story.target), story.named(vm).vm
    if all(key.name != name for key in where.keys):
        running.make_wrong_key(site, where.name, name)


def key_disappears(site: Site, cluster: str = "", vm: str = "") -> None:
    """Somebody removes the VM's key; by default from the backup vault."""
    story = site.world.story
    where, name = site.cluster(cluster or story.backup), story.named(vm).vm
    where.keys = [key for key in where.keys if key.name != name]


def vm_moves(site: Site, node: str = "", vm: str = "") -> None:
    """Somebody moves the VM, running or Off, to another node of its cluster."""
    moved = story_vm(site, vm)
    cluster = site.cluster(moved.cluster)
    others = [each.name for each in cluster.nodes if each.name != moved.node]
    moved.node = site.node(node or others[0]).name
    group = clustering.group_of(cluster, moved.id)
    if group is not None:
        group.owner = moved.node


def vm_starts(site: Site, vm: str = "") -> None:
    """Somebody starts the VM."""
    started = story_vm(site, vm)
    if started.state != "Running" and _try_start(site, started):
        clustering.follow(site, started)


def vm_stops(site: Site, vm: str = "") -> None:
    """Somebody turns the VM off."""
    running.stop(site, story_vm(site, vm))
    clustering.follow(site, story_vm(site, vm))


def source_returns(site: Site) -> None:
    """The dead cluster has power again, and the VMs run there."""
    story = site.world.story
    for node in site.cluster(story.source).nodes:
        node.alive, node.state, node.booted = True, "Up", site.clock.now()
    for lost in story.lost:
        vm = story_vm(site, lost.name, story.source)
        vm.state, vm.started = "Running", site.clock.now()


def repair_runs(site: Site, cluster: str = "", minutes: float = 11) -> None:
    """A storage repair is four fifths done; it ends by itself in so many minutes of site time."""
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


def heartbeat_flaps(site: Site, vm: str = "") -> None:
    """The VM's heartbeat comes and goes."""
    story_vm(site, vm).flaps = True


def start_fails(site: Site, text: str = "", vm: str = "") -> None:
    """The VM refuses to start for another reason than its key."""
    refusing = story_vm(site, vm)
    refusing.start_fault = text or f"'{refusing.name}' Synthetic SCSI Controller: General access denied error."


def mended(site: Site, vm: str = "") -> None:
    """The VM's own faults (`start-fails`, `heartbeat-flaps`) are over."""
    well = story_vm(site, vm)
    well.start_fault, well.flaps = "", False


def moc_old(site: Site, module: str = "1.2.20", version: str = "1.13.0.10200", cluster: str = "") -> None:
    """MOC is older than what Microsoft's script asks for."""
    where = site.cluster(cluster or site.world.story.target)
    where.moc_module, where.moc_version = module, version


def clock_off(site: Site, host: str = "HAM-N02", seconds: float = 600) -> None:
    """A node's clock is wrong."""
    site.node(host).clock_offset = seconds


def file_cut(site: Site, end: str = ".vmgs", size: int = 0, vm: str = "") -> None:
    """A file of the restored VM is shorter than it was."""
    for file in _files(site, end, vm):
        file.size = size


def file_missing(site: Site, end: str = ".vmgs", vm: str = "") -> None:
    """A file of the restored VM is not there."""
    files = site.cluster(site.world.story.target).files
    for file in _files(site, end, vm):
        del files[file.path.lower()]


def _files(site: Site, end: str, vm: str) -> list[File]:
    restored = story_vm(site, vm)
    return [
        file
        for low, file in site.cluster(restored.cluster).files.items()
        if low.startswith(restored.config.lower() + "\\") and low.endswith(end.lower())
    ]


def leftover_file(site: Site, host: str = "HAM-N02", path: str = "C:\\azlr\\old.pem") -> None:
    """A file lies where a run wants to write."""
    files, now = site.node(host).files, site.clock.now()
    folder = ntpath.dirname(path)
    files[folder.lower()] = File(folder, folder=True, created=now, written=now)
    files[path.lower()] = File(path, size=3, data=b"old", created=now, written=now)


def checkpoint_appears(site: Site, vm: str = "") -> None:
    """Somebody takes a checkpoint of the VM."""
    story_vm(site, vm).checkpoints.append(
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


def _try_start(site: Site, vm: Vm) -> bool:
    try:
        running.start(site, vm)
    except running.StartRefused:
        return False
    return True


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
