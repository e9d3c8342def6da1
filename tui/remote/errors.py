"""The one adapter from every exception of pywinrm, requests and the socket to our errors.

What an error means depends on when it came: before the script was handed over nothing can have happened; while it was
written only some failures prove that it did not arrive; while its answer was read none does.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from tui.core.errors import ConnectionLost, EstateError, NotTrusted, SignInRefused, Unreachable
from tui.remote.tls import not_verified, trouble
from tui.remote.transport import Host

NOT_SENT: Final = "Nothing was sent."
NOT_KNOWN: Final = "Whether the script ran is not known; it is read next."

SHELL_NOT_FOUND: Final = 0x8033805B
ACCESS_DENIED: Final = 5
_FULL: Final = frozenset((0x803381A5, 0x803381A6, 0x803381A7, 0x803381A9))
"""Too many shells, operations, or a user's quota: fault codes as the issues of pywinrm and Ansible show them."""


class Phase(Enum):
    """When the error came."""

    OPEN = "open"
    WRITE = "write"
    MORE = "more"
    """A later part of what is written: an earlier one did arrive."""
    READ = "read"


class Dropped(Unreachable):
    """The connection broke, or the host answered nonsense, before anything was sent: another attempt may work."""


class ShellGone(Dropped):
    """The host no longer knows the shell."""


class Faulted(Unreachable):
    """The host answered with a WS-Man fault that has no line of its own here."""


def translate(error: Exception, host: Host, phase: Phase) -> EstateError:
    """Our error for `error`, with its three lines and the text as it came in `.raw` (never with the password)."""
    if isinstance(error, EstateError):
        return error
    happened, do, kind = _families(error, host)
    raw = _raw(error, host)
    uncertain = phase in (Phase.MORE, Phase.READ) or (phase is Phase.WRITE and not _never_arrived(error))
    if uncertain:
        return ConnectionLost(happened, NOT_KNOWN, do, raw)
    return kind(happened, NOT_SENT, do, raw)


def stale(error: Exception) -> bool:
    """Whether a connection was dropped while idle: the host could not decrypt the request and answered a bare 400."""
    from winrm.exceptions import WinRMTransportError

    return isinstance(error, WinRMTransportError) and error.code == 400


def fault_codes(error: Exception) -> frozenset[int]:
    """The WS-Man and WMI codes of a fault; empty for anything else."""
    from winrm.exceptions import WSManFaultError

    if not isinstance(error, WSManFaultError):
        return frozenset()
    return frozenset(code for code in (error.wsman_fault_code, error.wmierror_code) if code is not None)


Family = tuple[str, str, type[EstateError]]


def _families(error: Exception, host: Host) -> Family:
    """What happened, what to do, and our type where nothing was sent."""
    from requests.exceptions import RequestException
    from winrm.exceptions import (
        AuthenticationError,
        WinRMError,
        WinRMOperationTimeoutError,
        WinRMTransportError,
        WSManFaultError,
    )

    if isinstance(error, AuthenticationError | PermissionError):
        return _refused(host)
    if isinstance(error, WSManFaultError):
        return _fault(error, host)
    if isinstance(error, WinRMTransportError):
        return _status(error.code, host)
    if isinstance(error, WinRMOperationTimeoutError):
        return f"{host.place} did not finish the request in time.", "Try again; the host may be busy.", Dropped
    if isinstance(error, WinRMError):
        do = "Check how this host is to be signed in to (auth, TLS) in the site file."
        return f"WinRM cannot be used as asked with {host.place}.", do, Unreachable
    if isinstance(error, OSError) and not _not_connected(error) and (told := trouble(error, host)):
        return (*told, NotTrusted)
    if isinstance(error, RequestException):
        return _network(error, host)
    if isinstance(error, OSError):
        return f"No connection to {host.place}.", _LOOK, Unreachable
    return f"{host.place} answered something that is not WinRM.", "Check that the port is WinRM's; try again.", Dropped


_LOOK: Final = "Check that the host is on, the address is right, and TCP to this port is open from here."


def _refused(host: Host) -> Family:
    do = "Check user and password; away from the directory use a local administrator of the host."
    return f"{host.place} refused the account {host.user}.", do, SignInRefused


def _fault(error: Exception, host: Host) -> Family:
    codes = fault_codes(error)
    if ACCESS_DENIED in codes:
        return _refused(host)
    if SHELL_NOT_FOUND in codes:
        return f"The shell on {host.place} is gone.", "Try again: a new shell is opened.", ShellGone
    if codes & _FULL:
        do = "Wait until other sessions of this account have ended, or sign out of them; then try again."
        return f"{host.place} has no room for another WinRM session.", do, Unreachable
    reason = " ".join(str(getattr(error, "reason", "")).split())[:200]
    return f"WinRM on {host.place} refused the request: {reason}", "Read the raw text; then try again.", Faulted


def _status(code: int, host: Host) -> Family:
    if code == 400:
        return f"{host.place} dropped the encrypted connection.", "Try again: a new connection is made.", Dropped
    do = "Check that the port is WinRM's and nothing stands in between."
    return f"{host.place} answered HTTP {code}.", do, Dropped if code >= 500 else Unreachable


def _network(error: Exception, host: Host) -> Family:
    from requests.exceptions import ConnectTimeout, ReadTimeout

    if isinstance(error, ConnectTimeout):
        return f"No answer from {host.place}.", _LOOK, Unreachable
    if isinstance(error, ReadTimeout):
        return f"{host.place} took the request and gave no answer.", "Try again; the host may be busy.", Dropped
    if _not_connected(error):
        return f"No connection to {host.place}.", _LOOK, Unreachable
    return f"The connection to {host.place} broke.", "Try again; if it breaks again, check the network.", Dropped


def _never_arrived(error: Exception) -> bool:
    """Whether the request certainly did not reach the process."""
    from winrm.exceptions import AuthenticationError

    if isinstance(error, AuthenticationError | PermissionError) or stale(error):
        return True
    return SHELL_NOT_FOUND in fault_codes(error) or _not_connected(error) or not_verified(error)


def _not_connected(error: Exception) -> bool:
    """Whether no TCP connection came about (refused, no route, unknown name, no answer)."""
    from requests.exceptions import ConnectionError as RequestsConnectionError
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import NewConnectionError

    if isinstance(error, ConnectTimeout | ConnectionRefusedError):
        return True
    inner = error.args[0] if error.args else None
    return isinstance(error, RequestsConnectionError) and isinstance(
        getattr(inner, "reason", inner), NewConnectionError
    )


def _raw(error: Exception, host: Host) -> str:
    """Type, text and the host's answer, with the password as stars wherever it should stand."""
    answer = getattr(error, "response_text", "") or getattr(error, "response", "") or ""
    text = f"{type(error).__name__}: {error}\n{answer if isinstance(answer, str) else ''}".strip()
    password = host.password.reveal()
    return (text.replace(password, "*****") if password else text)[:20_000]
