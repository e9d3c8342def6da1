"""Trusted Launch key restore: bring VMs' keys from a backup vault to another cluster, then start the VMs there.

Microsoft's manual backup and recovery of Trusted launch VMs (trusted-launch-vm-import-key, 21 Jul 2025), before-2505
method, with its command lines unchanged except for values. Where a VM was started before its key, the key that the
system made then is exported for safety and removed first.

The first screen needs its title alone: what asks, checks and plans is imported when it is asked (40 ms).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.scenario import Check, Cluster, Field, Scenario, Site

if TYPE_CHECKING:
    from tui.core.facts import Facts
    from tui.core.plan import Plan


def fields(site: Site) -> tuple[Field, ...]:
    """See `tui.scenarios.trusted_launch_inputs`."""
    from tui.scenarios import trusted_launch_inputs

    return trusted_launch_inputs.fields(site)


def plan(site: Site, facts: Facts) -> Plan:
    """See `tui.scenarios.trusted_launch_plan`."""
    from tui.scenarios import trusted_launch_plan

    return trusted_launch_plan.plan(site, facts)


def prerequisites(site: Site, facts: Facts) -> tuple[Check, ...]:
    """Killers first: the keys, the copies, the VMs; then the cluster that will carry them."""
    from tui import checks
    from tui.scenarios import trusted_launch_checks as own
    from tui.scenarios.trusted_launch_plan import places
    from tui.steps.wanted import of_each, wanted

    target, origin, keys = places(site, facts)
    vms = wanted(facts)
    both = (target, Cluster(keys, (keys,)))
    needs = [(vm.get(facts, "location"), _bytes(vm.get(facts, "memory"))) for vm in vms]
    of_a_vm = (
        own.key_in_backup(keys),
        own.key_on_target(target),
        own.no_copy_runs(origin),
        own.off_and_unclustered(target),
        own.trusted_launch(target),
        own.files_complete(target),
        own.no_checkpoint(target),
    )
    return (
        *(of_each(vms, check) for check in of_a_vm),
        checks.moc_answers(both),
        checks.moc_versions((target.nodes[0], keys)),
        checks.nodes_and_quorum(target, list(dict.fromkeys(vm.get(facts, "owner") for vm in vms))),
        checks.volumes_online(target, needs),
        checks.no_storage_job(target),
        checks.no_update_or_drain(target),
        checks.services_run("vmms", "vmms runs", target.nodes, ("vmms",), "Without it no VM can be started here."),
        checks.clocks_agree((*target.nodes, keys)),
    )


def _bytes(text: str) -> int:
    """A VM's memory; 0 on paper, where it is a placeholder that a person compares."""
    return int(text) if text.isdecimal() else 0


SCENARIO = Scenario(
    id="trusted-launch",
    title="Trusted Launch key restore",
    choose_when="choose this when the VM has a key of its own and must run on another cluster",
    summary="Bring the VM's key from the backup vault to the target, then start the VM there.",
    needs="the VM's files with VMGS and VMRS; its key in a backup vault",
    changes="1 key and 1 VM on the target; 1 temporary key and 2 folders, removed",
    leaves="a VM that Azure cannot manage",
    usual="25 to 40 min for one VM, most of it yours",
    source="Microsoft, trusted-launch-vm-import-key, 21 Jul 2025",
    fields=fields,
    checks=prerequisites,
    plan=plan,
    afterwards=(
        "Keep the VM Off on its original cluster before that cluster is switched on again.",
        "Ask the owner whether what runs in the VM is in use again.",
        "Azure does not manage the VM: no way back for Trusted Launch yet (Microsoft, 18 Mar 2025).",
    ),
)
