"""The lab's real process, end to end: started, asked by clients that we did not write, killed, found again, ended."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest
from winrm import Session

from tui.core.action import Kind, PowerShell, Reach
from tui.core.errors import BadInput, ConnectionLost, EstateError, RecoverError, SignInRefused
from tui.core.scenario import Group
from tui.lab import drills
from tui.lab.client import Lab, find_lab, start_lab
from tui.lab.labfile import CA, NAME, read_lab_file, write_private
from tui.lab.spawn import spawn, wait_ended
from tui.remote.estate import RemoteEstate
from tui.remote.frame import frame, new_nonce, opening
from tui.remote.winrm import WinRm

BOUND = 10.0
DRILL = drills.drill("trusted-launch")
MAKE = PowerShell("HAM-N02", "New-Item -ItemType Directory -Path 'C:\\azlr'", changes=True, deadline=60.0)


@asynccontextmanager
async def a_lab(folder: Path, **options) -> AsyncIterator[Lab]:
    lab = await start_lab(folder, DRILL, seed=7, speed=options.pop("speed", 1000.0), **options)
    try:
        yield lab
    finally:
        await lab.stop()


@asynccontextmanager
async def an_estate(lab: Lab) -> AsyncIterator[RemoteEstate]:
    estate = RemoteEstate(WinRm(lab.hosts, lab.clock), lab.clock)
    try:
        yield estate
    finally:
        await estate.close()


def session(lab: Lab, host: str) -> Session:
    to = lab.hosts[host]
    return Session(
        f"http://127.0.0.1:{to.port}/wsman", auth=(to.user, to.password.reveal()), transport="ntlm",
        message_encryption="always", proxy=None, ca_trust_path=None,
    )  # fmt: skip


async def ended(pid: int) -> None:
    assert await asyncio.to_thread(wait_ended, pid, BOUND), "the lab still runs"


async def test_other_clients_find_a_plausible_host(tmp_path):
    async with a_lab(tmp_path / "new" / "lab") as lab:
        ham = session(lab, "HAM-N02")
        said = await asyncio.to_thread(ham.run_cmd, "hostname")
        assert (said.std_out, said.std_err, said.status_code) == (b"HAM-N02\r\n", b"", 0)
        said = await asyncio.to_thread(ham.run_cmd, "ipconfig", ["/all"])
        assert said.status_code == 1
        said = await asyncio.to_thread(ham.run_ps, "(Get-VM -Name 'SRV-DB01').Name\nGet-VM -Name nix")
        assert (said.std_out, said.status_code) == (b"SRV-DB01\r\n", 1)
        assert said.std_err.startswith(b"Hyper-V was unable to find")


async def test_the_site_is_read_changed_and_followed(tmp_path):
    async with a_lab(tmp_path) as lab, an_estate(lab) as estate:
        assert [(c.name, c.backup_vault) for c in lab.site.clusters] == [
            ("AZL-BER", False), ("AZL-HAM", False), ("AZL-KEY", True),
        ]  # fmt: skip
        assert {host.address for host in lab.hosts.values()} == {"127.0.0.1"}
        reply = await estate.read(PowerShell("HAM-N02", "Get-VM -Name 'SRV-DB01' | Select-Object Name"))
        assert reply.values == ({"Name": "SRV-DB01"},)
        records = [record.kind async for record in estate.send(await estate.prepare(MAKE))]
        assert records[-1] is Kind.END
        assert (await lab.state())["writes"][0]["effect"]
        assert not (await lab.judge()).recovered
        assert ["C:\\azlr", "folder"] in (await lab.summary())["files"]["HAM-N02"]
        with pytest.raises(EstateError, match="No connection to BER-N01"):
            await estate.read(PowerShell("BER-N01", "Get-VM"))
        await lab.apply("source-returns")
        ports = await estate.read(Reach("BER-N01", (5985, 445)))
        assert [each["open"] for each in ports.values] == [True, True]
        assert (await estate.read(PowerShell("BER-N01", "Get-VM | Select-Object Name"))).clean
        await lab.apply("node-dies", host="HAM-N02")
        ports = await estate.read(Reach("HAM-N02", (5985, 445)))
        assert [each["open"] for each in ports.values] == [False, False]


async def test_the_order_in_which_vms_come_back_is_said(tmp_path):
    lab = await start_lab(tmp_path, drills.drill("trusted-launch-wave"), seed=7, speed=1.0)
    try:
        assert lab.site.groups == (
            Group("domain controllers", ("SRV-DC01", "SRV-DC02")),
            Group("databases and applications", ("SRV-DB01", "SRV-DB02", "SRV-APP01", "SRV-APP02")),
        )
    finally:
        await lab.stop()
    assert read_lab_file(tmp_path).groups == ()  # it has ended


async def test_a_command_whose_client_is_gone_ends_by_itself(tmp_path):
    async with a_lab(tmp_path, speed=100.0) as lab:
        script = "New-MocKey -name 'azl-1' -group 'AzureStackHostAttestation' " \
                 "-keyvaultName 'AzureStackTvmKeyVault' -type RSA -size 2048"  # fmt: skip
        pipe = await asyncio.to_thread(WinRm(lab.hosts, lab.clock).open, "HAM-N02", reader=False)
        nonce = new_nonce()
        await asyncio.to_thread(pipe.write, opening(nonce) + frame(nonce, script) + b"exit\n")
        async with asyncio.timeout(BOUND):  # nobody receives; the lab is asked over its own channel
            while (await lab.state())["hosts"]["HAM-N02"]["commands"]:
                pass
        assert (await lab.state())["writes"][0]["effect"]


async def test_pace_and_idle_end(tmp_path):
    async with a_lab(tmp_path, speed=1.0, idle=0.3) as lab:
        assert lab.clock.speed == 1.0
        before = lab.clock.wall()
        await lab.pace(100_000.0)
        await lab.clock.sleep(3_600.0)
        after = (await lab.state())["clock"]
        assert after["speed"] == 100_000.0
        assert before + 3_600 <= after["sim"] <= lab.clock.wall()
        with pytest.raises(BadInput, match="speed is a number above 0"):
            await lab.pace(0.0)
        await ended(lab.pid)  # by itself: nobody asks
        assert read_lab_file(tmp_path).pid == 0


async def test_a_killed_lab_comes_back_with_the_same_site(tmp_path):
    async with a_lab(tmp_path) as lab:
        async with an_estate(lab) as estate:
            assert [record.kind async for record in estate.send(await estate.prepare(MAKE))][-1] is Kind.END
            last = (await estate.read(PowerShell("HAM-N02", "$PID"))).values[0]
        before = await lab.summary()
        assert (await find_lab(tmp_path)).pid == lab.pid
        os.kill(lab.pid, signal.SIGKILL)
        await ended(lab.pid)
    again = await find_lab(tmp_path)
    try:
        assert again.pid != lab.pid
        assert (again.seed, again.drill) == (7, DRILL)
        assert await again.summary() == before
        assert again.clock.speed == 1000.0
        async with an_estate(again) as estate:
            assert (await estate.read(PowerShell("HAM-N02", "$PID"))).values[0] > last
        with pytest.raises(RecoverError, match="ended before it was up") as refused:
            await asyncio.to_thread(spawn, tmp_path)
        assert "runs already" in refused.value.means
        assert read_lab_file(tmp_path).pid == again.pid
    finally:
        await again.stop()
    assert not list(tmp_path.rglob("users"))


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="a system without hang-up")
async def test_hanging_up_does_not_end_it_and_terminating_does(tmp_path):
    async with a_lab(tmp_path) as lab:
        os.kill(lab.pid, signal.SIGHUP)
        await lab.state()
        assert os.getsid(lab.pid) != os.getsid(0)
        os.kill(lab.pid, signal.SIGTERM)
        await ended(lab.pid)
    assert (tmp_path / "lab.log").read_text() == ""


async def test_the_files_are_private_and_tell_other_clients_enough(tmp_path):
    ready = tmp_path / "ready.json"
    found = await asyncio.to_thread(spawn, tmp_path, "--ready", str(ready), "--idle", "60")
    try:
        assert [path.stat().st_mode & 0o777 for path in (ready, tmp_path / NAME)] == [0o600, 0o600]
        told = json.loads(ready.read_text())
        host = told["hosts"]["HAM-N01"]
        assert host["url"] == f"http://127.0.0.1:{found.hosts['HAM-N01']['5985']}/wsman"
        assert host["https_url"] == f"https://127.0.0.1:{found.hosts['HAM-N01']['5986']}/wsman"
        assert set(host["ports"]) == {"445"}
        assert told["ca"] == str(tmp_path / CA)
        assert "PRIVATE" not in (tmp_path / CA).read_text()
        assert (told["user"], told["password"]) == (found.user, found.password)
        assert found.password not in repr(found)
    finally:
        os.kill(found.pid, signal.SIGTERM)
        await ended(found.pid)
    assert found.password not in (tmp_path / NAME).read_text()


async def test_other_clients_use_https_by_what_the_ready_file_says(tmp_path):
    """pywinrm's own session and a client of `http.client` with no more than that file; no private key is on disk."""
    ready = tmp_path / "ready.json"
    found = await asyncio.to_thread(spawn, tmp_path, "--ready", str(ready), "--idle", "60")
    try:
        told = json.loads(ready.read_text())
        for name, host in told["hosts"].items():
            if not name.startswith("BER"):
                to = Session(
                    host["https_url"], auth=(told["user"], told["password"]), transport="ntlm", proxy=None,
                    ca_trust_path=told["ca"],
                )  # fmt: skip
                said = await asyncio.to_thread(to.run_cmd, "hostname")
                assert (said.std_out, said.status_code) == (f"{name}\r\n".encode(), 0)
        trusting = ssl.create_default_context(cafile=told["ca"])
        where = HTTPSConnection("127.0.0.1", found.hosts["KEY-N01"]["5986"], timeout=BOUND, context=trusting)
        await asyncio.to_thread(where.request, "GET", "/wsman")
        assert (await asyncio.to_thread(where.getresponse)).status == 405
        where.close()
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert tmp_path / CA in files
        assert not [path for path in files if b"PRIVATE" in path.read_bytes()]
    finally:
        os.kill(found.pid, signal.SIGTERM)
        await ended(found.pid)
    assert (tmp_path / "lab.log").read_text() == ""


