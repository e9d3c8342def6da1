"""Kinds of values that only the reader makes: script blocks, error records, versions, and PowerShell's nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Final

from tui.lab.cmdlet import PSError
from tui.lab.reader.syntax import Body
from tui.lab.values import EnumValue, PSObject, Value

EMPTY: Final = PSObject("System.Management.Automation.Internal.AutomationNull")
"""What a pipeline without output gives: `$null` to whoever reads it, nothing to whoever enumerates it."""

CUSTOM: Final = "System.Management.Automation.PSCustomObject"

UTC_KIND: Final = timezone(timedelta(0), "Z")
"""Zone of a `[datetime]` of kind Utc; any other zone is kind Local, on a host whose clock runs in UTC."""

NO_KIND: Final = timezone(timedelta(0), "none")
"""Zone of a `[datetime]` of kind Unspecified: a text that named no zone."""

CATEGORIES: Final = [
    "NotSpecified",
    "OpenError",
    "CloseError",
    "DeviceError",
    "DeadlockDetected",
    "InvalidArgument",
    "InvalidData",
    "InvalidOperation",
    "InvalidResult",
    "InvalidType",
    "MetadataError",
    "NotImplemented",
    "NotInstalled",
    "ObjectNotFound",
    "OperationStopped",
    "OperationTimeout",
    "SyntaxError",
    "ParserError",
    "PermissionDenied",
    "ResourceBusy",
    "ResourceExists",
    "ResourceUnavailable",
    "ReadError",
    "WriteError",
    "FromStdErr",
    "SecurityError",
    "ProtocolError",
    "ConnectionError",
    "AuthenticationError",
    "LimitsExceeded",
    "QuotaExceeded",
    "NotEnabled",
]
"""ErrorCategory in the order of its numbers."""


@dataclass(frozen=True, slots=True)
class Block(PSObject):
    """A script block."""

    body: Body = ()


_NO_ERROR = PSError("")


@dataclass(frozen=True, slots=True)
class ErrorValue(PSObject):
    """An ErrorRecord, as `$_` in a catch."""

    error: PSError = _NO_ERROR
    engine: bool = False


@dataclass(frozen=True, slots=True)
class VersionValue(PSObject):
    """A `[version]`."""

    numbers: tuple[int, ...] = ()


def plain(value: Value) -> Value:
    """The value as a reader sees it: nothing is null."""
    return None if value is EMPTY else value


def is_custom(value: PSObject) -> bool:
    """True for objects that have just the properties that they were given."""
    name = value.type_name
    return name == CUSTOM or name == "PSCustomObject" or name.startswith("Selected.") or not name


def make_version(numbers: tuple[int, ...]) -> VersionValue:
    four = (*numbers, -1, -1)[:4]
    names = ("Major", "Minor", "Build", "Revision", "MajorRevision", "MinorRevision")
    properties: dict[str, Value] = dict(zip(names, (*four, -1, -1), strict=True))
    return VersionValue("System.Version", properties, ".".join(map(str, numbers)), numbers)


def make_error(error: PSError, engine: bool) -> ErrorValue:
    number = CATEGORIES.index(error.category) if error.category in CATEGORIES else 0
    category: dict[str, Value] = {
        "Category": EnumValue("System.Management.Automation.ErrorCategory", error.category, number),
        "TargetName": error.target,
    }
    exception: dict[str, Value] = {"Message": error.message, "HResult": error.hresult}
    properties: dict[str, Value] = {
        "Exception": PSObject("System.Exception", exception),
        "FullyQualifiedErrorId": error.id,
        "CategoryInfo": PSObject("System.Management.Automation.ErrorCategoryInfo", category),
    }
    return ErrorValue("System.Management.Automation.ErrorRecord", properties, error.message, error, engine)
