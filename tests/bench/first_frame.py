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
WHY = (
    "of what it takes more, three fifths are imports (45 modules of our own, frozen dataclasses, TOML, arguments), "
    "two fifths the stylesheet, a second screen and its 24 rows"
)


def until(command: list[str], mark: bytes) -> tuple[float, float]:
    """Seconds from the start of a process on a terminal of 80×24 until `mark` was drawn, and the processor's."""
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
        took = time.perf_counter() - began
    finally:
        process.kill()
        _, process.returncode, used = os.wait4(process.pid, 0)
        os.close(main)
    return took, used.ru_utime + used.ru_stime


def main() -> list[Figure]:
    """The median of all rounds; the fastest and the least, which is what it takes when nothing else runs."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as runs:
        ours = [sys.executable, "-m", "tui", "drill", "--runs", runs]
        bare = [sys.executable, "-c", BARE]
        pairs = [(until(ours, b"Welcome"), until(bare, b"Welcome")) for _ in range(ROUNDS)]
    rows = {
        "first frame, median": [statistics.median(took for took, _ in side) for side in zip(*pairs, strict=True)],
        "first frame, fastest": [min(took for took, _ in side) for side in zip(*pairs, strict=True)],
        "first frame, processor time, least": [min(used for _, used in side) for side in zip(*pairs, strict=True)],
    }
    return [
        Figure(f"{name} of {ROUNDS}", ours, other, "a bare Textual app", "s", ratio_at_most=1.25, why=WHY)
        for name, (ours, other) in rows.items()
    ]
