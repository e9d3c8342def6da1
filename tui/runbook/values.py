"""The values that a person fills in: each placeholder of the document, with where its value comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass

from tui.ahead import Ahead
from tui.core.facts import LABELS
from tui.runbook.model import Look, Value
from tui.runbook.readings import Codes

_PLACEHOLDER = re.compile(r"<([A-Za-z][^<>]{0,60})>")
COMES_FROM: Mapping[str, str] = {
    "run": "Make one up: UTC date and time, as in 20261122-0214. A new one for each VM and each use.",
    "holder": "The name of the computer at which you sit.",
    "vm_id": "In the list of VMs (the first line under Before anything): the id of this VM, small letters.",
    "owner": "The node whose list of VMs has this VM.",
    "location": "In the list of VMs: its path.",
    "memory": "In the list of VMs: its memory.",
    "autostart": "In the list of VMs: its autostart, before you change it.",
    "group": "The group in the answer of the step that makes the VM highly available.",
}  # fmt: skip
"""By fact, where no input says it."""


def strings(thing: object) -> Iterable[str]:
    """Every text in a tree of dataclasses and tuples."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple):
        for item in thing:
            yield from strings(item)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from strings(getattr(thing, field.name))


def values(known: Ahead, parts: Iterable[object], codes: Codes) -> tuple[Value, ...]:
    """Each placeholder that stands in `parts`, inputs first. A value that was given is none, whatever it looks like."""
    given = " ".join(value for name, value in known.facts.values.items() if name != "vms")
    found = [hit[0] for part in parts for text in strings(part) for hit in _PLACEHOLDER.finditer(text)]
    names = [name for name in dict.fromkeys(found) if name not in given]
    rows = {f"<{label}>": fact for fact, label in LABELS.items()}
    names.sort(key=lambda name: [*rows, name].index(name))
    return tuple(
        _value(known, name, rows.get(name) or rows.get(f"{name.partition(' of ')[0]}>", ""), codes) for name in names
    )


def _value(known: Ahead, placeholder: str, fact: str, codes: Codes) -> Value:
    for each in known.fields():
        if each.name == fact:
            readings = codes.of(each.reads(known.facts))
            return Value(placeholder, each.gloss, Look(each.label, readings) if readings else None)
    return Value(placeholder, COMES_FROM.get(fact, ""))
