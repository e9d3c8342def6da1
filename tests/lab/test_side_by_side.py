"""Twelve acts at one host at the same time, each in a process of its own: none is lost, and none counts twice."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.lab.test_site import START, CachedKeys, new_site, vault
from tui.core.action import Kind, PowerShell, Prepared
from tui.core.clock import SystemClock
from tui.lab.clock import ClockState, LabClock
from tui.lab.faults import Fault, Faults
from tui.lab.inprocess import InProcess
from tui.lab.site import Site, Store, judge, load_site, make_site, story
from tui.lab.site.cast import Cast, Restored
from tui.lab.site.files import Files
from tui.lab.site.happenings import story_vm
from tui.lab.site.vault import holds
from tui.lab.site.world import Write
from tui.remote.estate import RemoteEstate

NAMES = tuple(f"SRV-{number:02}" for number in range(12))
IN = "-group 'AzureStackHostAttestation' -keyvaultName 'AzureStackTvmKeyVault'"
PEM = "C:\\azlr\\w.pem"
BOUND = 30.0


class Lanes:
    """A site where twelve VMs were lost, and an estate on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = new_site("wave", store=Store(folder))
        self.ids = {lost.name: lost.vm for lost in self.site.world.story.lost}
        self.faults = Faults()
        self.estate = RemoteEstate(InProcess(self.site, self.faults), SystemClock())

    async def at_once(self, cmdlet: str, host: str, scripts: Sequence[str]) -> list[Write]:
        """Send every script; each waits at this cmdlet until all have come so far. Gives what is on record of them."""
        all_there = threading.Barrier(len(scripts))
        self.faults.add(Fault("meet", lambda _: all_there.wait(BOUND), cmdlet, times=len(scripts)))
        before = len(self.site.writes)
        sent = await asyncio.gather(*(self._act(PowerShell(host, s, changes=True, deadline=600.0)) for s in scripts))
        writes = self.site.writes[before:]
        assert sorted(write.pid for write in writes) == sorted(prepared.ids.pid for prepared in sent)
        assert len({(p.ids.pid, p.ids.shell, p.ids.command) for p in sent}) == len(scripts)
        return writes

    async def _act(self, action: PowerShell) -> Prepared:
        prepared = await self.estate.prepare(action)
        records = [record async for record in self.estate.send(prepared)]
        assert records[-1].kind is Kind.END
        return prepared

    async def export_all(self) -> None:
        """Sealed on KEY-N01 at the same time, and brought to HAM-N01."""
        with self.site.change():
            vault(self.site, "HAM-N01").new("azl-1", "RSA", 2048)
            for host in ("HAM-N01", "KEY-N01"):
                Files(self.site, host).make_folder("C:\\azlr")
            Files(self.site, "KEY-N01").write(PEM, vault(self.site, "HAM-N01").public_key("azl-1"))
        writes = await self.at_once("Export-MocKey", "KEY-N01", [
            f"Export-MocKey -name '{vm}' -wrappingKeyName 'azl-1' -wrappingPubKeyFile '{PEM}' {IN} "
            f"-outFile 'C:\\azlr\\{vm}.json' -size 256" for vm in self.ids.values()
        ])  # fmt: skip
        assert once_each(writes)
        for vm in self.ids.values():
            path = f"C:\\azlr\\{vm}.json"
            Files(self.site, "HAM-N01").write(path, Files(self.site, "KEY-N01").read(path))

    def import_of(self, vm: str) -> str:
        return f"Import-MocKey -name '{vm}' {IN} -importKeyFile 'C:\\azlr\\{vm}.json' -type AES -size 256"

    async def import_all(self) -> list[Write]:
        return await self.at_once("Import-MocKey", "HAM-N01", [self.import_of(vm) for vm in self.ids.values()])

    async def start_all(self) -> list[Write]:
        roles = [f"Add-ClusterVirtualMachineRole -VMId '{vm}'" for vm in self.ids.values()]
        assert once_each(await self.at_once("Add-ClusterVirtualMachineRole", "HAM-N01", roles))
        starts = [f"Start-ClusterGroup -Name '{name}'" for name in NAMES]
        return await self.at_once("Start-ClusterGroup", "HAM-N01", starts)

    def clean_up(self) -> None:
        with self.site.change():
            vault(self.site, "HAM-N01").remove("azl-1")
            for host in ("HAM-N01", "KEY-N01"):
                Files(self.site, host).remove("C:\\azlr")


