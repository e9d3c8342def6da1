"""Select-Object: properties by name or calculated, first and last, and the values of one property."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice

from tui.lab.cmdlet import PSError
from tui.lab.reader.convert import to_list
from tui.lab.reader.errors import RUNTIME_HRESULT, refused
from tui.lab.reader.evaluate import enumerate_value, gathered
from tui.lab.reader.execute import Runner
from tui.lab.reader.kinds import Block, plain
from tui.lab.reader.members import find_property
from tui.lab.reader.session import CommonStreams
from tui.lab.reader.text import to_text
from tui.lab.values import GuidValue, PSObject, Value

_KNOWN = frozenset({"Property", "First", "Last", "Skip", "ExpandProperty"})
SELECTED = "Selected.System.Management.Automation.PSCustomObject"


def select_object(
    runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value], streams: CommonStreams
) -> Iterator[Value]:
    if extra := set(parameters) - _KNOWN:
        raise refused(f"Select-Object -{min(extra)}")
    chosen = _window(parameters, items)
    if "ExpandProperty" in parameters:
        if "Property" in parameters:
            raise refused("Select-Object with -Property and -ExpandProperty")
        return _expand(chosen, to_text(parameters["ExpandProperty"]), streams)
    if "Property" not in parameters:
        return chosen
    columns = [column(one) for one in to_list(parameters["Property"])]
    return (_row(runner, columns, item) for item in chosen)


def _window(parameters: Mapping[str, Value], items: Iterator[Value]) -> Iterator[Value]:
    first, last, skip = (parameters.get(name) for name in ("First", "Last", "Skip"))
    if any(isinstance(number, int) and number < 0 for number in (first, last, skip)):
        raise refused("Select-Object with a negative number")
    if last is not None and (first is not None or skip is not None):
        raise refused("Select-Object -Last with -First or -Skip")
    if isinstance(last, int):
        return iter(deque(items, last))
    start = skip if isinstance(skip, int) else 0
    return islice(items, start, start + first if isinstance(first, int) else None)


def column(spec: Value) -> tuple[str, Block | None]:
    """A name, or `@{n=..;e={..}}` as a name and its block."""
    if isinstance(spec, str):
        if any(sign in spec for sign in "*?["):
            raise refused("a wildcard in a property's name")
        return spec, None
    if not isinstance(spec, dict):
        raise refused("a property that is neither a name nor a hashtable")
    name, expression = "", None
    for key, value in spec.items():
        lower = key.lower()
        if "name".startswith(lower) or "label".startswith(lower):
            name = to_text(value)
        elif "expression".startswith(lower):
            expression = value
        else:
            raise refused(f"the key {key} of a calculated property")
    if isinstance(expression, str):
        raise refused("a calculated property that only renames")
    if not name or not isinstance(expression, Block):
        raise refused("a calculated property without a name or block")
    return name, expression


def _row(runner: Runner, columns: list[tuple[str, Block | None]], item: Value) -> Value:
    found: dict[str, Value] = {}
    for name, block in columns:
        if block is None:
            own, value = find_property(item, name) or (name, None)
        else:
            own, value = name, calculated(runner, block, item)
        if own.lower() in (key.lower() for key in found):
            raise refused(f"the property {own} twice")
        found[own] = plain(value)
    return PSObject(SELECTED, found)


def calculated(runner: Runner, block: Block, item: Value) -> Value:
    value = plain(gathered(list(runner.block(block, item))))
    if isinstance(value, GuidValue | datetime):
        # PowerShell wraps what a block gives: JSON of it is then an object with properties of PowerShell's own.
        raise refused("a calculated property that is a bare guid or date: make it a text")
    return value


def _expand(items: Iterator[Value], name: str, streams: CommonStreams) -> Iterator[Value]:
    for item in items:
        found = find_property(item, name)
        if found:
            yield from enumerate_value(found[1])
        else:
            error_id = "ExpandPropertyNotFound,Microsoft.PowerShell.Commands.SelectObjectCommand"
            text = f'Property "{name}" cannot be found.'
            streams.error(PSError(text, error_id, "InvalidArgument", to_text(item), RUNTIME_HRESULT))
