"""The first screen of a live site. This version reads no site file yet, and says so instead of pretending."""

from __future__ import annotations

import getpass
import platform
from pathlib import Path

from tui import __version__
from tui.core.clock import SystemClock
from tui.core.nosite import NoSite
from tui.core.scenario import Site
from tui.scenarios import all_scenarios
from tui.wizard.desk import Desk


def desk(path: Path, runs: Path) -> Desk:
    """A desk on which nothing can be started: earlier runs and reports can be read."""
    clock = SystemClock()
    return Desk(
        "LIVE", Site(path.stem, ()), NoSite(), clock, runs, getpass.getuser(),
        platform.node() or "unknown", __version__, all_scenarios(), can_start=False,
        notices=(
            ("stop", f"{path} was found, but this version cannot use it: live sites come later. Nothing is started."),
            ("warn", "Nothing here has ever been run against Windows. Rehearse: azl-recover drill"),
        ),
    )  # fmt: skip
