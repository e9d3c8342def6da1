"""An argument to its parameter's type, with the texts of PowerShell's binder where it does not fit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tui.lab.reader.convert import to_date, to_double, to_guid, to_list, to_number, to_span
from tui.lab.reader.errors import RefusedError, ScriptError, refused
from tui.lab.reader.kinds import Block, plain
from tui.lab.reader.text import to_text
from tui.lab.reader.types import CORE, type_name
from tui.lab.tables import Parameter
from tui.lab.values import EnumValue, GuidValue, PSObject, Value


class Mismatch(Exception):
    """The value does not fit the parameter."""

    def __init__(self, text: str, error_id: str, category: str = "InvalidArgument") -> None:
        super().__init__(text)
        self.id = error_id
        self.category = category


_NUMBERS = {"Int32": "int", "Int64": "int64", "UInt32": "uint32", "UInt64": "uint64", "Byte": "byte"}
_CONVERSIONS: dict[str, Callable[[Value], Value]] = {
    "String": to_text, "Double": to_double, "Guid": to_guid, "DateTime": to_date, "TimeSpan": to_span,
    "Char": to_text,
}  # fmt: skip
_EXACT: dict[str, type | tuple[type, ...]] = {
    "String": str, "Int32": int, "Int64": int, "UInt32": int, "UInt64": int, "Double": float, "Guid": GuidValue,
    "DateTime": datetime, "Boolean": bool, "SwitchParameter": bool, "Hashtable": dict, "IDictionary": dict,
    "ScriptBlock": Block, "StringCollection": (str, list),
}  # fmt: skip
ANYTHING = frozenset({"Object", "PSObject"})


def fits(row: Parameter, value: Value, coerce: bool) -> bool:
    """True if the value can be bound, as it is or (`coerce`) converted."""
    value = plain(value)
    kind, many = _kind(row)
    if not coerce:
        items = value if many and isinstance(value, list) else [value]
        return all(_exact(kind, item) for item in items)
    try:
        convert_argument(row, value)
    except (Mismatch, RefusedError):
        return False
    return True


def null_check(row: Parameter, value: Value) -> None:
    """Required parameters take neither null nor an empty text; of others nobody knows."""
    kind, _ = _kind(row)
    items = value if isinstance(value, list) else [value]
    if kind in ANYTHING:
        return
    if any(plain(item) is None for item in items):
        if not row.required:
            raise refused(f"null for -{row.name}")
        text = f"Cannot bind argument to parameter '{row.name}' because it is null."
        raise Mismatch(text, "ParameterArgumentValidationErrorNullNotAllowed", "InvalidData")
    if kind == "String" and row.required and any(item == "" for item in items):
        text = f"Cannot bind argument to parameter '{row.name}' because it is an empty string."
        raise Mismatch(text, "ParameterArgumentValidationErrorEmptyStringNotAllowed", "InvalidData")


def convert_argument(row: Parameter, value: Value) -> Value:
    value = plain(value)
    kind, many = _kind(row)
    if kind == "StringCollection":
        return [to_text(item) for item in to_list(value)]
    if many:
        return [_one(row, kind, item) for item in to_list(value)]
    if isinstance(value, list) and kind not in ANYTHING:
        text = f"Cannot convert 'System.Object[]' to the type 'System.{kind}' required by parameter '{row.name}'."
        raise Mismatch(f"{text} Specified method is not supported.", "CannotConvertArgument")
    return _one(row, kind, value)


def _kind(row: Parameter) -> tuple[str, bool]:
    """The element's type, and whether the parameter takes many."""
    many = row.type.endswith("[]")
    return (row.type[:-2] if many else row.type).rstrip("]"), many


def _exact(kind: str, value: Value) -> bool:
    if kind in ANYTHING:
        return True
    if kind in _EXACT:
        is_bool = isinstance(value, bool)
        return isinstance(value, _EXACT[kind]) and (not is_bool or kind in ("Boolean", "SwitchParameter"))
    return _is_live(kind, value)