async def test_a_lab_of_a_drill_over_https_is_found_again_as_one(tmp_path):
    async with a_lab(tmp_path, https=True) as lab, an_estate(lab) as estate:
        assert {(host.tls, host.ca) for host in lab.hosts.values()} == {(True, str(tmp_path / CA))}
        assert (await estate.read(PowerShell("HAM-N02", "Get-VM | Select-Object Name"))).clean
        counts = (await lab.state())["hosts"]["HAM-N02"]
        assert counts["requests"] == counts["over_tls"] > 0
        await lab.apply("node-dies", host="HAM-N02")
        with pytest.raises(EstateError, match="No connection to HAM-N02"):
            await estate.read(PowerShell("HAM-N02", "Get-VM"))
        first = (tmp_path / CA).read_text()
    again = await find_lab(tmp_path)
    try:
        assert (tmp_path / CA).read_text() != first
        async with an_estate(again) as estate:
            assert (await estate.read(PowerShell("HAM-N01", "$PID"))).clean
        assert again.hosts["HAM-N01"].tls
    finally:
        await again.stop()


async def test_faults_between_client_and_host(tmp_path):
    async with a_lab(tmp_path) as lab, an_estate(lab) as estate:
        await lab.fault("reply-lost", text="New-Item")
        prepared = await estate.prepare(MAKE)
        with pytest.raises(ConnectionLost):
            [record async for record in estate.send(prepared)]
        assert (await lab.state())["writes"][0]["effect"]
        await lab.fault("drop-before", text="Get-Date")
        prepared = await estate.prepare(PowerShell("HAM-N02", "(Get-Date).ToString('o')", changes=True))
        with pytest.raises(ConnectionLost):
            [record async for record in estate.send(prepared)]
        await lab.fault("sign-in-refused", host="KEY-N01")
        with pytest.raises(SignInRefused):
            await estate.read(PowerShell("KEY-N01", "Get-VM"))
        await lab.fault("moc-unavailable-after", cmdlet="Get-MocKey")
        await lab.fault("node-dies", cmdlet="Get-VM", host="HAM-N01")
        assert (await lab.state())["fired"] == ["reply-lost", "drop-before", "sign-in-refused"]
        assert (await estate.read(PowerShell("HAM-N02", "Get-VM | Select-Object Name"))).clean
        assert not (await lab.state())["hosts"]["HAM-N01"]["alive"]
        with pytest.raises(BadInput, match="there is no 'reply-lots'; there are: reply-lost"):
            await lab.fault("reply-lots")
        with pytest.raises(BadInput, match="reply-lost"):
            await lab.fault("reply-lost", colour="red")
        with pytest.raises(BadInput, match="node-dies"):
            await lab.apply("node-dies", host="NIX")


