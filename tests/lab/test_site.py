"""The rules of the simulated site: keys, starts, split brain, what is saved, and what the site says of itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from tui.lab.clock import LabClock
from tui.lab.site import Site, Store, judge, load_site, make_site, running, summary
from tui.lab.site.clustering import add_role, online
from tui.lab.site.files import FileFault, Files
from tui.lab.site.happenings import HAPPENINGS, story_vm
from tui.lab.site.keys import RealKeys, fingerprint, public_pem
from tui.lab.site.model import GROUP, ROOT_KEY, VAULT
from tui.lab.site.vault import MocError, MocVault, holds

START = datetime(2026, 11, 22, 2, 14, tzinfo=UTC)


@cache
def pair(number: int) -> bytes:
    """An RSA pair, made once for all tests."""
    return RealKeys().rsa(2048)


class CachedKeys:
    """Key material without the wait: three RSA pairs in turn, AES keys by counting."""

    def __init__(self) -> None:
        self.made = 0

    def rsa(self, size: int) -> bytes:
        self.made += 1
        return pair(self.made % 3)

    def aes(self, size: int) -> bytes:
        self.made += 1
        return self.made.to_bytes(size // 8, "big")


def new_site(variant: str = "", seed: int = 4711, store: Store | None = None) -> Site:
    return make_site(seed, variant, keys=CachedKeys(), clock=LabClock(START, instant=True), store=store)


def vault(site: Site, host: str) -> MocVault:
    return MocVault(site, host, GROUP, VAULT)


def bring_key(site: Site, host: str = "HAM-N02") -> None:
    """The vault-to-vault way of Microsoft's page."""
    vm = site.world.story.named().vm
    with site.change():
        vault(site, host).new("azl-1", "RSA", 2048)
        for where in ("KEY-N01", host):
            Files(site, where).make_folder("C:\\azlr")
            Files(site, where).write("C:\\azlr\\w.pem", vault(site, host).public_key("azl-1"))
        vault(site, "KEY-N01").export(vm, "C:\\azlr\\w.pem", "azl-1", "C:\\azlr\\k.json")
        Files(site, host).write("C:\\azlr\\k.json", Files(site, "KEY-N01").read("C:\\azlr\\k.json"))
        vault(site, host).load(vm, "AES", 256, "C:\\azlr\\k.json", "")


def clean_up(site: Site, host: str = "HAM-N02") -> None:
    with site.change():
        vault(site, host).remove("azl-1")
        for where in ("KEY-N01", host):
            Files(site, where).remove("C:\\azlr")


def restore(site: Site) -> None:
    vm = story_vm(site)
    bring_key(site)
    with site.change():
        cluster = site.cluster(vm.cluster)
        online(site, cluster, add_role(cluster, vm))
    clean_up(site)
    site.spend(60)


def test_the_story_begins_with_the_key_in_the_backup_vault_only():
    site = new_site()
    lost = site.world.story.named()
    assert holds(site, "AZL-KEY", lost.vm, lost.sealed_by) == "right"
    assert holds(site, "AZL-HAM", lost.vm, lost.sealed_by) == "none"
    vm = story_vm(site)
    assert (vm.node, vm.state, vm.auto_start, len(vm.disks)) == ("HAM-N02", "Off", "Start", 2)
    assert not site.reachable("BER-N01")
    assert not site.reachable("BER-N02")
    assert site.vm_in(site.cluster("AZL-BER"), lost.vm).state == "Running"


def test_one_seed_is_one_site():
    assert summary(new_site()) == summary(new_site())
    assert new_site(seed=1).world.story.named().vm != new_site(seed=2).world.story.named().vm


def test_an_unknown_variant_is_refused():
    with pytest.raises(ValueError, match="no such variant"):
        new_site("nonsense")


def test_with_its_key_the_vm_starts_and_the_site_says_so():
    site = new_site()
    assert not judge(site).recovered
    restore(site)
    assert judge(site).reasons == ()


