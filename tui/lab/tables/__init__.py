"""The vendors' tables: what parameters a cmdlet takes and what objects it gives. Rows are copies, never edited."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from os.path import dirname, join
from typing import Any


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: str
    """As the vendor prints it: `String[]`, `SwitchParameter`, ..."""
    sets: tuple[str, ...] = ()
    """Empty = every set."""
    required: bool = False
    position: int | None = None
    by_value: bool = False
    by_property: bool = False
    aliases: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    """The accepted words, where there is a list."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """All that the tables say of one cmdlet's parameters."""

    cmdlet: str
    module: str
    rows: tuple[Parameter, ...]
    sets: tuple[str, ...]
    default: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Output:
    """What a cmdlet gives: `complete` = its objects have no other property."""

    type: str
    properties: Mapping[str, str]
    complete: bool


def known(cmdlet: str) -> str | None:
    """The cmdlet's name in its own case, None where no table has it."""
    return _names().get(cmdlet.lower())


OTHER_PROVIDERS: Mapping[str, frozenset[str]] = {
    "New-Item": frozenset({"ApplicationName", "Authentication", "CertificateThumbprint", "ConnectionURI", "Options",
                           "OptionSet", "Port", "SessionOption", "UseSSL"}),
}  # fmt: skip
"""Dynamic parameters that exist only in another provider's drive (WSMan:): the reference page lists them beside the
file system's, ConnectionURI even as required."""


@cache
def parameters_of(cmdlet: str) -> Parameters:
    """KeyError where no table has the cmdlet."""
    name = _names()[cmdlet.lower()]
    row = _read("cmdlets.json")[name]
    elsewhere = OTHER_PROVIDERS.get(name, frozenset())
    rows = tuple(
        _parameter(parameter, facts) for parameter, facts in row["params"].items() if parameter not in elsewhere
    )
    used = dict.fromkeys(one for parameter in rows for one in parameter.sets)
    sets = tuple(dict.fromkeys([*(_set(one) for one in row.get("sets", ())), *used])) or ("",)
    default = _set(row.get("default", sets[0] if len(sets) == 1 else ""))
    return Parameters(name, row["module"], rows, sets, default, row.get("complete", True))


@cache
def outputs_of(cmdlet: str) -> Output | None:
    row = _read("outputs.json").get(known(cmdlet) or cmdlet)
    return None if row is None else _output(row)


def output_of_type(type_name: str) -> Output | None:
    """The row for objects of this .NET type, from whichever cmdlet it was taken."""
    return _types().get(type_name)


def _parameter(name: str, facts: Mapping[str, Any]) -> Parameter:
    pipeline = facts.get("pipeline", "")
    return Parameter(
        name,
        facts["type"].replace("]]", "]") if facts["type"].endswith("]]") else facts["type"],
        tuple(dict.fromkeys(_set(one) for one in facts.get("sets", ()))),
        facts.get("required", False),
        facts.get("position"),
        "ByValue" in pipeline,
        "ByPropertyName" in pipeline,
        tuple(facts.get("aliases", ())),
        tuple(facts.get("values", ())),
    )


def _set(name: str) -> str:
    """Pages of provider cmdlets print a set once for each provider: `Path  - All providers` is `Path`."""
    return re.sub(r"\s+- .*provider.*$", "", name)


def _output(row: Mapping[str, Any]) -> Output:
    return Output(row.get("type", ""), row.get("properties", {}), row.get("complete", False))


@cache
def _names() -> dict[str, str]:
    return {name.lower(): name for name in _read("cmdlets.json")}


@cache
def _types() -> dict[str, Output]:
    found: dict[str, Output] = {}
    for row in _read("outputs.json").values():
        output = _output(row)
        for word in re.findall(r"[\w.#/]+\.[\w.#/]+", output.type):
            # Start-ClusterGroup's row names the type too, but only Get-ClusterGroup's lists its properties.
            if output.properties and (word not in found or output.complete):
                found[word] = output
    return found


@cache
def _read(name: str) -> dict[str, Any]:
    with open(join(dirname(__file__), name), encoding="utf-8") as file:
        rows: dict[str, Any] = json.load(file)
    return rows
