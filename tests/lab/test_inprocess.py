"""The lab without a network: processes, power, interference; and the small parts that the lab's process is made of."""

from __future__ import annotations

import asyncio
import base64
import threading
from contextlib import asynccontextmanager

import pytest

from tests.lab.test_site import START, new_site
from tui.core.action import Alive, Kind, PowerShell, Reach
from tui.core.clock import SystemClock
from tui.core.errors import BadInput, ConnectionLost, Unreachable
from tui.lab import drills
from tui.lab.clock import LabClock
from tui.lab.commandline import BadArguments, Run, powershell, within_cmd, words
from tui.lab.drillclock import DrillClock
from tui.lab.faults import Faults
from tui.lab.inprocess import InProcess, Screen
from tui.lab.interference import Fate, Interference
from tui.lab.launch import SiteLauncher
from tui.lab.power import Power, watch_power
from tui.lab.site import make_site
from tui.lab.wirefaults import FRAME, WIRE, WireFaults
from tui.lab.wsman.verdict import Verdict
from tui.remote.estate import RemoteEstate
from tui.remote.frame import COMMAND_LINE, frame, new_nonce, opening

FOLDER = "C:\\azlr"
MAKE = PowerShell("HAM-N02", f"New-Item -ItemType Directory -Path '{FOLDER}'", changes=True, deadline=60.0)
BOUND = 5.0


class Bench:
    """One site and one estate on it."""

    def __init__(self, interference=None, speed=0.0):
        self.site = new_site()
        if speed:
            self.site.clock = LabClock(START, speed)
        self.faults = Faults()
        self.transport = InProcess(self.site, self.faults, interference=interference)
        self.estate = RemoteEstate(self.transport, SystemClock())

    @property
    def made(self):
        return FOLDER in [file.path for file in self.site.node("HAM-N02").files.values()]

    async def act(self, action=MAKE):
        """The ids, the kinds of the records, and the error that ended it."""
        prepared = await self.estate.prepare(action)
        kinds = []
        try:
            async for record in self.estate.send(prepared):
                kinds.append(record.kind)
        except ConnectionLost as lost:
            return prepared, kinds, lost
        return prepared, kinds, None


@asynccontextmanager
async def bench(*args, **options):
    made = Bench(*args, **options)
    try:
        yield made
    finally:
        await made.estate.close()
        for host in made.site.hosts:
            made.transport._launch.end_all(host)


async def until(condition):
    async with asyncio.timeout(BOUND):
        while not condition():  # noqa: ASYNC110 (threads of the lab change it)
            await asyncio.sleep(0.002)


async def test_a_read_and_an_act():
    async with bench() as b:
        reply = await b.estate.read(PowerShell("HAM-N02", "Get-VM -Name 'SRV-DB01' | Select-Object Name"))
        assert reply.values == ({"Name": "SRV-DB01"},)
        prepared, kinds, lost = await b.act()
        assert (kinds[0], kinds[-1], lost, b.made) == (Kind.BEGUN, Kind.END, None, True)
        await until(lambda: not b.site.processes.find("HAM-N02", prepared.ids.pid))
        assert await b.estate.alive(prepared.ids, SystemClock().wall()) is Alive.GONE
        assert len(b.site.processes.of("HAM-N02")) == 1  # the reader
        await b.estate.close()
        await until(lambda: not b.site.processes.of("HAM-N02"))


async def test_a_prepared_process_lives_until_it_is_discarded():
    async with bench() as b:
        prepared = await b.estate.prepare(MAKE)
        assert b.site.processes.find("HAM-N02", prepared.ids.pid)
        assert await b.estate.alive(prepared.ids, SystemClock().wall()) is Alive.YES
        await b.estate.discard(prepared)
        assert await b.estate.alive(prepared.ids, SystemClock().wall()) is Alive.GONE
        assert not b.made


