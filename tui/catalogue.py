"""Every script that checks and steps can send, rendered: what a security team asks for before it lets a tool in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tui.ahead import Ahead
from tui.core.action import Action, Copy, Ids, PowerShell, Read
from tui.core.facts import Facts
from tui.core.plan import Guard, Step
from tui.core.scenario import Cluster, Scenario, Site
from tui.remote.powershell import process_of, read_file, write_file
from tui.scenarios import scenario as scenario_named

SITE = Site(
    "lab-berlin-hamburg",
    (
        Cluster("AZL-BER", ("BER-N01", "BER-N02")),
        Cluster("AZL-HAM", ("HAM-N01", "HAM-N02")),
        Cluster("AZL-KEY", ("KEY-N01",), backup_vault=True),
    ),
)
VALUES = {
    "source": "AZL-BER", "target": "AZL-HAM", "vm": "SRV-DB01", "vm_id": "7f3c2a91-4d0e-4b6b-9a55-e1c8d2f00b17",
    "owner": "HAM-N02", "keys": "KEY-N01", "location": r"C:\ClusterStorage\UserStorage_1\SRV-DB01",
    "memory": str(64 * 2**30), "run": "20261122-021400-3f9a", "machine": "DR-PC3", "epoch": "1",
    "holder": "DR-PC3 5d1c09ab",
    "pem_sha": "0" * 64, "export_sha": "1" * 64, "safety_sha": "2" * 64, "group": "SRV-DB01", "autostart": "Start",
}  # fmt: skip
"""A drill's values, and examples of what a run learns."""
SAMPLE = b"-----BEGIN RSA PUBLIC KEY-----\n"
"""Stands for the bytes of a file, which no catalogue can know."""


def scripts(scenario_ids: Sequence[str]) -> Iterator[dict[str, object]]:
    """One row a script: id, host, engine, script, changes. No row twice."""
    seen: set[tuple[str, str, str]] = set()
    for scenario_id in scenario_ids:
        for name, action in _all(scenario_named(scenario_id)):
            if (name, action.host, action.script) not in seen:
                seen.add((name, action.host, action.script))
                yield {
                    "id": f"{scenario_id}/{name}", "host": action.host, "engine": "powershell",
                    "script": action.script, "changes": action.changes,
                }  # fmt: skip


def _all(scenario: Scenario) -> Iterator[tuple[str, PowerShell]]:
    known = Ahead(scenario, SITE, Facts(VALUES))
    for field in known.fields():
        yield from _scripts(f"input/{field.name}", field.reads(known.facts))
    for check in known.checks():
        yield from _scripts(f"check/{check.id}", check.reads(known.facts))
    for key in ("absent", "present"):
        plan = known.plan(target_key=key)
        yield from _scripts("goal", plan.goal.reads(plan.facts))
        for step in plan.steps():
            yield from _step(step, plan.facts)
    yield "trace", process_of(Ids("HAM-N02", "", "", 4121, ""))


def _step(step: Step, facts: Facts) -> Iterator[tuple[str, PowerShell]]:
    yield from _scripts(f"step/{step.id}/probe", step.goal.reads(facts))
    guards: tuple[Guard, ...] = (*step.guards, *(step.attest.proofs if step.attest else ()))
    for guard in guards:
        yield from _scripts(f"step/{step.id}/guard", guard.probe.reads(facts))
    if step.act is not None:
        for action in _exact(step.act(facts)):
            yield f"step/{step.id}/{'act' if action.changes else 'source'}", action
    if step.undo is not None:
        yield from _step(step.undo, facts)


def _exact(action: Action) -> Sequence[PowerShell]:
    if isinstance(action, Copy):
        return read_file(action.source_host, action.source_path), write_file(action.host, action.path, SAMPLE)
    return (action,)


def _scripts(name: str, reads: Iterable[Read]) -> Iterator[tuple[str, PowerShell]]:
    for read in reads:
        if isinstance(read, PowerShell):
            yield name, read