def once_each(writes: Sequence[Write]) -> bool:
    """Whether twelve different calls took hold, each once."""
    assert [write.error for write in writes if write.error] == []
    different = {tuple(sorted(write.parameters.items())) for write in writes}
    return len(writes) == len(different) == 12 and all(write.effect for write in writes)


@pytest.fixture
async def lanes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Lanes]:
    twelve = tuple(Restored(name, 1 + n % 2, 1 + n // 2 % 2, 8, 2, 32, "Start") for n, name in enumerate(NAMES))
    monkeypatch.setattr(story, "CASTS", {"wave": Cast(twelve, ())})
    made = Lanes(tmp_path)
    yield made
    await made.estate.close()


async def test_twelve_imports_and_starts_give_twelve_keys_and_running_vms(lanes: Lanes):
    site = lanes.site
    await lanes.export_all()
    assert once_each(await lanes.import_all())
    for lost in site.world.story.lost:
        assert holds(site, "AZL-HAM", lost.vm, lost.sealed_by) == "right"
    assert once_each(await lanes.start_all())
    assert {story_vm(site, name).state for name in NAMES} == {"Running"}
    numbers = [event.record for event in site.world.events]
    assert len(numbers) == len(set(numbers)) == 12
    lanes.clean_up()
    site.spend(60)
    assert judge(site).reasons == ()
    again = load_site(Store(lanes.folder), keys=CachedKeys())
    assert again is not None
    assert again.world == site.world


async def test_of_twelve_imports_of_one_key_one_takes_hold(lanes: Lanes):
    await lanes.export_all()
    vm = lanes.ids["SRV-00"]
    writes = await lanes.at_once("Import-MocKey", "HAM-N01", [lanes.import_of(vm)] * 12)
    assert sorted(write.effect for write in writes) == [False] * 11 + [True]
    assert sum("Already Exists" in write.error for write in writes) == 11
    assert [key.name for key in lanes.site.cluster("AZL-HAM").keys].count(vm) == 1


async def test_twelve_starts_share_the_memory_that_is_there(lanes: Lanes):
    site = lanes.site
    await lanes.export_all()
    await lanes.import_all()
    for node, room in (("HAM-N01", 2), ("HAM-N02", 3)):
        site.node(node).memory = room * story_vm(site).memory
    writes = await lanes.start_all()
    states = [story_vm(site, name).state for name in NAMES]
    assert (states.count("Running"), states.count("Off")) == (5, 7)
    assert sum("Not enough memory" in write.error for write in writes) == 7
    groups = [group.state for group in site.cluster("AZL-HAM").groups if group.vm]
    assert (groups.count("Online"), groups.count("Failed")) == (5, 7)


async def test_a_fault_at_the_seventh_of_twelve_strikes_one(lanes: Lanes):
    await lanes.export_all()
    lanes.faults.inject("moc-unavailable-after", cmdlet="Import-MocKey", nth=7)
    writes = await lanes.import_all()
    assert all(write.effect for write in writes)
    assert sum("code = Unavailable" in write.error for write in writes) == 1
    assert lanes.faults.fired.count("moc-unavailable-after") == 1


def test_the_clock_on_disk_never_goes_back(tmp_path: Path):
    """Between reading the clock and saving it, nobody else saves a later one."""

    class Overtaken(LabClock):
        site: Site | None = None

        def state(self) -> ClockState:
            state = super().state()
            if self.site is not None:
                other = threading.Thread(target=self._later, args=(self.site,))
                self.site = None
                other.start()
                other.join()
            return state

        def _later(self, site: Site) -> None:
            if site.lock.acquire(blocking=False):
                self.skip(3600)
                site.changed()
                site.lock.release()

    clock = Overtaken(START, instant=True, wall=iter(range(100)).__next__)
    site = make_site(1, keys=CachedKeys(), clock=clock, store=Store(tmp_path))
    clock.site = site
    site.spend(60)
    saved = Store(tmp_path).load_clock()
    assert saved is not None
    assert saved.sim == clock.now()
