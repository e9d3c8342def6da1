"""A plan without a run: the one place where a scenario meets values that nobody has read from a host yet.

What is not given stays a placeholder, `<VM ID>`; a cluster that nobody named gets nodes of that kind too. A site file
gives its clusters here in the same way, as a `Site`.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tui.core.errors import BadInput, CannotCarry
from tui.core.facts import LABELS, Facts, scoped, split
from tui.core.plan import Plan
from tui.core.scenario import Check, Cluster, Field, Scenario, Site
from tui.remote.powershell import literal

CLUSTERS = ("source", "target")
"""Inputs that are clusters: `target=AZL-HAM:HAM-N01,HAM-N02`."""
BACKUP = "keys"
"""The input that is a host of a backup vault: a cluster of one node."""
OWN = ("vm_id", "owner", "location", "memory")
"""What each of several VMs has for itself."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A scenario, a site and what is known: enough for inputs, prerequisites and plan, and for nothing that runs."""

    scenario: Scenario
    site: Site
    facts: Facts

    def fields(self) -> tuple[Field, ...]:
        """The inputs."""
        return self.scenario.fields(self.site)

    def checks(self) -> tuple[Check, ...]:
        """The prerequisites."""
        return self.scenario.checks(self.site, self.facts)

    def plan(self, **more: str) -> Plan:
        """The plan; `more` are facts besides."""
        return self.scenario.plan(self.site, self.facts.plus(more))


@dataclass(frozen=True, slots=True)
class Given:
    """What is known before: facts by name, and clusters by the input that they are."""

    values: Mapping[str, str] = field(default_factory=dict)
    clusters: tuple[Cluster, ...] = ()

    def cluster(self, name: str) -> Cluster | None:
        """The cluster of this name, where its nodes are known."""
        return next((cluster for cluster in self.clusters if cluster.name == name), None)


def ahead(scenario: Scenario, given: Given) -> Ahead:
    """The scenario with these values, placeholders for the rest."""
    facts = Facts({"epoch": "1", **_several(scenario, given.values)}, preview=True)
    named = [str(facts.get(name)) for name in CLUSTERS]
    found = [given.cluster(name) or Cluster(name, _nodes(name)) for name in dict.fromkeys(named)]
    backup = str(facts.get(BACKUP))
    return Ahead(scenario, Site("paper", (*found, Cluster(backup, (backup,), backup_vault=True))), facts)


def _several(scenario: Scenario, values: Mapping[str, str]) -> Mapping[str, str]:
    """Names with commas, where an input takes several (`Field.many`): each has values of its own, `owner@SRV-DB01`."""
    made = dict(values)
    for each in scenario.fields(Site("", ())):
        names = [name.strip() for name in values.get(each.name, "").split(",") if name.strip()]
        if each.many and len(names) > 1 and f"{each.name}s" not in values:
            rows = [{"name": n, **{f: values.get(scoped(f, n), f"<{LABELS[f]} of {n}>") for f in OWN}} for n in names]
            made |= {each.name: ", ".join(names), f"{each.name}s": json.dumps(rows, ensure_ascii=False)}
    return made


def _nodes(cluster: str) -> tuple[str, ...]:
    """How many nodes there are is not known: the first, and each other one."""
    name = cluster.strip("<>")
    return f"<first node of {name}>", f"<each other node of {name}>"


def settable(scenario: Scenario) -> tuple[str, ...]:
    """The names that `--set` takes."""
    return tuple(dict.fromkeys([*(each.name for each in scenario.fields(Site("", ()))), *LABELS]))


def typed(settings: Sequence[str], names: Sequence[str], before: Given) -> tuple[Given, tuple[str, ...]]:
    """`name=value` texts over what was given before, and one line for each that cannot be taken."""
    values: dict[str, str] = {}
    clusters: list[Cluster] = []
    problems: list[str] = []
    for setting in settings:
        name, equals, value = (part.strip() for part in setting.partition("="))
        problem = _problem(setting, name, equals, value, names, values)
        if problem:
            problems.append(problem)
            continue
        if name in CLUSTERS and ":" in value:
            value, _, listed = value.partition(":")
            nodes = tuple(node.strip() for node in listed.split(",") if node.strip())
            clusters += [Cluster(value, nodes)] if nodes else []
        values[name] = value
    return Given({**before.values, **values}, (*clusters, *before.clusters)), tuple(problems)


def _problem(setting: str, name: str, equals: str, value: str, names: Sequence[str], taken: Mapping[str, str]) -> str:
    if not equals or not value:
        return f"--set {setting}: a name, =, and a value are wanted, as in --set vm=SRV-DB01."
    if split(name)[0] not in names:
        return f"--set {setting}: there is no value {name!r}{meant(name, names)}."
    if name in taken:
        return f"--set {setting}: {name} was given before as {taken[name]}."
    try:
        literal(value)
    except CannotCarry as error:
        return f"--set {name}: {error.happened}"
    return ""


def meant(word: str, words: Iterable[str]) -> str:
    """`; the nearest is 'vm'`, or nothing where nothing is near."""
    near = difflib.get_close_matches(word, list(words), 1, 0.4)
    return f"; the nearest is {near[0]!r}" if near else ""


def chosen(
    scenario_id: str, scenarios: Sequence[Scenario], settings: Sequence[str], before: Given, wrong: Sequence[str] = ()
) -> Ahead:
    """What a person typed. Raises BadInput that names all that is wrong (`wrong` too), with what there is."""
    ids = [scenario.id for scenario in scenarios]
    scenario = next((each for each in scenarios if each.id == scenario_id), None)
    names = settable(scenario) if scenario is not None else tuple(LABELS)
    given, problems = typed(settings, names, before)
    lines = [*problems, *wrong]
    if scenario is None:
        lines.insert(0, f"There is no scenario {scenario_id!r}{meant(scenario_id, ids)}.")
    if lines or scenario is None:
        raise BadInput(
            "\n".join(lines), f"Scenarios: {', '.join(ids)}.\nValues: {', '.join(names)}.",
            "See them all: azl-recover plan --help",
        )  # fmt: skip
    return ahead(scenario, given)
