"""Names of types: their short and full forms, and which of them ConstrainedLanguage lets a script use."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.lab.reader.kinds import Block, VersionValue
from tui.lab.values import EnumValue, GuidValue, PSObject, Value

CORE = {
    "string": "System.String", "int": "System.Int32", "int32": "System.Int32", "long": "System.Int64",
    "int64": "System.Int64", "bool": "System.Boolean", "boolean": "System.Boolean", "double": "System.Double",
    "byte": "System.Byte", "byte[]": "System.Byte[]", "char": "System.Char", "guid": "System.Guid",
    "datetime": "System.DateTime", "timespan": "System.TimeSpan", "version": "System.Version",
    "regex": "System.Text.RegularExpressions.Regex", "array": "System.Array", "string[]": "System.String[]",
    "int[]": "System.Int32[]", "object[]": "System.Object[]", "hashtable": "System.Collections.Hashtable",
    "uint32": "System.UInt32", "uint64": "System.UInt64", "object": "System.Object",
}  # fmt: skip
"""Short name to full name of the core types that the reader knows."""

FORBIDDEN = {
    "pscustomobject": "System.Management.Automation.LanguagePrimitives+InternalPSCustomObject",
    "math": "System.Math",
    "convert": "System.Convert",
}
"""Types that only FullLanguage may use."""


def short(name: str) -> str:
    """The name that the tables above use: lower case, without `System.`."""
    name = name.lower().removeprefix("system.")
    return {
        "text.regularexpressions.regex": "regex",
        "collections.hashtable": "hashtable",
        "management.automation.pscustomobject": "pscustomobject",
        "management.automation.psobject": "psobject",
    }.get(name, name)


def type_name(value: Value) -> str:
    """The full .NET name of a value's type, as `[...]` and error messages say it."""
    match value:
        case None:
            return "null"
        case bool():
            return "System.Boolean"
        case int():
            return "System.Int32" if -(2**31) <= value < 2**31 else "System.Int64"
        case float():
            return "System.Double"
        case str():
            return "System.String"
        case bytes():
            return "System.Byte[]"
        case datetime():
            return "System.DateTime"
        case timedelta():
            return "System.TimeSpan"
        case list():
            return "System.Object[]"
        case dict():
            return "System.Collections.Hashtable"
        case GuidValue():
            return "System.Guid"
        case EnumValue() | Block() | VersionValue():
            return value.type if isinstance(value, EnumValue) else value.type_name
        case PSObject():
            return value.type_name
