"""The reader against what a real PowerShell answered: never another answer, and few refusals."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tui.lab.cmdlet import Call, CmdletError, HostFacts, PSError
from tui.lab.reader import PowerShellHost, Record, read
from tui.lab.reader.records import to_json
from tui.lab.values import EnumValue, GuidValue, PSObject
from tui.remote.frame import BOOTSTRAP, HANDSHAKE

CASES = [json.loads(line) for line in (Path(__file__).parent / "ps-cases.jsonl").read_text("utf-8").splitlines()]
CUSTOM = "System.Management.Automation.PSCustomObject"
NUMBERS = {"Off": 3, "Running": 2, "OkApplicationsHealthy": 6}
NONCE = "0123456789abcdef0123456789abcdef"
MOST_REFUSED = 0


@dataclass
class Loose:
    """The cases' cmdlets were stand-ins that took any parameter: they are not held to the tables."""

    words: list
    cmdlet: str
    common: dict = field(default_factory=dict)

    def call(self):
        return Call(self.cmdlet, {})

    def call_with(self, item):
        raise AssertionError("no case pipes into a stand-in")


def loose(cmdlet, words, piped):
    bound = Loose(words, cmdlet)
    for at, word in enumerate(words):
        if word.name and word.name.lower() == "erroraction":
            bound.common["ErrorAction"] = words[at + 1].value
    return bound


def revive(value):
    match value:
        case {"$guid": text}:
            return GuidValue(text)
        case {"$enum": [kind, name]}:
            return EnumValue(kind, name, NUMBERS[name])
        case {"$datetime": text}:
            return datetime.fromisoformat(text[:26] + "+00:00")
        case {"$timespan": "00:00:00"}:
            return timedelta(0)
        case {"$named": name}:
            return PSObject("Microsoft.FailoverClusters.PowerShell.ClusterNode", {"Name": name}, name)
        case dict():
            return PSObject(CUSTOM, {key: revive(item) for key, item in value.items()})
        case list():
            return [revive(item) for item in value]
        case _:
            return value


def stand_in(answer):
    def run(call, streams):
        if isinstance(answer, list):
            yield from map(revive, answer)
        elif answer == "error:InvalidParameter":
            text = 'Hyper-V was unable to find a virtual machine with name "nobody".'
            streams.error(PSError(text, "InvalidParameter,Get-VM", "InvalidArgument", "nobody"))
        else:
            text = answer.removeprefix("throw:")
            raise CmdletError(PSError(text, text, "OperationStopped", text, -2146233087))

    return run


def facts(case=None, constrained=True, **cmdlets):
    offered = {name: stand_in(answer) for name, answer in ((case or {}).get("calls") or {}).items()}
    return HostFacts("HAM-N01", "admin", 4711, constrained=constrained, cmdlets={**offered, **cmdlets})


def comparable(records):
    out = []
    for kind, *values in records:
        value = values[0] if values and kind not in "ZX" else None
        if kind in "ET":
            value = {key: value[key] for key in ("id", "c", "g", "h")}
        out.append((kind, value))
    return out


def run_case(case, constrained):
    return [(record.kind, record.value) for record in read(case["script"], facts(case, constrained), loose)]


def refused(records):
    return any(kind == "T" and value["id"] == "LabReaderRefused" for kind, value in records)


def same(found, wanted):
    return comparable(found) == comparable(wanted) and [type(v) is bool for _, v in comparable(found)] == [
        type(v) is bool for _, v in comparable(wanted)
    ]


@pytest.mark.parametrize("constrained", [True, False], ids=["constrained", "full"])
def test_no_case_is_answered_wrongly(constrained, capsys):
    wrong, unread = [], []
    for case in CASES:
        found = run_case(case, constrained)
        wanted = case.get("constrained", case["records"]) if constrained else case["records"]
        if refused(found):
            unread.append((case["script"], found[-2][1]["m"]))
        elif not same(found, wanted):
            wrong.append((case["script"], found, wanted))
    with capsys.disabled():
        print(f"\n{len(CASES) - len(unread)} of {len(CASES)} cases answered, {len(unread)} refused {unread}")
    assert wrong == []
    assert len(unread) <= MOST_REFUSED


def values(script, **given):
    return [record.value for record in read(script, facts(**given), loose) if record.kind == "O"]


