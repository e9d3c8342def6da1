"""Blocking calls on daemon threads, awaited: a hung call never keeps the program from ending.

`asyncio.to_thread` uses executor threads, and leaving then waits for them (measured with Textual: a 3 s call in
flight held the exit for 3 s; a daemon thread 0.2 s).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(call: Callable[[], T], name: str = "azl-call") -> T:
    """Run `call` on a daemon thread of its own and give back what it gives or raises.

    Cancelling the await frees the caller, not the thread: its late result is dropped.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(value: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)  # type: ignore[arg-type]

    def run() -> None:
        value: T | None = None
        error: BaseException | None = None
        try:
            value = call()
        except BaseException as raised:  # handed over, whatever it is
            error = raised
        try:
            loop.call_soon_threadsafe(settle, value, error)
        except RuntimeError:  # the loop is closed: nobody waits any more
            return

    threading.Thread(target=run, name=name, daemon=True).start()
    return await future