async def test_the_control_channel_asks_for_its_token(tmp_path):
    async with a_lab(tmp_path) as lab:
        port = read_lab_file(tmp_path).control

        def ask(method, path, headers, body=b""):
            connection = HTTPConnection("127.0.0.1", port, timeout=BOUND)
            try:
                connection.request(method, path, body, headers)
                return connection.getresponse().status
            finally:
                connection.close()

        right = {"Authorization": f"Bearer {read_lab_file(tmp_path).token}"}
        asked = [("GET", "/state", {}), ("POST", "/stop", {"Authorization": "Bearer x"}), ("GET", "/nothing", right),
                 ("POST", "/pace", right, b"no JSON"), ("GET", "/alive", right)]  # fmt: skip
        assert [await asyncio.to_thread(ask, *each) for each in asked] == [401, 401, 404, 400, 200]
        assert lab.pid == read_lab_file(tmp_path).pid


async def test_folders_that_hold_no_lab_or_point_elsewhere(tmp_path):
    with pytest.raises(BadInput, match="is no lab"):
        await find_lab(tmp_path)
    (tmp_path / NAME).write_text("[]")
    with pytest.raises(BadInput, match="not what a lab wrote"):
        await find_lab(tmp_path)
    with pytest.raises(BadInput, match="holds a lab already"):
        await start_lab(tmp_path, DRILL, seed=1, speed=1.0)
    elsewhere = {"url": "http://192.0.2.1:5985/wsman", "ports": {"5985": 5985}}
    write_private(tmp_path / NAME, {
        "drill": DRILL.name, "seed": 1, "pid": 1, "control": "http://127.0.0.1:1", "token": "", "user": "",
        "password": "", "hosts": {"HAM-N01": elsewhere}, "clusters": [], "groups": [], "clock": {},
    })  # fmt: skip
    with pytest.raises(BadInput, match="HAM-N01 is not on loopback"):
        await find_lab(tmp_path)


def test_a_lab_that_cannot_start_says_why(tmp_path):
    with pytest.raises(RecoverError) as refused:
        spawn(tmp_path, "--drill", "nonsense")
    assert refused.value.happened == "The lab ended before it was up."
    assert "There is no drill 'nonsense'." in refused.value.raw


def test_importing_the_client_loads_no_server():
    code = "import sys, tui.lab.client; print(sorted({'spnego', 'defusedxml', 'cryptography', 'requests', 'winrm', " \
           "'textual', 'tui.lab.site'} & sys.modules.keys()))"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"
