"""The file that the NTLM acceptor takes passwords from: private, made once a process, removed at the end.

pyspnego's acceptor can get a password from one place only, the file that NTLM_USER_FILE names, and reads it at
each login. The variable is the whole process's, so it is set once, and servers with different credentials
share the file: the one that is about to take a login step writes its lines first.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

VARIABLE = "NTLM_USER_FILE"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The account that every simulated host knows. `user` is `DOMAIN\\name` or a plain name.

    Raises ValueError where the file's format (`domain:user:password` lines) cannot hold a value.
    """

    user: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        for value in (self.user, self.password):
            if not value or set(value) & set(":\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"):
                raise ValueError("a user or password of the lab is empty or holds a colon or a line break")

    def lines(self, hosts: Sequence[str]) -> str:
        """The file's text: the account under each domain that a client may send for it.

        Clients send the domain they were given, none, `.`, the host's name (a local account), or the name in
        the challenge, which is this machine's (masterzen/winrm does).
        """
        domain, _, name = self.user.rpartition("\\")
        domains = dict.fromkeys([domain, "", ".", socket.gethostname(), *hosts])
        texts = [f"{each}:{name}:{self.password}" for each in domains]
        return "\n".join([*texts, f":{name}@{domain}:{self.password}", ""])


class _File:
    """The one file of this process, alive while a server uses it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._users = 0
        self._path = Path()
        self._text = ""

    def open(self) -> None:
        with self.lock:
            self._users += 1
            if self._users == 1:
                self._path = Path(tempfile.mkdtemp(prefix="azl-recover-lab-")) / "users"  # mkdtemp: mode 700
                self._path.touch(mode=0o600)
                self._text = ""
                os.environ[VARIABLE] = str(self._path)

    def write(self, text: str) -> None:
        """Called with the lock held."""
        if text != self._text:
            self._path.write_text(text, encoding="utf-8")
            self._text = text

    def close(self) -> None:
        with self.lock:
            self._users -= 1
            if self._users == 0:
                self._text = ""
                os.environ.pop(VARIABLE, None)
                shutil.rmtree(self._path.parent, ignore_errors=True)


_FILE = _File()


class UserFile:
    """One server's share of the file."""

    def __init__(self, credentials: Credentials, hosts: Sequence[str]) -> None:
        self._text = credentials.lines(hosts)
        self._open = False

    def open(self) -> None:
        if not self._open:
            _FILE.open()
            self._open = True

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The file holds this server's lines while the block runs (it must not await)."""
        with _FILE.lock:
            _FILE.write(self._text)
            yield

    def close(self) -> None:
        if self._open:
            _FILE.close()
            self._open = False
