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

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("Welcome")
Bare().run()
"""
ROUNDS = 7


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


def main() -> None:
    """Print the medians and their ratio."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as runs:
        ours = [sys.executable, "-m", "tui", "drill", "--runs", runs]
        bare = [sys.executable, "-c", BARE]
        pairs = [(until(ours, b"Welcome"), until(bare, b"Welcome")) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"first frame: ours {mine:.2f} s, bare Textual {theirs:.2f} s, ratio {ratio:.2f} (aim: 1.5 or less)")
