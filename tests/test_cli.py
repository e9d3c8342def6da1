"""The command line as a person meets it: words, exit codes, and nothing lost by bad input."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenarios.world import World
from tui.core.journal import NAME
from tui.lab import drills
from tui.scenarios import scenario

ROOT = Path(__file__).parent.parent


def azl(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments], input=stdin, capture_output=True, text=True, check=False,
        timeout=60, cwd=ROOT, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A runs folder with one finished run, and one that stopped at the import."""
    world = World(scenario("trusted-launch"), tmp_path)
    asyncio.run(world.run(world.pilot().ask))
    other = World(scenario("trusted-launch"), tmp_path)
    asyncio.run(other.run(other.pilot(decline_at="import-key").ask, run="20261122-031400-bbbb"))
    return tmp_path


def test_alone_without_a_site_file_says_three_lines(tmp_path: Path) -> None:
    done = azl(XDG_CONFIG_HOME=str(tmp_path), HOME=str(tmp_path))
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert "site.toml" in lines[0]
    assert "azl-recover drill" in lines[1]


def test_version_and_help() -> None:
    assert azl("--version").stdout.startswith("azl-recover 0.")
    said = azl("--help").stdout
    for command in ("drill", "resume", "runs", "report", "plan", "verify", "scripts", "lab"):
        assert command in said


def test_an_unknown_drill_names_the_known_ones(tmp_path: Path) -> None:
    done = azl("drill", "trusted-lunch", "--runs", str(tmp_path))
    assert done.returncode == 2
    assert "trusted-launch" in done.stderr
    assert done.stdout == ""


def test_the_drills_are_listed() -> None:
    said = azl("drill", "--list").stdout
    assert all(drill.name in said for drill in drills.all_drills())


def test_no_terminal_says_what_works_without_one(tmp_path: Path) -> None:
    done = azl("drill", "--runs", str(tmp_path))
    assert done.returncode == 2
    assert "--plain" in done.stderr
    assert not list(tmp_path.glob("labs/*"))


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = azl("drill", "--auto", "--runs", str(tmp_path / "file" / "runs"))
    assert done.returncode == 3
    assert "cannot be written" in done.stderr
    assert "--runs" in done.stderr


def test_runs_are_listed_and_verified(finished: Path) -> None:
    said = azl("runs", "--runs", str(finished)).stdout
    assert "recovered" in said
    assert "20261122-031400-bbbb" in said
    assert "chain whole" in azl("verify", "20261122-021400-3f9a", "--runs", str(finished)).stdout
    missing = azl("verify", "1999", "--runs", str(finished))
    assert missing.returncode == 2
    assert "azl-recover runs" in missing.stderr


def test_a_report_of_a_finished_and_of_an_open_run(finished: Path) -> None:
    done = azl("report", "20261122-021400-3f9a", "--runs", str(finished))
    assert done.returncode == 0
    assert "SRV-DB01" in done.stdout
    assert "Import-MocKey" in done.stdout
    assert "success" not in done.stdout.lower()
    data = json.loads(azl("report", "20261122-021400-3f9a", "--format", "json", "--runs", str(finished)).stdout)
    assert isinstance(data, dict)
    assert azl("report", "20261122-031400-bbbb", "--runs", str(finished)).returncode == 0


@pytest.mark.parametrize(("form", "begins"), [("md", "# "), ("html", "<!DOCTYPE html>"), ("json", "{")])
def test_a_report_and_a_runbook_in_each_form_and_without_names(finished: Path, form: str, begins: str) -> None:
    report = ("report", "20261122-021400-3f9a", "--format", form, "--runs", str(finished))
    book = ("plan", "trusted-launch", "--format", form, "--set", "vm=SRV-DB01", "--set", "target=AZL-HAM:HAM-N02")
    for command in (report, book):
        done, twin = azl(*command), azl(*command, "--redacted")
        assert done.stdout.startswith(begins)
        assert "SRV-DB01" in done.stdout
        assert twin.stdout.startswith(begins)
        assert not [name for name in ("srv-db01", "ham-n02", "azl-ham") if name in twin.stdout.lower()]
        assert "VM-1" in twin.stdout


def test_a_report_says_what_comes_next(finished: Path) -> None:
    said = azl("report", "20261122-021400-3f9a", "--runs", str(finished)).stdout
    assert "Keep the VM Off on its original cluster" in said
    assert "take it up again" in azl("report", "20261122-031400-bbbb", "--runs", str(finished)).stdout


def test_a_runbook_goes_to_a_file_or_says_why_not(tmp_path: Path) -> None:
    out = tmp_path / "paper.html"
    done = azl("plan", "trusted-launch", "--format", "html", "--out", str(out))
    assert (done.returncode, done.stdout) == (0, "")
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")
    refused = azl("plan", "trusted-launch", "--out", str(tmp_path / "none" / "x.md"))
    assert refused.returncode == 2
    assert "cannot be written" in refused.stderr


def test_all_that_is_wrong_with_a_plan_is_told_at_once() -> None:
    done = azl("plan", "trusted-lunch", "--set", "vmm=x", "--set", "vm", "--drill", "nonsense")
    assert done.returncode == 2
    assert done.stdout == ""
    for word in ("trusted-launch", "'vm'", "--set vm:", "no drill 'nonsense'", "trusted-launch-too-early"):
        assert word in done.stderr


def test_a_drills_site_fills_a_runbook() -> None:
    said = azl("plan", "trusted-launch", "--drill", "trusted-launch-too-early").stdout
    assert "Safety export of the key that is there" in said
    assert "HAM-N02" in said


def test_a_damaged_record_names_its_line(finished: Path) -> None:
    journal = finished / "20261122-031400-bbbb" / NAME
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[9] = lines[9].replace(b'"kind"', b'"kimd"')
    journal.write_bytes(b"".join(lines))
    for command in ("verify", "resume", "report"):
        done = azl(command, "20261122-031400-bbbb", "--runs", str(finished))
        assert done.returncode == 3, command
        assert "line 10" in done.stderr
    assert "line 10" in azl("runs", "--runs", str(finished)).stdout


def test_nothing_to_resume(tmp_path: Path) -> None:
    done = azl("resume", "--plain", "--runs", str(tmp_path))
    assert done.returncode == 2
    assert "nothing to take up" in done.stderr.lower()


def test_a_drill_whose_site_is_gone(finished: Path) -> None:
    done = azl("resume", "20261122-031400-bbbb", "--plain", "--runs", str(finished))
    assert done.returncode == 2
    assert "azl-recover drill" in done.stderr


def test_every_script_is_one_json_object_a_line() -> None:
    rows = [json.loads(line) for line in azl("scripts").stdout.splitlines()]
    assert {"id", "host", "engine", "script", "changes"} == set(rows[0])
    assert any(row["changes"] for row in rows)
    assert azl("scripts", "nonsense").returncode == 2


@pytest.mark.parametrize("arguments", [["drill", "--speed", "0"], ["drill", "--seed", "x"], ["frobnicate"]])
def test_wrong_options_are_told(arguments: list[str]) -> None:
    done = azl(*arguments)
    assert done.returncode == 2
    assert "usage:" in done.stderr


def test_the_readme_and_ci_say_the_same_command() -> None:
    readme, ci = (ROOT / "README.md").read_text("utf-8"), (ROOT / ".ci" / "run").read_text("utf-8")
    second = next(line for line in readme.splitlines() if "python -m tests" in line)
    assert second in ci
