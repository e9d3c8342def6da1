"""Static members of a few types, and which of them ConstrainedLanguage forbids."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from tui.lab.reader.convert import to_bytes, to_double, to_guid, to_list, to_number
from tui.lab.reader.errors import refused
from tui.lab.reader.kinds import UTC_KIND, plain
from tui.lab.reader.methods import forbidden_method
from tui.lab.reader.text import to_text
from tui.lab.reader.types import CORE, short
from tui.lab.values import GuidValue, Value

Clock = Callable[[], datetime]


def static_property(kind: str, name: str, clock: Clock) -> Value:
    """`[kind]::name`"""
    key = (short(kind), name.lower())
    if key == ("datetime", "utcnow"):
        return clock().replace(tzinfo=UTC_KIND)
    if key == ("datetime", "now"):
        return clock()
    constants: dict[tuple[str, str], Value] = {
        ("string", "empty"): "",
        ("guid", "empty"): GuidValue("00000000-0000-0000-0000-000000000000"),
        ("int", "maxvalue"): 2**31 - 1,
        ("int64", "maxvalue"): 2**63 - 1,
        ("timespan", "zero"): timedelta(0),
    }
    if key not in constants:
        raise refused(f"[{kind}]::{name}")
    return constants[key]


def static_call(kind: str, name: str, arguments: list[Value], constrained: bool) -> Value:
    """`[kind]::name(arguments)`"""
    key = (short(kind), name.lower())
    if key[0] not in CORE and constrained:
        if key[0] not in ("math", "convert", "scriptblock", "io.file", "io.path", "environment"):
            raise refused(f"the type [{kind}]")
        raise forbidden_method()
    function = _CALLS.get((*key, len(arguments)))
    if function is None and key in (("string", "join"), ("string", "format")) and len(arguments) > 1:
        raise refused(f"[{kind}]::{name} with these arguments")
    if function is None:
        raise refused(f"[{kind}]::{name} with {len(arguments)} arguments")
    return function(*[plain(value) for value in arguments])


def _join(separator: Value, items: Value) -> Value:
    return to_text(separator).join(to_text(item) for item in to_list(items))


def _escape(text: Value) -> Value:
    """.NET escapes fewer signs than Python."""
    table = {"\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r"}
    return re.sub(r"[\\*+?|{\[()^$.# \t\n\f\r]", lambda sign: table.get(sign[0], "\\" + sign[0]), to_text(text))


def _round(value: Value, places: Value = 0) -> Value:
    if not isinstance(value, int | float):
        raise refused("[math]::Round of something that is no number")
    factor = 10.0 ** int(to_number(places))
    return float(round(value * factor)) / factor


def _new_guid() -> Value:
    from uuid import uuid4  # 5 ms, and few scripts want one

    return GuidValue(str(uuid4()))


def _blank(text: Value) -> Value:
    return not to_text(text).strip()


def _from_base64(text: Value) -> Value:
    try:
        return base64.b64decode(to_text(text), validate=True)
    except ValueError:
        raise refused("a text that is no base64") from None


_CALLS: dict[tuple[str, str, int], Callable[..., Value]] = {
    ("string", "join", 2): _join,
    ("string", "isnullorempty", 1): lambda text: not to_text(text),
    ("string", "isnullorwhitespace", 1): _blank,
    ("guid", "newguid", 0): _new_guid,
    ("guid", "parse", 1): to_guid,
    ("regex", "escape", 1): _escape,
    ("timespan", "fromseconds", 1): lambda number: timedelta(seconds=to_double(number)),
    ("timespan", "fromminutes", 1): lambda number: timedelta(minutes=to_double(number)),
    ("timespan", "fromhours", 1): lambda number: timedelta(hours=to_double(number)),
    ("timespan", "fromdays", 1): lambda number: timedelta(days=to_double(number)),
    ("math", "round", 1): _round,
    ("math", "round", 2): _round,
    ("math", "floor", 1): lambda number: float(math.floor(to_double(number))),
    ("math", "ceiling", 1): lambda number: float(math.ceil(to_double(number))),
    ("convert", "tobase64string", 1): lambda data: base64.b64encode(to_bytes(data)).decode(),
    ("convert", "frombase64string", 1): _from_base64,
}