def test_without_its_key_the_system_makes_a_wrong_one():
    site = new_site()
    vm, lost = story_vm(site), site.world.story.named()
    with pytest.raises(running.StartRefused, match="could not be unwrapped"), site.change():
        running.start(site, vm)
    assert vm.state == "Off"
    assert holds(site, "AZL-HAM", lost.vm, lost.sealed_by) == "wrong"
    assert [e.message for e in site.world.events if lost.name in e.message]
    with pytest.raises(MocError, match="Already Exists"):
        bring_key(site)
    assert "the vault of AZL-HAM holds a wrong key for SRV-DB01" in judge(site).reasons


def test_started_too_early_is_mended_by_removing_the_wrong_key():
    site = new_site("started-too-early")
    lost = site.world.story.named()
    assert holds(site, "AZL-HAM", lost.vm, lost.sealed_by) == "wrong"
    assert all(event.at < START for event in site.world.events)
    with site.change():
        vault(site, "HAM-N01").remove(lost.vm)
    restore(site)
    assert judge(site).recovered


def test_a_removed_key_is_gone():
    site = new_site()
    with site.change():
        vault(site, "KEY-N01").remove(site.world.story.named().vm)
    with pytest.raises(MocError, match="not found"):
        bring_key(site)


def test_a_failed_start_leaves_the_group_failed():
    site = new_site()
    vm = story_vm(site)
    cluster = site.cluster(vm.cluster)
    group = add_role(cluster, vm)
    with pytest.raises(running.StartRefused), site.change():
        online(site, cluster, group)
    assert group.state == "Failed"


def change_middle(data: bytes) -> bytes:
    value = json.loads(data)
    sealed = value["private-key"]
    half = len(sealed) // 2
    value["private-key"] = sealed[:half] + ("A" if sealed[half] != "A" else "B") + sealed[half + 1 :]
    return json.dumps(value).encode()


def drop_info(data: bytes) -> bytes:
    value = json.loads(data)
    del value["private-key-wrapping-info"]
    return json.dumps(value).encode()


