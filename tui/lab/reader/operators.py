"""Binary operators: comparison, text, and arithmetic as PowerShell does them."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TypeVar

from tui.lab.reader.convert import to_double, to_guid, to_list, to_number, truth
from tui.lab.reader.errors import ScriptError, engine_error, refused
from tui.lab.reader.kinds import VersionValue, plain
from tui.lab.reader.patterns import like, matches, replace, split
from tui.lab.reader.text import to_text
from tui.lab.values import EnumValue, GuidValue, PSObject, Value

_INT32 = 2**31
_FOREIGN = 3
_MOST = 1_000_000
_Ordered = TypeVar("_Ordered", float, datetime, timedelta, tuple[int, ...], tuple[int, str])
_SAFE = 10**15
"""Above this an int32 that overflows into a double is no longer shown like the int64 that it might be."""


def compare(operator: str, left: Value, right: Value) -> Value:
    """A comparison, `operator` with its i or c prefix. A list on the left is filtered."""
    name, sensitive = operator_case(operator)
    if name in ("contains", "notcontains"):
        return _contains(left, right, sensitive) == (name == "contains")
    if name in ("in", "notin"):
        return _contains(right, left, sensitive) == (name == "in")
    if name == "replace":
        if isinstance(right, list) and not 1 <= len(right) <= 2:
            raise refused("-replace with other than a pattern and a new text")
        pattern, new = [*right, ""][:2] if isinstance(right, list) else (right, "")
        done = [replace(to_text(item), to_text(pattern), to_text(new), sensitive) for item in to_list(left)]
        return list[Value](done) if isinstance(left, list) else done[0]
    if name == "split":
        return [part for item in to_list(left) for part in split(to_text(item), right, sensitive)]
    if isinstance(left, list | bytes):
        return [item for item in to_list(left) if _test(name, plain(item), right, sensitive)]
    return _test(name, plain(left), right, sensitive)


def operator_case(operator: str) -> tuple[str, bool]:
    """The bare name, and whether letters' case counts."""
    if operator in ("in", "contains", "is", "isnot"):
        return operator, False
    if operator[0] in "ic" and operator not in ("in", "contains"):
        return operator[1:], operator[0] == "c"
    return operator, False


def _contains(items: Value, wanted: Value, sensitive: bool) -> bool:
    return any(equal(plain(item), wanted, sensitive) for item in to_list(items))


def _test(name: str, left: Value, right: Value, sensitive: bool) -> bool:
    right = plain(right)
    if name in ("eq", "ne"):
        return equal(left, right, sensitive) == (name == "eq")
    if name in ("like", "notlike"):
        return like(to_text(left), to_text(right), sensitive) == (name == "like")
    if name in ("match", "notmatch"):
        return bool(matches(to_text(left), to_text(right), sensitive)) == (name == "match")
    order = ordering(left, right, sensitive)
    return {"lt": order < 0, "le": order <= 0, "gt": order > 0, "ge": order >= 0}[name]


def equal(left: Value, right: Value, sensitive: bool = False) -> bool:
    """`-eq`: the right side is converted to the left side's type; what cannot be converted is not equal."""
    if left is None or right is None:
        return left is right
    if isinstance(left, str):
        if isinstance(right, datetime | list | dict | float):
            raise refused("a text compared with something that is no plain value")
        other = to_text(right)
        return left == other if sensitive else left.lower() == other.lower()
    if isinstance(left, bool):
        return left == truth(right)
    if isinstance(left, EnumValue):
        return _enum_equal(left, right)
    if isinstance(left, GuidValue):
        try:
            return left == to_guid(right)
        except (ScriptError, RuntimeError):
            return False
    if isinstance(left, int | float):
        return _number_equal(left, right)
    if isinstance(left, PSObject) and not isinstance(left, VersionValue):
        if not isinstance(right, PSObject):
            raise refused(f"an object of type {left.type_name} compared with a value: compare [string] of it")
        return left is right
    return ordering(left, right, sensitive) == 0


def _enum_equal(left: EnumValue, right: Value) -> bool:
    if isinstance(right, str):
        return right.lower() == left.name.lower() or right == str(left.number)
    if isinstance(right, EnumValue):
        return left.type == right.type and left.number == right.number
    if isinstance(right, int) and not isinstance(right, bool):
        return left.number == right
    raise refused("an enum compared with something that is neither its name nor its number")


def _number_equal(left: float, right: Value) -> bool:
    if isinstance(right, EnumValue):
        return left == right.number
    if isinstance(right, bool | int | float):
        return left == right
    if isinstance(right, str):
        try:
            return left == to_double(right)
        except ScriptError:
            return False
    raise refused("a number compared with something that is no number")


