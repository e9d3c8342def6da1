"""Arguments are bound as the vendors' tables say, and refused in PowerShell's words."""

from __future__ import annotations

import pytest

from tui.lab import tables
from tui.lab.cmdlet import Call, HostFacts
from tui.lab.reader import read
from tui.lab.values import GuidValue, PSObject

ID = "11111111-2222-3333-4444-555555555555"
VM = PSObject("Microsoft.HyperV.PowerShell.VirtualMachine", {"Name": "a"})


def run(script):
    """The calls that reached the site, and the records."""
    calls: list[Call] = []

    def site(call, streams):
        calls.append(call)
        return [VM] if call.cmdlet == "Get-VM" else []

    offered = {name: site for name in tables._read("cmdlets.json") if "Object" not in name}
    return calls, list(read(script, HostFacts("N", "u", 1, cmdlets=offered)))


@pytest.mark.parametrize(
    ("script", "parameters", "chosen"),
    [
        ("get-vm -nam 'a','b'", {"Name": ["a", "b"]}, "Name"),
        ("Get-VM 'a'", {"Name": ["a"]}, "Name"),
        ("Get-VM -VMName a", {"Name": ["a"]}, "Name"),
        (f"Get-VM -Id '{ID.upper()}'", {"Id": GuidValue(ID)}, "Id"),
        (f"Get-VM ([guid]'{ID}')", {"Id": GuidValue(ID)}, "Id"),
        ("Stop-VM -Name a -Force -Confirm:$false", {"Name": ["a"], "Force": True, "Confirm": False}, "Name"),
        ("Move-ClusterGroup g n -Wait 0", {"Name": "g", "Node": "n", "Wait": 0}, ""),
        ("Get-Content -LiteralPath P -Encoding byt -ReadCount 0",
         {"LiteralPath": ["P"], "Encoding": "Byte", "ReadCount": 0}, "LiteralPath"),
        ("Get-WinEvent -FilterHashtable @{LogName='x'} -MaxEvents 5",
         {"FilterHashtable": [{"LogName": "x"}], "MaxEvents": 5}, "HashQuerySet"),
        ("Set-Content -LiteralPath P -Encoding Byte -Value ([byte[]](1,2))",
         {"LiteralPath": ["P"], "Encoding": "Byte", "Value": [1, 2]}, "LiteralPath"),
        ("'a'|Start-VM", {"Name": ["a"]}, "Name"),
    ],
)  # fmt: skip
def test_binds(script, parameters, chosen):
    calls, records = run(script)
    assert [record.kind for record in records] == ["Z"] or calls[0].cmdlet == "Get-VM"
    assert (dict(calls[-1].parameters), calls[-1].parameter_set) == (parameters, chosen)


def test_objects_of_a_pipeline_are_bound_one_by_one():
    calls, _ = run("Get-VM|Stop-VM -Force")
    assert calls[-1].cmdlet == "Stop-VM"
    assert dict(calls[-1].parameters) == {"VM": [VM], "Force": True}
    assert calls[-1].parameter_set == "VMObject"
    calls, records = run("Get-VM|Get-MocNode")
    assert [call.cmdlet for call in calls] == ["Get-VM"]
    assert (records[0].kind, records[0].value["id"]) == ("E", "InputObjectNotBound,Get-MocNode")


@pytest.mark.parametrize(
    ("script", "error_id", "text"),
    [
        ("Get-VM -Foo 1", "NamedParameterNotFound,Get-VM",
         "A parameter cannot be found that matches parameter name 'Foo'."),
        (f"Get-VM -Name a -Id '{ID}'", "AmbiguousParameterSet,Get-VM",
         "Parameter set cannot be resolved using the specified named parameters."),
        ("Start-VM", "MissingMandatoryParameter,Start-VM",
         "Cannot process command because of one or more missing mandatory parameters: Name."),
        ("Get-MocKey -name a", "MissingMandatoryParameter,Get-MocKey",
         "Cannot process command because of one or more missing mandatory parameters: group keyvaultName."),
        ("Get-ClusterGroup a b c d", "PositionalParameterNotFound,Get-ClusterGroup",
         "A positional parameter cannot be found that accepts argument 'b'."),
        ("Get-VM -C x", "AmbiguousParameter,Get-VM", None),
        ("Get-VM -Name", "MissingArgument,Get-VM", None),
        ("Get-VM -Name a -Name b", "ParameterAlreadyBound,Get-VM", None),
        ("Start-VM -Name ''", "ParameterArgumentValidationErrorEmptyStringNotAllowed,Start-VM", None),
        ("Start-VM -Name $null", "ParameterArgumentValidationErrorNullNotAllowed,Start-VM", None),
        ("Get-VM -Id x", "CannotConvertArgumentNoMessage,Get-VM", None),
        ("Move-ClusterGroup g n -Wait soon", "CannotConvertArgumentNoMessage,Move-ClusterGroup", None),
        ("Start-ClusterGroup -Name a,b", "CannotConvertArgument,Start-ClusterGroup", None),
        ("Import-MocKey -name k -importKeyFile f -group g -keyvaultName v -type DSA",
         "ParameterArgumentValidationError,Import-MocKey", None),
        ("Stop-VM -VM a", "CannotConvertArgumentNoMessage,Stop-VM", None),
        ("Get-MocNode -Foo", "LabReaderRefused", None),
        ("Stop-VM a -WhatIf", "LabReaderRefused", None),
    ],
)  # fmt: skip
def test_refuses_in_powershells_words_before_the_site_hears_of_it(script, error_id, text):
    calls, records = run(script + ";'after'")
    assert calls == []
    assert [record.kind for record in records] == ["T", "Z"]
    assert records[0].value["id"] == error_id
    assert text is None or records[0].value["m"] == text


def test_a_cmdlet_that_the_host_does_not_offer_is_not_recognized():
    (record, _) = read("Get-VM", HostFacts("N", "u", 1))
    assert record.value["id"].startswith("CommandNotFoundException,")


def test_tables_are_whole():
    assert tables.known("get-vm") == "Get-VM"
    assert tables.known("Get-NoSuchThing") is None
    for name in tables._read("cmdlets.json"):
        table = tables.parameters_of(name)
        assert all(set(row.sets) <= set(table.sets) for row in table.rows), name
        assert table.default in (*table.sets, ""), name
    row = tables.outputs_of("Get-VM")
    assert row is not None
    assert row.complete
    assert tables.output_of_type(row.type) == row
