"""Property reads and indexing: names without case, a missing property is null, an array asks its items."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.lab import tables
from tui.lab.reader.errors import engine_error, refuse, refused
from tui.lab.reader.kinds import EMPTY, is_custom, plain
from tui.lab.reader.text import to_text
from tui.lab.values import EnumValue, GuidValue, PSObject, Value


def get_member(value: Value, name: str) -> Value:
    """`$value.name`"""
    value = plain(value)
    lower = name.lower()
    if isinstance(value, PSObject):
        return get_property(value, name)
    if value is None:
        return 0 if lower in ("count", "length") else None
    if isinstance(value, list | bytes):
        if lower in ("count", "length", "longlength"):
            return len(value)
        return _of_items(value, name)
    if isinstance(value, dict):
        return _of_table(value, lower)
    return _of_scalar(value, lower)


def find_property(value: Value, name: str) -> tuple[str, Value] | None:
    """The property of one object (an array is one object here) under its own case; None where it has none."""
    value = plain(value)
    if isinstance(value, PSObject):
        lower = name.lower()
        for own, found in value.properties.items():
            if own.lower() == lower:
                return own, found
        _missing(value, name)
        return None
    if isinstance(value, list | bytes):
        return (name, len(value)) if name.lower() in ("length", "count", "longlength") else None
    if isinstance(value, dict):
        raise refused("a property of a hashtable in a cmdlet: 5.1 and 7 differ")
    if isinstance(value, str) and name.lower() == "length":
        return "Length", len(value)
    if isinstance(value, datetime | timedelta | GuidValue) and (found := _of_scalar(value, name.lower())) is not None:
        raise refused(f"the property {name} of a {type(found).__name__} in a cmdlet")
    return None


def get_property(value: PSObject, name: str) -> Value:
    found = find_property(value, name)
    if found is None and name.lower() in ("count", "length"):
        raise refused(f".{name} of one object: 5.1 and 7 differ, use @(...).Count")
    return found[1] if found else None


def _missing(value: PSObject, name: str) -> None:
    """Null is right where the type surely has no such property; else the lab must not guess."""
    row = None if is_custom(value) else tables.output_of_type(value.type_name)
    if row is None:
        return
    lower = name.lower()
    if lower in (own.lower() for own in row.properties):
        raise refused(f"the lab's {value.type_name} has no {name} yet")
    if not row.complete and lower not in ("count", "length"):
        raise refused(f"nobody knows whether {value.type_name} has a property {name}")


def _of_items(items: list[Value] | bytes, name: str) -> Value:
    """Member enumeration: items without the property are left out, arrays are flattened."""
    out: list[Value] = []
    for item in items:
        if isinstance(item, list):
            raise refused(f"the property {name} of an array in an array")
        if not isinstance(item, PSObject | dict):
            found: Value = get_member(item, name) if name.lower() != "count" else refuse("the count of items")
            if found is None:
                continue
        elif isinstance(item, PSObject):
            pair = find_property(item, name)
            if pair is None:
                continue
            found = plain(pair[1])
        else:
            found = _of_table(item, name.lower())
        out += found if isinstance(found, list | bytes) else [found]
    return out if len(out) > 1 else out[0] if out else None


def _of_table(value: dict[str, Value], lower: str) -> Value:
    for key, found in value.items():
        if key.lower() == lower:
            return found
    if lower == "count":
        return len(value)
    if lower in ("keys", "values"):
        if len(value) > 1:
            raise refused("the order of a hashtable")
        return list(value) if lower == "keys" else list(value.values())
    return None


def _of_scalar(value: Value, lower: str) -> Value:
    if lower == "length" and isinstance(value, str):
        return len(value)
    if lower in ("count", "length"):
        return 1
    if isinstance(value, datetime):
        names = {"year", "month", "day", "hour", "minute", "second"}
        if lower in names:
            return int(getattr(value, lower))
        raise refused(f"the property {lower} of a datetime")
    if isinstance(value, timedelta):
        return span_properties(value).get(lower, None) if lower != "ticks" else span_ticks(value)
    if isinstance(value, EnumValue):
        return value.number if lower == "value__" else None
    if isinstance(value, GuidValue):
        return value.text if lower == "guid" else None
    return None


def span_ticks(value: timedelta) -> int:
    return (value.days * 86400 + value.seconds) * 10_000_000 + value.microseconds * 10


def span_properties(value: timedelta) -> dict[str, int | float]:
    """The parts of a timespan by lower-case name; all of them carry its sign."""
    sign, whole = (-1, -value) if value < timedelta(0) else (1, value)
    total = value.total_seconds()
    return {
        "days": sign * whole.days,
        "hours": sign * (whole.seconds // 3600),
        "milliseconds": sign * (whole.microseconds // 1000),
        "minutes": sign * (whole.seconds // 60 % 60),
        "seconds": sign * (whole.seconds % 60),
        "totaldays": total / 86400,
        "totalhours": total / 3600,
        "totalmilliseconds": total * 1000,
        "totalminutes": total / 60,
        "totalseconds": total,
    }


def get_index(value: Value, index: Value) -> Value:
    """`$value[index]`; outside the array is nothing."""
    value, index = plain(value), plain(index)
    if value is None:
        raise engine_error("Cannot index into a null array.", "NullArray", "InvalidOperation")
    if isinstance(value, dict):
        return _of_table_key(value, to_text(index))
    if isinstance(index, list):
        return [found for one in index if (found := get_index(value, one)) is not EMPTY]
    if not isinstance(index, int) or isinstance(index, bool):
        raise refused(f"the index {to_text(index)!r}")
    if not isinstance(value, list | bytes | str):
        raise refused("an index into something that is no array: it may be one object or many, use @(...)[0]")
    return value[index] if -len(value) <= index < len(value) else EMPTY


def _of_table_key(value: dict[str, Value], key: str) -> Value:
    return next((found for own, found in value.items() if own.lower() == key.lower()), None)
