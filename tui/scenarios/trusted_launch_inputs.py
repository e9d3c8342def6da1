"""What the Trusted Launch key restore asks for: source, target, VMs and key backup, each from what the hosts answer."""

from __future__ import annotations

from collections.abc import Sequence

from tui import checks, reads
from tui.core.errors import EstateError
from tui.core.facts import Facts
from tui.core.scenario import Cluster, Field, Option, Site
from tui.core.verdict import Answered
from tui.remote.powershell import rows
from tui.steps.wanted import wanted


def fields(site: Site) -> tuple[Field, ...]:
    """Source, target, VM, backup vault: each from what the hosts answer."""
    return (
        Field("source", "Original cluster", "Where the VM ran before; it must not run there any more.",
              lambda _: (), lambda facts, _: _clusters(site, facts, backup=False, but="")),
        Field("target", "Target cluster", "Where the VM's files are, and where it will run.",
              lambda facts: [reads.nodes(c.nodes[0]) for c in _targets(site, facts)],
              lambda facts, answers: _target_options(_targets(site, facts), answers)),
        Field("vm", "VMs to bring back", "Their files must lie on the target, complete with VMGS and VMRS.",
              lambda facts: [reads.vms(node) for node in site.cluster(str(facts.get("target"))).nodes],
              lambda facts, answers: _vm_options(site, facts, answers), many=True),
        Field("keys", "Key backup is on", "The system whose vault keeps copies of the keys.",
              lambda _: [reads.vault_keys(c.nodes[0]) for c in site.clusters if c.backup_vault],
              lambda facts, answers: _key_options([c for c in site.clusters if c.backup_vault], facts, answers)),
    )  # fmt: skip


def _targets(site: Site, facts: Facts) -> list[Cluster]:
    return [c for c in site.clusters if not c.backup_vault and c.name != facts.known("source")]


def _clusters(site: Site, facts: Facts, *, backup: bool, but: str) -> tuple[Option, ...]:
    told = facts.known("original")
    names = [c.name for c in site.clusters if c.backup_vault is backup and c.name != but]
    return tuple(Option(name, recommended="your answer" if name == told else "") for name in names)


def _target_options(clusters: Sequence[Cluster], answers: Sequence[Answered]) -> tuple[Option, ...]:
    options: list[Option] = []
    for cluster, answer in zip(clusters, answers, strict=True):
        why = checks.unread(answer)
        if why or isinstance(answer, EstateError):
            options.append(Option(cluster.name, problem=why))
            continue
        up = sum(row.text("state") == "Up" for row in rows(answer))
        options.append(Option(cluster.name, f"{up} of {len(cluster.nodes)} nodes Up", "it answers"))
    return tuple(options)


def _vm_options(site: Site, facts: Facts, answers: Sequence[Answered]) -> tuple[Option, ...]:
    target, told = site.cluster(str(facts.get("target"))), facts.known("vm")
    options: list[Option] = []
    read = [(n, a) for n, a in zip(target.nodes, answers, strict=True) if not isinstance(a, EstateError) and a.clean]
    every = [vm for node, answer in read for vm in reads.vms_of(answer, node)]
    for node, answer in read:
        for vm in reads.vms_of(answer, node):
            twins = sum(other.name == vm.name for other in every)
            learned = {"vm_id": vm.id, "owner": vm.node, "location": vm.path, "memory": str(vm.memory)}
            problem = "" if vm.generation == 2 else "generation 1: no Trusted Launch"
            problem = f"{twins} VMs have this name: rename one first" if twins > 1 else problem
            if vm.state != "Off" or vm.clustered:
                problem = problem or "only a VM that is Off and not clustered can be brought back by this scenario"
            fits = not problem and told in (None, vm.name)
            note = f"{vm.node}, {vm.state}, {'clustered' if vm.clustered else 'not clustered'}"
            why = "Off and not yet clustered" if fits else ""
            options.append(Option(vm.name, note, why, problem, learned, _wave(site, vm.name)))
    return tuple(sorted(options, key=lambda option: (not option.recommended, option.group, option.value)))


def _wave(site: Site, vm: str) -> str:
    """`Wave 1: domain controllers`, by the site's order of coming back; empty where the site has none for it."""
    named = (f"Wave {n}: {group.name}" for n, group in enumerate(site.groups, 1) if vm in group.vms)
    return next(named, "")


def _key_options(systems: Sequence[Cluster], facts: Facts, answers: Sequence[Answered]) -> tuple[Option, ...]:
    options: list[Option] = []
    for cluster, answer in zip(systems, answers, strict=True):
        why = checks.unread(answer)
        if why or isinstance(answer, EstateError):
            options.append(Option(cluster.nodes[0], problem=why))
            continue
        vms = wanted(facts)
        held = sum(reads.key_named(vm.get(facts, "vm_id"), answer) is not None for vm in vms)
        note = f"{len(reads.keys_of(answer))} keys" + (f", {held} of the {len(vms)} wanted" if held < len(vms) else "")
        whose = "this VM" if len(vms) == 1 else f"all {len(vms)} VMs"
        options.append(Option(cluster.nodes[0], note, f"it has the key of {whose}" if held == len(vms) else ""))
    return tuple(options)
