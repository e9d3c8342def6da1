"""Layers as they are at run time: what a module loads, in a process of its own."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import tui.scenarios
from tui.scenarios import all_scenarios

HEAVY = ("textual", "rich", "winrm", "requests", "azure", "cryptography", "spnego", "lxml")


def loaded(module: str) -> set[str]:
    """The top-level names in sys.modules after importing a module."""
    code = f"import sys, {module}; print(' '.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    ["tui.core.engine", "tui.core.front", "tui.core.report", "tui.cli", "tui.commands", "tui.plain", "tui.autopilot",
     "tui.scenarios.trusted_launch", "tui.wizard", "tui.runbook", "tui.told",
     "tui.remote.estate", "tui.remote.winrm", "tui.catalogue"],
)  # fmt: skip
def test_loads_nothing_heavy(module: str) -> None:
    assert not loaded(module) & set(HEAVY)


def test_the_core_loads_the_standard_library_alone() -> None:
    ours = loaded("tui.core.engine") - set(sys.stdlib_module_names) - {"tui", "__main__"}
    assert {name for name in ours if not name.startswith("_")} == set()


def test_no_part_of_a_scenario_is_a_scenario_that_is_not_found() -> None:
    names = [module.name for module in pkgutil.iter_modules(tui.scenarios.__path__)]
    modules = [importlib.import_module(f"tui.scenarios.{name}") for name in names]
    declared = {module.SCENARIO.id for module in modules if hasattr(module, "SCENARIO")}
    assert declared == {scenario.id for scenario in all_scenarios()}


FIRST_FRAME = """
import sys
from pathlib import Path
import screens.app, tui.cli, tui.commands
from tui.drill import _desk, fresh
from tui.lab.drills import drill
from tui.wizard.runs import ages, all_runs
desk = _desk(fresh(Path(sys.argv[1]), drill("trusted-launch")))
ages(all_runs(desk.runs), desk.scenarios, desk.person, 0.0)
print(' '.join(name for name in sys.modules if name.partition('.')[0] in ('tui', 'screens')))
"""


def test_the_first_frame_loads_only_what_it_shows(tmp_path: Path) -> None:
    """Most modules take 1 to 3 ms to import, one of many frozen dataclasses up to 13: all of them took 200."""
    (tmp_path / "labs").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", FIRST_FRAME, str(tmp_path)], capture_output=True, text=True, check=True
    )
    there = set(done.stdout.split())
    late = {
        "tui.core.engine", "tui.core.events", "tui.core.state", "tui.core.plan", "tui.core.action", "tui.core.report",
        "tui.steps", "tui.reads", "tui.remote", "tui.wizard.happened", "tui.lab.client", "screens.run",
    }  # fmt: skip
    assert there
    assert not there & late


def test_every_scenario_has_its_own_id_and_its_steps_unique_ids() -> None:
    ids = [scenario.id for scenario in all_scenarios()]
    assert ids
    assert len(ids) == len(set(ids))
