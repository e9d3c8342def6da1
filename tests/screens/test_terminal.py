"""On a real (pseudo) terminal, in a process of its own: the app starts, and ends when the terminal goes away."""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

pty = pytest.importorskip("pty")

CODE = """
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from screens.app import run_app
from tests.screens.fake import FrozenClock, blank
from tests.screens.views import session_of
async def wizard(front):
    front.situation(blank())
    session = session_of("run", FrozenClock())
    try:
        await front.run(session)
    finally:
        open(OUT, "w").write(",".join(session.lefts))
    return 0
run_app(wizard, FrozenClock())
"""
BOUND = 15.0
"""Seconds in which each of the two must happen."""


def test_a_lost_terminal_ends_the_program_and_is_on_record(tmp_path: Path) -> None:
    out = tmp_path / "lefts"
    terminal, theirs = pty.openpty()
    code = CODE.replace("OUT", repr(str(out)))
    program = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"},
    )
    os.close(theirs)
    try:
        seen, end = b"", time.monotonic() + BOUND
        while b"Run: step 7" not in seen and time.monotonic() < end:
            if select.select([terminal], [], [], 0.2)[0]:
                seen += os.read(terminal, 65536)
        assert b"Run: step 7" in seen
        os.close(terminal)
        program.wait(BOUND)  # else it still runs, and holds the run
    finally:
        program.kill()
        program.wait()
    assert out.read_text() == "lost terminal"
