"""One connection's login (NTLM, raw or inside Negotiate) and its message encryption.

Framing of an encrypted body: MS-WSMV 2.2.9.1. A login belongs to its TCP connection; on a new connection a body
that was encrypted under the old one cannot be read, which Windows answers with a bare 400. Over TLS a login that
carries a channel binding must carry this host's: WinRM's CbtHardeningLevel "Relaxed", the default.
"""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass

import spnego
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import NegotiateOptions, SpnegoError

from tui.lab.wsman.userfile import UserFile

OFFER = (("WWW-Authenticate", "Negotiate"),)
"""What a 401 offers, as Windows does over HTTP with Kerberos and Basic off."""
PROTOCOL = "application/HTTP-SPNEGO-session-encrypted"
ENCRYPTED_TYPE = f'multipart/encrypted;protocol="{PROTOCOL}";boundary="Encrypted Boundary"'
OCTETS = b"\tContent-Type: application/octet-stream\r\n"
_LENGTH = re.compile(rb"OriginalContent:[^\r\n]*;\s*Length=(\d{1,8})", re.IGNORECASE)
_BINDING = struct.pack("<HH", 10, 16)
"""How a channel binding begins in an NTLM token: MsvAvChannelBindings and its length (MS-NLMP 2.2.2.1)."""
_SCHEMES = {"negotiate": "negotiate", "ntlm": "ntlm"}


class BadMessage(Exception):
    """A body that says it is encrypted and cannot be read under this connection's login."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one Authorization header led to. `header` goes into the reply, unless it is ""."""

    complete: bool
    header: str = ""


def is_encrypted(content_type: str) -> bool:
    """Whether a body with this Content-Type is an encrypted message."""
    return content_type.lower().startswith("multipart/")


class Login:
    """The acceptor of one connection."""

    def __init__(self, users: UserFile, binding: GssChannelBindings | None = None) -> None:
        self._users = users
        self._binding = binding
        self._context: spnego.ContextProxy | None = None

    @property
    def established(self) -> bool:
        return self._context is not None and self._context.complete

    @property
    def principal(self) -> str:
        """Who has logged in, as `DOMAIN\\name`; "" before."""
        return (self._context.client_principal or "") if self._context else ""

    def forget(self) -> None:
        """Nobody is logged in any more."""
        self._context = None

    def is_last_step(self) -> bool:
        """Whether the next token is the answer to a challenge, so that a login is about to be decided."""
        return self._context is not None and not self._context.complete

    def step(self, authorization: str) -> Step | None:
        """Take the client's token. None: refused (wrong credentials, or not a token)."""
        scheme, _, text = authorization.partition(" ")
        protocol = _SCHEMES.get(scheme.lower())
        if protocol is None:
            return None
        if self._context is None or self._context.complete:
            self._context = self._begin(protocol)
        try:
            with self._users.in_place():
                given = base64.b64decode(text, validate=True)
                token = self._context.step(given, channel_bindings=self._binding if _BINDING in given else None)
        except Exception:  # wrong credentials, or what a stranger sent: fuzzing pyspnego's parsers also raised
            self.forget()  # StopIteration and OverflowError, and neither may end the server
            return None
        header = f"{scheme} {base64.b64encode(token).decode()}" if token else ""
        return Step(self._context.complete, header)

    def _begin(self, protocol: str) -> spnego.ContextProxy:
        with self._users.in_place():
            return spnego.server(service="http", protocol=protocol, options=NegotiateOptions.wrapping_winrm)

    def unwrap(self, body: bytes) -> bytes:
        """The message in an encrypted body. Raises BadMessage."""
        if self._context is None or not self._context.complete:
            raise BadMessage("no login on this connection")
        found = _LENGTH.search(body[:512])
        start = body.find(OCTETS) + len(OCTETS)
        if found is None or start < len(OCTETS) or len(body) < start + 4:
            raise BadMessage("not the framing of an encrypted message")
        length = int(found[1])
        (size,) = struct.unpack_from("<i", body, start)
        if not 0 <= size <= 1024 or len(body) < start + 4 + size + length:
            raise BadMessage("an encrypted message of a wrong length")
        header = body[start + 4 : start + 4 + size]
        data = body[start + 4 + size : start + 4 + size + length]
        try:
            message = self._context.unwrap_winrm(header, data)
        except (SpnegoError, ValueError) as error:
            raise BadMessage("encrypted under another login") from error
        if len(message) != length:
            raise BadMessage("a message of a wrong length")
        return message

    def wrap(self, message: bytes) -> bytes:
        """The message as an encrypted body (its type is ENCRYPTED_TYPE)."""
        assert self._context is not None
        sealed = self._context.wrap_winrm(message)
        original = f"type=application/soap+xml;charset=UTF-8;Length={len(message) + sealed.padding_length}"
        head = f"\tContent-Type: {PROTOCOL}\r\n\tOriginalContent: {original}\r\n".encode()
        boundary = b"--Encrypted Boundary"
        payload = struct.pack("<i", len(sealed.header)) + sealed.header + sealed.data
        return b"".join([boundary, b"\r\n", head, boundary, b"\r\n", OCTETS, payload, boundary, b"--\r\n"])
