"""A run's record from outside: how it grows while the product writes it, and what an accident does to its folder."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tui.core.journal import NAME
from tui.wizard.runs import folders

INTENT = b'"kind":"Intended"'


@dataclass(frozen=True, slots=True)
class Grown:
    """What reached the record since the watch began."""

    events: int = 0
    intents: int = 0


class Watch:
    """Counts the whole lines that reach the newest run's record from now on."""

    def __init__(self, runs: Path) -> None:
        self._runs = runs
        self._from = {folder: len(_whole(folder)) for folder in folders(runs)}
        self._size = -1
        self._grown = Grown()

    def look(self) -> Grown:
        """What came so far."""
        newest = next(iter(folders(self._runs)), None)
        if newest is None or (size := (newest / NAME).stat().st_size) == self._size:
            return self._grown
        self._size = size
        new = _whole(newest)[self._from.get(newest, 0) :]
        self._grown = Grown(new.count(b"\n"), new.count(INTENT))
        return self._grown


def tear(folder: Path, kept: float) -> bool:
    """Leave this share of the record's last line, as power loss does; gives whether there was one to tear.

    An intent is never torn: its line was on disk before its act was sent, and the act may have arrived.
    """
    raw = (folder / NAME).read_bytes()
    last = raw.splitlines(keepends=True)[-1:]
    if not last or INTENT in last[0] or not last[0].endswith(b"\n"):
        return False
    os.truncate(folder / NAME, len(raw) - len(last[0]) + max(1, int(len(last[0]) * kept)))
    return True


def copy(folder: Path, aside: Path) -> None:
    """Put the folder aside and a copy in its place: another folder of the same name, as on another machine."""
    folder.rename(aside)
    shutil.copytree(aside, folder)


def _whole(folder: Path) -> bytes:
    """All whole lines."""
    raw = (folder / NAME).read_bytes()
    return raw[: raw.rfind(b"\n") + 1]
