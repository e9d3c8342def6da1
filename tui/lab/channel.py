"""The client's end of the lab's control channel. All calls block."""

from __future__ import annotations

import json
import threading
from typing import Any

from tui.core.errors import BadInput, RecoverError
from tui.core.secret import Secret
from tui.lab.labfile import ADDRESS, LabFile

TIMEOUT = 10.0
"""Seconds for one answer; the lab answers within milliseconds."""
BEAT = 60.0
"""Seconds between two signs of life; a lab ends after ten minutes without one."""


class LabGone(RecoverError):
    """The lab does not answer: it has ended."""


class Channel:
    """Asks one lab, on loopback only. Safe for several threads."""

    def __init__(self, found: LabFile) -> None:
        self._port = found.control
        self._token = Secret(found.token)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, timeout: float = TIMEOUT) -> Any:  # noqa: ANN401
        """The answer's JSON object. Raises LabGone, and BadInput with the lab's words where it refuses."""
        from http.client import HTTPConnection, HTTPException

        connection = HTTPConnection(ADDRESS, self._port, timeout=timeout)
        headers = {"Authorization": f"Bearer {self._token.reveal()}"}
        try:
            connection.request(method, path, json.dumps(body or {}), headers)
            answer = connection.getresponse()
            data = json.loads(answer.read())
        except (OSError, HTTPException, ValueError) as error:
            text = f"{type(error).__name__}: {error}"
            raise LabGone("The lab does not answer.", "", "Take the run up again: it is started anew.", text) from None
        finally:
            connection.close()
        if answer.status != 200:
            raise BadInput(f"The lab refused: {data.get('error', answer.status)}.")
        return data


class Heartbeat:
    """Keeps a lab from ending while its drill waits for a person. Ends with the lab, and with the program."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._stopped = threading.Event()
        threading.Thread(target=self._run, name="azl-lab-heartbeat", daemon=True).start()

    def stop(self) -> None:
        """No more signs of life."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(BEAT):
            try:
                self._channel.ask("GET", "/alive")
            except RecoverError:
                return