async def test_who_is_not_there():
    async with bench() as b:
        with pytest.raises(Unreachable, match="No connection to BER-N01"):
            await b.estate.read(PowerShell("BER-N01", "Get-VM"))
        with pytest.raises(Unreachable, match="no host NIX"):
            await b.estate.read(PowerShell("NIX", "Get-VM"))
        dead = await b.estate.read(Reach("BER-N01", (5985, 445)))
        alive = await b.estate.read(Reach("HAM-N01", (5985, 445, 3389)))
        assert [each["open"] for each in (*dead.values, *alive.values)] == [False, False, True, True, False]


async def test_a_power_cut_takes_processes_along_and_a_return_brings_none_back():
    async with bench() as b:
        prepared = await b.estate.prepare(MAKE)
        b.faults.apply_now(b.site, "node-dies", host="HAM-N02")
        with pytest.raises(ConnectionLost):
            [record async for record in b.estate.send(prepared)]
        await until(lambda: not b.site.processes.of("HAM-N02"))
        b.faults.apply_now(b.site, "source-returns")
        assert (await b.estate.read(PowerShell("BER-N01", "Get-VM | Select-Object Name"))).values


async def test_a_frame_that_never_arrives():
    hook = Interference(then=Fate.NEVER_ARRIVES)
    async with bench(hook) as b:
        prepared, kinds, lost = await b.act()
        assert hook.script == MAKE.script
        assert (kinds, b.made, lost is not None) == ([], False, True)
        await until(lambda: not b.site.processes.of("HAM-N02"))
        assert await b.estate.alive(prepared.ids, SystemClock().wall()) is Alive.GONE
        assert not b.site.writes
        assert (await b.act())[2] is None  # it strikes once


async def test_an_act_that_is_applied_while_its_answer_is_lost():
    async with bench(Interference(nth=2, then=Fate.APPLIED, text="new-item", host="ham-n02")) as b:
        first = PowerShell("HAM-N02", MAKE.script + " -Force", changes=True, deadline=60.0)
        other = PowerShell("HAM-N02", "Set-VM -Name 'SRV-DB01' -Notes 'x'", changes=True, deadline=60.0)
        assert (await b.act(first))[2] is None
        assert (await b.act(other))[2] is None
        prepared, kinds, lost = await b.act(first)
        assert lost is not None
        assert lost.sent
        assert (kinds, len(b.site.writes)) == ([], 3)
        assert await b.estate.alive(prepared.ids, SystemClock().wall()) is Alive.GONE


async def test_an_act_that_applies_later():
    hook = Interference(then=Fate.APPLIES_LATER)
    async with bench(hook) as b:
        prepared, _, lost = await b.act()
        assert lost is not None
        assert not b.made
        assert b.site.processes.find("HAM-N02", prepared.ids.pid)
        await b.estate.close()
        hook.release()
        assert b.made
        assert not b.site.processes.find("HAM-N02", prepared.ids.pid)


async def test_a_killed_client_leaves_its_command_running_to_the_end():
    async with bench(speed=200.0) as b:
        key = "New-MocKey -name 'azl-1' -group 'AzureStackHostAttestation' -keyvaultName 'AzureStackTvmKeyVault' " \
              "-type RSA -size 2048"  # fmt: skip
        prepared = await b.estate.prepare(PowerShell("HAM-N02", key, changes=True, deadline=60.0))
        sending = asyncio.create_task(anext(b.estate.send(prepared)))
        await until(lambda: b.site.writes)
        b.transport.client_dies()
        assert not b.site.writes[0].effect
        sending.cancel()
        await until(lambda: not b.site.processes.of("HAM-N02"))
        assert b.site.writes[0].effect


async def test_a_command_that_hangs_is_released_by_its_end():
    async with bench(speed=1.0) as b:
        b.faults.inject("hang-before", cmdlet="New-Item")
        prepared = await b.estate.prepare(MAKE)
        sending = asyncio.create_task(anext(b.estate.send(prepared)))
        await until(lambda: b.site.writes)
        await b.estate.discard(prepared)
        await until(lambda: not [t for t in threading.enumerate() if t.name.startswith("lab-HAM-N02")])
        sending.cancel()
        assert not b.made
        assert not b.site.writes[0].effect


