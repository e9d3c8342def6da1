"""The cmdlets of the language itself, which need no site: filters, loops, and what writes to the streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cmp_to_key

from tui.lab.cmdlet import PSError
from tui.lab.reader.convert import to_double, to_list, truth
from tui.lab.reader.errors import RUNTIME_HRESULT, refused
from tui.lab.reader.evaluate import enumerate_value, gathered
from tui.lab.reader.execute import Runner
from tui.lab.reader.expressions import COMPARE_NAMES
from tui.lab.reader.jsontext import convert_from_json, convert_to_json
from tui.lab.reader.kinds import CUSTOM, Block, is_custom, plain
from tui.lab.reader.members import find_property, get_member
from tui.lab.reader.operators import compare, equal, ordering
from tui.lab.reader.select import calculated, column, select_object
from tui.lab.reader.session import CommonStreams
from tui.lab.reader.text import to_text
from tui.lab.values import EnumValue, PSObject, Value

Run = Callable[[Runner, Mapping[str, Value], Iterator[Value], CommonStreams], Iterator[Value]]


@dataclass(frozen=True, slots=True)
class LanguageCmdlet:
    name: str
    run: Run


def only(parameters: Mapping[str, Value], *names: str) -> None:
    """Refuses what the cmdlet takes and the reader does not do."""
    for name in parameters:
        if name not in names:
            raise refused(f"the parameter -{name} here")


def where_object(
    runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value], streams: CommonStreams
) -> Iterator[Value]:
    block = parameters.get("FilterScript")
    if isinstance(block, Block):
        for item in items:
            if truth(gathered(list(runner.block(block, item)))):
                yield item
        return
    name = to_text(parameters.get("Property"))
    switches = [switch.lower() for switch in parameters if switch.lower() in COMPARE_NAMES and parameters[switch]]
    only({key: 0 for key in parameters if key.lower() not in switches}, "Property", "Value")
    if len(switches) != (1 if "Value" in parameters else 0) or any(sign in name for sign in "*?["):
        raise refused("this form of Where-Object")
    for item in items:
        value = plain((find_property(item, name) or (name, None))[1])
        if truth(compare(switches[0], value, parameters["Value"]) if switches else value):
            yield item


def for_each_object(
    runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value], streams: CommonStreams
) -> Iterator[Value]:
    only(parameters, "Process", "MemberName")
    if "MemberName" in parameters:
        name = to_text(parameters["MemberName"])
        for item in items:
            if not isinstance(item, PSObject) or (find_property(item, name) is None and not is_custom(item)):
                raise refused(f"ForEach-Object {name} of something that is no object with this property")
            yield from enumerate_value(get_member(item, name))
        return
    blocks = to_list(parameters.get("Process"))
    if len(blocks) != 1 or not isinstance(blocks[0], Block):
        raise refused("ForEach-Object with several blocks")
    for item in items:
        yield from runner.block(blocks[0], item)


def _keys(runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value]) -> list[tuple[list[Value], Value]]:
    """Each object with what it is sorted or grouped by."""
    columns = [column(one) for one in to_list(parameters["Property"])] if "Property" in parameters else []

    def keys(item: Value) -> list[Value]:
        if not columns:
            return [item]
        return [
            plain((find_property(item, name) or ("", None))[1]) if block is None else calculated(runner, block, item)
            for name, block in columns
        ]

    return [(keys(item), item) for item in items]


def _order(left: list[Value], right: list[Value]) -> int:
    for a, b in zip(left, right, strict=True):
        found = (a is not None) - (b is not None) if a is None or b is None else ordering(a, b)
        if found:
            return found
    return 0


_rank = cmp_to_key(_order)


def sort_object(
    runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value], streams: CommonStreams
) -> Iterator[Value]:
    only(parameters, "Property", "Descending")
    rows = _keys(runner, parameters, items)
    down = bool(parameters.get("Descending"))
    yield from (item for _, item in sorted(rows, key=lambda row: _rank(row[0]), reverse=down))


def group_object(
    runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value], streams: CommonStreams
) -> Iterator[Value]:
    only(parameters, "Property", "NoElement")
    groups: list[tuple[list[Value], list[Value]]] = []
    for keys, item in _keys(runner, parameters, items):
        if len(keys) != 1 or not isinstance(keys[0], str | int | EnumValue | None):
            raise refused("Group-Object by more than one plain value")
        same = (group for found, group in groups if equal(found[0], keys[0]))
        group = next(same, None)
        if group is None:
            groups.append((keys, group := []))
        group.append(item)
    for keys, group in sorted(groups, key=lambda group: _rank(group[0])):
        properties: dict[str, Value] = {"Count": len(group), "Name": to_text(keys[0]), "Group": group, "Values": keys}
        yield PSObject("Microsoft.PowerShell.Commands.GroupInfo", properties)


def measure_object(
    runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value], streams: CommonStreams
) -> Iterator[Value]:
    only(parameters, "Property", "Sum", "Average", "Maximum", "Minimum")
    names = [to_text(name) for name in to_list(parameters["Property"])] if "Property" in parameters else []
    if len(names) > 1:
        raise refused("Measure-Object of several properties")
    values: list[Value] = []
    for item in items:
        found = find_property(item, names[0]) if names else ("", item)
        if found and plain(found[1]) is not None:
            values.append(plain(found[1]))
    wanted = [name for name in ("Sum", "Average", "Maximum", "Minimum") if parameters.get(name)]
    if names and not values:
        raise refused("Measure-Object of a property that no object has")
    numbers = [to_double(value) for value in values] if wanted else []
    results: dict[str, Value] = {"Count": len(values), "Average": None, "Sum": None, "Maximum": None, "Minimum": None}
    if numbers:
        every: dict[str, Value] = {
            "Sum": sum(numbers), "Average": sum(numbers) / len(numbers),
            "Maximum": max(numbers), "Minimum": min(numbers),
        }  # fmt: skip
        results |= {name: every[name] for name in wanted}
    results["Property"] = names[0] if names else None
    yield PSObject("Microsoft.PowerShell.Commands.GenericMeasureInfo", results)


def out_null(
    runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value], streams: CommonStreams
) -> Iterator[Value]:
    for _ in items:
        pass
    yield from ()


def write_output(
    runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value], streams: CommonStreams
) -> Iterator[Value]:
    """Items of an array one by one, unless told not to."""
    only(parameters)
    for item in items:
        yield from enumerate_value(item)


def new_object(
    runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value], streams: CommonStreams
) -> Iterator[Value]:
    only(parameters, "TypeName", "Property")
    name = to_text(parameters.get("TypeName")).lower().removeprefix("system.management.automation.")
    properties = parameters.get("Property", {})
    if name not in ("psobject", "pscustomobject") or not isinstance(properties, dict):
        raise refused(f"New-Object {name}")
    yield PSObject(CUSTOM, dict(properties))


def _write(parameter: str, write: Callable[[CommonStreams, str], None]) -> Run:
    """A cmdlet that sends each text to one stream."""

    def run(
        runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value], streams: CommonStreams
    ) -> Iterator[Value]:
        for value in [parameters[parameter]] if parameter in parameters else items:
            write(streams, to_text(value))
        yield from ()

    return run


def _write_error(streams: CommonStreams, text: str) -> None:
    error_id = "Microsoft.PowerShell.Commands.WriteErrorException"
    streams.error(PSError(text, error_id, "NotSpecified", "", RUNTIME_HRESULT))


def _write_information(streams: CommonStreams, text: str) -> None:
    if streams.common.get("InformationAction") != "Continue":
        raise refused("Write-Information without -InformationAction Continue")
    streams.information(text)


def _plain_write(run: Run, *names: str) -> Run:
    def checked(
        runner: Runner, parameters: Mapping[str, Value], items: Iterator[Value], streams: CommonStreams
    ) -> Iterator[Value]:
        only(parameters, *names)
        return run(runner, parameters, items, streams)

    return checked


_RUNS: dict[str, Run] = {
    "Where-Object": where_object, "ForEach-Object": for_each_object, "Select-Object": select_object,
    "Sort-Object": sort_object, "Group-Object": group_object, "Measure-Object": measure_object,
    "Out-Null": out_null, "Write-Output": write_output, "New-Object": new_object,
    "ConvertTo-Json": convert_to_json, "ConvertFrom-Json": convert_from_json,
    "Write-Error": _plain_write(_write("Message", _write_error), "Message"),
    "Write-Warning": _plain_write(_write("Message", lambda to, text: to.warning(text)), "Message"),
    "Write-Verbose": _plain_write(_write("Message", lambda to, text: to.verbose(text)), "Message"),
    "Write-Host": _plain_write(
        _write("Object", lambda to, text: to.information(text)), "Object", "ForegroundColor", "BackgroundColor"
    ),
    "Write-Information": _plain_write(_write("MessageData", _write_information), "MessageData"),
}  # fmt: skip
LANGUAGE = {name.lower(): LanguageCmdlet(name, run) for name, run in _RUNS.items()}
