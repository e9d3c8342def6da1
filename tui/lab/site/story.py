"""The site of the Trusted Launch story, made from a seed.

SRV-DB01 ran on AZL-BER, whose two nodes are dead. Its restored files lie on AZL-HAM, where it is registered, Off and
not clustered. Its key is in the vault of KEY-N01 and not in that of AZL-HAM. In the variant `started-too-early`
somebody started it there before: a wrong key has its name.
"""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta

from tui.lab.clock import LabClock
from tui.lab.site import running
from tui.lab.site.clustering import vm_group
from tui.lab.site.infrastructure import GIB, make_cluster, put_vm_files
from tui.lab.site.keys import KeyMaker, RealKeys, fingerprint
from tui.lab.site.model import ROOT_KEY, Cluster, Disk, Key, Vm
from tui.lab.site.site import Site
from tui.lab.site.store import Store
from tui.lab.site.world import Story, World

START = datetime(2026, 11, 22, 2, 14, tzinfo=UTC)
TOO_EARLY_AGO = timedelta(minutes=25)
DIED = START - timedelta(minutes=5)
VARIANTS = ("", "started-too-early")
LOST = "SRV-DB01"
ORDINARY = (
    ("SRV-WEB01", 1, 16, False),
    ("SRV-WEB02", 2, 16, False),
    ("SRV-APP01", 1, 32, False),
    ("SRV-HR01", 1, 24, True),
    ("SRV-PRT01", 2, 8, False),
)
"""VMs that run on AZL-HAM: name, node number, memory in GiB, Trusted Launch."""


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
    old, new = _lost(ber, ham, rng, keys, now)
    others = _ordinary(ham, rng, keys, now)
    gsp = Key(old.id, "AES", 256, keys.aes(256), now - timedelta(days=200), "story")
    old.sealed_by = new.sealed_by = fingerprint(gsp.material)
    ber.keys.append(gsp)
    key.keys.append(Key(gsp.name, "AES", 256, gsp.material, now - timedelta(days=10), "story"))
    for cluster in (ber, ham, key):
        cluster.keys.append(Key(ROOT_KEY, "RSA", 2048, keys.rsa(2048), now - timedelta(days=300), "story"))
    key.keys += [_aes(rng, keys, now) for _ in range(8)]
    ham.keys.append(_aes(rng, keys, now))
    ham.groups += [vm_group(vm) for vm in others]
    ber.groups.append(vm_group(old))
    for vm in (old, new, *others):
        put_vm_files(ber if vm.cluster == ber.name else ham, vm, now)
    story = Story(new.id, LOST, ham.name, ber.name, key.name, new.auto_start, new.sealed_by)
    return World(seed, variant, story, [ber, ham, key], [old, new, *others])


def _lost(ber: Cluster, ham: Cluster, rng: random.Random, keys: _SeededKeys, now: datetime) -> tuple[Vm, Vm]:
    vm_id = _uuid(rng)
    storage = rng.randbytes(8).hex()

    def copy(cluster: Cluster, node: int, folder: str) -> Vm:
        disks = [
            Disk(f"{folder}\\Virtual Hard Disks\\{LOST}-os.vhdx", 127 * GIB, 0),
            Disk(f"{folder}\\Virtual Hard Disks\\{LOST}-data.vhdx", 512 * GIB, 1),
        ]
        return Vm(
            vm_id,
            LOST,
            cluster.name,
            cluster.nodes[node].name,
            "Off",
            64 * GIB,
            8,
            folder,
            now - timedelta(days=200),
            "Start",
            tpm=True,
            disks=disks,
        )

    old = copy(ber, 0, f"{ber.csvs[1].path}\\{storage}\\{LOST}")
    old.state, old.started = "Running", DIED - timedelta(days=31)
    new = copy(ham, 1, f"{ham.csvs[0].path}\\Restore\\{LOST}")
    new.created = now - timedelta(hours=1)
    return old, new


def _ordinary(ham: Cluster, rng: random.Random, keys: _SeededKeys, now: datetime) -> list[Vm]:
    vms = []
    for name, node, memory, trusted in ORDINARY:
        folder = f"{ham.csvs[node - 1].path}\\{rng.randbytes(8).hex()}\\{name}"
        vm = Vm(
            _uuid(rng),
            name,
            ham.name,
            ham.nodes[node - 1].name,
            "Running",
            memory * GIB,
            4,
            folder,
            now - timedelta(days=120),
            tpm=trusted,
            started=now - timedelta(days=12),
            disks=[Disk(f"{folder}\\Virtual Hard Disks\\{name}-os.vhdx", 127 * GIB, 0)],
        )
        if trusted:
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
    vm = next(vm for vm in site.vms if vm.id == site.world.story.vm and vm.cluster == site.world.story.target)
    with site.change():
        try:
            running.start(site, vm)
        except running.StartRefused:
            for event in site.world.events:
                event.at -= TOO_EARLY_AGO
            return
    raise AssertionError("the story's VM started without its key")