def ordering(left: Value, right: Value, sensitive: bool = False) -> int:
    """Below, at or above zero, for values that have an order."""
    if isinstance(left, VersionValue) and isinstance(right, VersionValue):
        return _sign((*left.numbers, -1, -1)[:4], (*right.numbers, -1, -1)[:4])
    if isinstance(left, datetime) and isinstance(right, datetime):
        return _sign(left, right)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return _sign(left, right)
    if isinstance(left, str) and isinstance(right, str | int) and not isinstance(right, bool):
        if sensitive:
            raise refused("the order of texts by case")
        return _text_order(left, to_text(right))
    if isinstance(left, int | float) and not isinstance(left, bool) and isinstance(right, int | float | str):
        return _sign(left, to_double(right) if isinstance(right, str) else right)
    if isinstance(left, EnumValue) and isinstance(right, EnumValue) and left.type == right.type:
        return _sign(left.number, right.number)
    raise refused(f"the order of {to_text(left)!r} and {to_text(right)!r}")


def _sign(left: _Ordered, right: _Ordered) -> int:
    return (left > right) - (left < right)


def _text_order(left: str, right: str) -> int:
    """Windows sorts words: signs before digits before letters, hyphen and apostrophe only to break a tie."""
    a, b = _text_key(left), _text_key(right)
    for one, other in zip(a, b, strict=False):
        if one[0] == _FOREIGN or other[0] == _FOREIGN:
            raise refused("the order of texts outside ASCII")
        if one != other:
            return _sign(one, other)
    if len(a) != len(b):
        return _sign(len(a), len(b))
    if left.lower() != right.lower():
        raise refused("the order of texts that differ only by hyphens or apostrophes")
    return 0


def _text_key(text: str) -> list[tuple[int, str]]:
    kept = [sign for sign in text.lower() if sign not in "-'"]
    return [(_FOREIGN if sign > "~" else 2 if sign.isalpha() else 1 if sign.isdigit() else 0, sign) for sign in kept]


def arithmetic(operator: str, left: Value, right: Value) -> Value:
    left, right = plain(left), plain(right)
    if operator == "+":
        return _add(left, right)
    if operator == "-" and isinstance(left, datetime):
        return _date_minus(left, right)
    if isinstance(left, timedelta) and isinstance(right, timedelta) and operator == "-":
        return left - right
    if operator == "*" and isinstance(left, str | list):
        count = int(to_number(right))
        if not 0 <= count * len(left) <= _MOST:
            raise refused("a very long repetition")
        return left * count
    return _numbers(operator, left, right)


def _add(left: Value, right: Value) -> Value:
    if left is None:
        return right
    if isinstance(left, str):
        return left + to_text(right)
    if isinstance(left, list | bytes):
        return to_list(left) + to_list(right)
    if isinstance(left, dict):
        if not isinstance(right, dict) or {key.lower() for key in left} & {key.lower() for key in right}:
            raise refused("a hashtable plus something that is no other hashtable, or has its keys")
        return left | right
    if isinstance(left, datetime | timedelta) and isinstance(right, timedelta):
        return left + right
    return _numbers("+", left, right)


def _date_minus(left: datetime, right: Value) -> Value:
    if isinstance(right, datetime | timedelta):
        return left - right
    raise refused("a time minus something that is neither a time nor a span")


def _numbers(operator: str, left: Value, right: Value) -> Value:
    a, b = _operand(left), _operand(right)
    if operator in "/%" and b == 0:
        if isinstance(a, float) or isinstance(b, float):
            raise refused("a double divided by zero")
        raise engine_error("Attempted to divide by zero.", "RuntimeException", "NotSpecified")
    match operator:
        case "+":
            result = a + b
        case "-":
            result = a - b
        case "*":
            result = a * b
        case "/" if isinstance(a, int) and isinstance(b, int):
            result = a // b if a % b == 0 else a / b
        case "/":
            result = a / b
        case _:
            result = math.fmod(a, b) if isinstance(a, float) or isinstance(b, float) else int(math.fmod(a, b))
    if isinstance(result, int) and abs(result) >= _SAFE and max(abs(a), abs(b)) < _INT32:
        raise refused("an integer that overflows")
    if isinstance(result, int) and abs(result) >= 2**63:
        raise refused("an integer that overflows")
    return result


def _operand(value: Value) -> int | float:
    if value is None:
        return 0
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, float):
        return value
    if isinstance(value, str):
        try:
            return to_number(value, "int64") if value.strip().lstrip("+-").isdigit() else to_double(value)
        except ScriptError:
            raise refused("arithmetic with a text that is no number") from None
    raise refused(f"arithmetic with {to_text(value)!r}")
