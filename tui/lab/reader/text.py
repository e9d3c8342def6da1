"""Values as text: what `[string]`, double quotes, `-join` and error messages make of them."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from tui.lab.reader.errors import refused
from tui.lab.reader.kinds import is_custom, plain
from tui.lab.values import EnumValue, GuidValue, PSObject, Value


def to_text(value: Value) -> str:
    """`[string]$value`, in the invariant culture."""
    value = plain(value)
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "True" if value else "False"
        case int():
            return str(value)
        case float():
            return float_text(value)
        case list() | bytes():
            return " ".join(to_text(item) for item in value)
        case dict():
            return "System.Collections.Hashtable"
        case datetime():
            return value.strftime("%m/%d/%Y %H:%M:%S")
        case timedelta():
            return span_text(value)
        case EnumValue():
            return value.name
        case GuidValue():
            return value.text
        case PSObject():
            return object_text(value)


def float_text(value: float) -> str:
    """15 digits, as Windows PowerShell shows a double."""
    if not math.isfinite(value):
        raise refused("a double that is no number as text")
    text = f"{value:.15g}"
    if "e" in text:
        raise refused("a very large or very small double as text")
    return text


def span_text(value: timedelta) -> str:
    """`[timespan]` in its constant format: `[-][d.]hh:mm:ss[.fffffff]`."""
    sign, value = ("-", -value) if value < timedelta(0) else ("", value)
    hours, rest = divmod(value.seconds, 3600)
    days = f"{value.days}." if value.days else ""
    fraction = f".{value.microseconds * 10:07d}" if value.microseconds else ""
    return f"{sign}{days}{hours:02d}:{rest // 60:02d}:{rest % 60:02d}{fraction}"


def object_text(value: PSObject) -> str:
    if value.text is not None:
        return value.text
    if not is_custom(value):
        return value.type_name
    parts = []
    for name, inner in value.properties.items():
        inner = plain(inner)
        if not (inner is None or isinstance(inner, str | bool | int | EnumValue | GuidValue)):
            raise refused("an object that holds more than plain values as text")
        parts.append(f"{name}={to_text(inner)}")
    return "@{" + "; ".join(parts) + "}"


def date_text(value: datetime) -> str:
    """`.ToString('o')`; a time of kind Local carries its offset, one of no kind carries none."""
    zone = {"Z": "Z", "none": ""}.get(value.tzname() or "", "+00:00")
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond * 10:07d}{zone}"
