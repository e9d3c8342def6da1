"""Casts: `[int]`, `[guid]`, `[datetime]` and the like, with PowerShell's own errors where they are known."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tui.lab.reader.errors import ScriptError, engine_error, refused
from tui.lab.reader.kinds import EMPTY, NO_KIND, make_version, plain
from tui.lab.reader.text import to_text
from tui.lab.reader.types import CORE, type_name
from tui.lab.values import EnumValue, GuidValue, PSObject, Value

_RANGES = {
    "int": (-(2**31), 2**31 - 1, "an Int32"), "int32": (-(2**31), 2**31 - 1, "an Int32"),
    "long": (-(2**63), 2**63 - 1, "an Int64"), "int64": (-(2**63), 2**63 - 1, "an Int64"),
    "byte": (0, 255, "an unsigned byte"), "uint32": (0, 2**32 - 1, "a UInt32"),
    "uint64": (0, 2**64 - 1, "a UInt64"),
}  # fmt: skip
_INTEGER = re.compile(r"\s*[+-]?\d+\s*")
_REAL = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?)?(Z|[+-]\d\d:\d\d)?")
_SPAN = re.compile(r"(-?)(?:(\d+)\.)?(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?")


def truth(value: Value) -> bool:
    """What `if` and `-not` see."""
    value = plain(value)
    match value:
        case None:
            return False
        case list() | bytes():
            return truth(value[0]) if len(value) == 1 else len(value) > 1
        case EnumValue():
            return bool(value.number)
        case str() | bool() | int() | float():
            return bool(value)
        case _:
            return True


def to_number(value: Value, kind: str = "int") -> int | float:
    """An integer type's cast; halves go to the even neighbour."""
    value = plain(value)
    low, high, name = _RANGES[kind]
    match value:
        case None:
            number = 0
        case bool() | int():
            number = int(value)
        case EnumValue():
            number = value.number
        case float():
            number = _rounded(value)
        case str():
            number = _parse_integer(value, kind)
        case list() if len(value) == 1:
            return to_number(value[0], kind)
        case _:
            raise cannot_convert(value, CORE[kind])
    if low <= number <= high:
        return number
    source = "FromStringToInteger" if isinstance(value, str) else "IConvertible"
    message = f'Error: "Value was either too large or too small for {name}."'
    raise _cast_error(value, CORE[kind], message, f"InvalidCast{source}")


def _rounded(number: float) -> int:
    if not math.isfinite(number):
        raise refused("an integer of a double that is no number")
    return round(number)


def _parse_integer(text: str, kind: str) -> int:
    if not text.strip():
        return 0
    if _INTEGER.fullmatch(text):
        return int(text)
    if _REAL.fullmatch(text):
        return _rounded(float(text))
    if re.fullmatch(r"\s*0[xX][0-9a-fA-F]{1,7}\s*", text):
        return int(text, 16)
    message = 'Error: "Input string was not in a correct format."'
    raise _cast_error(text, CORE[kind], message, "InvalidCastFromStringToInteger")


def to_double(value: Value) -> float:
    value = plain(value)
    match value:
        case None:
            return 0.0
        case bool() | int() | float():
            return float(value)
        case str() if _REAL.fullmatch(value):
            return float(value)
        case str() if not value.strip():
            return 0.0
        case _:
            raise cannot_convert(value, "System.Double")


def to_guid(value: Value) -> GuidValue:
    if isinstance(value, GuidValue):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"\{?[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}\}?", text):
        raise cannot_convert(value, "System.Guid")
    digits = re.sub(r"[{}-]", "", text).lower()
    return GuidValue("-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])))


def to_date(value: Value) -> datetime:
    """ISO texts only: what else .NET reads depends on its culture. A text with a zone gives kind Local."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value.strip()):
        raise refused(f"[datetime] of {to_text(value)!r}")
    text = re.sub(r"(\.\d{6})\d", r"\1", value.strip())
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=NO_KIND) if found.tzinfo is None else found.astimezone(UTC)


def to_span(value: Value) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise refused(f"[timespan] of {to_text(value)!r}")
    sign, days, hours, minutes, seconds, fraction = found.groups()
    span = timedelta(int(days or 0), int(seconds or 0), int((fraction or "0").ljust(7, "0")) // 10,
                     minutes=int(minutes), hours=int(hours))  # fmt: skip
    return -span if sign else span


def to_version(value: Value) -> Value:
    if isinstance(value, PSObject) and value.type_name == "System.Version":
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,9}(\.\d{1,9}){1,3}", value):
        raise refused(f"[version] of {to_text(value)!r}")
    return make_version(tuple(map(int, value.split("."))))


def to_list(value: Value) -> list[Value]:
    """`[array]` and `@()`: a list as it is, nothing as no items, else one item."""
    if value is EMPTY:
        return []
    if isinstance(value, list):
        return list(value)
    return list(value) if isinstance(value, bytes) else [value]


def to_bytes(value: Value) -> bytes:
    if isinstance(value, bytes):
        return value
    return bytes(int(to_number(item, "byte")) for item in to_list(plain(value)))


def _same_list(value: Value) -> Value:
    return None if plain(value) is None else to_list(value)


_CASTS: dict[str, Callable[[Value], Value]] = {
    "string": to_text, "bool": truth, "boolean": truth, "double": to_double, "guid": to_guid,
    "datetime": to_date, "timespan": to_span, "version": to_version, "byte[]": to_bytes,
    "array": _same_list, "object[]": _same_list, "object": lambda value: value,
    "string[]": lambda value: [to_text(item) for item in to_list(value)],
    "int[]": lambda value: [to_number(item) for item in to_list(value)],
}  # fmt: skip


def cast(value: Value, kind: str) -> Value:
    """`[kind]$value` for a core type in its short name."""
    value = plain(value)
    if kind == "string[]" and value is None:
        return None
    if kind in _RANGES:
        return to_number(value, kind)
    if kind == "char" and isinstance(value, int) and 0 <= value <= 0xFFFF:
        return chr(value)
    if kind == "char" and isinstance(value, str) and len(value) == 1:
        return value
    if kind == "hashtable" and isinstance(value, dict | None):
        return value
    if kind not in _CASTS:
        raise refused(f"the cast [{kind}]")
    return _CASTS[kind](value)


def cannot_convert(value: Value, target: str) -> ScriptError:
    shown, source = to_text(value), type_name(value)
    message = f'Cannot convert the "{shown}" value of type "{source}" to type "{target}".'
    if value is None or isinstance(value, str):
        # The wording and id depend on the target's parser, which the cases do not show.
        raise refused(f"a failing cast: {message}")
    return engine_error(message, "ConvertToFinalInvalidCastException", "InvalidArgument")


def _cast_error(value: Value, target: str, why: str, error_id: str) -> ScriptError:
    message = f'Cannot convert value "{to_text(value)}" to type "{target}". {why}'
    return engine_error(message, error_id, "InvalidArgument")
