"""A terminal that goes away: the program must end, and must not wait for a screen that nobody can see.

Measured: a write to a terminal that is gone ends Textual's writer thread; after 30 writes more the app waits for it for
ever, and goes on holding the run. So what is still written goes to nowhere, and after a while the process ends anyway.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 20.0
"""Seconds for the app to end by itself; then the process ends. All that counts is in the record by then."""
EXIT = 129
"""128 and the signal's number, as shells say it."""


@contextmanager
def hangup(told: Callable[[], None]) -> Iterator[None]:
    """While it holds, a lost terminal calls `told` (in the main thread, between two steps of anything)."""
    if not hasattr(signal, "SIGHUP"):  # Windows ends the process by itself
        yield
        return

    def gone(number: int, frame: FrameType | None) -> None:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for file in (0, 1, 2):
            os.dup2(nowhere, file)
        last = threading.Timer(PATIENCE, os._exit, (EXIT,))
        last.daemon = True
        last.start()
        told()

    before = signal.signal(signal.SIGHUP, gone)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)
