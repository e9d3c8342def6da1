"""What comes back in a frame: records, and the shape that ConvertTo-Json gives their values."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tui.lab.cmdlet import PSError
from tui.lab.reader.errors import refused
from tui.lab.reader.kinds import Block, plain
from tui.lab.reader.members import span_properties, span_ticks
from tui.lab.reader.text import to_text
from tui.lab.values import EnumValue, GuidValue, PSObject, Value

Json = Any
"""None, bool, int, float, str, list or dict, as `json` gives them."""

FRAME_DEPTH = 4
_SPAN_NAMES = [
    "Days",
    "Hours",
    "Milliseconds",
    "Minutes",
    "Seconds",
    "TotalDays",
    "TotalHours",
    "TotalMilliseconds",
    "TotalMinutes",
    "TotalSeconds",
]


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a frame: O E T W I V D, and at last Z, or X with the keyword that left early."""

    kind: str
    value: Json = None


def error_shape(error: PSError) -> Json:
    """As the frame's `azlr` gives an error record."""
    return {"m": error.message, "id": error.id, "c": error.category, "g": error.target, "h": error.hresult}


def output_shape(value: Value) -> Json:
    """An object that left the script: it is wrapped, so a guid shows PowerShell's own property too."""
    value = plain(value)
    if isinstance(value, GuidValue):
        return {"value": value.text, "Guid": value.text}
    if isinstance(value, datetime):
        raise refused("a bare date as output: send it as .ToString('o')")
    return shape(value, FRAME_DEPTH)


def shape(value: Value, depth: int, level: int = 0) -> Json:
    """The value as JSON, `depth` levels deep, below that as text."""
    value = plain(value)
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            if not math.isfinite(value):
                raise refused("a double that is no number as JSON")
            return int(value) if value.is_integer() and abs(value) < 1e15 else value
        case EnumValue():
            return value.number
        case GuidValue():
            return value.text
        case datetime():
            return f"/Date({round(value.timestamp() * 1000)})/"
    if level > depth:
        return to_text(value)
    match value:
        case list() | bytes():
            return [shape(item, depth, level + 1) for item in value]
        case dict():
            return {key: shape(item, depth, level + 1) for key, item in value.items()}
        case timedelta():
            parts = span_properties(value)
            return {"Ticks": span_ticks(value)} | {name: shape(parts[name.lower()], depth) for name in _SPAN_NAMES}
        case Block():
            raise refused("a script block as output")
        case PSObject():
            return {name: shape(item, depth, level + 1) for name, item in value.properties.items()}


def to_json(value: Json) -> str:
    """Compressed, ASCII only: every other character is escaped as the frame's `azle` does."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("\x7f", "\\u007f")
