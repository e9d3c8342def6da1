"""How long until the first frame stands: our Welcome on a terminal, against a bare Textual app, in turn."""

from __future__ import annotations

import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time

from tests.bench.figure import Figure

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("Welcome")
Bare().run()
"""
ROUNDS = 15
WHY = "TODO"


def until(command: list[str], mark: bytes) -> float:
    """Seconds from the start of a process on a terminal of 80×24 until `mark` was drawn."""
    main, other = pty.openpty()
    os.set_blocking(main, False)
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    began = time.perf_counter()
    process = subprocess.Popen(command, stdin=other, stdout=other, stderr=other, env=environment)
    os.close(other)
    seen = b""
    try:
        while mark not in seen and time.perf_counter() - began < 30:
            if select.select([main], [], [], 1)[0]:
                seen += os.read(main, 65536)
        return time.perf_counter() - began
    finally:
        process.kill()
        process.wait()
        os.close(main)


def main() -> list[Figure]:
    """The medians of all rounds, and the fastest of each: what it takes when nothing else runs."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as runs:
        ours = [sys.executable, "-m", "tui", "drill", "--runs", runs]
        bare = [sys.executable, "-c", BARE]
        pairs = [(until(ours, b"Welcome"), until(bare, b"Welcome")) for _ in range(ROUNDS)]
    mine, theirs = zip(*pairs, strict=True)
    return [
        Figure(f"first frame, {name} of {ROUNDS}", of(mine), of(theirs), "a bare Textual app", "s", ratio_at_most=1.25,
               why=WHY)
        for name, of in (("median", statistics.median), ("fastest", min))
    ]  # fmt: skip
