"""Objects with the properties and enum numbers that the vendors' types have; `shapes.json` holds the types."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tui.lab.values import EnumValue, PSObject, Value


@dataclass(frozen=True, slots=True)
class Shape:
    """A type: its name, whether its list of properties is complete, and the members of its enums."""

    type: str
    complete: bool
    properties: tuple[str, ...]
    enums: dict[str, tuple[str, dict[str, int]]]

    def enum(self, name: str, member: str) -> EnumValue:
        """The member of the enum that a property has. A flags value without a name is `0`."""
        kind, members = self.enums[name]
        return EnumValue(kind, member, 0 if member == "0" else members[member])


@cache
def shapes() -> dict[str, Shape]:
    """All types by their short names."""
    data = json.loads(files(__package__).joinpath("shapes.json").read_text(encoding="ascii"))
    return {
        name: Shape(
            row["type"],
            row["complete"],
            tuple(row["properties"]),
            {p: (e["type"], e["members"]) for p, e in row["enums"].items()},
        )
        for name, row in data.items()
    }


def shaped(kind: str, text: str | None = None, /, **values: Value) -> PSObject:
    """An object of a type. A text for an enum property becomes its member; what is not given is null.

    Raises KeyError for a property or member that the type does not have.
    """
    shape = shapes()[kind]
    properties: dict[str, Value] = dict.fromkeys(shape.properties)
    for name, value in values.items():
        if name not in properties:
            raise KeyError(f"{shape.type} has no property {name}")
        properties[name] = shape.enum(name, value) if name in shape.enums and isinstance(value, str) else value
    return PSObject(shape.type, properties, text)
