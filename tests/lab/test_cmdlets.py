"""The cmdlets on the site: the whole restore by direct calls, their errors, faults, and their shapes."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest

from tests.lab.test_site import START, CachedKeys, clean_up, new_site, restore
from tui.lab.clock import LabClock
from tui.lab.cmdlet import Call, CmdletError
from tui.lab.cmdlets import cmdlets_of
from tui.lab.cmdlets.act import prop
from tui.lab.cmdlets.shape import shaped, shapes
from tui.lab.faults import FAULTS, Faults, LeaveScript, ProcessEnded
from tui.lab.site import Store, judge, load_site, make_site
from tui.lab.site.happenings import HAPPENINGS, story_vm
from tui.lab.values import EnumValue, GuidValue, PSObject

GROUP = {"group": "AzureStackHostAttestation", "keyvaultName": "AzureStackTvmKeyVault"}
PEM, SEALED = "C:\\azlr\\w.pem", "C:\\azlr\\k.json"


class Heard:
    """The streams, kept."""

    def __init__(self):
        self.errors, self.warnings = [], []

    def error(self, error):
        self.errors.append(error)

    def warning(self, text):
        self.warnings.append(text)

    def verbose(self, text):
        pass

    information = verbose


class Hosts:
    """Runs cmdlets on the hosts of one site; `heard` is what the last call wrote beside its output."""

    def __init__(self, variant="", site=None):
        self.site = site or new_site(variant)
        self.faults = Faults()
        self.vm = self.site.world.story.named().vm
        self.heard = Heard()

    def run(self, host, cmdlet, pipeline=(), pid=0, **parameters):
        self.heard = Heard()
        call = Call(cmdlet, parameters, pipeline=tuple(pipeline))
        return list(cmdlets_of(self.site, host, self.faults, pid)[cmdlet](call, self.heard))

    def one(self, host, cmdlet, **parameters):
        (found,) = self.run(host, cmdlet, **parameters)
        assert not self.heard.errors
        return found

    def first_error(self, host, cmdlet, **parameters):
        assert self.run(host, cmdlet, **parameters) == []
        return self.heard.errors[0]

    def copy(self, source, target, path):
        (data,) = self.run(source, "Get-Content", LiteralPath=[path], Encoding="Byte", ReadCount=0)
        self.run(target, "New-Item", ItemType="Directory", Path=["C:\\azlr"], Force=True)
        self.run(target, "Set-Content", LiteralPath=[path], Encoding="Byte", Value=data)
        assert self.run(target, "Get-Content", LiteralPath=[path], Encoding="Byte", ReadCount=0) == [data]

    def make_wrapping_key(self):
        self.run("HAM-N02", "New-Item", ItemType="Directory", Path=["C:\\azlr"])
        self.run("HAM-N02", "New-MocKey", name="azl-1", type="RSA", size=2048, **GROUP)
        self.run("HAM-N02", "Get-MocKeyPublicKey", name="azl-1", outputFile=PEM, **GROUP)
        self.copy("HAM-N02", "KEY-N01", PEM)

    def export(self):
        self.run(
            "KEY-N01",
            "Export-MocKey",
            name=self.vm,
            wrappingKeyName="azl-1",
            wrappingPubKeyFile=PEM,
            outFile=SEALED,
            size=256,
            **GROUP,
        )

    def bring_key(self):
        self.make_wrapping_key()
        self.export()
        self.copy("KEY-N01", "HAM-N02", SEALED)
        self.import_key()

    def import_key(self):
        return self.run("HAM-N02", "Import-MocKey", name=self.vm, importKeyFile=SEALED, type="AES", size=256, **GROUP)

    def key_names(self, host):
        (keys,) = self.run(host, "Get-MocKey", **GROUP)
        return [prop(key, "name") for key in keys]


def value(found, name):
    held = prop(found, name)
    return held.name if isinstance(held, EnumValue) else held


def test_the_whole_restore():
    hosts = Hosts()
    hosts.run("HAM-N02", "Set-VM", Name=["SRV-DB01"], AutomaticStartAction="Nothing")
    hosts.bring_key()
    role = hosts.one("HAM-N02", "Add-ClusterVirtualMachineRole", VMId=GuidValue(hosts.vm))
    assert (value(role, "State"), value(role, "GroupType")) == ("Offline", "VirtualMachine")
    started = hosts.one("HAM-N01", "Start-ClusterGroup", Name="SRV-DB01")
    assert value(started, "State") == "Online"
    hosts.run("HAM-N02", "Start-Sleep", Seconds=30)
    vm = hosts.one("HAM-N02", "Get-VM", Id=GuidValue(hosts.vm))
    assert [value(vm, n) for n in ("State", "Heartbeat", "IsClustered")] == ["Running", "OkApplicationsHealthy", True]
    hosts.run("HAM-N02", "Set-VM", Name=["SRV-DB01"], AutomaticStartAction=EnumValue("StartAction", "Start", 4))
    hosts.run("HAM-N02", "Remove-MocKey", name="azl-1", **GROUP)
    for host in ("HAM-N02", "KEY-N01"):
        hosts.run(host, "Remove-Item", LiteralPath=["C:\\azlr"], Recurse=True, Force=True)
    assert judge(hosts.site).reasons == ()
    assert all(write.effect and not write.error for write in hosts.site.writes)
    assert [w.cmdlet for w in hosts.site.writes].count("Import-MocKey") == 1
    assert timedelta(seconds=90) < hosts.site.clock.now() - START < timedelta(minutes=3)


def test_the_vm_starts_by_start_vm_too():
    hosts = Hosts()
    hosts.bring_key()
    assert hosts.run("HAM-N02", "Start-VM", Name=["SRV-DB01"]) == []
    assert value(hosts.one("HAM-N02", "Get-VM", Name=["SRV-DB01"]), "State") == "Running"
    hosts.run("HAM-N02", "Start-VM", Name=["SRV-DB01"])
    assert hosts.heard.warnings == ["The virtual machine is already in the specified state."]


def test_started_without_its_key_it_fails_and_a_wrong_key_is_there():
    hosts = Hosts()
    failed = hosts.first_error("HAM-N02", "Start-VM", Name=["SRV-DB01"])
    assert (failed.id, failed.category) == (
        "OperationFailed,Microsoft.HyperV.PowerShell.Commands.StartVM",
        "NotSpecified",
    )
    assert failed.message.startswith("'SRV-DB01' failed to start. (Virtual machine ID")
    assert hosts.vm in hosts.key_names("HAM-N01")
    hosts.run("HAM-N02", "Add-ClusterVirtualMachineRole", VMName="SRV-DB01")
    failed = hosts.first_error("HAM-N02", "Start-ClusterGroup", Name="SRV-DB01")
    assert failed.id == "Start-ClusterGroup,Microsoft.FailoverClusters.PowerShell.StartClusterGroupCommand"
    assert value(hosts.one("HAM-N01", "Get-ClusterGroup", Name=["SRV-DB01"]), "State") == "Failed"
    assert hosts.site.writes[-1].error
    assert not hosts.site.writes[-1].effect


def test_the_records_name_the_vm_that_was_started_too_early():
    hosts = Hosts("started-too-early")
    found = hosts.run(
        "HAM-N02",
        "Get-WinEvent",
        FilterHashtable=[
            {"LogName": "Microsoft-Windows-Hyper-V-Worker-Admin", "StartTime": START - timedelta(hours=1), "Level": 2}
        ],
    )
    assert "The key protector could not be unwrapped" in str(prop(found[0], "Message"))
    assert value(found[0], "LevelDisplayName") == "Error"
    assert hosts.run("HAM-N02", "Get-WinEvent", LogName=["Microsoft-Windows-Hyper-V-VMMS-Admin"], MaxEvents=1)
    none = hosts.first_error("HAM-N01", "Get-WinEvent", FilterHashtable=[{"logname": "System"}])
    assert none.id == "NoMatchingEventsFound,Microsoft.PowerShell.Commands.GetWinEventCommand"
    later = hosts.run(
        "HAM-N02",
        "Get-WinEvent",
        FilterHashtable={"LogName": "Microsoft-Windows-Hyper-V-Worker-Admin", "StartTime": START},
    )
    assert later == []
    hosts.run("HAM-N02", "Get-WinEvent", LogName=["Nonsense"])
    assert hosts.heard.errors[0].id.startswith("NoMatchingLogsFound,")


def test_the_vault_is_one_array_object():
    hosts = Hosts()
    (keys,) = hosts.run("KEY-N01", "Get-MocKey", **GROUP)
    assert isinstance(keys, list)
    assert len(keys) == 10
    key = next(k for k in keys if prop(k, "name") == hosts.vm)
    assert (prop(prop(key, "properties"), "kty"), prop(prop(key, "properties"), "key_size")) == ("AES", 256)
    hosts.site.cluster("AZL-KEY").keys.clear()
    assert hosts.run("KEY-N01", "Get-MocKey", **GROUP) == [[]]


def test_a_public_key_file_is_a_pem_and_the_export_names_its_wrapping_key():
    hosts = Hosts()
    hosts.bring_key()
    lines = hosts.run("KEY-N01", "Get-Content", LiteralPath=[PEM])
    assert lines[0] == "-----BEGIN RSA PUBLIC KEY-----"
    value_of = json.loads(hosts.run("HAM-N02", "Get-Content", LiteralPath=[SEALED], Raw=True)[0])
    assert set(value_of) == {"public-key", "private-key", "private-key-wrapping-info"}
    assert value_of["private-key-wrapping-info"]["key-name"] == "azl-1"


def moc_error(hosts, *args, **parameters):
    with pytest.raises(CmdletError) as stopped:
        hosts.run(*args, **parameters)
    return stopped.value.error


def test_moc_errors_stop_the_script():
    hosts = Hosts()
    assert "not found" in moc_error(hosts, "HAM-N02", "Remove-MocKey", name="x", **GROUP).message
    hosts.bring_key()
    again = moc_error(
        hosts, "HAM-N02", "Import-MocKey", name=hosts.vm, importKeyFile=SEALED, type="AES", size=256, **GROUP
    )
    assert again.message.endswith("Already Exists")
    assert again.id == "Microsoft.PowerShell.Commands.WriteErrorException"
    assert hosts.site.writes[-1].error == again.message
    wrong = {**GROUP, "group": "other"}
    assert "Not Found" in moc_error(hosts, "HAM-N02", "Get-MocKey", **wrong).message
    hosts.run("HAM-N02", "Stop-Service", Name=["mochostagent"])
    assert "code = Unavailable" in moc_error(hosts, "HAM-N02", "Get-MocKey", **GROUP).message
    assert hosts.key_names("HAM-N01")
    hosts.run("HAM-N02", "Start-Service", Name=["mochostagent"])
    assert hosts.key_names("HAM-N02")


def test_moc_config_and_nodes():
    hosts = Hosts()
    config = hosts.one("HAM-N01", "Get-MocConfig")
    assert (prop(config, "moduleVersion"), prop(config, "version")) == ("1.2.27", "1.14.1.10414")
    assert [prop(node, "name") for node in hosts.one("HAM-N01", "Get-MocNode")] == ["HAM-N01", "HAM-N02"]


def test_a_vm_is_found_on_its_node_only():
    hosts = Hosts()
    missing = hosts.first_error("HAM-N01", "Get-VM", Name=["SRV-DB01"])
    assert missing.id == "InvalidParameter,Microsoft.HyperV.PowerShell.Commands.GetVM"
    assert missing.message == 'Hyper-V was unable to find a virtual machine with name "SRV-DB01".'
    missing = hosts.first_error("HAM-N01", "Get-VM", Id=GuidValue(hosts.vm))
    assert missing.id == "ObjectNotFound,Microsoft.HyperV.PowerShell.Commands.GetVM"
    assert hosts.run("HAM-N01", "Get-VM", Name=["SRV-D*"]) == []
    assert not hosts.heard.errors
    found = hosts.run("HAM-N02", "Get-VM", Name=["SRV-DB01", "SRV-WEB*"])
    assert [prop(vm, "Name") for vm in found] == ["SRV-DB01", "SRV-WEB02"]
    assert len(hosts.run("HAM-N02", "Get-VM")) == 3


def test_what_is_read_of_the_vm():
    hosts = Hosts()
    vm = hosts.one("HAM-N02", "Get-VM", Name=["SRV-DB01"])
    assert prop(vm, "State") == EnumValue("Microsoft.HyperV.PowerShell.VMState", "Off", 3)
    assert prop(vm, "Heartbeat") is None
    assert prop(vm, "Generation") == 2
    assert prop(vm, "VMId") == GuidValue(hosts.vm)
    assert prop(hosts.one("HAM-N02", "Get-VMSecurity", VMName=["SRV-DB01"]), "TpmEnabled") is True
    disks = hosts.run("HAM-N02", "Get-VMHardDiskDrive", VM=[vm])
    assert len(disks) == 2
    vhd = hosts.one("HAM-N02", "Get-VHD", Path=[prop(disks[1], "Path")])
    assert prop(vhd, "Size") == 512 * 2**30
    assert hosts.run("HAM-N02", "Get-VMSnapshot", VMName=["SRV-DB01"]) == []
    hosts.faults.apply_now(hosts.site, "checkpoint-appears")
    assert len(hosts.run("HAM-N02", "Get-VMSnapshot", VMName=["SRV-DB01"])) == 1
    folder = f"{prop(vm, 'ConfigurationLocation')}"
    files = hosts.run("HAM-N01", "Get-ChildItem", LiteralPath=[folder], Recurse=True, File=True)
    assert sorted(str(prop(f, "Extension")).lower() for f in files) == [".vhdx", ".vhdx", ".vmcx", ".vmgs", ".vmrs"]


def test_the_cluster_answers_on_any_node():
    hosts = Hosts()
    for host in ("HAM-N01", "HAM-N02"):
        assert prop(hosts.one(host, "Get-Cluster"), "Name") == "AZL-HAM"
        assert [value(n, "State") for n in hosts.run(host, "Get-ClusterNode")] == ["Up", "Up"]
    quorum = hosts.one("HAM-N01", "Get-ClusterQuorum")
    assert value(prop(quorum, "QuorumResource"), "State") == "Online"
    volumes = hosts.run("HAM-N01", "Get-ClusterSharedVolume")
    assert len(volumes) == 3
    groups = hosts.run("HAM-N01", "Get-ClusterGroup", Name=["ca-*"])
    assert [value(g, "State") for g in groups] == ["Online"]
    assert len(hosts.run("HAM-N01", "Get-ClusterGroup", Name=["*control-plan*"])) == 1
    assert hosts.first_error("HAM-N01", "Get-ClusterGroup", VMId=GuidValue(hosts.vm)).category == "ObjectNotFound"


def test_the_group_of_a_vm_is_found_by_the_parameter_of_its_resource():
    hosts = Hosts()
    hosts.run("HAM-N02", "Add-ClusterVirtualMachineRole", VMName="SRV-DB01")
    resources = hosts.run("HAM-N01", "Get-ClusterResource")
    found = [
        r
        for r in resources
        if prop(prop(r, "ResourceType"), "Name") == "Virtual Machine"
        for p in hosts.run("HAM-N01", "Get-ClusterParameter", InputObject=r, Name=["VmID"])
        if prop(p, "Value") == hosts.vm
    ]
    assert [prop(prop(r, "OwnerGroup"), "Name") for r in found] == ["SRV-DB01"]
    again = hosts.first_error("HAM-N02", "Add-ClusterVirtualMachineRole", VMName="SRV-DB01")
    assert again.id.startswith("Add-ClusterVirtualMachineRole,")
    hosts.run("HAM-N02", "Remove-ClusterGroup", VMId=GuidValue(hosts.vm), RemoveResources=True, Force=True)
    assert value(hosts.one("HAM-N02", "Get-VM", Name=["SRV-DB01"]), "IsClustered") is False


def test_moving_and_stopping_a_group():
    hosts = Hosts()
    moved = hosts.one("HAM-N01", "Move-ClusterGroup", Name="SRV-WEB01", Node="HAM-N02")
    assert prop(prop(moved, "OwnerNode"), "Name") == "HAM-N02"
    assert value(hosts.one("HAM-N02", "Get-VM", Name=["SRV-WEB01"]), "State") == "Running"
    assert value(hosts.one("HAM-N01", "Stop-ClusterGroup", Name="SRV-WEB01"), "State") == "Offline"
    hosts.faults.apply_now(hosts.site, "node-drains", host="HAM-N02")
    refused = hosts.first_error("HAM-N01", "Move-ClusterGroup", Name="SRV-WEB01", Node="HAM-N02")
    assert refused.id == "Move-ClusterGroup,Microsoft.FailoverClusters.PowerShell.MoveClusterGroupCommand"
    hosts.run("HAM-N01", "Stop-Service", Name=["ClusSvc"])
    stopped = moc_error(hosts, "HAM-N01", "Get-ClusterNode")
    assert stopped.id == "ClusterEndpointNotRegistered,Microsoft.FailoverClusters.PowerShell.GetNodeCommand"


def test_changing_cmdlets_without_a_name_mean_nothing():
    hosts = Hosts()
    assert hosts.first_error("HAM-N01", "Stop-ClusterGroup")
    assert all(vm.state == "Running" for vm in hosts.site.vms_on("HAM-N01"))


def test_file_errors_have_powershells_ids():
    hosts = Hosts()
    for cmdlet, name in (
        ("Get-Item", "GetItem"),
        ("Get-ChildItem", "GetChildItem"),
        ("Get-Content", "GetContent"),
        ("Remove-Item", "RemoveItem"),
    ):
        missing = hosts.first_error("HAM-N01", cmdlet, LiteralPath=["C:\\no\\x"])
        assert missing.id == f"PathNotFound,Microsoft.PowerShell.Commands.{name}Command"
        assert missing.message == "Cannot find path 'C:\\no\\x' because it does not exist."
    assert hosts.run("HAM-N01", "Set-Content", LiteralPath=["C:\\no\\x"], Value=["a"]) == []
    assert hosts.heard.errors[0].id.startswith("GetContentWriterDirectoryNotFoundError,")
    assert hosts.first_error("HAM-N01", "Get-Item", LiteralPath=["E:\\x"]).id.startswith("DriveNotFound,")
    hosts.run("HAM-N01", "New-Item", ItemType="Directory", Path=["C:\\azlr"])
    again = hosts.first_error("HAM-N01", "New-Item", ItemType="Directory", Path=["C:\\azlr"])
    assert again.id == "DirectoryExist,Microsoft.PowerShell.Commands.NewItemCommand"


def test_text_and_folders():
    hosts = Hosts()
    hosts.run("HAM-N01", "New-Item", ItemType="Directory", Path=["C:\\azlr\\deep"])
    hosts.run("HAM-N01", "Set-Content", LiteralPath=["C:\\azlr\\a.txt"], Value=["one", "two"], Encoding="ASCII")
    assert hosts.run("HAM-N01", "Get-Content", LiteralPath=["C:\\azlr\\a.txt"]) == ["one", "two"]
    assert hosts.run("HAM-N01", "Get-Content", LiteralPath=["C:\\azlr\\a.txt"], Raw=True) == ["one\r\ntwo\r\n"]
    assert prop(hosts.one("HAM-N01", "Get-Item", LiteralPath=["C:\\azlr\\a.txt"]), "Length") == 10
    assert hosts.run("HAM-N01", "Test-Path", LiteralPath=["C:\\azlr\\a.txt", "C:\\azlr\\b.txt"]) == [True, False]
    assert hosts.run("HAM-N01", "Test-Path", LiteralPath=["C:\\azlr"], PathType="Leaf") == [False]
    assert hosts.run("HAM-N01", "Test-Path", Path=["C:\\azlr\\*.txt"]) == [True]
    with pytest.raises(CmdletError, match="NonInteractive"):
        hosts.run("HAM-N01", "Remove-Item", LiteralPath=["C:\\azlr"])
    hosts.run("HAM-N01", "Remove-Item", Path=["C:\\azlr\\*"])
    assert hosts.run("HAM-N01", "Get-ChildItem", LiteralPath=["C:\\azlr"]) == []
    hosts.run("HAM-N01", "Set-Content", LiteralPath=["C:\\azlr\\e"], Value=[], Encoding="Byte")
    assert hosts.run("HAM-N01", "Get-Content", LiteralPath=["C:\\azlr\\e"], Encoding="Byte", ReadCount=0) == []
    with pytest.raises(CmdletError, match="byte encoding"):
        hosts.run("HAM-N01", "Set-Content", LiteralPath=["C:\\azlr\\e"], Value=["x"], Encoding="Byte")


def test_services_processes_and_the_clock():
    hosts = Hosts()
    agent = hosts.one("HAM-N02", "Get-Service", Name=["mochostagent"])
    assert prop(agent, "Status") == EnumValue("System.ServiceProcess.ServiceControllerStatus", "Running", 4)
    assert hosts.first_error("HAM-N02", "Get-Service", Name=["nope"]).id.startswith("NoServiceFoundForGivenName,")
    pid = hosts.site.processes.next_pid()
    gone = hosts.first_error("HAM-N02", "Get-Process", Id=[pid])
    assert gone.id == "NoProcessFoundForGivenId,Microsoft.PowerShell.Commands.GetProcessCommand"
    hosts.site.processes.register("HAM-N02", pid, START)
    assert prop(hosts.one("HAM-N02", "Get-Process", Id=[pid]), "StartTime") == START
    hosts.faults.apply_now(hosts.site, "clock-off", host="HAM-N02", seconds=600)
    ahead = hosts.one("HAM-N02", "Get-Date") - hosts.one("HAM-N01", "Get-Date")
    assert timedelta(minutes=9) < ahead < timedelta(minutes=11)
    assert [prop(m, "Version") for m in hosts.run("HAM-N02", "Get-Module", Name=["Moc"], ListAvailable=True)] == [
        "1.2.27"
    ]


def test_a_dead_host_is_slow_to_say_nothing():
    hosts = Hosts()
    dead = hosts.one("HAM-N02", "Test-NetConnection", ComputerName="BER-N01", Port=5985)
    assert (prop(dead, "TcpTestSucceeded"), prop(dead, "PingSucceeded")) == (False, False)
    assert hosts.heard.warnings[0].startswith("TCP connect to (10.10.0.11 : 5985) failed")
    assert hosts.site.clock.now() - START > timedelta(seconds=20)
    alive = hosts.one("HAM-N02", "Test-NetConnection", ComputerName="KEY-N01", Port=5985)
    assert prop(alive, "TcpTestSucceeded") is True


def test_repairs_updates_and_volumes_are_seen():
    hosts = Hosts()
    assert hosts.run("HAM-N01", "Get-StorageJob") == []
    hosts.faults.apply_now(hosts.site, "repair-runs")
    assert 70 < prop(hosts.one("HAM-N02", "Get-StorageJob"), "PercentComplete") < 100
    hosts.site.spend(11 * 60)
    assert hosts.run("HAM-N01", "Get-StorageJob") == []
    assert len(hosts.run("HAM-N01", "Get-Volume")) == 4
    hosts.faults.apply_now(hosts.site, "update-runs")
    assert value(hosts.one("HAM-N01", "Get-SolutionUpdateEnvironment"), "State") == "UpdateInProgress"
    assert [prop(p, "Status") for p in hosts.run("HAM-N01", "Get-ActionPlanInstance")] == ["Completed", "Running"]


def test_a_repair_goes_on_with_the_clock_for_as_long_as_it_was_told():
    hosts = Hosts()
    hosts.faults.apply_now(hosts.site, "repair-runs", minutes=40)
    for passed, percent in ((0, 80), (20, 90), (10, 95)):
        hosts.site.spend(60 * passed)
        assert prop(hosts.one("HAM-N02", "Get-StorageJob"), "PercentComplete") == percent
    hosts.site.spend(60 * 10)
    assert hosts.run("HAM-N02", "Get-StorageJob") == []


def test_a_fault_before_the_effect_leaves_none_and_one_after_leaves_it():
    hosts = Hosts()
    hosts.faults.inject("moc-unavailable-before", cmdlet="New-MocKey")
    hosts.faults.inject("moc-unavailable-after", cmdlet="New-MocKey", nth=2)
    for wanted in (False, True):
        failed = moc_error(hosts, "HAM-N02", "New-MocKey", name="azl-1", type="RSA", size=2048, **GROUP)
        assert "code = Unavailable" in failed.message
        assert ("azl-1" in hosts.key_names("HAM-N02")) is wanted
        assert (hosts.site.writes[-1].effect, bool(hosts.site.writes[-1].error)) == (wanted, True)
    assert hosts.faults.fired == ["moc-unavailable-before", "moc-unavailable-after"]


def test_a_happening_at_a_moment():
    hosts = Hosts()
    hosts.faults.inject("key-appears", cmdlet="Import-MocKey")
    with pytest.raises(CmdletError, match="Already Exists"):
        hosts.bring_key()
    hosts.faults.inject("vm-moves", cmdlet="Add-ClusterVirtualMachineRole", when="after", node="HAM-N01")
    hosts.run("HAM-N02", "Add-ClusterVirtualMachineRole", VMName="SRV-DB01")
    assert prop(prop(hosts.one("HAM-N02", "Get-ClusterGroup", Name=["SRV-DB01"]), "OwnerNode"), "Name") == "HAM-N01"


def test_a_half_written_file_and_an_altered_export():
    hosts = Hosts()
    hosts.run("HAM-N01", "New-Item", ItemType="Directory", Path=["C:\\azlr"])
    hosts.faults.inject("written-half", nth=2)
    for wanted in (4, 2):
        hosts.run("HAM-N01", "Set-Content", LiteralPath=[PEM], Encoding="Byte", Value=[1, 2, 3, 4])
        assert prop(hosts.one("HAM-N01", "Get-Item", LiteralPath=[PEM]), "Length") == wanted
    hosts.faults.inject("written-altered", cmdlet="Export-MocKey")
    with pytest.raises(CmdletError, match="Invalid Input"):
        hosts.bring_key()


def test_leaving_the_script():
    hosts = Hosts()
    hosts.faults.inject("leave-before", cmdlet="New-MocKey")
    with pytest.raises(LeaveScript):
        hosts.run("HAM-N02", "New-MocKey", name="azl-1", type="RSA", size=2048, **GROUP)
    assert "azl-1" not in hosts.key_names("HAM-N02")


@pytest.mark.parametrize(("name", "effect"), [("hang-before", False), ("hang-after", True)])
def test_a_hanging_call_ends_with_its_process(name, effect):
    site = make_site(4711, keys=CachedKeys(), clock=LabClock(START, 1000))
    hosts = Hosts(site=site)
    pid = site.processes.next_pid()
    site.processes.register("HAM-N02", pid, START)
    hosts.faults.inject(name, cmdlet="New-MocKey", seconds=1e9)
    hosts.faults.fired = Signal()
    ended = []

    def work():
        try:
            hosts.run("HAM-N02", "New-MocKey", pid=pid, name="azl-1", type="RSA", size=2048, **GROUP)
        except ProcessEnded as left:
            ended.append(left)

    thread = threading.Thread(target=work)
    thread.start()
    assert hosts.faults.fired.seen.wait(10)
    site.processes.gone("HAM-N02", pid)
    thread.join(10)
    assert ended
    assert ("azl-1" in hosts.key_names("HAM-N02")) is effect


class Signal(list):
    """A list that says when something was added."""

    def __init__(self):
        super().__init__()
        self.seen = threading.Event()

    def __iadd__(self, items):
        self.extend(items)
        if self:
            self.seen.set()
        return self


def test_every_fault_can_be_made():
    for name, make in FAULTS.items():
        fault = make(cmdlet="New-MocKey")
        assert (fault.name, fault.cmdlet) == (name, "New-MocKey")
    assert set(HAPPENINGS) <= set(FAULTS)


def test_an_unknown_fault_is_refused():
    with pytest.raises(KeyError):
        Faults().inject("nonsense")


def test_what_if_changes_nothing():
    hosts = Hosts()
    hosts.run("HAM-N01", "Stop-VM", Name=["SRV-WEB01"], WhatIf=True)
    assert value(hosts.one("HAM-N01", "Get-VM", Name=["SRV-WEB01"]), "State") == "Running"
    assert hosts.site.writes == []


def test_bytes_stand_in_the_record_as_their_hash():
    hosts = Hosts()
    hosts.run("HAM-N01", "New-Item", ItemType="Directory", Path=["C:\\azlr"])
    hosts.run("HAM-N01", "Set-Content", LiteralPath=[PEM], Encoding="Byte", Value=[1, 2, 3])
    assert hosts.site.writes[-1].parameters["Value"].startswith("sha256 039058c6")
    assert hosts.site.writes[-1].effect


def test_objects_have_the_properties_of_their_type_and_no_other():
    hosts = Hosts()
    vm = hosts.one("HAM-N02", "Get-VM", Name=["SRV-DB01"])
    assert isinstance(vm, PSObject)
    assert list(vm.properties) == list(shapes()["VirtualMachine"].properties)
    with pytest.raises(KeyError):
        shaped("VirtualMachine", Nonsense=1)
    with pytest.raises(KeyError):
        shaped("VirtualMachine", State="Nonsense")


def test_a_restored_vm_is_stopped_and_started_with_its_group():
    hosts = Hosts()
    restore(hosts.site)
    hosts.run("HAM-N02", "Stop-VM", Name=["SRV-DB01"], TurnOff=True, Force=True)
    assert value(hosts.one("HAM-N01", "Get-ClusterGroup", Name=["SRV-DB01"]), "State") == "Offline"
    hosts.run("HAM-N02", "Start-VM", VM=[hosts.one("HAM-N02", "Get-VM", Name=["SRV-DB01"])])
    assert story_vm(hosts.site).state == "Running"


def test_a_clean_site_after_clean_up():
    hosts = Hosts()
    hosts.bring_key()
    clean_up(hosts.site)
    assert not [r for r in judge(hosts.site).reasons if "left" in r]


def test_the_remedy_for_a_cloud_agent_that_is_offline():
    hosts = Hosts()
    hosts.faults.apply_now(hosts.site, "moc-offline")
    assert "code = Unavailable" in moc_error(hosts, "HAM-N02", "Get-MocKey", **GROUP).message
    groups = hosts.run("HAM-N02", "Get-ClusterGroup", Name=["ca-*"])
    hosts.run("HAM-N02", "Start-ClusterGroup", pipeline=groups)
    assert hosts.key_names("HAM-N02")


def test_what_a_cmdlet_did_is_on_disk_when_it_answers(tmp_path):
    hosts = Hosts(site=new_site(store=Store(tmp_path)))
    for step in (hosts.make_wrapping_key, hosts.export):
        step()
        again = load_site(Store(tmp_path))
        assert again is not None
        assert again.world == hosts.site.world
    hosts.faults.inject("leave-after", cmdlet="Remove-MocKey")
    with pytest.raises(LeaveScript):
        hosts.run("HAM-N02", "Remove-MocKey", name="azl-1", **GROUP)
    again = load_site(Store(tmp_path))
    assert again is not None
    assert (again.writes[-1].effect, again.writes[-1].error) == (True, "the script was left at Remove-MocKey")


def test_many_threads_write_and_nothing_is_lost():
    hosts = Hosts()
    hosts.run("HAM-N01", "New-Item", ItemType="Directory", Path=["C:\\azlr"])

    def work(number):
        for turn in range(5):
            call = Call("Set-Content", {"LiteralPath": [f"C:\\azlr\\{number}-{turn}"], "Value": ["x"]})
            list(cmdlets_of(hosts.site, "HAM-N01", hosts.faults)["Set-Content"](call, Heard()))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(hosts.run("HAM-N01", "Get-ChildItem", LiteralPath=["C:\\azlr"])) == 30
    assert sum(write.effect for write in hosts.site.writes) == 31


def test_a_fault_on_one_host_leaves_the_others_alone():
    hosts = Hosts()
    hosts.faults.inject("error-before", cmdlet="Get-ClusterNode", on="HAM-N02", text="no", times=2)
    assert len(hosts.run("HAM-N01", "Get-ClusterNode")) == 2
    with pytest.raises(CmdletError, match="no"):
        hosts.run("HAM-N02", "Get-ClusterNode")
    hosts.faults.clear()
    assert len(hosts.run("HAM-N02", "Get-ClusterNode")) == 2
    hosts.faults.inject("error-after", cmdlet="Get-ClusterNode", text="late", terminating=False)
    assert len(hosts.run("HAM-N02", "Get-ClusterNode")) == 2
    assert hosts.heard.errors[0].message == "late"
