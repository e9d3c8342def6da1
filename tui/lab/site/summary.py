"""The end state of a site without its history: two sites that came to the same end give equal summaries."""

from __future__ import annotations

import re
from typing import Any

from tui.lab.site.clustering import group_of
from tui.lab.site.keys import fingerprint
from tui.lab.site.model import Cluster, File, Key
from tui.lab.site.site import Site

_OURS = re.compile(r"azl-[A-Za-z0-9-]+")
_RUN = re.compile(r"\d{6,8}[-T]?\d{4,6}Z?[-_]?[0-9a-f]{4}(?![0-9a-f])")


def summary(site: Site) -> dict[str, Any]:
    """VMs, vaults, groups, files outside the VM folders, split brain; names that a run made are made equal."""
    with site.lock:
        return {
            "vms": sorted((_vm(site, vm.cluster, vm.id) for vm in site.vms), key=lambda v: (v["id"], v["cluster"])),
            "vaults": {cluster.name: sorted(_key(site, key) for key in cluster.keys) for cluster in site.clusters},
            "groups": {
                cluster.name: sorted([_plain(g.name), g.state, g.owner] for g in cluster.groups)
                for cluster in site.clusters
            },
            "files": _files(site),
            "split_brain": sorted({s.vm for s in site.split_brain}),
        }


def _vm(site: Site, cluster: str, vm_id: str) -> dict[str, Any]:
    where = site.cluster(cluster)
    vm = site.vm_in(where, vm_id)
    assert vm is not None
    return {
        "id": vm.id,
        "name": vm.name,
        "cluster": cluster,
        "owner": vm.node,
        "state": vm.state,
        "clustered": group_of(where, vm.id) is not None,
        "autostart": vm.auto_start,
        "checkpoints": len(vm.checkpoints),
    }


def _key(site: Site, key: Key) -> list[str]:
    sealed = {vm.sealed_by for vm in site.vms if vm.id == key.name.lower() and vm.sealed_by}
    right = "" if key.kty != "AES" or not sealed else "right" if fingerprint(key.material) in sealed else "wrong"
    return [_plain(key.name), key.kty, str(key.size), right]


def _files(site: Site) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for cluster in site.clusters:
        found[cluster.name] = _shown(cluster.files, _vm_folders(site, cluster))
        for node in cluster.nodes:
            found[node.name] = _shown(node.files, ())
    return found


def _vm_folders(site: Site, cluster: Cluster) -> tuple[str, ...]:
    return tuple(vm.config.lower() for vm in site.vms if vm.cluster == cluster.name)


def _shown(files: dict[str, File], without: tuple[str, ...]) -> list[list[str]]:
    return sorted(
        [_plain(file.path), "folder" if file.folder else "file"]
        for low, file in files.items()
        if not low.startswith(without or ("\0",))
    )


def _plain(name: str) -> str:
    return _RUN.sub("<run>", _OURS.sub("azl-*", name))
