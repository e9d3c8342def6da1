"""What is in a file, as Get-Content reads it and Set-Content writes it in Windows PowerShell 5.1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui.lab.cmdlet import CmdletError
from tui.lab.cmdlets.act import error, text
from tui.lab.values import Value

CODECS = {
    "ascii": "ascii",
    "default": "cp1252",
    "string": "utf-16-le",
    "unicode": "utf-16",
    "utf8": "utf-8-sig",
    "": "cp1252",
}


def lines_of(items: Sequence[Value], count: int) -> Iterable[Value]:
    """Items one by one, or in arrays of `count`; 0: one array of all. Nothing where there are none."""
    if count == 1 or not items:
        yield from items
        return
    size = count if count > 0 else len(items)
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def text_of(data: bytes, encoding: str) -> str:
    """The text of a file: its byte order mark decides, else the encoding that was named, else the code page."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    codec = CODECS.get(encoding.lower(), "cp1252")
    return data.decode("utf-8" if codec == "utf-8-sig" else codec, "replace")


def written(value: Value, encoding: str, *, newline: bool) -> bytes:
    """The bytes that a value becomes. Raises CmdletError where -Encoding Byte meets something else than bytes."""
    items: list[Value] = value if isinstance(value, list) else [] if value is None else [value]
    if encoding.lower() == "byte":
        return b"".join(_byte(item) for item in items)
    if isinstance(value, bytes):
        items = list(value)
    codec = CODECS.get(encoding.lower(), "cp1252")
    end = "\r\n" if newline else ""
    return "".join(text(item) + end for item in items).encode(codec, "replace")


def _byte(item: Value) -> bytes:
    if isinstance(item, bytes):
        return item
    if isinstance(item, list):
        return b"".join(_byte(each) for each in item)
    if isinstance(item, int) and not isinstance(item, bool) and 0 <= item <= 255:
        return bytes([item])
    raise CmdletError(
        error(
            "GetContentWriterArgumentError,Microsoft.PowerShell.Commands.SetContentCommand",
            "InvalidArgument",
            "Cannot proceed with byte encoding. When using byte encoding the content must be of type byte.",
        )
    )
