"""One process holds a run folder: a lock that the system gives back when the process dies, however it dies."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from tui.core.errors import JournalHeld, JournalUnwritable

try:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

except ImportError:  # Windows
    import msvcrt  # type: ignore[unreachable, unused-ignore]

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]


def place(folder: Path) -> str:
    """Which folder of this machine this is, in 8 hex digits: a copy has others, a renamed one the same."""
    known = folder.stat()
    return hashlib.sha256(f"{known.st_dev} {known.st_ino}".encode()).hexdigest()[:8]


class Hold:
    """The lock on a run folder (file `held`, which names the process)."""

    def __init__(self, file: int) -> None:
        self._file = file

    @classmethod
    def take(cls, folder: Path) -> Hold:
        """Raises JournalHeld when another process has it, JournalUnwritable when the folder cannot be written."""
        path = folder / "held"
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise JournalUnwritable(
                f"{folder} cannot be written: {error.strerror}.", "", "Choose another folder: --runs PATH."
            ) from error
        try:
            _lock(file)
        except OSError as error:
            holder = os.read(file, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(file)
            raise JournalHeld(
                f"Run {folder.name} is open in another window (process {holder}).",
                "Two programs on one run could send the same command twice.",
                f"Go on there, or end it: kill {holder}",
            ) from error
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        return cls(file)

    def release(self) -> None:
        """Give it back. May be called twice."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
