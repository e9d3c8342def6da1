"""The site of the Trusted Launch stories, made from a seed.

SRV-DB01 ran on AZL-BER, whose two nodes are dead. Its restored files lie on AZL-HAM, where it is registered, Off and
not clustered. Its key is in the vault of KEY-N01 and not in that of AZL-HAM. In the variant `started-too-early`
somebody started it there before: a wrong key has its name. In the variant `wave` six VMs share its fate.
"""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta

from tui.lab.clock import LabClock
from tui.lab.site import running
from tui.lab.site.cast import CASTS, Ordinary, Restored
from tui.lab.site.clustering import vm_group
from tui.lab.site.infrastructure import GIB, make_cluster, put_vm_files
from tui.lab.site.keys import KeyMaker, RealKeys, fingerprint
from tui.lab.site.model import ROOT_KEY, Cluster, Disk, Key, Vm
from tui.lab.site.site import Site
from tui.lab.site.store import Store
from tui.lab.site.world import Lost, Story, World

START = datetime(2026, 11, 22, 2, 14, tzinfo=UTC)
TOO_EARLY_AGO = timedelta(minutes=25)
DIED = START - timedelta(minutes=5)
VARIANTS = tuple(CASTS)


class _SeededKeys:
    """AES keys from the seed, so that two sites of one seed are equal; RSA pairs as the maker gives them."""

    def __init__(self, rng: random.Random, maker: KeyMaker) -> None:
        self._rng = rng
        self._maker = maker

    def rsa(self, size: int) -> bytes:
        return self._maker.rsa(size)

    def aes(self, size: int) -> bytes:
        return self._rng.randbytes(size // 8)


def make_site(
    seed: int,
    variant: str = "",
    *,
    keys: KeyMaker | None = None,
    clock: LabClock | None = None,
    store: Store | None = None,
) -> Site:
    """A new site. The clock's default: 22 Nov 2026 02:14 UTC at speed 1. Raises ValueError for an unknown variant."""
    if variant not in VARIANTS:
        raise ValueError(f"no such variant: {variant!r}; there are {', '.join(repr(v) for v in VARIANTS)}")
    rng = random.Random(seed)
    maker = keys or RealKeys()
    world = _world(seed, variant, rng, _SeededKeys(rng, maker), clock.now() if clock else START)
    site = Site(world, clock or LabClock(START), store=store, keys=maker)
    if variant == "started-too-early":
        _start_too_early(site)
    return site


def _world(seed: int, variant: str, rng: random.Random, keys: _SeededKeys, now: datetime) -> World:
    ber = make_cluster("AZL-BER", ("BER-N01", "BER-N02"), 10, rng, now)
    ham = make_cluster("AZL-HAM", ("HAM-N01", "HAM-N02"), 20, rng, now)
    key = make_cluster("AZL-KEY", ("KEY-N01",), 30, rng, now)
    for node in ber.nodes:
        node.alive = False
    lost = [_lost(vm, ber, ham, rng, now) for vm in CASTS[variant].restored]
    others = _ordinary(CASTS[variant].ordinary, ham, rng, keys, now)
    for old, new in lost:
        gsp = Key(old.id, "AES", 256, keys.aes(256), now - timedelta(days=200), "story")
        old.sealed_by = new.sealed_by = fingerprint(gsp.material)
        ber.keys.append(gsp)
        key.keys.append(Key(gsp.name, "AES", 256, gsp.material, now - timedelta(days=10), "story"))
    for cluster in (ber, ham, key):
        cluster.keys.append(Key(ROOT_KEY, "RSA", 2048, keys.rsa(2048), now - timedelta(days=300), "story"))
    key.keys += [_aes(rng, keys, now) for _ in range(8)]
    ham.keys.append(_aes(rng, keys, now))
    ham.groups += [vm_group(vm) for vm in others]
    ber.groups += [vm_group(old) for old, _ in lost]
    vms = [*(vm for pair in lost for vm in pair), *others]
    for vm in vms:
        put_vm_files(ber if vm.cluster == ber.name else ham, vm, now)
    named = tuple(Lost(new.id, new.name, new.auto_start, new.sealed_by) for _, new in lost)
    story = Story(named, ham.name, ber.name, key.name, CASTS[variant].groups)
    return World(seed, variant, story, [ber, ham, key], vms)


def _lost(lost: Restored, ber: Cluster, ham: Cluster, rng: random.Random, now: datetime) -> tuple[Vm, Vm]:
    """A lost VM as AZL-BER has it, and as its files were restored to AZL-HAM an hour ago."""
    vm_id = _uuid(rng)
    storage = rng.randbytes(8).hex()

    def copy(cluster: Cluster, node: int, folder: str) -> Vm:
        disks = [
            Disk(f"{folder}\\Virtual Hard Disks\\{lost.name}-os.vhdx", 127 * GIB, 0),
            Disk(f"{folder}\\Virtual Hard Disks\\{lost.name}-data.vhdx", lost.data * GIB, 1),
        ]
        return Vm(
            vm_id,
            lost.name,
            cluster.name,
            cluster.nodes[node].name,
            "Off",
            lost.memory * GIB,
            lost.processors,
            folder,
            now - timedelta(days=200),
            lost.auto_start,
            tpm=True,
            disks=disks,
        )

    old = copy(ber, 2 - lost.node, f"{ber.csvs[2 - lost.volume].path}\\{storage}\\{lost.name}")
    old.state, old.started = "Running", DIED - timedelta(days=31)
    new = copy(ham, lost.node - 1, f"{ham.csvs[lost.volume - 1].path}\\Restore\\{lost.name}")
    new.created = now - timedelta(hours=1)
    return old, new


def _ordinary(
    ordinary: tuple[Ordinary, ...], ham: Cluster, rng: random.Random, keys: _SeededKeys, now: datetime
) -> list[Vm]:
    vms = []
    for each in ordinary:
        folder = f"{ham.csvs[each.node - 1].path}\\{rng.randbytes(8).hex()}\\{each.name}"
        vm = Vm(
            _uuid(rng),
            each.name,
            ham.name,
            ham.nodes[each.node - 1].name,
            "Running",
            each.memory * GIB,
            4,
            folder,
            now - timedelta(days=120),
            tpm=each.trusted,
            started=now - timedelta(days=12),
            disks=[Disk(f"{folder}\\Virtual Hard Disks\\{each.name}-os.vhdx", 127 * GIB, 0)],
        )
        if each.trusted:
            gsp = Key(vm.id, "AES", 256, keys.aes(256), now - timedelta(days=120), "story")
            vm.sealed_by = fingerprint(gsp.material)
            ham.keys.append(gsp)
        vms.append(vm)
    return vms


def _aes(rng: random.Random, keys: _SeededKeys, now: datetime) -> Key:
    return Key(_uuid(rng), "AES", 256, keys.aes(256), now - timedelta(days=rng.randrange(20, 200)), "story")


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _start_too_early(site: Site) -> None:
    story = site.world.story
    vm = site.vm_in(site.cluster(story.target), story.named().vm)
    assert vm is not None
    with site.change():
        try:
            running.start(site, vm)
        except running.StartRefused:
            for event in site.world.events:
                event.at -= TOO_EARLY_AGO
            return
    raise AssertionError("the story's VM started without its key")
