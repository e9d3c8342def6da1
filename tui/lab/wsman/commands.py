"""One started program's output, from the threads that compute it to the Receives that take it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from tui.lab.wsman.process import Process


class Command:
    """One program's output until a Receive takes it. The Output methods are safe from any thread."""

    def __init__(self, command_id: str, line: str) -> None:
        self.id = command_id
        """As its client wrote it; it is looked up in any case."""
        self.process: Process | None = None
        self.exit_code: int | None = None
        self.stdin_ended = False
        self.aborted = False
        self.last_text = line
        """What a fault rule looks at: the line, then the stdin that was sent last."""
        self._chunks: deque[tuple[str, bytes]] = deque()
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def stdout(self, data: bytes) -> None:
        self._later(lambda: self._append("stdout", data))

    def stderr(self, data: bytes) -> None:
        self._later(lambda: self._append("stderr", data))

    def exit(self, code: int) -> None:
        self._later(lambda: self._leave(code))

    def _later(self, call: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:  # the loop is closed: the host is gone, and who computes for it may not care
            if not self._loop.is_closed():
                raise

    def _append(self, stream: str, data: bytes) -> None:
        if data and self.exit_code is None and not self.aborted:
            self._chunks.append((stream, bytes(data)))
            self._changed.set()

    def _leave(self, code: int) -> None:
        if self.exit_code is None:
            self.exit_code = code
            self._changed.set()

    @property
    def running(self) -> bool:
        return self.exit_code is None and not self.aborted

    @property
    def ready(self) -> bool:
        """Whether a Receive has something to say at once."""
        return bool(self._chunks) or not self.running

    @property
    def done(self) -> bool:
        """All output taken, and the program has left."""
        return self.exit_code is not None and not self._chunks

    def nudge(self) -> None:
        """Wake those who wait in `changed`."""
        self._changed.set()

    async def changed(self) -> None:
        """Wait for output, the exit, an abort or a nudge."""
        self._changed.clear()
        await self._changed.wait()

    def take(self, limit: int) -> list[tuple[str, bytes]]:
        """Output in order, at most `limit` bytes of it; a chunk is cut where it must be."""
        taken: list[tuple[str, bytes]] = []
        while self._chunks and limit > 0:
            stream, data = self._chunks.popleft()
            if len(data) > limit:
                self._chunks.appendleft((stream, data[limit:]))
            taken.append((stream, data[:limit]))
            limit -= len(data)
        return taken

    def abort(self) -> None:
        """The command is no more: end the program, and fail who waits for its output."""
        if self.running and self.process:
            self.process.terminate()
        self.aborted = True
        self._changed.set()
