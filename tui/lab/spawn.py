"""Starts the lab's process: apart from ours, so that it lives on when we are killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import tui
from tui.core.errors import BadInput, RecoverError
from tui.lab.labfile import NAME, LabFile, read_lab_file

BOUND = 10.0
"""Seconds in which a lab must be up; it takes less than one."""
LOOK = 0.01
"""Seconds between two looks whether it is."""
LOG = "lab.log"

_STARTED: list[subprocess.Popen[bytes]] = []
"""Labs that this process started: looked at again, so that those that ended leave no zombie."""


def spawn(folder: Path, *arguments: str) -> LabFile:
    """Start a lab in `folder` and wait until it is up. Blocks. Raises RecoverError with the log's last lines."""
    _STARTED[:] = [process for process in _STARTED if process.poll() is None]
    process = _start(folder, arguments)
    _STARTED.append(process)
    until = time.monotonic() + BOUND
    while time.monotonic() < until:
        found = _found(folder)
        if found is not None and found.pid == process.pid:
            return found
        if process.poll() is not None:
            raise _failed(folder, "The lab ended before it was up.")
        time.sleep(LOOK)
    process.kill()
    process.wait()
    raise _failed(folder, f"The lab was not up within {BOUND:.0f} s.")


def wait_ended(pid: int, timeout: float) -> bool:
    """Whether the lab with this PID has ended, after at most `timeout` seconds; True if it is not ours to wait for."""
    for process in [each for each in _STARTED if each.pid == pid]:
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        _STARTED.remove(process)
    return True


def _start(folder: Path, arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
    code = str(Path(tui.__file__).parent.parent)
    paths = [code, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    with open(folder / LOG, "ab") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "tui.lab", "--folder", str(folder.absolute()), *arguments],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, env=environment, **apart,
        )  # fmt: skip


def _found(folder: Path) -> LabFile | None:
    if not (folder / NAME).exists():
        return None
    try:
        return read_lab_file(folder)
    except BadInput:
        return None


def _failed(folder: Path, happened: str) -> RecoverError:
    log = folder / LOG
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    return RecoverError(happened, " ".join(lines[-1:]), f"Its log: {log}", "\n".join(lines[-50:]))
