"""Where a site lies on disk: one JSON file, replaced whole, and a small one for the clock."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tui.lab.clock import ClockState
from tui.lab.site.codec import decode, encode
from tui.lab.site.world import World


class Store:
    """Keeps a world in a folder; without a folder it keeps nothing (tests)."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def save(self, world: World) -> None:
        """Write the world so that after this returns it is on disk, whole."""
        self._replace("site.json", encode(world), durable=True)

    def save_clock(self, state: ClockState) -> None:
        """Write the clock's state; a lost one costs a second of simulated time."""
        self._replace("clock.json", encode(state), durable=False)

    def load(self) -> World | None:
        """The world as it was saved last, None where there is none."""
        data = self._read("site.json")
        return None if data is None else decode(World, data)

    def load_clock(self) -> ClockState | None:
        """The clock as it was saved last."""
        data = self._read("clock.json")
        return None if data is None else decode(ClockState, data)

    def _replace(self, name: str, data: object, *, durable: bool) -> None:
        if self.folder is None:
            return
        new = self.folder / f"{name}.new"
        with new.open("w", encoding="utf-8") as out:
            out.write(json.dumps(data, separators=(",", ":")))  # json.dump encodes in Python: 2.3 ms for 0.5
            if durable:
                out.flush()
                os.fsync(out.fileno())
        os.replace(new, self.folder / name)

    def _read(self, name: str) -> object:
        if self.folder is None or not (self.folder / name).exists():
            return None
        data: object = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return data
