"""`-f` and `.ToString('...')`: the formats that say the same on every host, and the few that fit en-US."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tui.lab.reader.errors import refused
from tui.lab.reader.kinds import plain
from tui.lab.reader.text import date_text, span_text, to_text
from tui.lab.values import EnumValue, Value

_ITEM = re.compile(r"\{\{|\}\}|\{(\d+)(?:,(-?\d+))?(?::([^{}]*))?\}|[{}]")
_DATE_PARTS = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}


def format_text(pattern: str, items: list[Value]) -> str:
    """`$pattern -f $items`"""

    def item(found: re.Match[str]) -> str:
        if found.group() in ("{{", "}}"):
            return found.group()[0]
        if found.group(1) is None or int(found.group(1)) >= len(items):
            raise refused(f"the format {pattern!r} with {len(items)} items")
        value = plain(items[int(found.group(1))])
        form = found.group(3)
        text = format_value(value, form) if form else _default(value)
        width = int(found.group(2) or 0)
        return text.ljust(-width) if width < 0 else text.rjust(width)

    return _ITEM.sub(item, pattern)


def _default(value: Value) -> str:
    if isinstance(value, datetime):
        raise refused("a date without a format: it follows the culture, send it as 'o'")
    if isinstance(value, list | bytes):
        return "System.Byte[]" if isinstance(value, bytes) else "System.Object[]"
    return to_text(value)


def format_value(value: Value, form: str) -> str:
    """One value in one .NET format."""
    value = plain(value)
    if isinstance(value, datetime):
        return _date(value, form)
    if isinstance(value, timedelta) and form == "c":
        return span_text(value)
    if isinstance(value, EnumValue) and form.lower() in ("d", "g"):
        return str(value.number) if form.lower() == "d" else value.name
    if isinstance(value, str) or value is None:
        return value or ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, form)
    raise refused(f"a value in the format {form!r}")


def _date(value: datetime, form: str) -> str:
    if form in ("o", "O"):
        return date_text(value)
    if form == "s":
        return f"{value:%Y-%m-%dT%H:%M:%S}"
    if form == "u":
        return f"{value:%Y-%m-%d %H:%M:%SZ}"
    parts = re.findall(r"yyyy|MM|dd|HH|mm|ss|[-T _.]|'[^'%]*'|.", form)
    if len(form) > 1 and all(part in _DATE_PARTS or part[0] in "-T _.'" for part in parts):
        return value.strftime("".join(_DATE_PARTS.get(part, part.strip("'")) for part in parts))
    raise refused(f"a date in the format {form!r}")


def _number(value: int | float, form: str) -> str:
    found = re.fullmatch(r"([xXdDfFnN])(\d{0,2})", form)
    if not found:
        if re.fullmatch(r"0+", form) and isinstance(value, int) and value >= 0:
            return str(value).zfill(len(form))
        raise refused(f"a number in the format {form!r}")
    letter, digits = found.group(1), found.group(2)
    if letter in "xXdD":
        if not isinstance(value, int) or (value < 0 and letter in "xX"):
            raise refused(f"this number in the format {form!r}")
        text = format(abs(value), letter if letter in "xX" else "d").zfill(int(digits or 0))
        return f"-{text}" if value < 0 else text
    from decimal import ROUND_HALF_UP, Decimal  # 4 ms, and few formats round

    places = int(digits or 2)
    rounded = Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,f}" if letter in "nN" else f"{rounded:f}"
    return text.lstrip("-") if not rounded else text
