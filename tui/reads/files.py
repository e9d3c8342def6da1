"""Files on a host: whether they are there, how long they are, and what they hold."""

from __future__ import annotations

import hashlib

from tui.core.action import PowerShell, Reply
from tui.core.facts import Unknown
from tui.reads.asking import ask
from tui.remote.powershell import bytes_of, listing, render


def file_or_absent(host: str, path: str | Unknown) -> PowerShell:
    """A file's bytes as numbers, or `absent`."""
    return ask(
        host,
        render(
            "if(Test-Path -LiteralPath «path»){(Get-Content -LiteralPath «path» -Encoding Byte -ReadCount 0) -join ','}"
            "else{'absent'}",
            path=path,
        ),
    )


def bytes_or_absent(reply: Reply) -> bytes | None:
    """What `file_or_absent` brought; None for absent. Raises EstateError for anything else."""
    return None if reply.values == ("absent",) else bytes_of(reply)


def exists(host: str, path: str | Unknown) -> PowerShell:
    """Whether a path is there: one true or false."""
    return ask(host, render("Test-Path -LiteralPath «path»", path=path))


def files_under(host: str, folder: str) -> PowerShell:
    """All files below a folder: full name and length in bytes."""
    return ask(
        host,
        render(
            listing(
                "Get-ChildItem -LiteralPath «folder» -Recurse -File | "
                "Select-Object FullName,@{n='length';e={[int64]$_.Length}}"
            ),
            folder=folder,
        ),
    )


def sha256(data: bytes) -> str:
    """64 hex digits."""
    return hashlib.sha256(data).hexdigest()