def kinds(script, **given):
    return "".join(record.kind for record in read(script, facts(**given), loose))


def error(script, **given):
    (found,) = [record.value for record in read(script, facts(**given), loose) if record.kind in "ET"]
    return found


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("'it\u2019\u2018s'", ["it\u2019s"]),
        ("\u201cdouble \u201d\u201d\u201e", ["double \u201d"]),
        ('"a $(1+1) ${x} $env:COMPUTERNAME `"q`" `n"', ['a 2  HAM-N01 "q" \n']),
        ("'{0:N2} {1:x4} {2,5}|{3,-5}|' -f 1234.567,255,'ab','cd'", ["1,234.57 00ff    ab|cd   |"]),
        ("1,2+3", [1, 2, 3]),
        ("-5..-3", [-5, -4, -3]),
        ("[string][int]'7'+1", ["71"]),
        ("7%3;10/4;-7%3;2KB", [1, 2.5, -1, 2048]),
        ("'a b c'.Split(' ')[1];'x y'.Replace('x','z').ToUpper()", ["b", "Z Y"]),
        ("[string]::Join('-',(1,2))", ["1-2"]),
        ("$table=@{a=1;B='x'};$table.b;$table['A'];$table.Count", ["x", 1, 2]),
        ("$found=1..3|Where-Object{$_ -gt 5};$found", []),
        ("1..3|ForEach-Object{if($_ -eq 2){return};$_}", [1, 3]),
        ("foreach($one in 1..9){if($one -eq 2){continue}if($one -gt 3){break}$one}", [1, 3]),
        ("1,2|ForEach-Object{$_;3|ForEach-Object{$_*2};$_}", [1, 6, 1, 2, 6, 2]),
        ("try{'a';throw 'x'}catch{$_.Exception.Message}finally{'f'}", ["a", "x", "f"]),
        (
            "try{Get-Nope}catch{$_.FullyQualifiedErrorId;[string]$_.CategoryInfo.Category}",
            ["CommandNotFoundException", "ObjectNotFound"],
        ),
        ("'abc' -match '(?<first>a)(b)';$Matches.first", [True, "a"]),
        ("switch('a'){'a'{'one'}'A'{'two'}default{'d'}}", ["one", "two"]),
        ("if($true)\n{\n'x'\n}\nelse\n{'y'} # done", ["x"]),
        ("'{\"a\":[1,2]}'|ConvertFrom-Json|Select-Object A", [{"a": [1, 2]}]),
        ("(Get-Date).ToUniversalTime().AddHours(-1).ToString('o')", ["2026-11-20T00:02:03.0000000Z"]),
        ("[datetime]::UtcNow.ToString('o')", ["2026-11-20T01:02:03.0000000Z"]),
        ("1,2,3|Measure-Object -Sum|Select-Object Sum,Count", [{"Sum": 6, "Count": 3}]),
        ("(1..5|Select-Object -Last 2) -join ','", ["4,5"]),
    ],
)
def test_reads_more_than_the_cases(script, wanted):
    def now(call, streams):
        yield datetime.fromisoformat("2026-11-20T01:02:03+00:00")

    found = [r.value for r in read(script, facts(**{"Get-Date": now}), loose) if r.kind != "Z"]
    assert found == wanted


@pytest.mark.parametrize(
    "script",
    [
        "while($true){}", "& 'Get-VM'", "Get-VM > x", "$a++", "[xml]'<a/>'",
        "@{1=2}", "'a' -as [int]", "$y", "$Error",
        "try{$y}catch{'caught'}", "1|ConvertTo-Json", "Get-VM -Name a'b'", "'x' -match '\\p{L}'",
        "[datetime]'20.11.2026'",
        "(1,2)[7]", "'\u00e4' -lt '\u00f6'", "Invoke-Expression 'x'", "[datetime]'2026-11-20T01:02:03Z'",
        "[datetime]::MaxValue", "(1,2).Where({$_})", "(" * 500, "'a'*1GB", "1..1GB",
    ],
)  # fmt: skip
def test_what_it_does_not_know_is_refused_and_no_catch_swallows_it(script):
    found = error(script)
    assert (found["id"], found["c"]) == ("LabReaderRefused", "NotImplemented")


