"""The record of a run: one JSON line an event, each carrying the hash of the one before; on disk before it counts.

`commit` returns when the line is on disk: one writer thread, one fsync for all that wait (measured on a container's
disk: 28 µs an event). A torn last line is where power was lost; any other damage is an error that names the line.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import json
import os
import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tui.core.clock import Clock
from tui.core.errors import JournalDamaged, JournalUnwritable
from tui.core.events import Event, Stamped, from_data, to_data
from tui.core.fold import Fold
from tui.core.folder import NAME as NAME
from tui.core.hold import Hold
from tui.core.state import RunState

GENESIS = "0" * 64
_DECODER = json.JSONDecoder()
SETTLED = 10_000
"""Events after which the garbage collector is told that all there is will stay. At 100,000 events a full pass over them
took 50 to 95 ms, in which no key was answered."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A journal as it was read: its events, whether a half-written last line was dropped, and where it ends."""

    events: tuple[Stamped, ...]
    torn: bool
    last_hash: str
    size: int
    """Bytes up to the end of the last whole line."""


def line_of(n: int, at: float, event: Event, before: str) -> tuple[bytes, str]:
    """The line and its hash: SHA-256 over the hash before and the line's own body."""
    body = json.dumps({"n": n, "at": round(at, 3), **to_data(event)}, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256((before + body).encode("utf-8", "surrogatepass")).hexdigest()
    return (body[:-1] + f',"hash":"{digest}"}}\n').encode("utf-8", "surrogatepass"), digest


def read_journal(path: Path) -> Recorded:
    """All events of a journal. Raises JournalDamaged, with the line, for all damage but a torn last line."""
    recorded, damage = read_as_far(path)
    if damage is not None:
        raise damage
    return recorded


def read_as_far(path: Path) -> tuple[Recorded, JournalDamaged | None]:
    """The events up to the first damage, and that damage: what a report of a damaged record is made of."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return Recorded((), False, GENESIS, 0), JournalDamaged(f"The record {path} cannot be read: {error.strerror}.")
    *lines, rest = raw.split(b"\n")
    events: list[Stamped] = []
    before, size = GENESIS, 0
    try:
        for number, line in enumerate(lines, 1):
            stamped, before = _read_line(line, number, before, path)
            events.append(stamped)
            size += len(line) + 1
    except JournalDamaged as damage:
        return Recorded(tuple(events), torn=False, last_hash=before, size=size), damage
    return Recorded(tuple(events), torn=bool(rest), last_hash=before, size=size), None


def _read_line(line: bytes, number: int, before: str, path: Path) -> tuple[Stamped, str]:
    body, mark, tail = line.rpartition(b',"hash":"')
    body += b"}"
    digest = hashlib.sha256(before.encode() + body).hexdigest()
    if not mark or tail != b'%b"}' % digest.encode():
        raise JournalDamaged(
            f"The record {path.parent.name} is damaged at line {number}.",
            "It can be read up to there, not taken up: what followed may not be what happened.",
            "Take a copy of the folder; compare with another copy if there is one. Start a new run.",
            line=number,
        )
    try:
        data, _ = _DECODER.raw_decode(
            body.decode("utf-8", "surrogatepass")
        )  # json.loads(bytes) takes 1.7 times as long
        return Stamped(int(data["n"]), float(data["at"]), from_data(data)), digest
    except (ValueError, KeyError, TypeError) as error:
        raise JournalDamaged(
            f"Line {number} of the record {path.parent.name} is whole, but this version cannot read it: {error}.",
            "It was written by another version of the program.",
            "Use the version that wrote it.",
            line=number,
        ) from error


class Journal:
    """A journal open for writing by this process alone, and the state that its events come to: folded once, here.

    Followers are called on the event loop, in order, with each event that is on disk.
    """

    def __init__(self, folder: Path, clock: Clock, recorded: Recorded, hold: Hold) -> None:
        self.folder = folder
        self.recorded = recorded
        self.events: list[Stamped] = list(recorded.events)
        """All that is on disk: what was read, then what was committed."""
        self._fold = Fold()
        for stamped in recorded.events:
            self._fold.add(stamped)
        if len(self.events) >= SETTLED:
            gc.freeze()
        self._clock = clock
        self._hold = hold
        self._n = recorded.events[-1].n if recorded.events else 0
        self._before = recorded.last_hash
        self._followers: list[Callable[[Stamped], None]] = []
        self._todo: queue.SimpleQueue[tuple[bytes, Callable[[OSError | None], None]] | None] = queue.SimpleQueue()
        self._broken: JournalUnwritable | None = None
        self._file = os.open(folder / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._writer = threading.Thread(target=self._write, name="azl-journal", daemon=True)
        self._writer.start()

    @classmethod
    def create(cls, folder: Path, clock: Clock) -> Journal:
        """A new run's journal in a new folder. Raises JournalUnwritable."""
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise unwritable(folder, error) from error
        return cls._open(folder, clock, Recorded((), False, GENESIS, 0))

    @classmethod
    def take_up(cls, folder: Path, clock: Clock) -> Journal:
        """An earlier run's journal; a torn last line is dropped. Raises JournalHeld, -Damaged, -Unwritable."""
        return cls._open(folder, clock, None)

    @classmethod
    def _open(cls, folder: Path, clock: Clock, recorded: Recorded | None) -> Journal:
        hold = Hold.take(folder)
        try:
            if recorded is None:
                recorded = read_journal(folder / NAME)
                if recorded.torn:
                    os.truncate(folder / NAME, recorded.size)
            return cls(folder, clock, recorded, hold)
        except OSError as error:
            hold.release()
            raise unwritable(folder, error) from error
        except BaseException:
            hold.release()
            raise

    @property
    def state(self) -> RunState:
        """Where the run stands by what is on disk."""
        return self._fold.state

    def follow(self, follower: Callable[[Stamped], None]) -> Callable[[], None]:
        """Call `follower` with each event from now on; gives back how to stop it."""
        self._followers.append(follower)
        return lambda: self._followers.remove(follower)

    async def commit(self, event: Event) -> Stamped:
        """Write the event and return when it is on disk. Raises JournalUnwritable: then nothing may be sent."""
        if self._broken is not None:
            raise self._broken
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._n += 1
        stamped = Stamped(self._n, round(self._clock.wall(), 3), event)
        line, self._before = line_of(stamped.n, stamped.at, event, self._before)

        def written(error: OSError | None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits
                loop.call_soon_threadsafe(settle, error)

        def settle(error: OSError | None) -> None:
            if error is not None:
                self._broken = unwritable(self.folder, error)
            if not done.done():  # before the followers: a picture that fails must not hold the run
                done.set_exception(self._broken) if self._broken else done.set_result(None)
            if error is None:
                self.events.append(stamped)
                self._fold.add(stamped)
                if len(self.events) % SETTLED == 0:
                    gc.freeze()
                for follower in tuple(self._followers):
                    follower(stamped)

        self._todo.put((line, written))
        await done
        return stamped

    def close(self) -> None:
        """Write what is waiting and give the run folder free."""
        self._todo.put(None)
        self._writer.join(timeout=5)
        os.close(self._file)
        self._hold.release()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _write(self) -> None:
        ending = False
        error: OSError | None = None
        while not ending:
            batch = [self._todo.get()]
            while not self._todo.empty():
                batch.append(self._todo.get())
            ending = None in batch
            lines = [item for item in batch if item is not None]
            # after a failed write nothing more is written: a later line behind half a one would damage the record
            error = error or self._flush([line for line, _ in lines])
            for _, written in lines:
                written(error)

    def _flush(self, lines: Iterable[bytes]) -> OSError | None:
        data = memoryview(b"".join(lines))
        try:
            while data:
                data = data[os.write(self._file, data) :]
            os.fsync(self._file)
        except OSError as error:
            return error
        return None


def unwritable(folder: Path, error: OSError) -> JournalUnwritable:
    """What a disk that refuses means for a person."""
    return JournalUnwritable(
        f"{folder} cannot be written: {error.strerror or error}.",
        "Nothing is sent that is not on record first, so nothing more is sent.",
        "Free space, or choose another folder: --runs PATH. Then: azl-recover resume.",
    )
