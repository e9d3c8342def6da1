"""What the server asks of a program on a simulated host, and what it gives the program to speak through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Process(Protocol):
    """A program on a simulated host. All methods are called on the event loop, so they must not block."""

    def feed(self, data: bytes, end: bool) -> None:
        """Bytes of stdin; `end` closes it, and nothing comes after it. Can cross with the program's own exit."""
        ...

    def terminate(self) -> None:
        """End the program (signal terminate or ctrl_c, or its shell is deleted). Can be called more than once.

        After ctrl_c the program itself reports its exit; after the other two nobody listens any more.
        """
        ...


class Output(Protocol):
    """Where a program writes. Safe from any thread; calls of one thread keep their order."""

    def stdout(self, data: bytes) -> None: ...
    def stderr(self, data: bytes) -> None: ...

    def exit(self, code: int) -> None:
        """The program has left. What is written after this is dropped."""
        ...


class Launcher(Protocol):
    """Starts programs. Called on the event loop; it returns at once and the program computes elsewhere."""

    def __call__(
        self, host: str, command: str, arguments: tuple[str, ...], environment: Mapping[str, str], output: Output
    ) -> Process:
        """`command` and `arguments` as they were sent (one argument can hold a whole tail of a line)."""
        ...
