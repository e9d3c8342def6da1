"""The scenario suite is parametrized over every scenario there is, and every kind of site it knows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.scenarios.world import World
from tui.scenarios import all_scenarios

VARIANTS = {"trusted-launch": ("", "started-too-early", "wave")}
"""Kinds of site per scenario."""
CASES = [(s, variant) for s in all_scenarios() for variant in VARIANTS.get(s.id, ("",))]
ONE_VM = [(s, variant) for s, variant in CASES if variant != "wave"]
"""Where every event and every intent is tried: a wave has six times as many; it is killed at random moments instead."""


@pytest.fixture(autouse=True)
def no_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed loses nothing that it wrote: waiting for the disk is judged elsewhere."""
    monkeypatch.setattr(os, "fsync", lambda _file: None)


@pytest.fixture(params=CASES, ids=[f"{s.id}{'/' + v if v else ''}" for s, v in CASES])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    scenario, variant = request.param
    return World(scenario, tmp_path, variant)
