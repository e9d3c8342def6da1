"""HTTP/1.1 on asyncio streams: read one request, write one reply, and know when the client has left."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

HEAD_END = b"\r\n\r\n"
QUIET = (ConnectionError, TimeoutError, asyncio.IncompleteReadError, ssl.SSLError)
"""How a client goes away, or sends what is no TLS in the midst of it."""
REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "",  # Windows sends no words with its 401
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Payload Too Large",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client may cost. Sizes in bytes, times in seconds."""

    head: int = 64 * 1024
    """Request line and headers; HTTP.sys stops at 16 kB by default, tokens of other clients can be larger."""
    body: int = 2 * 1024 * 1024
    idle_seconds: float = 120.0
    """Between two requests; HTTP.sys' default, the reason for the 400 after an idle drop."""
    read_seconds: float = 30.0
    """From the first byte of a request to its last."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request, body complete. Header names are lower case; the path has no query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    keep_alive: bool


@dataclass(frozen=True, slots=True)
class HttpReply:
    """One reply. `headers` are sent as given; length and connection are added."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    close: bool = False
    truncate: bool = False
    """Stop half-way through the body (a fault asked for it)."""


class HttpError(Exception):
    """A request that cannot be read; the connection is closed after the reply."""

    def __init__(self, status: int) -> None:
        super().__init__(REASONS[status])
        self.status = status


class WatchedReader(asyncio.StreamReader):
    """A reader that tells when the client has left, while nobody reads from it."""

    gone = False
    _told: Callable[[], None] | None = None

    def on_gone(self, tell: Callable[[], None] | None) -> None:
        """Call `tell` once when the client leaves; None forgets. Look at `gone` first."""
        self._told = tell

    def feed_eof(self) -> None:
        super().feed_eof()
        self._leave()

    def set_exception(self, exc: Exception) -> None:
        super().set_exception(exc)
        self._leave()

    def _leave(self) -> None:
        self.gone = True
        if self._told:
            self._told()


async def read_request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limits: Limits
) -> HttpRequest | None:
    """The next request; None when the client left or stayed idle between two.

    Raises HttpError for what is not a request, TimeoutError and ConnectionError or IncompleteReadError for
    a client that stops within one.
    """
    try:
        async with asyncio.timeout(limits.idle_seconds):
            first = await reader.read(1)
    except TimeoutError:
        return None
    if not first:
        return None
    if not first.isalpha():  # no method begins so: a TLS handshake does, and HTTP.sys answers it at once, too
        raise HttpError(400)
    async with asyncio.timeout(limits.read_seconds):
        method, path, version, headers = _parse_head(first + await _until(reader, HEAD_END), limits)
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await _read_body(reader, headers, limits)
    wish = headers.get("connection", "").lower()
    keep = "close" not in wish and (version == "HTTP/1.1" or "keep-alive" in wish)
    return HttpRequest(method, path.partition("?")[0], headers, body, keep)


async def _until(reader: asyncio.StreamReader, end: bytes) -> bytes:
    try:
        return await reader.readuntil(end)
    except asyncio.LimitOverrunError as error:
        raise HttpError(431) from error


def _parse_head(head: bytes, limits: Limits) -> tuple[str, str, str, dict[str, str]]:
    if len(head) > limits.head:
        raise HttpError(431)
    first, *lines = head.removesuffix(HEAD_END).decode("latin-1").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or parts[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise HttpError(400)
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        key = name.lower()
        if not colon or not name or name != name.strip():
            raise HttpError(400)
        if key in headers and key in ("content-length", "transfer-encoding"):
            raise HttpError(400)
        headers[key] = value.strip()
    return parts[0], parts[1], parts[2], headers


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str], limits: Limits) -> bytes:
    coding = headers.get("transfer-encoding", "").lower()
    if coding and "content-length" in headers:
        raise HttpError(400)
    if coding == "chunked":
        return await _read_chunks(reader, limits)
    if coding:
        raise HttpError(501)
    length = headers.get("content-length", "0")
    return await reader.readexactly(_size(length, 10, limits))


async def _read_chunks(reader: asyncio.StreamReader, limits: Limits) -> bytes:
    body = bytearray()
    while True:
        line = await _until(reader, b"\r\n")
        size = _size(line.decode("latin-1").partition(";")[0].strip(), 16, limits)
        if size == 0:
            break
        if len(body) + size > limits.body:
            raise HttpError(413)
        body += await reader.readexactly(size)
        if await reader.readexactly(2) != b"\r\n":
            raise HttpError(400)
    for _ in range(100):  # trailers, which nobody uses
        if await _until(reader, b"\r\n") == b"\r\n":
            return bytes(body)
    raise HttpError(431)


def _size(text: str, base: int, limits: Limits) -> int:
    digits = "0123456789abcdefABCDEF"[: 10 if base == 10 else None]
    if not text or len(text) > 16 or text.strip(digits):
        raise HttpError(400)
    size = int(text, base)
    if size > limits.body:
        raise HttpError(413)
    return size


async def write_reply(writer: asyncio.StreamWriter, reply: HttpReply) -> None:
    """Send the reply. Raises ConnectionError when the client has left, TimeoutError when it does not read."""
    lines = [f"HTTP/1.1 {reply.status} {REASONS[reply.status]}", "Server: Microsoft-HTTPAPI/2.0"]
    lines += _header_lines(reply.headers)
    lines.append(f"Content-Length: {len(reply.body)}")
    lines.append(f"Connection: {'close' if reply.close else 'Keep-Alive'}")
    body = reply.body[: len(reply.body) // 2] if reply.truncate else reply.body
    writer.write("\r\n".join(lines).encode("latin-1") + HEAD_END + body)
    async with asyncio.timeout(30):
        await writer.drain()


def _header_lines(headers: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers]