@pytest.mark.parametrize("spoil", [change_middle, drop_info, lambda data: data[: len(data) // 2], lambda data: b""])
def test_a_spoiled_key_file_does_not_open(spoil):
    site = new_site()
    bring_key(site)
    with site.change():
        vault(site, "HAM-N02").remove(site.world.story.named().vm)
        files = Files(site, "HAM-N02")
        files.write("C:\\azlr\\k.json", spoil(files.read("C:\\azlr\\k.json")))
    with pytest.raises(MocError, match="Invalid Input"):
        vault(site, "HAM-N02").load(site.world.story.named().vm, "AES", 256, "C:\\azlr\\k.json", "")
    assert vault(site, "HAM-N02").find(site.world.story.named().vm) is None


def test_a_key_sealed_for_another_wrapping_key_does_not_open():
    site = new_site()
    bring_key(site)
    with site.change():
        vault(site, "HAM-N02").remove(site.world.story.named().vm)
        vault(site, "HAM-N02").remove("azl-1")
        vault(site, "HAM-N02").new("azl-1", "RSA", 2048)
    with pytest.raises(MocError, match="not sealed with this key"):
        vault(site, "HAM-N02").load(site.world.story.named().vm, "AES", 256, "C:\\azlr\\k.json", "")


@pytest.mark.parametrize("pem", [None, b"", b"not a PEM"])
def test_an_export_needs_a_real_public_key(pem):
    site = new_site()
    files = Files(site, "KEY-N01")
    files.make_folder("C:\\azlr")
    if pem is not None:
        files.write("C:\\azlr\\w.pem", pem)
    with pytest.raises(MocError):
        vault(site, "KEY-N01").export(site.world.story.named().vm, "C:\\azlr\\w.pem", "azl-1", "C:\\azlr\\k.json")
    assert files.find("C:\\azlr\\k.json") is None


def test_an_rsa_key_can_be_exported_and_imported():
    site = new_site()
    bring_key(site)
    files = Files(site, "KEY-N01")
    with site.change():
        vault(site, "KEY-N01").export(ROOT_KEY, "C:\\azlr\\w.pem", "azl-1", "C:\\azlr\\r.json")
        Files(site, "HAM-N02").write("C:\\azlr\\r.json", files.read("C:\\azlr\\r.json"))
        key = vault(site, "HAM-N02").load("copy", "RSA", 2048, "C:\\azlr\\r.json", "")
    assert public_pem(key.material) == vault(site, "KEY-N01").public_key(ROOT_KEY)


@pytest.mark.parametrize("how", ["service-stops", "moc-offline"])
def test_moc_does_not_answer_without_its_agents(how):
    site = new_site()
    HAPPENINGS[how](site)
    with pytest.raises(MocError, match="code = Unavailable"):
        vault(site, "HAM-N02")


def test_two_running_copies_are_split_brain_for_ever():
    site = new_site()
    restore(site)
    assert site.split_brain == []
    with site.change():
        HAPPENINGS["source-returns"](site)
    assert [s.nodes for s in site.split_brain] == [["BER-N01", "HAM-N02"]]
    with site.change():
        HAPPENINGS["vm-stops"](site)
    assert len(site.split_brain) == 1
    assert not judge(site).recovered


def test_a_node_that_restarts_starts_what_starts_by_itself():
    site = new_site()
    lost = site.world.story.named()
    with site.change():
        HAPPENINGS["node-restarts"](site)
    assert holds(site, "AZL-HAM", lost.vm, lost.sealed_by) == "wrong"
    site = new_site()
    story_vm(site).auto_start = "Nothing"
    with site.change():
        HAPPENINGS["node-restarts"](site)
    assert holds(site, "AZL-HAM", lost.vm, lost.sealed_by) == "none"


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("file-cut", {}, "guest state"),
        ("file-missing", {}, "guest state"),
        ("file-missing", {"end": "-data.vhdx"}, "Failed to open attachment"),
        ("start-fails", {}, "General access denied"),
    ],
)
def test_what_else_keeps_a_vm_from_starting(name, options, says):
    site = new_site()
    bring_key(site)
    HAPPENINGS[name](site, **options)
    with pytest.raises(running.StartRefused, match=says):
        running.start(site, story_vm(site))


def test_memory_is_needed_to_start():
    site = new_site()
    bring_key(site)
    site.node("HAM-N02").memory = 32 * 2**30
    with pytest.raises(running.StartRefused, match="0x8007000E") as refused:
        running.start(site, story_vm(site))
    assert refused.value.kind == "memory"


def test_no_time_passes_for_a_process_that_has_already_ended():
    site = new_site()
    now = site.clock.now()
    pid = site.processes.next_pid()
    site.processes.register("HAM-N02", pid, now)
    assert site.spend(1, "HAM-N02", pid)
    site.processes.gone("HAM-N02", pid)
    assert not site.spend(3600, "HAM-N02", pid)
    assert (site.clock.now() - now).total_seconds() == 1


def test_the_heartbeat_comes_after_a_while_and_can_flap():
    site = new_site()
    vm = story_vm(site)
    assert running.heartbeat(site, vm) is None
    bring_key(site)
    running.start(site, vm)
    assert running.heartbeat(site, vm) == "NoContact"
    site.spend(25)
    assert running.heartbeat(site, vm) == "OkApplicationsHealthy"
    vm.flaps = True
    beats = set()
    for _ in range(4):
        site.spend(10)
        beats.add(running.heartbeat(site, vm))
    assert beats == {"OkApplicationsHealthy", "LostCommunication"}


@pytest.mark.parametrize("variant", ["", "started-too-early", "wave"])
def test_what_is_saved_comes_back(tmp_path, variant):
    site = new_site(variant, store=Store(tmp_path))
    if variant != "started-too-early":
        restore(site)
    with site.change():
        HAPPENINGS["repair-runs"](site)
        HAPPENINGS["checkpoint-appears"](site)
    again = load_site(Store(tmp_path), keys=CachedKeys())
    assert again is not None
    assert again.world == site.world
    assert judge(again) == judge(site)
    assert again.clock.now() == site.clock.now()


def test_a_change_is_on_disk_when_it_is_left_even_by_an_error(tmp_path):
    site = new_site(store=Store(tmp_path))
    with pytest.raises(running.StartRefused), site.change():
        running.start(site, story_vm(site))
    again = load_site(Store(tmp_path))
    assert again is not None
    assert summary(again) == summary(site)


def test_an_empty_store_holds_no_site(tmp_path):
    assert load_site(Store(tmp_path)) is None


def test_the_summary_knows_the_end_and_not_the_way():
    one, two = new_site(), new_site()
    restore(one)
    with two.change():
        vault(two, "HAM-N01").new("azl-20261122-0214-9f3c", "RSA", 2048)
        vault(two, "HAM-N01").remove("azl-20261122-0214-9f3c")
    two.spend(300)
    restore(two)
    assert summary(one) == summary(two)


def test_names_that_a_run_made_are_equal_in_the_summary():
    one, two = new_site(), new_site()
    vault(one, "HAM-N01").new("azl-20261122-0214-9f3c", "RSA", 2048)
    vault(two, "HAM-N01").new("azl-20261122-0351-00aa", "RSA", 2048)
    assert summary(one) == summary(two)


def test_the_judge_names_what_is_left():
    site = new_site()
    bring_key(site)
    story_vm(site).auto_start = "Nothing"
    reasons = " | ".join(judge(site).reasons)
    for what in (
        "azl-1 is left",
        "C:\\azlr\\k.json is left on HAM-N02",
        "w.pem is left on KEY-N01",
        "AutomaticStartAction",
        "not clustered",
        "is Off",
    ):
        assert what in reasons


def test_the_shared_volume_is_seen_from_both_nodes_and_c_is_not():
    site = new_site()
    Files(site, "HAM-N01").write("C:\\ClusterStorage\\UserStorage_1\\a.txt", b"1")
    assert Files(site, "HAM-N02").read("c:/clusterstorage/userstorage_1/A.TXT") == b"1"
    Files(site, "HAM-N01").write("C:\\Users\\b.txt", b"1")
    assert Files(site, "HAM-N02").find("C:\\Users\\b.txt") is None
    with pytest.raises(FileFault, match="drive"):
        Files(site, "HAM-N02").find("D:\\b.txt")


def test_a_running_vm_holds_its_disks_and_a_full_volume_takes_nothing():
    site = new_site()
    files = Files(site, "HAM-N01")
    vm = next(vm for vm in site.vms if vm.name == "SRV-WEB01")
    with pytest.raises(FileFault, match="in-use"):
        files.remove(vm.disks[0].path)
    HAPPENINGS["csv-full"](site)
    with pytest.raises(FileFault, match="full"):
        files.write("C:\\ClusterStorage\\UserStorage_1\\a.txt", b"1")


def test_every_happening_happens():
    for name, happen in HAPPENINGS.items():
        site = new_site()
        with site.change():
            happen(site)
        assert site.world, name


def test_the_clock_runs_at_its_pace():
    wall = [1000.0]
    clock = LabClock(START, 20, wall=lambda: wall[0])
    wall[0] += 3
    assert clock.now() == START + timedelta(seconds=60)
    clock.pace(1)
    wall[0] += 3
    assert clock.now() == START + timedelta(seconds=63)
    state = clock.state()
    wall[0] += 100
    assert LabClock.resumed(state, lambda: wall[0]).now() == START + timedelta(seconds=163)


def test_an_instant_clock_jumps_and_a_stopped_sleep_says_so():
    clock = LabClock(START, instant=True)
    assert clock.sleep(20)
    assert clock.now() == START + timedelta(seconds=20)
    clock = LabClock(START, 1)
    site = make_site(1, keys=CachedKeys(), clock=clock)
    process = site.processes.register("HAM-N02", 4, START)
    site.processes.gone("HAM-N02", 4)
    assert process.ended.is_set()
    assert not clock.sleep(3600, process.ended)


def test_material_is_told_apart_by_its_fingerprint():
    assert fingerprint(b"a") != fingerprint(b"b")
