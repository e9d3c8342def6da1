"""The lab's control channel: JSON over HTTP on loopback, for our drills and tests; each request shows a token."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

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
from tui.lab.wsman.listener import Listener

Json = dict[str, Any]
Route = Callable[[Json], Awaitable[Json]]
LIMITS = Limits(head=8 * 1024, body=64 * 1024, idle_seconds=30.0, read_seconds=10.0)


class BadRequest(Exception):
    """What was asked does not exist or does not fit; the text is the answer."""


class Control:
    """Serves `routes` ("GET /state" and so on) until closed. A route gets the request's JSON object."""

    def __init__(self, token: str, routes: Mapping[str, Route]) -> None:
        self._token = token.encode()
        self._routes = routes
        self._listener = Listener(self._accept, LIMITS.head, None)
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests = 0
        """Requests with the right token so far."""

    async def start(self) -> int:
        """Listen; gives the port on 127.0.0.1."""
        await self._listener.listen()
        return self._listener.port

    async def close(self) -> None:
        """Stop at once."""
        self._listener.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: WatchedReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: WatchedReader, writer: asyncio.StreamWriter) -> None:
        """One request, one answer."""
        try:
            request = await read_request(reader, writer, LIMITS)
            if request is not None:
                await write_reply(writer, await self._answer(request))
        except HttpError as error:
            await write_reply(writer, HttpReply(error.status, close=True))
        except QUIET:
            pass
        finally:
            writer.close()

    async def _answer(self, request: HttpRequest) -> HttpReply:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ").encode("latin-1", "replace")
        if not hmac.compare_digest(shown, self._token):
            return HttpReply(401, close=True)
        self.requests += 1
        route = self._routes.get(f"{request.method} {request.path}")
        if route is None:
            return HttpReply(404, close=True)
        try:
            return _json(200, await route(_object(request.body)))
        except BadRequest as error:
            return _json(400, {"error": str(error)})


def _object(body: bytes) -> Json:
    try:
        data = json.loads(body or b"{}")
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise BadRequest("the body is not a JSON object")
    return data


def _json(status: int, data: Json) -> HttpReply:
    return HttpReply(status, json.dumps(data).encode(), (("Content-Type", "application/json"),), close=True)
