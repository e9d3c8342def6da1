"""What the site itself says of the story: is every VM back, and is all put away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.lab.site.clustering import group_of
from tui.lab.site.model import File
from tui.lab.site.running import heartbeat
from tui.lab.site.site import Site
from tui.lab.site.vault import holds
from tui.lab.site.world import Lost

WORK_FOLDER = "c:\\azlr\\"
OURS = "azl-"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the story came to its good end; `reasons` names each thing that is not so."""

    recovered: bool
    reasons: tuple[str, ...]


def judge(site: Site) -> Judgement:
    """Look at the site as it is now."""
    with site.lock:
        vms = [reason for lost in site.world.story.lost for reason in _vm(site, lost)]
        reasons = (*vms, *_splits(site), *_left(site))
    return Judgement(not reasons, reasons)


def _vm(site: Site, lost: Lost) -> Iterator[str]:
    story = site.world.story
    target = site.cluster(story.target)
    vm = site.vm_in(target, lost.vm)
    if vm is None:
        yield f"{lost.name} is not on {story.target}"
        return
    if vm.state != "Running":
        yield f"{vm.name} is {vm.state} on {vm.node}"
    beat = heartbeat(site, vm)
    if beat != "OkApplicationsHealthy":
        yield f"{vm.name} has the heartbeat {beat}"
    key = holds(site, story.target, lost.vm, lost.sealed_by)
    if key != "right":
        yield f"the vault of {story.target} holds {'no key' if key == 'none' else 'a wrong key'} for {vm.name}"
    if holds(site, story.backup, lost.vm, lost.sealed_by) != "right":
        yield f"the vault of {story.backup} lost the key of {vm.name}"
    group = group_of(target, vm.id)
    if group is None:
        yield f"{vm.name} is not clustered"
    elif group.state != "Online":
        yield f"the cluster group {group.name} is {group.state}"
    if vm.auto_start != lost.auto_start:
        yield f"AutomaticStartAction of {vm.name} is {vm.auto_start}, it was {lost.auto_start}"


def _splits(site: Site) -> Iterator[str]:
    for split in site.split_brain:
        yield f"two copies of {split.vm} ran at once, on {' and '.join(split.nodes)}"


def _left(site: Site) -> Iterator[str]:
    for cluster in site.clusters:
        for key in cluster.keys:
            if key.name.lower().startswith(OURS):
                yield f"the key {key.name} is left in the vault of {cluster.name}"
        for node in cluster.nodes:
            yield from _files(node.name, node.files)


def _files(where: str, files: dict[str, File]) -> Iterator[str]:
    for low, file in sorted(files.items()):
        if low.startswith(WORK_FOLDER):
            yield f"{file.path} is left on {where}"
