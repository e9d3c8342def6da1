"""What is wrong between a host's TLS and us, said with the name, the date or the issuer that was met.

The exception of a failed handshake tells neither dates nor names. So the host is asked once more for its certificate,
over a connection of its own that checks nothing and sends nothing but the handshake.
"""

from __future__ import annotations

import os
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tui.remote.transport import Host

LOOK: Final = 5.0
"""Seconds for that second look: once to connect, once for the handshake."""
LENGTH: Final = 160
"""Characters of what a certificate says of itself: whoever made it may have written anything there."""
_EXPIRED: Final = frozenset((9, 10))
_UNKNOWN: Final = frozenset((2, 19, 20, 21))
_SELF_SIGNED: Final = 18
_WRONG_NAME: Final = frozenset((62, 64))
"""X509_V_ERR_ codes of OpenSSL (x509_vfy.h)."""
_NAME_CA: Final = "Get its certificate by a way that you trust, and name that file (PEM) as ca in the site file."
_DO: Final = (
    "Check that the port is that of WinRM over HTTPS (5986 by default) and the host allows TLS 1.2; or turn tls off in "
    "the site file: then each message is encrypted over HTTP."
)

Told = tuple[str, str]
"""What happened, and what to do."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a certificate says of itself, fit to be printed; times in UTC."""

    names: str
    subject: str
    issuer: str
    begins: datetime
    ends: datetime


def trouble(error: Exception, host: Host) -> Told | None:
    """What is wrong with TLS, for an error of requests; None where it is not TLS. May take 10 s to look at the host."""
    from requests.exceptions import ConnectionError as RequestsConnectionError
    from requests.exceptions import ReadTimeout, SSLError

    if not host.tls and not isinstance(error, SSLError):
        return None
    if host.ca and not os.path.exists(host.ca):
        return f"The CA file {host.ca} for {host.place} is not there.", "Correct ca in the site file."
    inner = _inner(error)
    if isinstance(inner, ssl.SSLCertVerificationError):
        return _not_accepted(inner, host, look(host))
    if isinstance(error, SSLError) and not isinstance(inner, ssl.SSLEOFError):
        return _no_tls(inner, host) if isinstance(inner, ssl.SSLError) else (f"TLS with {host.place} failed.", _DO)
    if not isinstance(error, RequestsConnectionError | ReadTimeout):
        return None
    met = look(host)  # it broke or went silent: as any connection may, or because no TLS is spoken there
    return _no_tls(met, host) if isinstance(met, Exception) else None


def not_verified(error: Exception) -> bool:
    """Whether the host's certificate was refused: that ends a handshake, so nothing of the request was sent."""
    return isinstance(_inner(error), ssl.SSLCertVerificationError)


def look(host: Host) -> Shown | Exception | None:
    """The certificate that the host shows; what came instead; None where nothing accepts a connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        plain = socket.create_connection((host.address, host.port), LOOK)
    except OSError:
        return None
    with plain:
        try:
            with context.wrap_socket(plain, server_hostname=host.address) as secured:
                return _read(secured.getpeercert(binary_form=True) or b"")
        except (OSError, ValueError) as error:
            return error


def _read(certificate: bytes) -> Shown:
    """A certificate in DER. Raises ValueError."""
    from cryptography import x509

    it = x509.load_der_x509_certificate(certificate)
    try:
        alternative = it.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = [*alternative.get_values_for_type(x509.DNSName), *alternative.get_values_for_type(x509.IPAddress)]
    except x509.ExtensionNotFound:
        names = []
    return Shown(
        _plain(", ".join(map(str, names)) or "no name"), _plain(it.subject.rfc4514_string()),
        _plain(it.issuer.rfc4514_string()), it.not_valid_before_utc, it.not_valid_after_utc,
    )  # fmt: skip


def _plain(text: str) -> str:
    printable = "".join(sign if sign.isprintable() else "?" for sign in text)
    return printable if len(printable) <= LENGTH else f"{printable[:LENGTH]}..."


def _inner(error: Exception) -> object:
    """The error of `ssl` in one of requests: requests wraps urllib3's MaxRetryError, whose reason wraps it."""
    outer = error.args[0] if error.args else None
    reason = getattr(outer, "reason", None)
    return reason.args[0] if isinstance(reason, Exception) and reason.args else None


def _not_accepted(error: ssl.SSLCertVerificationError, host: Host, met: Shown | Exception | None) -> Told:
    """The certificate was refused: by OpenSSL's code, and by what it says where it could be looked at."""
    shown = met if isinstance(met, Shown) else None
    code, place = error.verify_code, host.place
    if code in _WRONG_NAME:
        names = shown.names if shown else "other names"
        do = (
            "If that is this host, use such a name as its address (with DNS down: by this computer's hosts file); "
            f"else give it a certificate for {host.address}."
        )
        return f"The certificate of {place} is for {names}, not for {host.address}.", do
    if code in _EXPIRED:
        return _out_of_date(host, shown)
    if code == _SELF_SIGNED:
        by = f", as {shown.subject}," if shown else ""
        return f"The certificate of {place} is self-signed{by} and not known here.", f"If it is the host's: {_NAME_CA}"
    if code in _UNKNOWN:
        issuer = f"{shown.issuer}, a CA" if shown else "a CA"
        return f"The certificate of {place} is signed by {issuer} that is not known here.", _NAME_CA
    do = "Give the host's HTTPS listener another certificate."
    return f"The certificate of {place} was not accepted: {error.verify_message}.", do


def _out_of_date(host: Host, shown: Shown | None) -> Told:
    do = "Check this computer's clock; if it is right, give the host's HTTPS listener a new certificate."
    now = datetime.now(UTC)
    if shown is None:
        return f"The certificate of {host.place} is out of date.", do
    if shown.ends < now:
        return f"The certificate of {host.place} expired on {shown.ends:%Y-%m-%d %H:%M} UTC.", do
    if shown.begins > now:
        return f"The certificate of {host.place} is not valid before {shown.begins:%Y-%m-%d %H:%M} UTC.", do
    return f"The certificate of {host.place} is in date, but that of a CA above it is not.", do


def _no_tls(error: Exception, host: Host) -> Told:
    """No handshake came about, for a reason that is not the certificate."""
    reason = getattr(error, "reason", "") or ""
    if "NO_CERTIFICATE_OR_CRL_FOUND" in reason or reason.startswith("PEM"):
        return f"The CA file {host.ca} for {host.place} holds no certificate.", "Correct ca in the site file."
    if isinstance(error, TimeoutError):
        return f"{host.place} took the connection and never answered in TLS.", _DO
    if isinstance(error, ssl.SSLEOFError | ConnectionError):
        return f"{host.place} closed the connection when it was asked for TLS.", _DO
    if "ALERT" in reason or "PROTOCOL" in reason:
        return f"{host.place} and this computer found no TLS that both allow ({reason}).", _DO
    return f"{host.place} answers, but not in TLS.", _DO