def test_errors_of_the_engine_are_signed_and_those_caught_inside_are_not():
    assert error("$null.Trim()")["id"].startswith("InvokeMethodOnNull,Microsoft.PowerShell.Commands.Invoke")
    assert values("try{$null.Trim()}catch{$_.FullyQualifiedErrorId}") == ["InvokeMethodOnNull"]
    assert error("Write-Warning")["id"] == "MissingMandatoryParameter,Write-Warning"
    assert kinds("$ErrorActionPreference='Stop';Write-Error 'x';1") == "TZ"
    assert kinds("1..3|ForEach-Object{break};1") == "X"


def test_records_come_as_they_are_made_and_a_pipeline_pulls_no_more_than_it_needs():
    made = []

    def endless(call, streams):
        for number in range(1000):
            made.append(number)
            streams.warning(str(number))
            yield number

    records = read("Get-VM|ForEach-Object{$_}", facts(**{"Get-VM": endless}), loose)
    assert [next(records) for _ in range(4)] == [Record("W", "0"), Record("O", 0), Record("W", "1"), Record("O", 1)]
    assert made == [0, 1]
    made.clear()
    assert values("Get-VM|Select-Object -First 2", **{"Get-VM": endless}) == [0, 1]
    assert made == [0, 1]


def test_nothing_of_a_pipeline_runs_before_all_its_commands_are_found():
    def never(call, streams):
        raise AssertionError("ran")
        yield

    assert error("Get-VM|Get-Nope", **{"Get-VM": never})["c"] == "ObjectNotFound"


def test_a_property_nobody_has_is_null_and_one_the_lab_lacks_is_refused():
    machine = PSObject("Microsoft.HyperV.PowerShell.VirtualMachine", {"Name": "a"})

    def vms(call, streams):
        yield machine

    assert values("Get-VM|Select-Object name,Kty", **{"Get-VM": vms}) == [{"Name": "a", "Kty": None}]
    assert error("Get-VM|Select-Object Uptime", **{"Get-VM": vms})["id"] == "LabReaderRefused"


def frame(script):
    return f"azlx '{NONCE}' '{json.dumps({'c': script}).replace(chr(39), chr(92) + 'u0027')}'"


def started(**cmdlets):
    host = PowerShellHost(facts(**cmdlets))
    assert [line for text in BOOTSTRAP for line in host.feed(text)] == []
    return host


def test_a_process_answers_the_handshake_and_frames():
    host = started()
    (hello,) = host.feed(HANDSHAKE.replace("{nonce}", NONCE))
    nonce, kind, said = hello.split(" ", 2)
    assert (nonce, kind) == (NONCE, "H")
    assert json.loads(said) == {
        "p": 4711, "v": "5.1.26100.4652", "l": "ConstrainedLanguage", "u": "admin", "c": "HAM-N01",
    }  # fmt: skip
    lines = list(host.feed(frame("'it''s \u00e9 \U0001f600 \x7f';Write-Warning 'w'")))
    text = '"it\'s \\u00e9 \\ud83d\\ude00 \\u007f"'
    assert lines == [f"{NONCE} B", f"{NONCE} O {text}", f'{NONCE} W "w"', f"{NONCE} Z"]


def test_exit_ends_the_process_and_a_broken_bootstrap_defines_nothing():
    host = started()
    assert list(host.feed(frame("1;exit;2"))) == [f"{NONCE} B", f"{NONCE} O 1", f"{NONCE} X"]
    assert host.ended
    assert list(host.feed(frame("1"))) == []
    host = PowerShellHost(facts())
    for line in (BOOTSTRAP[0], BOOTSTRAP[1], BOOTSTRAP[2].replace("'X'", "'Z'")):
        assert all(NONCE not in text for text in host.feed(line))
    assert all(NONCE not in text for text in host.feed(frame("1")))


def test_variables_outlive_a_line_but_no_frame():
    host = started()
    assert list(host.feed("$kept=5;$kept")) == ["5"]
    assert list(host.feed(frame("$kept;$own=1")))[1] == f"{NONCE} O 5"
    assert list(host.feed(frame("$own")))[1] == f"{NONCE} O null"
    assert list(host.feed("")) == []


def test_json_is_ascii():
    assert to_json({"a": "\u2028\x7f\x01"}) == '{"a":"\\u2028\\u007f\\u0001"}'