# A host's programs ----------------------------------------------------------------------------------------------


def run(line, *feeds, site=None, wire=None):
    """What a program of HAM-N02 wrote, when it has left (or, where it is still there, has written `until`)."""
    launcher = SiteLauncher(site or new_site(), Faults(), "LAB\\operator")
    screen = Screen()
    process = (wire.wrap(launcher) if wire else launcher)("HAM-N02", line, (), {}, screen)
    for data in feeds:
        process.feed(data, False)
    process.feed(b"", True)
    assert screen.wait_left(BOUND)
    return (screen.take(0) or b"").decode(), screen.errors


def encoded(script):
    return "powershell -encodedcommand " + base64.b64encode(script.encode("utf-16-le")).decode()


def test_what_other_clients_ask_first():
    assert run("hostname") == ("HAM-N02\r\n", "")
    assert run("cmd.exe /c whoami") == ("lab\\operator\r\n", "")
    assert run('cmd /c "hostname"') == ("HAM-N02\r\n", "")
    assert run("ipconfig /all")[1].startswith("'ipconfig' is not recognized as an internal or external command,")
    assert run(encoded("'a'\n1 + 1\n$PID -gt 0")) == ("a\r\n2\r\nTrue\r\n", "")
    assert run(f"cmd /c {encoded('$env:COMPUTERNAME')}") == ("HAM-N02\r\n", "")
    out, error = run(encoded("Write-Output 1; throw 'no & no'"))
    assert out == "1\r\n"
    assert '<S S="Error">no &amp; no_x000D__x000A_</S>' in error
    assert run('pwsh.exe -NoProfile -Command "$PSVersionTable.PSVersion.Major"') == ("7\r\n", "")


def test_a_last_line_without_its_end_is_dropped():
    assert run("powershell -NoLogo -Command -", b"'a'\r\n'b'\n'", b"c'") == ("a\r\nb\r\n", "")
    assert run("powershell -Command -", b"'a'\nexit\n'b'\n") == ("a\r\n", "")


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        (COMMAND_LINE, Run()),
        ("powershell -nop -ep Bypass -c Get-VM -Name x", Run("Get-VM -Name x")),
        ("powershell -e JwBhACcA", Run("'a'", encoded=True)),
        ("powershell Get-VM", Run("Get-VM")),
        ("powershell", Run()),
    ],
)
def test_what_powershell_is_told_to_run(line, asks):
    assert powershell(words(line)[1:]) == asks


def test_command_lines_that_say_nothing():
    assert within_cmd(["/q"]) == []
    with pytest.raises(BadArguments):
        powershell(["-enc", "%"])


# Faults between client and host ---------------------------------------------------------------------------------


def spoken(wire, script="'x'"):
    nonce = new_nonce()
    out, _ = run(COMMAND_LINE, opening(nonce), frame(nonce, script), wire=wire)
    return [line.split(" ")[1] for line in out.splitlines()]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("silent-handshake", []),
        ("frame-left", ["H", "B", "O", "X"]),
        ("frame-without-end", ["H", "B", "O"]),
        ("reply-lost", ["H"]),
    ],
)
def test_faults_within_a_process(name, kinds):
    cut = []
    wire = WireFaults(cut.append)
    wire.inject(name, text="" if name == "silent-handshake" else "'X'")
    assert spoken(wire, "'y'") == (kinds if name == "silent-handshake" else ["H", "B", "O", "Z"])
    assert spoken(wire) == (["H", "B", "O", "Z"] if name == "silent-handshake" else kinds)
    assert wire.fired == [name]
    assert cut == (["HAM-N02"] if name == "reply-lost" else [])


