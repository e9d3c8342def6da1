"""One of each kind over the wire: pywinrm, NTLM, message encryption, a lab that is a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaign.player import SPEED, Careful
from tests.scenarios.world import NEVER, WITNESS, Operator
from tui.core.events import Outcome
from tui.core.question import Asks
from tui.drill import LABS, earlier, fresh, play
from tui.lab import drills
from tui.lab.client import Lab, find_lab
from tui.wizard.runs import all_runs

KINDS = [
    ("drop-before", "send", {Asks.FAILURE}, ""),
    ("drop-after", "send", {Asks.UNKNOWN}, ""),
    ("reply-lost", "", {Asks.UNKNOWN}, ""),
    ("frame-left", "", {Asks.UNKNOWN}, "left before its end"),
    ("bad-request", "send", set(), ""),
    ("truncated-reply", "receive", {Asks.UNKNOWN}, ""),
]
"""(fault at the import, operation, what is asked then, words of it)."""


RARE = ("reply-lost", "bad-request", "truncated-reply")
"""Tried in the long matrix only: each takes 5 s."""


@pytest.mark.parametrize(
    ("name", "operation", "asks", "words"),
    [pytest.param(*k, id=k[0], marks=[pytest.mark.crash] if k[0] in RARE else []) for k in KINDS],
)
async def test_a_fault_at_the_import(name: str, operation: str, asks: set[Asks], words: str, tmp_path: Path) -> None:
    stage = fresh(tmp_path, drills.drill("trusted-launch"))
    pilot = Careful(stage.clock, WITNESS)

    async def faulty() -> Lab:
        lab = await stage.begin()
        options = {"operation": operation} if operation else {}
        await lab.fault(name, host="HAM-N02", text="Import-MocKey", **options)
        return lab

    _, lab = await play(pilot, replace(stage, begin=faulty), SPEED, paced=False)
    try:
        judged = await lab.judge()
        assert judged.recovered, judged.reasons
        about = [q for q in pilot.asked if q.step == "import-key"]
        assert asks <= {q.asks for q in about}
        assert any(words in " ".join(q.lines) for q in about)
        state = all_runs(tmp_path)[0].state
        imported = state.step("import-key").outcome
        assert imported is (Outcome.ATTESTED if Asks.UNKNOWN in asks else Outcome.DONE)
        assert await effects(lab) == sorted(set(await effects(lab)))
    finally:
        await lab.stop()


async def effects(lab: Lab) -> list[str]:
    """`never` calls that took effect, as texts."""
    writes = (await lab.state())["writes"]
    return sorted(f"{w['cmdlet']} {w['parameters']}" for w in writes if w["cmdlet"] in NEVER and w["effect"])


def test_the_command_that_a_drill_is_judged_by(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", "drill", "--auto", "--runs", str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["recovered"] is True
    assert said["steps"] == 18


async def test_a_whole_run_over_https(tmp_path: Path) -> None:
    """Recovered, taken up half-way over HTTPS again, and not one request came without TLS."""
    stage = fresh(tmp_path, drills.drill("trusted-launch"), https=True)
    _, lab = await play(Operator(stage.clock, WITNESS, decline_at="import-key"), stage, SPEED, paced=False)
    run = all_runs(tmp_path)[0]
    assert run.state.ended is None
    again = earlier(tmp_path, run)
    _, lab = await play(Operator(again.clock, WITNESS), again, SPEED, run.folder.name, paced=False)
    try:
        judged = await lab.judge()
        assert judged.recovered, judged.reasons
        assert await effects(lab) == sorted(set(await effects(lab)))
        asked = (await lab.state())["hosts"]
        assert sum(host["requests"] for host in asked.values()) > 100
        assert {name: host["requests"] for name, host in asked.items()} == {
            name: host["over_tls"] for name, host in asked.items()
        }
    finally:
        await lab.stop()


async def test_a_run_taken_up_from_the_first_screen_goes_on_where_its_own_lab_is(tmp_path: Path) -> None:
    """Whoever types `drill` again after a crash gets a new lab; the old run must not go on there."""
    first = fresh(tmp_path, drills.drill("trusted-launch"))
    _, lab = await play(Operator(first.clock, WITNESS, decline_at="import-key"), first, SPEED, paced=False)
    second = fresh(tmp_path, drills.drill("trusted-launch"))
    _, played = await play(Operator(second.clock, WITNESS), second, SPEED, paced=False)
    other = await find_lab(tmp_path / LABS / second.lab)
    try:
        assert played.folder == lab.folder
        assert (await played.judge()).recovered
        assert await effects(other) == []
    finally:
        await played.stop()
        await other.stop()


async def test_no_secret_is_anywhere_but_in_the_labs_own_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Promise 8, with the lab's password and token as planted secrets: journal, report, logs, output."""
    stage = fresh(tmp_path, drills.drill("trusted-launch"))
    _, lab = await play(Operator(stage.clock, WITNESS), stage, SPEED, paced=False)
    try:
        saved = json.loads((lab.folder / "lab.json").read_text("utf-8"))
        secrets = [str(saved[name]) for name in ("password", "token")]
        assert all(len(secret) > 8 for secret in secrets)
        files = (Path(place, name) for place, _, names in os.walk(tmp_path) for name in names)
        written = [path for path in files if path.name != "lab.json" and "temp" not in path.parts]
        assert len(written) > 4
        for path in written:
            assert not any(secret.encode() in path.read_bytes() for secret in secrets), path
        said = "".join(capfd.readouterr())
        assert not any(secret in said for secret in secrets)
        assert not any(secret in repr(lab) for secret in secrets)
    finally:
        await lab.stop()
