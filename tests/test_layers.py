"""Layers as they are at run time: what a module loads, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

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


def test_every_scenario_has_its_own_id_and_its_steps_unique_ids() -> None:
    ids = [scenario.id for scenario in all_scenarios()]
    assert ids
    assert len(ids) == len(set(ids))
