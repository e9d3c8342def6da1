"""A command line of a simulated host, taken apart: which program, and what PowerShell is told to run."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

_WORD = re.compile(r'"([^"]*)"|(\S+)')
_VALUED = (
    "inputformat",
    "outputformat",
    "executionpolicy",
    "ep",
    "version",
    "windowstyle",
    "configurationname",
    "psconsolefile",
    "settingsfile",
    "workingdirectory",
)
"""Options of powershell.exe and pwsh.exe that take a value; any other is a flag."""


class BadArguments(Exception):
    """PowerShell would refuse its arguments; the text is what it says."""


@dataclass(frozen=True, slots=True)
class Run:
    """What PowerShell is told to run: `script`, or (None) what stdin brings."""

    script: str | None = None
    encoded: bool = False


def words(line: str) -> list[str]:
    """The words of a line; double quotes hold one together."""
    return [found[1] if found[1] is not None else found[2] for found in _WORD.finditer(line)]


def program(word: str) -> str:
    """A program's name without path and `.exe`, in lower case."""
    return word.replace("/", "\\").rpartition("\\")[2].lower().removesuffix(".exe")


def within_cmd(arguments: list[str]) -> list[str]:
    """What `cmd /c ...` runs; nothing where it has no /c."""
    for at, word in enumerate(arguments):
        if word.lower() in ("/c", "/r"):
            rest = arguments[at + 1 :]
            return words(rest[0]) if len(rest) == 1 else rest
    return []


def powershell(arguments: list[str]) -> Run:
    """What PowerShell's arguments ask for; options may be shortened. Raises BadArguments."""
    at = 0
    while at < len(arguments):
        word, rest = arguments[at], arguments[at + 1 :]
        option = word[1:].lower() if word[:1] in "-/" else ""
        if not option:
            return _text(arguments[at:])
        if "encodedcommand".startswith(option) or option == "ec":
            return Run(_decoded(rest), encoded=True)
        if "command".startswith(option):
            return _text(rest)
        at += 2 if any(name.startswith(option) for name in _VALUED) else 1
    return Run()


def _text(rest: list[str]) -> Run:
    return Run() if rest == ["-"] else Run(" ".join(rest))


def _decoded(rest: list[str]) -> str:
    try:
        return base64.b64decode(rest[0], validate=True).decode("utf-16-le")
    except (IndexError, ValueError):
        raise BadArguments(
            "Cannot process the command because the value specified with -EncodedCommand is not properly encoded. "
            "The value must be Base64 encoded."
        ) from None
