"""Every exception family of pywinrm, requests and the socket becomes one of ours, with three lines and no password."""

import xml.etree.ElementTree as ET

import pytest
from requests import exceptions as net
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError
from winrm.exceptions import (
    AuthenticationError,
    InvalidCredentialsError,
    WinRMError,
    WinRMOperationTimeoutError,
    WinRMTransportError,
    WSManFaultError,
)

from tests.remote.fakes import HOST
from tui.core.errors import ConnectionLost, EstateError, NotTrusted, SignInRefused, Unreachable
from tui.remote.errors import NOT_KNOWN, NOT_SENT, Dropped, Faulted, Phase, ShellGone, translate


def fault(code: int | None, wmi: int | None = None) -> WSManFaultError:
    return WSManFaultError(500, "bad", "<s:Fault>pl4nted!</s:Fault>", "It is\n not so", "s:Receiver", None, code, wmi)


def parse_error() -> ET.ParseError:
    with pytest.raises(ET.ParseError) as caught:
        ET.fromstring("not xml")
    return caught.value


REFUSED = net.ConnectionError(MaxRetryError(None, "/wsman", NewConnectionError(None, "refused")))  # type: ignore[arg-type]
BROKEN = net.ConnectionError(ProtocolError("Connection aborted."))

FAMILIES = [
    (WinRMError("unsupported auth method: x"), Unreachable),
    (AuthenticationError("no"), SignInRefused),
    (InvalidCredentialsError("the specified credentials were rejected by the server"), SignInRefused),
    (PermissionError("spnego"), SignInRefused),
    (fault(5), SignInRefused),
    (fault(0x8033805B), ShellGone),
    (fault(0x803381A5), Unreachable),
    (fault(0x803381A6), Unreachable),
    (fault(None, 0x803381A6), Unreachable),
    (fault(12345), Faulted),
    (fault(None), Faulted),
    (WinRMTransportError("http", 400, ""), Dropped),
    (WinRMTransportError("http", 404, "pl4nted!"), Unreachable),
    (WinRMTransportError("http", 503, ""), Dropped),
    (WinRMOperationTimeoutError(), Dropped),
    (REFUSED, Unreachable),
    (BROKEN, Dropped),
    (net.ReadTimeout("slow"), Dropped),
    (net.ConnectTimeout("nobody"), Unreachable),
    (net.SSLError("self-signed pl4nted!"), NotTrusted),
    (net.ChunkedEncodingError("cut"), Dropped),
    (StopIteration(), Dropped),
    (parse_error(), Dropped),
    (AssertionError(), Dropped),
    (KeyError("Content-Type"), Dropped),
    (ConnectionRefusedError("refused"), Unreachable),
    (OSError("no route"), Unreachable),
]


def name(value: object) -> str:
    return type(value).__name__ if isinstance(value, Exception) else getattr(value, "__name__", "")


@pytest.mark.parametrize(("error", "kind"), FAMILIES, ids=name)
def test_before_anything_was_sent(error, kind):
    ours = translate(error, HOST, Phase.OPEN)
    assert type(ours) is kind
    check_lines(ours)
    assert ours.means == NOT_SENT
    assert not ours.sent


@pytest.mark.parametrize(("error", "_"), FAMILIES, ids=name)
@pytest.mark.parametrize("phase", [Phase.READ, Phase.MORE])
def test_after_it_was_handed_over_nothing_is_known(error, _, phase):
    ours = translate(error, HOST, phase)
    assert type(ours) is ConnectionLost
    check_lines(ours)
    assert ours.means == NOT_KNOWN
    assert ours.sent


CERTAIN = {
    REFUSED,
    *(e for e, _ in FAMILIES if isinstance(e, AuthenticationError | PermissionError | net.ConnectTimeout)),
}


@pytest.mark.parametrize(("error", "_"), FAMILIES, ids=name)
def test_while_it_is_written_only_proof_counts(error, _):
    certain = (
        error in CERTAIN
        or isinstance(error, ConnectionRefusedError)
        or getattr(error, "wsman_fault_code", 0) == 0x8033805B
        or (isinstance(error, WinRMTransportError) and error.code == 400)
    )
    ours = translate(error, HOST, Phase.WRITE)
    assert ours.sent is not certain
    assert ours.means == (NOT_SENT if certain else NOT_KNOWN)
    check_lines(ours)


def check_lines(ours: EstateError) -> None:
    assert len(ours.lines()) == 3
    assert "node1 (192.0.2.10, TCP 5985)" in ours.happened
    assert all("\n" not in line for line in ours.lines())
    assert "pl4nted!" not in " ".join([*ours.lines(), ours.raw, str(ours), repr(ours)])
    assert ours.raw


def test_ours_stay_as_they_are():
    ours = Unreachable("x")
    assert translate(ours, HOST, Phase.READ) is ours


def test_a_host_shows_no_password():
    assert "pl4nted!" not in repr(HOST)
