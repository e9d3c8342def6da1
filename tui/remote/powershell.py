"""The one place that makes PowerShell text: constant templates with slots, and values that stay values.

A template is the program's own text; whatever comes from a person or a host goes through `literal`. It therefore
reaches PowerShell as one single-quoted string and can never become code.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final, LiteralString

from tui.core.action import Ids, PowerShell, Repeat, Reply
from tui.core.errors import CannotCarry, EstateError
from tui.core.facts import Unknown
from tui.remote.rows import Row as Row
from tui.remote.rows import rows as rows

Value = str | int | bytes | Unknown

FILE_LIMIT: Final = 1_000_000
"""Bytes of a file that is read or written as text."""
SCRIPT_LIMIT: Final = 990_000
"""Characters of a script that still fit into one frame (below 1 MB)."""

_QUOTES: Final = re.compile("['‘’‚‛]")
_UNCARRIED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SLOT: Final = re.compile("«([a-z][a-z0-9_]*)»")
_BEFORE_SLOT: Final = frozenset(" (,=;{[|:!")
_AFTER_SLOT: Final = frozenset(" ),=;}]|")


def literal(value: str) -> str:
    """`value` as one single-quoted PowerShell string, with all five quote characters doubled.

    Raises CannotCarry for control characters, line and paragraph separators, and lone surrogates.
    """
    refused = _UNCARRIED.search(value)
    if refused:
        raise CannotCarry(
            f"The value {value[:60]!a} holds the character U+{ord(refused[0]):04X}.",
            "It cannot be carried to PowerShell as data. Nothing was sent.",
            "Give the value without it, or rename the thing on its host first.",
        )
    return "'" + _QUOTES.sub(lambda quote: quote[0] * 2, value) + "'"


def render(template: LiteralString, /, **values: Value) -> str:
    """The script: str becomes a literal, int its digits, bytes `1,2,255`, and Unknown `<label>` (a preview only).

    Raises ValueError for a template that is not one ASCII line, a slot without a value, a value without a slot, or a
    slot inside or beside a quote; CannotCarry for a value that cannot be data.
    """
    slots = list(_SLOT.finditer(template))
    names = {slot[1] for slot in slots}
    if names != values.keys():
        raise ValueError(f"slots {sorted(names)} do not match values {sorted(values)}: {template!r}")
    _check(template, slots)
    return _SLOT.sub(lambda slot: _text(values[slot[1]]), template)


def listing(pipeline: LiteralString) -> LiteralString:
    """Template text: the JSON array of what `pipeline` gives, as one output; `[]` for nothing. `rows` reads it."""
    return "ConvertTo-Json -Compress -Depth 4 -InputObject @(" + pipeline + ")"


def read_file(host: str, path: str | Unknown) -> PowerShell:
    """Reads a file as numbers; `bytes_of` gives its bytes. Not in PowerShell 7, which has no `-Encoding Byte`."""
    template: LiteralString = "(Get-Content -LiteralPath «path» -Encoding Byte -ReadCount 0) -join ','"
    return PowerShell(host, render(template, path=path), usual=2.0)


def bytes_of(reply: Reply) -> bytes:
    """The bytes that `read_file` brought. Raises EstateError unless the reply is clean and is one list of bytes."""
    values = reply.values
    if reply.clean and len(values) == 1 and isinstance(values[0], str):
        text = values[0]
        if re.fullmatch(r"(\d{1,3}(,\d{1,3})*)?", text, re.ASCII):
            numbers = [int(number) for number in text.split(",")] if text else []
            if len(numbers) <= FILE_LIMIT and max(numbers, default=0) <= 255:
                return bytes(numbers)
    said = "; ".join(record.text for record in reply.errors) or "the answer is not a list of bytes up to 1 MB"
    raise EstateError(
        f"The file could not be read: {said}",
        "Nothing was changed.",
        "Look whether the file is there and whether this account may read it.",
    )


def write_file(
    host: str, path: str | Unknown, data: bytes, *, deadline: float = 120.0, usual: float = 5.0
) -> PowerShell:
    """Writes `data` to `path`, replacing what is there; the summary names size and SHA-256. No bytes: an empty file.

    Raises CannotCarry above 1 MB, or where the numbers do not fit into one frame (from about 275,000 bytes on).
    """
    template: LiteralString = "Set-Content -LiteralPath «path» -Encoding Byte -Value ([byte[]](«data»))"
    empty: LiteralString = "Set-Content -LiteralPath «path» -Encoding Byte -Value ([byte[]]@())"
    _refuse_above(len(data), FILE_LIMIT, path)
    script = render(template, path=path, data=data) if data else render(empty, path=path)
    _refuse_above(len(script), SCRIPT_LIMIT, path)
    digest = hashlib.sha256(data).hexdigest()
    return PowerShell(
        host,
        script,
        repeat=Repeat.SAME_RESULT,
        changes=True,
        deadline=deadline,
        usual=usual,
        summary=f"Write {len(data):,} bytes, SHA-256 {digest}, to {path} on {host}",
    )


def process_of(ids: Ids) -> PowerShell:
    """The trace of an act without a job: its process as one row (id, name, started, now; times as 'o'), or `[]`.

    Both times are the host's own, so that its clock need not agree with ours.
    """
    template: LiteralString = listing(
        "Get-Process -Id «pid» -ErrorAction SilentlyContinue | Select-Object @{n='id';e={$_.Id}},"
        "@{n='name';e={[string]$_.ProcessName}},@{n='started';e={$_.StartTime.ToString('o')}},"
        "@{n='now';e={(Get-Date).ToString('o')}}"
    )
    return PowerShell(ids.host, render(template, pid=ids.pid), deadline=60.0, usual=2.0)


def _text(value: Value) -> str:
    if isinstance(value, Unknown):
        return str(value)
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, bytes) and value:
        return ",".join(map(str, value))
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return str(value)
    raise ValueError(f"no PowerShell text for {value!r}")


def _check(template: str, slots: list[re.Match[str]]) -> None:
    rest = _SLOT.sub("", template)
    if not rest.isascii() or not rest.isprintable():
        raise ValueError(f"a template is one line of ASCII and slots: {template!r}")
    quoted = _quoted(template)
    for slot in slots:
        before, after = template[: slot.start()][-1:], template[slot.end() :][:1]
        stands_free = (not before or before in _BEFORE_SLOT) and (not after or after in _AFTER_SLOT)
        if slot.start() in quoted or not stands_free:
            raise ValueError(f"{slot[0]} stands inside or beside a quote or a word: {template!r}")


def _quoted(template: str) -> frozenset[int]:
    """The positions inside '…' or "…" of our own template, where a slot's value would be read as something else."""
    inside: set[int] = set()
    quote = ""
    escaped = False
    for position, character in enumerate(template):
        if quote:
            inside.add(position)
        if escaped:
            escaped = False
        elif character == "`" and quote != "'":
            escaped = True
        elif character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
    return frozenset(inside)


def _refuse_above(size: int, limit: int, path: str | Unknown) -> None:
    if size > limit:
        raise CannotCarry(
            f"{path} is too large to be written as text ({size:,} of at most {limit:,}).",
            "Nothing was sent.",
            "Copy the file by hand and let it be verified.",
        )