def test_faults_on_the_wire_count_what_fits():
    wire = WireFaults()
    wire.inject("drop-after", host="ham-n02", nth=2, times=2, text="import")
    asked = [("HAM-N01", "Import"), ("HAM-N02", "Import"), ("HAM-N02", "Get"), ("HAM-N02", "import"),
             ("HAM-N02", "Import"), ("HAM-N02", "Import")]  # fmt: skip
    got = [wire(host, "send", text) for host, text in asked]
    assert got == [Verdict.PASS] * 3 + [Verdict.DROP_AFTER] * 2 + [Verdict.PASS]
    assert wire("HAM-N02", "receive", "Import") is Verdict.PASS
    with pytest.raises(KeyError):
        wire.inject("nonsense")
    with pytest.raises(TypeError):
        wire.inject("frame-left", operation="send")
    assert not WIRE.keys() & FRAME.keys()


def test_power_is_told_after_each_change():
    site, told, faults = make_site(1), [], Faults()
    watch_power(site, lambda host, power: told.append((host, power)))
    faults.apply_now(site, "node-dies", host="HAM-N01")
    faults.apply_now(site, "source-returns")
    faults.apply_now(site, "node-restarts", host="HAM-N02")
    faults.apply_now(site, "checkpoint-appears")
    assert told == [("HAM-N01", Power.OFF), ("BER-N01", Power.ON), ("BER-N02", Power.ON), ("HAM-N02", Power.RESTARTED)]


# Clock and drills -----------------------------------------------------------------------------------------------


async def test_a_drills_clock_follows_its_anchor():
    now = [100.0]
    clock = DrillClock(lambda: now[0])
    assert clock.wall() == 100.0
    clock.set_anchor(90.0, 5_000.0, 20.0)
    assert clock.wall() == 5_200.0
    sleeper = asyncio.create_task(clock.sleep(3_600.0))
    await asyncio.sleep(0)
    now[0] = 101.0
    clock.set_anchor(101.0, 5_220.0, 1e9)  # a change of pace wakes it
    now[0] = 102.0
    async with asyncio.timeout(BOUND):
        await sleeper
    with pytest.raises(ValueError, match="more than 0"):
        clock.set_anchor(0.0, 0.0, 0.0)


def test_the_drills_are_there():
    assert [each.name for each in drills.all_drills()] == [
        "trusted-launch", "trusted-launch-too-early", "trusted-launch-wave",
    ]  # fmt: skip
    early = drills.drill("trusted-launch-too-early")
    assert (early.variant, early.scenario, set(early.witness)) == (
        "started-too-early", "trusted-launch", {"witness", "saw"},
    )  # fmt: skip
    assert len(early.story) in (2, 3)
    wave = drills.drill("trusted-launch-wave")
    assert (wave.variant, wave.rto_minutes, wave.par_minutes, len(wave.story)) == ("wave", 240, 60, 3)
    assert (set(wave.told), wave.witness) == ({"original", "target"}, early.witness)
    with pytest.raises(BadInput, match="no drill 'trusted-lunch'") as refused:
        drills.drill("trusted-lunch")
    assert refused.value.lines()[1:] == (
        "There are: trusted-launch, trusted-launch-too-early, trusted-launch-wave.", "azl-recover drill trusted-launch",
    )  # fmt: skip


GOOD = """title = "T"
scenario = "s"
story = ["a"]
declared_minutes_ago = 0
rto_minutes = 1
par_minutes = 1.5
"""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (GOOD + "tittle = 'x'", "unknown key 'tittle', 'title' is meant"),
        (GOOD + "speed = 'x'", "speed is of the wrong kind"),
        (GOOD + "speed = true", "speed is of the wrong kind"),
        (GOOD + "speed = 0", "speed is not more than 0"),
        (GOOD + "told = {a = 1}", "told holds something that is not text"),
        (GOOD + "witness = {saw = 'x'}", "witness needs witness and saw"),
        (GOOD.replace("title", "#"), "title is missing"),
        ("= 1", "cannot be read"),
    ],
)
def test_a_drill_file_that_does_not_fit(tmp_path, text, problem):
    path = tmp_path / "d.toml"
    path.write_text(text)
    with pytest.raises(BadInput, match=problem):
        drills.load(path)
    path.write_text(GOOD)
    assert drills.load(path).par_minutes == 1.5
