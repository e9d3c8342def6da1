"""The processes of one folder, found by their command lines: whoever started them, and be that one alive or dead."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

LAB = "tui.lab"
"""The module that a lab's command line names."""
ENDING = 10.0
"""Seconds in which a process that was told to end must be gone."""
LOOK = 0.01


def processes(folder: Path) -> list[psutil.Process]:
    """All whose command line names a path below the folder; none that is dead and only not yet collected."""
    below = f"{folder}{os.sep}"
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if process.pid != os.getpid() and any(below in part for part in process.info["cmdline"] or ())
    ]


def labs(folder: Path) -> list[psutil.Process]:
    """The labs among them."""
    return [process for process in processes(folder) if LAB in process.info["cmdline"]]


def kill(found: Sequence[psutil.Process]) -> int:
    """SIGKILL, and wait until they are gone; gives how many there were."""
    return _end(found, psutil.Process.kill)


def sweep(folder: Path) -> list[str]:
    """End what is left below a folder; gives the command lines of what should not have been there, or did not end.

    Labs are told to end and save their clock. Anything else is a process that a round left behind.
    """
    bad: list[str] = []
    until = time.monotonic() + ENDING
    while found := processes(folder):
        others = [process for process in found if LAB not in process.info["cmdline"]]
        bad += [f"left: {' '.join(process.info['cmdline'])}" for process in others]
        kill(others)
        late = time.monotonic() > until
        _end(labs(folder), psutil.Process.kill if late else psutil.Process.terminate)
        if late:
            bad.append(f"a lab below {folder} did not end within {ENDING:.0f} s")
            until += ENDING
    return bad


def _end(found: Sequence[psutil.Process], how: Callable[[psutil.Process], None]) -> int:
    for process in found:
        try:
            how(process)
        except psutil.NoSuchProcess:
            continue
    until = time.monotonic() + ENDING
    while any(map(_lives, found)) and time.monotonic() < until:
        time.sleep(LOOK)
    return len(found)


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
