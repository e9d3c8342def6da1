"""pywinrm's `Protocol` objects, each used by one thread at a time.

A Protocol is not thread-safe (measured: 0 of 80 commands came through with encryption); a shell or command id is
usable from any of them. So requests borrow one, and give it back only after a proper answer. A Protocol that failed is
thrown away: pywinrm keeps a session whose set-up failed and would send the next message without encryption
(`Transport.build_session` returns it before `setup_encryption` ran).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from tui.core.clock import Clock
from tui.remote.errors import Phase, fault_codes, stale, translate
from tui.remote.transport import Host

T = TypeVar("T")

CONNECT: Final = 10.0
"""Seconds until a host that says nothing counts as not there."""
IDLE: Final = 60.0
"""Seconds after which an unused connection is not trusted: HTTP.sys drops it at about 120."""
OPERATION: Final = 20
"""Seconds that the host may take for a request that is not Receive; its answer is awaited 10 s longer."""


class TimedOut(Exception):
    """The operation's time was over and the host said so: for Receive the usual answer of a quiet process."""


@dataclass(frozen=True, slots=True)
class _Spare:
    protocol: Any
    since: float


class Connections:
    """The spare Protocols of all hosts."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._spare: dict[str, list[_Spare]] = {}

    def ask(self, host: Host, request: Callable[[Any], T], phase: Phase, operation: int = OPERATION) -> T:
        """Make one request. Raises our errors, and TimedOut.

        Repeated once where the connection had been dropped while idle (400), for then the host could not even read
        the request; never while the script is written.
        """
        from winrm.exceptions import WinRMOperationTimeoutError

        repeat = phase in (Phase.OPEN, Phase.READ)
        while True:
            try:
                return self._once(host, request, operation)
            except WinRMOperationTimeoutError as error:
                if phase is Phase.READ:
                    raise TimedOut from None
                raise translate(error, host, phase) from None
            except Exception as error:
                if not (repeat and stale(error)):
                    raise translate(error, host, phase) from None
                repeat = False
                self._drop(host)

    def close(self) -> None:
        """Close every spare connection."""
        with self._lock:
            spare, self._spare = self._spare, {}
        for one in (one for several in spare.values() for one in several):
            _hang_up(one.protocol)

    def _once(self, host: Host, request: Callable[[Any], T], operation: int) -> T:
        from winrm.exceptions import WinRMOperationTimeoutError

        protocol = self._take(host) or _protocol(host)
        protocol.operation_timeout_sec = operation
        protocol.transport.read_timeout_sec = (CONNECT, operation + 10.0)  # requests takes the pair
        answered = False
        try:
            result = request(protocol)
            answered = True
        except Exception as error:
            answered = isinstance(error, WinRMOperationTimeoutError) or bool(fault_codes(error))
            raise
        finally:
            if answered:
                self._give_back(host, protocol)
            else:
                _hang_up(protocol)
        return result

    def _take(self, host: Host) -> Any | None:  # noqa: ANN401 - pywinrm has no types
        oldest = self._clock.monotonic() - IDLE
        with self._lock:
            spare = self._spare.pop(host.name, [])
            fresh = [one for one in spare if one.since >= oldest]
            chosen = fresh.pop() if fresh else None
            self._spare[host.name] = fresh
        for one in spare:
            if one.since < oldest:
                _hang_up(one.protocol)
        return chosen.protocol if chosen else None

    def _give_back(self, host: Host, protocol: Any) -> None:  # noqa: ANN401 - pywinrm has no types
        with self._lock:
            self._spare.setdefault(host.name, []).append(_Spare(protocol, self._clock.monotonic()))

    def _drop(self, host: Host) -> None:
        with self._lock:
            spare = self._spare.pop(host.name, [])
        for one in spare:
            _hang_up(one.protocol)


def _protocol(host: Host) -> Any:  # noqa: ANN401 - pywinrm has no types
    from winrm.protocol import Protocol

    address = f"[{host.address}]" if ":" in host.address else host.address
    auth: Any = host.auth
    bundle: Any = host.ca or None  # None: the bundle of requests, and no look into the environment
    return Protocol(
        endpoint=f"{'https' if host.tls else 'http'}://{address}:{host.port}/wsman",
        transport=auth,
        username=host.user,
        password=host.password.reveal(),
        ca_trust_path=bundle,
        message_encryption="auto" if host.tls else "always",
        proxy=None,
        operation_timeout_sec=OPERATION,
        read_timeout_sec=OPERATION + 10,
    )


def _hang_up(protocol: Any) -> None:  # noqa: ANN401 - pywinrm has no types
    try:
        protocol.transport.close_session()
    except Exception:
        return
