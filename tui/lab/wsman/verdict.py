"""Faults on the wire: what a test or a drill may order for one operation of one host."""

from __future__ import annotations

from enum import Enum
from typing import Protocol


class Verdict(Enum):
    """What happens to one operation."""

    PASS = "pass"
    """It is done and answered."""
    DROP_BEFORE = "drop before"
    """The connection is closed; the operation is not done."""
    DROP_AFTER = "drop after"
    """The operation is done; the connection is closed without a reply (output it took is lost, as on Windows)."""
    BAD_REQUEST = "bad request"
    """A bare 400; the operation is not done."""
    UNAUTHORIZED = "unauthorized"
    """A 401 with the usual offer; the operation is not done. The login is forgotten, and the next one on this
    connection is refused: a client that logs in again by itself (requests_ntlm does) is told no, too."""
    HANG = "hang"
    """Nothing is done or answered; the connection stays open until the client or the server closes it."""
    GARBAGE = "garbage"
    """The operation is done; the reply is a 200 that is not XML."""
    TRUNCATED = "truncated"
    """The operation is done; the reply stops half-way and the connection is closed."""


class FaultHook(Protocol):
    """Asked once for each operation, on the event loop, before it is done."""

    def __call__(self, host: str, operation: str, text: str) -> Verdict:
        """`operation` is connect, authenticate, identify, create, command, send, receive, signal,
        delete, or other (an action that the server does not know).

        `text` is what a rule can look at: for command the whole line; for send the stdin data as text; for
        receive and signal the last stdin that the command was sent (its line when there was none); else "".
        For connect and authenticate every verdict that does not fit closes the connection.
        """
        ...


def pass_all(host: str, operation: str, text: str) -> Verdict:
    """The hook of a site without faults."""
    return Verdict.PASS
