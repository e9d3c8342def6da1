"""The site where six VMs were lost: what it is at its start, and that each of the six is looked at by itself."""

from __future__ import annotations

import pytest

from tests.lab.test_cmdlets import GROUP, Hosts
from tests.lab.test_site import new_site, story_vm, vault
from tui.lab.cmdlet import CmdletError
from tui.lab.site import Site, judge, running
from tui.lab.site.clustering import group_of
from tui.lab.site.files import Files
from tui.lab.site.happenings import HAPPENINGS
from tui.lab.site.vault import holds

NAMES = ("SRV-DC01", "SRV-DC02", "SRV-DB01", "SRV-DB02", "SRV-APP01", "SRV-APP02")


def restored_files(site: Site, name: str) -> dict[str, int]:
    """The files in a restored VM's folder, with its name and ID made equal; of a disk only whether it has bytes."""
    vm = story_vm(site, name)
    found = [file for file in Files(site, vm.node).children(vm.config, deep=True) if not file.folder]
    return {
        file.path[len(vm.config) :].replace(vm.name, "NAME").replace(vm.id.upper(), "ID"):
            bool(file.size) if file.path.endswith(".vhdx") else file.size
        for file in found
    }  # fmt: skip


def test_six_vms_wait_on_both_nodes_and_both_volumes():
    site = new_site("wave")
    lost = site.world.story.lost
    assert tuple(each.name for each in lost) == NAMES
    vms = [story_vm(site, name) for name in NAMES]
    assert {(vm.state, vm.tpm, vm.generation) for vm in vms} == {("Off", True, 2)}
    assert len({vm.id for vm in vms}) == 6
    assert {(vm.node, vm.config.split("\\")[2]) for vm in vms} == {
        ("HAM-N01", "UserStorage_1"), ("HAM-N02", "UserStorage_2"),
        ("HAM-N02", "UserStorage_1"), ("HAM-N01", "UserStorage_2"),
    }  # fmt: skip
    assert {vm.auto_start for vm in vms} == {"Start", "StartIfRunning", "Nothing"}
    assert all(group_of(site.cluster("AZL-HAM"), vm.id) is None for vm in vms)


def test_they_ran_on_the_dead_cluster():
    site = new_site("wave")
    copies = [story_vm(site, name, "AZL-BER") for name in NAMES]
    assert {copy.state for copy in copies} == {"Running"}
    assert {copy.node for copy in copies} == {"BER-N01", "BER-N02"}
    assert not any(site.reachable(copy.node) for copy in copies)


def test_their_keys_are_in_the_backup_vault_only():
    site = new_site("wave")
    for lost in site.world.story.lost:
        assert holds(site, "AZL-KEY", lost.vm, lost.sealed_by) == "right"
        assert holds(site, "AZL-HAM", lost.vm, lost.sealed_by) == "none"
    assert len({lost.sealed_by for lost in site.world.story.lost}) == 6


def test_their_files_are_as_complete_as_those_of_the_one():
    one, six = new_site(), new_site("wave")
    for name in NAMES:
        assert restored_files(six, name) == restored_files(one, "SRV-DB01")


def test_no_name_is_there_twice_and_either_node_has_the_memory_for_all():
    site = new_site("wave")
    here = [vm for vm in site.vms if vm.cluster == "AZL-HAM"]
    assert len({vm.name for vm in here}) == len(here)
    needed = sum(story_vm(site, name).memory for name in NAMES)
    assert all(running.free_memory(site, node) >= needed for node in ("HAM-N01", "HAM-N02"))


def test_the_domain_controllers_come_back_first():
    groups = new_site("wave").world.story.groups
    assert [group.name for group in groups] == ["domain controllers", "databases and applications"]
    assert tuple(name for group in groups for name in group.vms) == NAMES
    assert new_site().world.story.groups == ()


def test_the_judge_says_of_each_what_is_not_so():
    site = new_site("wave")
    for name in NAMES:
        about = [reason for reason in judge(site).reasons if name in reason.split()]
        assert about == [
            f"{name} is Off on {story_vm(site, name).node}", f"{name} has the heartbeat None",
            f"the vault of AZL-HAM holds no key for {name}", f"{name} is not clustered",
        ]  # fmt: skip
    assert len(judge(site).reasons) == 6 * 4
    site.world.vms.remove(story_vm(site, "SRV-DB02"))
    assert "SRV-DB02 is not on AZL-HAM" in judge(site).reasons


