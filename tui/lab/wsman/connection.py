"""One TCP connection: requests in, replies out, with the login between them and the faults that were ordered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tui.lab.wsman import replies
from tui.lab.wsman.faults import Fault
from tui.lab.wsman.http import (
    QUIET,
    HttpError,
    HttpReply,
    HttpRequest,
    Limits,
    WatchedReader,
    read_request,
    write_reply,
)
from tui.lab.wsman.negotiate import ENCRYPTED_TYPE, OFFER, BadMessage, Login, is_encrypted
from tui.lab.wsman.operations import Host
from tui.lab.wsman.soap import BadEnvelope, Operation, Request, parse
from tui.lab.wsman.tls import Tls
from tui.lab.wsman.userfile import UserFile
from tui.lab.wsman.verdict import FaultHook, Verdict

SOAP_TYPE = "application/soap+xml;charset=UTF-8"
PATHS = ("/wsman", "/wsman/")
ANONYMOUS_PATH = "/wsman-anon/identify"
"""A client that leaves, or stops reading: the end of its connection and nothing else."""
_NOT_DONE = {
    Verdict.BAD_REQUEST: HttpReply(400),
    Verdict.UNAUTHORIZED: HttpReply(401, headers=OFFER),
}


@dataclass(slots=True)
class Wire:
    """What the connections of one server share. The counter only grows."""

    users: UserFile
    limits: Limits
    hook: FaultHook
    latency: float = 0.0
    encrypted: int = 0


class _Dropped(Exception):
    """A verdict closes the connection."""


class Connection:
    """Serves one client until it leaves."""

    def __init__(
        self, host: Host, wire: Wire, reader: WatchedReader, writer: asyncio.StreamWriter, tls: Tls | None
    ) -> None:
        self._host = host
        self._wire = wire
        self._reader = reader
        self._writer = writer
        self._tls = tls
        self._login = Login(wire.users, tls.binding if tls else None)
        self._refuses_next = False
        """A verdict took the login away; see Verdict.UNAUTHORIZED."""

    async def run(self) -> None:
        """Serve; returns when the connection is over. Never raises for what a client does."""
        try:
            await self._obey_or_drop("connect")
            while await self._serve_one():
                pass
        except (_Dropped, *QUIET):
            pass
        finally:
            self._writer.close()

    def abort(self) -> None:
        """Cut the connection at once; `run` returns soon after."""
        self._writer.transport.abort()

    async def _serve_one(self) -> bool:
        try:
            http = await read_request(self._reader, self._writer, self._wire.limits)
        except HttpError as error:
            await write_reply(self._writer, HttpReply(error.status, close=True))
            return False
        if http is None:
            return False
        self._count()
        if self._wire.latency:
            await asyncio.sleep(self._wire.latency)
        reply = await self._answer(http)
        await write_reply(self._writer, reply)
        return http.keep_alive and not reply.close and not reply.truncate

    def _count(self) -> None:
        self._host.requests += 1
        self._host.over_tls += self._tls is not None

    async def _answer(self, http: HttpRequest) -> HttpReply:
        if http.method != "POST":
            return HttpReply(405)
        if http.path == ANONYMOUS_PATH or "wsmanidentify" in http.headers:
            return await self._identify(http)
        if http.path not in PATHS:
            return HttpReply(404)
        extra: tuple[tuple[str, str], ...] = ()
        if "authorization" in http.headers:
            step = await self._step(http.headers["authorization"])
            if step is None:
                return HttpReply(401, headers=OFFER)
            extra = (("WWW-Authenticate", step),) if step else ()
        if not self._login.established:
            return self._refuse(http, extra)
        reply = await self._message(http)
        return HttpReply(reply.status, reply.body, reply.headers + extra, reply.close, reply.truncate)

    async def _step(self, authorization: str) -> str | None:
        if self._login.is_last_step():
            verdict = await self._obey_or_drop("authenticate", spare=(Verdict.UNAUTHORIZED,))
            if verdict is Verdict.UNAUTHORIZED or self._refuses_next:
                self._refuses_next = False
                self._login.forget()
                return None
        step = self._login.step(authorization)
        return step.header if step else None

    def _refuse(self, http: HttpRequest, token: tuple[tuple[str, str], ...]) -> HttpReply:
        if is_encrypted(http.headers.get("content-type", "")) and not token:
            return HttpReply(400)  # the login that it was encrypted under is gone with its connection
        return HttpReply(401, headers=token or OFFER)

    async def _identify(self, http: HttpRequest) -> HttpReply:
        await self._obey_or_drop("identify")
        try:
            known = parse(http.body).operation is Operation.IDENTIFY
        except BadEnvelope:
            known = False
        return _soap(200, self._host.identify()) if known else HttpReply(400)

    async def _message(self, http: HttpRequest) -> HttpReply:
        if not http.body:
            return HttpReply(200)  # a client that only sets up its encryption
        encrypted = is_encrypted(http.headers.get("content-type", ""))
        try:
            message = self._login.unwrap(http.body) if encrypted else http.body
            request = parse(message)
        except (BadMessage, BadEnvelope):
            return HttpReply(400)
        self._wire.encrypted += encrypted
        return await self._operate(request, encrypted)

    async def _operate(self, request: Request, encrypted: bool) -> HttpReply:
        verdict = self._ask(request.operation.value, self._host.text(request))
        if verdict is Verdict.UNAUTHORIZED:
            self._login.forget()
            self._refuses_next = True
        if verdict in _NOT_DONE:
            return _NOT_DONE[verdict]
        await self._obey(verdict)
        status, body = await self._do(request)
        if verdict is Verdict.DROP_AFTER:
            raise _Dropped
        if verdict is Verdict.GARBAGE:
            return _soap(200, b"\x00\xffthis is not an envelope")
        truncate = verdict is Verdict.TRUNCATED
        if encrypted:
            return _soap(status, self._login.wrap(body), ENCRYPTED_TYPE, truncate)
        return _soap(status, body, truncate=truncate)

    async def _do(self, request: Request) -> tuple[int, bytes]:
        try:
            return 200, await self._host.answer(request, self._login.principal, self._reader)
        except Fault as error:
            return 500, replies.fault(request, error.kind, self._host.name)

    def _ask(self, operation: str, text: str = "") -> Verdict:
        return self._wire.hook(self._host.name, operation, text)

    async def _obey_or_drop(self, operation: str, spare: tuple[Verdict, ...] = ()) -> Verdict:
        """Ask about what has no envelope: pass, hang, one of `spare`, or the connection is closed."""
        verdict = self._ask(operation)
        await self._obey(verdict)
        if verdict is Verdict.PASS or verdict in spare:
            return verdict
        raise _Dropped

    async def _obey(self, verdict: Verdict) -> None:
        if verdict is Verdict.HANG:
            left = asyncio.Event()
            self._reader.on_gone(left.set)
            if not self._reader.gone:
                await left.wait()
        if verdict in (Verdict.HANG, Verdict.DROP_BEFORE):
            raise _Dropped


def _soap(status: int, body: bytes, content_type: str = SOAP_TYPE, truncate: bool = False) -> HttpReply:
    return HttpReply(status, body, (("Content-Type", content_type),), truncate=truncate)