def _is_live(kind: str, value: Value) -> bool:
    """An object of the very type, or a CIM object where the parameter takes any."""
    if not isinstance(value, PSObject) or isinstance(value, Block):
        return False
    last = value.type_name.rpartition(".")[2]
    if kind == "VirtualMachineBase":
        return last in ("VirtualMachine", "VMSnapshot")
    return last == kind or (kind == "CimInstance" and "CimInstance" in value.type_name)


def _one(row: Parameter, kind: str, value: Value) -> Value:
    value = plain(value)
    if row.values:
        return _word(row, kind, value)
    if kind in ANYTHING or _exact(kind, value):
        return int(value) if kind in _NUMBERS and isinstance(value, int) and _in_range(row, kind, value) else value
    if kind in ("Boolean", "SwitchParameter"):
        if isinstance(value, int | float) and kind == "Boolean":
            return bool(value)
        raise _no_message(
            row,
            f'Cannot convert value "{type_name(value)}" to type "System.{_boolean(kind)}". '
            "Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.",
        )
    if kind in _NUMBERS or kind in _CONVERSIONS:
        return _plain_value(row, kind, value)
    if kind not in _EXACT and isinstance(value, str | EnumValue) and not _is_object_type(kind):
        return to_text(value)
    if kind in ("CimSession", "PSCredential"):
        raise refused(f"-{row.name}")
    text = f'Cannot convert the "{to_text(value)}" value of type "{type_name(value)}" to type "{kind}".'
    raise _no_message(row, text)


def _boolean(kind: str) -> str:
    return "Boolean" if kind == "Boolean" else "Management.Automation.SwitchParameter"


def _is_object_type(kind: str) -> bool:
    """Types of live objects, which no text becomes."""
    ends = ("Machine", "MachineBase", "Snapshot", "Controller", "Process", "Session", "Instance", "Credential",
            "Record", "Exception", "Document", "Specification", "PSTypeName")  # fmt: skip
    return kind.endswith(ends) or kind == "VMDriveController"


def _plain_value(row: Parameter, kind: str, value: Value) -> Value:
    if isinstance(value, PSObject | dict | list) and kind != "String":
        text = f'Cannot convert the "{to_text(value)}" value of type "{type_name(value)}" to type "System.{kind}".'
        raise _no_message(row, text)
    try:
        return to_number(value, _NUMBERS[kind]) if kind in _NUMBERS else _CONVERSIONS[kind](value)
    except ScriptError as error:
        raise _no_message(row, error.error.message) from None
    except RefusedError:
        if kind == "Guid":
            text = f'Cannot convert value "{to_text(value)}" to type "System.Guid".'
            raise _no_message(row, text + ' Error: "Unrecognized Guid format."') from None
        raise


def _in_range(row: Parameter, kind: str, value: int) -> bool:
    _plain_value(row, kind, value)
    return True


def _word(row: Parameter, kind: str, value: Value) -> Value:
    """One of the accepted words: of a text the very word, of an enum an unambiguous beginning."""
    text = to_text(value)
    lower = text.lower()
    for word in row.values:
        if word.lower() == lower:
            return word
    if kind == "String":
        message = f"Cannot validate argument on parameter '{row.name}'. The argument \"{text}\" does not belong to "
        message += f'the set "{",".join(row.values)}" specified by the ValidateSet attribute. Supply an argument that '
        message += "is in the set and then try the command again."
        raise Mismatch(message, "ParameterArgumentValidationError", "InvalidData")
    found = [word for word in row.values if lower and word.lower().startswith(lower)]
    if len(found) == 1:
        return found[0]
    if isinstance(value, int) or "," in text:
        raise refused(f"-{row.name} {text}")
    names = ", ".join(row.values)
    raise _no_message(
        row,
        f'Cannot convert value "{text}" to type "{CORE.get(kind, kind)}". Error: "Unable to match '
        f"the identifier name {text} to a valid enumerator name. Specify one of the following "
        f'enumerator names and try again:\n{names}"',
    )


def _no_message(row: Parameter, text: str) -> Mismatch:
    return Mismatch(f"Cannot bind parameter '{row.name}'. {text}", "CannotConvertArgumentNoMessage")
