"""ConvertTo-Json and ConvertFrom-Json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from tui.lab.reader.convert import to_number
from tui.lab.reader.errors import refused
from tui.lab.reader.execute import Runner
from tui.lab.reader.kinds import CUSTOM
from tui.lab.reader.records import Json, output_shape, shape
from tui.lab.reader.session import CommonStreams
from tui.lab.reader.text import to_text
from tui.lab.values import GuidValue, PSObject, Value

_DEPTH = 2


def convert_to_json(
    runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value], streams: CommonStreams
) -> Iterator[Value]:
    """One text. Many objects of a pipeline are an array, a single one loses its brackets."""
    if not parameters.get("Compress"):
        raise refused("ConvertTo-Json without -Compress: its line breaks differ between versions")
    depth = int(to_number(parameters.get("Depth", _DEPTH)))
    found = list(items)
    if not found:
        return
    value = found[0] if len(found) == 1 else found
    if isinstance(value, GuidValue):
        shaped: Json = output_shape(value)
    else:
        shaped = shape(value, depth)
    yield json.dumps(shaped, ensure_ascii=False, separators=(",", ":"))


def convert_from_json(
    runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value], streams: CommonStreams
) -> Iterator[Value]:
    """Objects of a JSON text; an array is one object in Windows PowerShell, its items in PowerShell 7."""
    texts = [to_text(item) for item in items]
    if not texts:
        return
    try:
        value = _from_json(json.loads("\n".join(texts)))
    except ValueError:
        raise refused("ConvertFrom-Json of a text that is no JSON") from None
    if isinstance(value, list) and not runner.session.host.version.startswith("5."):
        yield from value
    else:
        yield value


def _from_json(value: Json) -> Value:
    if isinstance(value, dict):
        if "" in value or len({key.lower() for key in value}) < len(value):
            raise refused("ConvertFrom-Json of an object whose names differ only by case")
        return PSObject(CUSTOM, {key: _from_json(item) for key, item in value.items()})
    if isinstance(value, list):
        return [_from_json(item) for item in value]
    if isinstance(value, str) and value.startswith("/Date("):
        raise refused("ConvertFrom-Json of a date")
    result: Value = value
    return result
