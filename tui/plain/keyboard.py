"""Lines from standard input, read on a daemon thread, so that a person who thinks never blocks the run."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import sys
import threading
from collections.abc import Callable

try:
    import termios

    def _flush(file: int) -> None:
        with contextlib.suppress(termios.error):
            termios.tcflush(file, termios.TCIFLUSH)

except ImportError:  # Windows

    def _flush(file: int) -> None:
        import msvcrt

        while msvcrt.kbhit():  # type: ignore[attr-defined, unused-ignore]
            msvcrt.getwch()  # type: ignore[attr-defined, unused-ignore]


class Keyboard:
    """Reads `file` line by line and writes to standard output. Must be made inside a running loop.

    The bytes are read with `os.read`: a daemon thread inside `sys.stdin.readline` would hold a lock that Python needs
    to end.
    """

    def __init__(self, file: int, lost: Callable[[], None]) -> None:
        self._file = file
        self._lost = lost
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self.live = os.isatty(file)
        """Whether a person types: a pipe's lines are never dropped."""
        threading.Thread(target=self._read, name="azl-keyboard", daemon=True).start()

    async def read_line(self, prompt: str) -> str | None:
        """The next line after this prompt, without its end; None at the end of the input, and ever after."""
        self._write(prompt)
        line = await self._lines.get()
        if prompt and not self.live:  # no terminal echoes it: the transcript would lack the answer
            self._write(f"{line or ''}\n")
        if line is None:
            self._lines.put_nowait(None)
        return line

    def write_line(self, line: str) -> None:
        """One line to standard output, at once. A terminal that is gone is told to `lost`, once a line."""
        self._write(f"{line}\n")

    def drop_typed_ahead(self) -> None:
        """Forget what was typed and not read yet."""
        _flush(self._file)
        ended = False
        while not self._lines.empty():
            ended = self._lines.get_nowait() is None
        if ended:
            self._lines.put_nowait(None)

    def _write(self, text: str) -> None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except OSError:
            self._lost()

    def _read(self) -> None:
        decoder = codecs.getincrementaldecoder(getattr(sys.stdin, "encoding", None) or "utf-8")("replace")
        rest = ""
        while data := self._some():
            *lines, rest = (rest + decoder.decode(data)).split("\n")
            for line in lines:
                self._put(line.removesuffix("\r"))
        if rest:
            self._put(rest)
        self._put(None)

    def _some(self) -> bytes:
        try:
            return os.read(self._file, 4096)
        except OSError:  # the terminal is gone
            return b""

    def _put(self, line: str | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._lines.put_nowait, line)