def test_a_copy_that_runs_twice_is_said_once():
    site = new_site("wave")
    vm = story_vm(site, "SRV-DB02")
    with site.change():
        vm.state = "Running"
        HAPPENINGS["source-returns"](site)
    splits = [reason for reason in judge(site).reasons if "two copies" in reason]
    assert splits == [f"two copies of {vm.id} ran at once, on BER-N02 and HAM-N01"]


ONE_OF_SIX = ("key-appears", "key-disappears", "vm-moves", "vm-starts", "heartbeat-flaps", "start-fails", "file-cut",
              "file-missing", "checkpoint-appears")  # fmt: skip


@pytest.mark.parametrize("name", ONE_OF_SIX)
def test_something_happens_to_one_of_six(name: str):
    calm, site = new_site("wave"), new_site("wave")
    with site.change():
        HAPPENINGS[name](site, vm="srv-db02")

    def shown(where: Site, vm: str) -> tuple[object, ...]:
        keys = [vault(where, host).find(story_vm(where, vm).id) for host in ("HAM-N01", "KEY-N01")]
        return story_vm(where, vm), [key and key.made_by for key in keys], restored_files(where, vm)

    changed = [vm for vm in NAMES if shown(site, vm) != shown(calm, vm)]
    assert changed == ["SRV-DB02"]


def test_a_happening_to_a_vm_that_was_not_lost_is_refused():
    with pytest.raises(LookupError, match="SRV-WEB01 was not lost; there are: SRV-DC01, "):
        HAPPENINGS["vm-moves"](new_site("wave"), vm="SRV-WEB01")


def test_a_vm_that_is_off_moves_to_the_other_node():
    site = new_site("wave")
    HAPPENINGS["vm-moves"](site, vm="SRV-DB02")
    HAPPENINGS["vm-moves"](site, vm="SRV-DC02")
    moved = [story_vm(site, name) for name in ("SRV-DB02", "SRV-DC02")]
    assert [(vm.node, vm.state) for vm in moved] == [("HAM-N02", "Off"), ("HAM-N01", "Off")]


def test_a_fault_strikes_only_the_act_that_names_one_of_six():
    hosts = Hosts("wave")
    hosts.faults.inject("error-before", cmdlet="Remove-MocKey", naming="srv-db02", text="no")
    for name in NAMES:
        vm_id = story_vm(hosts.site, name).id
        if name == "SRV-DB02":
            with pytest.raises(CmdletError, match="no"):
                hosts.run("KEY-N01", "Remove-MocKey", name=vm_id, **GROUP)
        hosts.run("KEY-N01", "Remove-MocKey", name=vm_id, **GROUP)
    assert hosts.faults.fired == ["error-before"]


def test_a_vm_is_named_by_name_by_id_in_a_path_and_down_the_pipeline():
    hosts = Hosts("wave")
    lost = story_vm(hosts.site, "SRV-DB02")
    other = hosts.one("HAM-N02", "Get-VM", Name=["SRV-DB01"])
    wanted = hosts.one("HAM-N01", "Get-VM", Name=["SRV-DB02"])
    hosts.faults.inject("vm-moves", cmdlet="*", naming="SRV-DB02", vm="SRV-DB02", times=9)
    calls = [
        ("Set-VM", {"Name": ["SRV-DB02"], "AutomaticStartAction": "Nothing"}, ()),
        ("Add-ClusterVirtualMachineRole", {"VMId": wanted.properties["Id"]}, ()),
        ("New-Item", {"ItemType": "File", "Path": [f"C:\\Users\\{lost.id}.json"]}, ()),
        ("Get-VMSnapshot", {}, (wanted,)),
    ]
    for count, (cmdlet, options, pipeline) in enumerate(calls, 1):
        hosts.run("HAM-N02", "Get-VM", Name=["SRV-DB01"])
        hosts.run("HAM-N02", "Get-VMSnapshot", (other,))
        hosts.run("HAM-N01", cmdlet, pipeline, **options)
        assert hosts.faults.fired == ["vm-moves"] * count


def test_a_fault_can_strike_the_nth_act_of_one_vm_on_one_host():
    hosts = Hosts("wave")
    where = {"cmdlet": "Start-VM", "naming": "SRV-DC02", "on": "HAM-N02", "nth": 2}
    hosts.faults.inject("error-before", text="not now", terminating=False, **where)
    for name in ("SRV-DB01", "SRV-DC02", "SRV-DB01"):
        hosts.run("HAM-N02", "Start-VM", Name=[name])
    assert hosts.faults.fired == []
    assert hosts.first_error("HAM-N02", "Start-VM", Name=["SRV-DC02"]).message == "not now"
