"""What the lab's reader computes with: PowerShell's values as small Python types.

A value is None, bool, int, float, str, bytes (`[byte[]]`), an aware UTC datetime (`[datetime]`), a timedelta
(`[timespan]`), a list (an array), a dict (a hashtable, ordered), or one of the classes below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class EnumValue:
    """A member of an enum. `[string]` gives its name, ConvertTo-Json its number."""

    type: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class GuidValue:
    """A `[guid]`, lower case with hyphens."""

    text: str


@dataclass(frozen=True, slots=True)
class PSObject:
    """An object with named properties; names are looked up without case, and keep their own case in output."""

    type_name: str
    properties: Mapping[str, Value] = field(default_factory=dict)
    text: str | None = None
    """What `[string]` gives, where it is not the type's name (a ClusterNode prints as its name)."""


Value = (
    None
    | bool
    | int
    | float
    | str
    | bytes
    | datetime
    | timedelta
    | EnumValue
    | GuidValue
    | PSObject
    | list["Value"]
    | dict[str, "Value"]
)
