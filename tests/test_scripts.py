"""Every script that the program can send, held against the vendors' tables: cmdlets, parameters, properties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from tui.catalogue import scripts
from tui.lab.reader import syntax
from tui.lab.reader.parser import parse
from tui.lab.tables import known, outputs_of, parameters_of
from tui.scenarios import all_scenarios

COMMON = {"erroraction", "warningaction", "verbose", "confirm"}
LANGUAGE = {"Select-Object", "Where-Object", "ForEach-Object", "ConvertTo-Json", "Out-Null"}
ROWS = list(scripts([scenario.id for scenario in all_scenarios()]))
RENDERED = [pytest.param(str(row["script"]), id=f"{row['id']}@{row['host']}") for row in ROWS]


def nodes(tree: object) -> Iterator[object]:
    """Every node of a syntax tree."""
    if isinstance(tree, tuple):
        for item in tree:
            yield from nodes(item)
    elif is_dataclass(tree):
        yield tree
        for field in fields(tree):
            yield from nodes(getattr(tree, field.name))


def commands(script: str) -> list[syntax.Command]:
    return [node for node in nodes(tuple(parse(script))) if isinstance(node, syntax.Command)]


@pytest.mark.parametrize("script", RENDERED)
def test_cmdlets_and_parameters_stand_in_the_tables(script: str) -> None:
    for command in commands(script):
        assert known(command.name) == command.name, f"{command.name} is in no table"
        names = {row.name.lower() for row in parameters_of(command.name).rows}
        given = [a.name.lower() for a in command.arguments if a.name is not None]
        assert set(given) <= names | COMMON, f"{command.name} has no {set(given) - names}"


def path_of(member: syntax.Member) -> list[str] | None:
    """`$_.a.b` as [a, b]; None where it hangs on something else."""
    names: list[str] = []
    at: object = member
    while isinstance(at, syntax.Member) and isinstance(at.name, syntax.Literal):
        names.insert(0, str(at.name.value))
        at = at.target
    return names if isinstance(at, syntax.Variable) and at.name == "_" else None


def properties_read(pipeline: syntax.Pipeline) -> Iterator[list[str]]:
    """Property paths that later parts of a pipeline read of what its first cmdlet gives, up to the first selection."""
    for element in pipeline.elements[1:]:
        seen: set[int] = set()
        for node in nodes(element):
            if isinstance(node, syntax.Member) and id(node) not in seen:
                seen.update(id(inner) for inner in nodes(node))
                path = path_of(node)
                if path:
                    yield path
        if isinstance(element, syntax.Command) and element.name == "Select-Object":
            for argument in element.arguments:
                items = argument.value.items if isinstance(argument.value, syntax.ArrayLiteral) else (argument.value,)
                named = argument.name is None
                yield from ([str(i.value)] for i in items if named and isinstance(i, syntax.Literal)
                               and isinstance(i.value, str))  # fmt: skip
            return


@pytest.mark.parametrize("script", RENDERED)
def test_properties_stand_in_the_tables(script: str) -> None:
    for pipeline in (node for node in nodes(tuple(parse(script))) if isinstance(node, syntax.Pipeline)):
        first = pipeline.elements[0]
        if not isinstance(first, syntax.Command) or first.name in LANGUAGE:
            continue
        output = outputs_of(first.name)
        for path in properties_read(pipeline):
            assert output is not None, f"nobody says what {first.name} gives"
            table = {name.replace("[]", "").lower(): kind for name, kind in output.properties.items()}
            assert path[0].lower() in table, f"{first.name} gives no {path[0]}"
            dotted = ".".join(path).lower()
            assert dotted in table or len(path) == 1 or "object" in table[path[0].lower()], dotted


READS = [pytest.param(str(row["script"]), id=f"{row['id']}@{row['host']}") for row in ROWS if not row["changes"]]


@pytest.mark.parametrize("script", READS)
def test_a_read_leaves_nothing_in_a_kept_process_and_takes_nothing_from_it(script: str) -> None:
    for node in nodes(tuple(parse(script))):
        assert not isinstance(node, syntax.Assign), "it assigns"
        if isinstance(node, syntax.Variable):
            assert node.name == "_", f"it reads ${node.name}"
        if isinstance(node, syntax.Command):  # no Set-Location, no Connect-, no native program
            assert node.name.startswith(("Get-", "Test-")) or node.name in LANGUAGE, node.name


def test_the_catalogue_names_reads_and_writes() -> None:
    writes = {str(row["id"]).split("/")[-2] for row in ROWS if row["changes"]}
    assert {"import-key", "start", "remove-wrong-key", "copy-key"} <= writes
    assert not any(row["changes"] for row in ROWS if "/check/" in str(row["id"]) or "/guard" in str(row["id"]))
