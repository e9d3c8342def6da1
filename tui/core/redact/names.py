"""The names that the program was told: of hosts, clusters, VMs and people. What is not here cannot be looked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tui.core.events import (
    AnsweredEvent,
    Chosen,
    CutShort,
    Ended,
    Intended,
    Learned,
    Noted,
    Overridden,
    PlanMade,
    RunBegan,
    Said,
    Stamped,
    TakenUp,
)

KINDS: Mapping[str, str] = {
    "vm": "VM", "source": "CLUSTER", "target": "CLUSTER", "original": "CLUSTER", "cluster": "CLUSTER", "owner": "HOST",
    "keys": "HOST", "machine": "HOST", "witness": "PERSON", "drill_witness": "PERSON", "by": "PERSON",
    "group": "GROUP", "location": "PATH", "vm_id": "GUID",
}  # fmt: skip
"""By fact (before its colon). A fact of no known kind is hidden too, as a VALUE, unless its value can be no name."""
PLAIN = frozenset({
    "run", "epoch", "memory", "autostart", "target_key", "key_name", "folder", "pem", "pem_sha", "export", "export_sha",
    "safety", "safety_sha", "outcome", "sent", "sent_at", "hand", "override",
})  # fmt: skip
"""Facts that name nobody, or that hold only what has a form of its own (a path, an ID)."""
NO_NAME = re.compile(r"[a-z]{0,12}|[\d.]*|[0-9a-f]{64}")
BROAD = frozenset({
    "admin", "administrator", "azure", "backup", "cluster", "guest", "host", "local", "node", "operator", "root",
    "server", "service", "site", "system", "user",
})  # fmt: skip
"""Parts of a person's name that are words of the trade: alone they name nobody."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name and its kind. Names of one `who` have one token: a person is also their surname."""

    kind: str
    text: str
    who: str = ""


def person(text: str) -> Iterator[Name]:
    """`Witness: j.brandt, on site`: up to the comma it is who; each longer part of that names them too."""
    who = re.split(r"[,;\n]", text)[0].rpartition(": ")[2].strip()
    if not who:
        return
    yield Name("PERSON", who, who)
    for part in re.split(r"[\s._@\\/-]+", who):
        if len(part) > 3 and part.lower() not in BROAD and not part.isdecimal():
            yield Name("PERSON", part, who)


def facts_named(facts: Mapping[str, str]) -> Iterator[Name]:
    """The names among facts."""
    for fact, value in facts.items():
        base = re.split("[:@]", fact)[0]
        if base == "vms":  # several VMs: see Field.many
            for row in json.loads(value):
                yield Name("VM", row["name"])
                yield from facts_named({"group": row.get("group", ""), **{k: v for k, v in row.items() if k != "name"}})
            continue
        if base == "holder":  # the machine, and a mark of the run's folder there
            yield from (Name("HOST", word) for word in value.split()[:1])
            continue
        if base == "vm":
            yield from (Name("VM", name.strip()) for name in value.split(",") if name.strip())
        kind = KINDS.get(base, "" if base in PLAIN or NO_NAME.fullmatch(value) else "VALUE")
        if kind == "PERSON":
            yield from person(value)
        elif kind and value:
            yield Name(kind, value)


def clusters_named(clusters: Iterable[tuple[str, Iterable[str]]]) -> Iterator[Name]:
    """Clusters and their nodes; a placeholder is no name."""
    for cluster, nodes in clusters:
        named = (Name("CLUSTER", cluster), *(Name("HOST", node) for node in nodes))
        yield from (name for name in named if not name.text.startswith("<"))


def names_in(events: Iterable[Stamped]) -> tuple[Name, ...]:
    """Every name that a record tells as such."""
    return tuple(name for stamped in events for name in _named(stamped.event))


def _named(event: object) -> Iterator[Name]:
    match event:
        case RunBegan():
            nodes = ((cluster, hosts) for cluster, hosts, _ in event.clusters)
            yield from clusters_named(nodes)
            yield from (Name("SITE", event.site), Name("HOST", event.machine), *person(event.user))
        case TakenUp():
            yield from (Name("HOST", event.machine), *person(event.user))
        case Chosen() | Learned():
            yield from facts_named(event.values)
        case PlanMade():
            yield from (Name("HOST", host) for *_, host in event.steps)
        case AnsweredEvent():
            yield from person(event.by)
            yield from person(event.blanks.get("witness", ""))
        case Overridden() | Noted() | Ended():
            yield from person(event.by)
        case Intended() | Said():
            yield Name("HOST", event.host)
        case CutShort():
            yield from (Name("HOST", event.host), *person(event.by))
