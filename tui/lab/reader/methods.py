"""Instance methods of core types: only those that are done right."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from tui.lab.reader.convert import to_double, to_number
from tui.lab.reader.errors import engine_error, refuse, refused
from tui.lab.reader.formatting import format_value
from tui.lab.reader.kinds import UTC_KIND, Block, VersionValue, plain
from tui.lab.reader.text import to_text
from tui.lab.reader.types import type_name
from tui.lab.values import GuidValue, PSObject, Value

_EVERYWHERE = frozenset({"where", "foreach", "gettype", "gethashcode", "clone", "compareto", "gettypecode"})
"""Methods that every value or array has, and that the reader does not do."""
_FOREIGN = ("Microsoft.", "System.IO.", "System.Diagnostics.", "System.ServiceProcess.")
"""Types that are not core: ConstrainedLanguage forbids their methods."""
_BLANK = " \t\n\r\f\v\x85\xa0"


def invoke(value: Value, name: str, arguments: list[Value], constrained: bool) -> Value:
    """`$value.name(arguments)`"""
    value = plain(value)
    if value is None:
        raise engine_error(
            "You cannot call a method on a null-valued expression.", "InvokeMethodOnNull", "InvalidOperation"
        )
    lower = name.lower()
    if lower in _EVERYWHERE:
        raise refused(f"the method {name}")
    if isinstance(value, list):
        return [invoke(item, name, arguments, constrained) for item in value]
    if isinstance(value, Block) or (isinstance(value, PSObject) and not isinstance(value, VersionValue)):
        if constrained and value.type_name.startswith(_FOREIGN) and "CimInstance" not in value.type_name:
            raise forbidden_method()
        raise refused(f"the method {name} of {type_name(value)}")
    if lower == "tostring":
        return _to_string(value, arguments)
    if isinstance(value, str):
        return _of_text(value, lower, [plain(item) for item in arguments])
    if isinstance(value, datetime):
        return _of_date(value, lower, arguments)
    if isinstance(value, dict) and lower in ("containskey", "contains") and len(arguments) == 1:
        wanted = to_text(arguments[0]).lower()
        return any(key.lower() == wanted for key in value)
    raise refused(f"the method {name} of {type_name(value)}")


def forbidden_method() -> Exception:
    return engine_error(
        "Cannot invoke method. Method invocation is supported only on core types in this language mode.",
        "MethodInvocationNotSupportedInConstrainedLanguage",
        "InvalidOperation",
    )


def _to_string(value: Value, arguments: list[Value]) -> Value:
    if not arguments:
        if isinstance(value, bytes | datetime):
            raise refused("a ToString() whose text depends on the culture or is only a type's name")
        return to_text(value)
    if len(arguments) != 1 or isinstance(value, str | bool | dict):
        raise refused("this ToString")
    form = to_text(arguments[0])
    if isinstance(value, GuidValue):
        if form.upper() in ("D", "N"):
            return value.text if form.upper() == "D" else value.text.replace("-", "")
        raise refused(f"a guid in the format {form!r}")
    return format_value(value, form)


def _of_text(value: str, lower: str, arguments: list[Value]) -> Value:
    if lower in _PLAIN and not arguments:
        return _PLAIN[lower](value)
    if lower in _TRIMS:
        return _TRIMS[lower](value, "".join(map(to_text, arguments)) if arguments else _BLANK)
    if lower == "split" and arguments and all(isinstance(one, str) and len(one) == 1 for one in arguments):
        return [*re.split("[" + re.escape("".join(map(to_text, arguments))) + "]", value)]
    if lower in _SEARCHES and len(arguments) == 1 and isinstance(arguments[0], str):
        return _SEARCHES[lower](value, arguments[0])
    if lower == "replace" and len(arguments) == 2:
        old, new = map(to_text, arguments)
        return value.replace(old, new) if old else refuse("Replace of an empty text")
    if lower == "substring" and 1 <= len(arguments) <= 2:
        return _substring(value, [int(to_number(one)) for one in arguments])
    if lower in ("padleft", "padright") and 1 <= len(arguments) <= 2:
        width, sign = int(to_number(arguments[0])), to_text(arguments[1]) if len(arguments) == 2 else " "
        if len(sign) == 1:
            return value.rjust(width, sign) if lower == "padleft" else value.ljust(width, sign)
    raise refused(f"the method {lower} of a text with {len(arguments)} arguments")


def _substring(value: str, numbers: list[int]) -> str:
    start = numbers[0]
    length = numbers[1] if len(numbers) == 2 else len(value) - start
    if start < 0 or length < 0 or start + length > len(value):
        raise refused("a Substring outside the text")
    return value[start : start + length]


_PLAIN: dict[str, Callable[[str], Value]] = {
    "toupper": str.upper, "tolower": str.lower, "toupperinvariant": str.upper, "tolowerinvariant": str.lower,
    "tochararray": lambda text: list[Value](text),
}  # fmt: skip
_TRIMS: dict[str, Callable[[str, str], str]] = {"trim": str.strip, "trimstart": str.lstrip, "trimend": str.rstrip}
_SEARCHES: dict[str, Callable[[str, str], Value]] = {
    "startswith": lambda text, other: text.startswith(other),
    "endswith": lambda text, other: text.endswith(other),
    "contains": lambda text, other: other in text,
    "indexof": lambda text, other: text.find(other),
    "lastindexof": lambda text, other: text.rfind(other) if other else refuse("LastIndexOf of an empty text"),
    "equals": lambda text, other: text == other,
}


def _of_date(value: datetime, lower: str, arguments: list[Value]) -> Value:
    if lower == "touniversaltime" and not arguments:
        return value.replace(tzinfo=UTC_KIND)
    units = {"adddays": "days", "addhours": "hours", "addminutes": "minutes", "addseconds": "seconds"}
    if lower in units and len(arguments) == 1:
        return value + timedelta(**{units[lower]: to_double(arguments[0])})
    raise refused(f"the method {lower} of a datetime")
