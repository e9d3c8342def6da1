"""Trusted Launch key restore: bring a VM's key from a backup vault to another cluster, then start the VM there.

Microsoft's manual backup and recovery of Trusted launch VMs (trusted-launch-vm-import-key, 21 Jul 2025), before-2505
method, with its command lines unchanged except for values. Where the VM was started before its key, the key that the
system made then is exported for safety and removed first.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui import checks, reads
from tui.core.errors import EstateError
from tui.core.facts import Facts
from tui.core.plan import Gate, Guard, Lane, Phase, Plan, Step, Tier
from tui.core.scenario import Check, Cluster, Field, Option, Scenario, Site
from tui.core.verdict import Answered
from tui.remote.powershell import rows
from tui.scenarios import trusted_launch_checks as own
from tui.steps import files, keyprobes, machine, source, vault


def fields(site: Site) -> tuple[Field, ...]:
    """Source, target, VM, backup vault: each from what the hosts answer."""
    return (
        Field("source", "Original cluster", "Where the VM ran before; it must not run there any more.",
              lambda _: (), lambda facts, _: _clusters(site, facts, backup=False, but="")),
        Field("target", "Target cluster", "Where the VM's files are, and where it will run.",
              lambda facts: [reads.nodes(c.nodes[0]) for c in _targets(site, facts)],
              lambda facts, answers: _target_options(_targets(site, facts), answers)),
        Field("vm", "VM to bring back", "Its files must lie on the target, complete with VMGS and VMRS.",
              lambda facts: [reads.vms(node) for node in site.cluster(str(facts.get("target"))).nodes],
              lambda facts, answers: _vm_options(site.cluster(str(facts.get("target"))), answers)),
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


def _vm_options(target: Cluster, answers: Sequence[Answered]) -> tuple[Option, ...]:
    options: list[Option] = []
    read = [(n, a) for n, a in zip(target.nodes, answers, strict=True) if not isinstance(a, EstateError) and a.clean]
    every = [vm for node, answer in read for vm in reads.vms_of(answer, node)]
    for node, answer in read:
        for vm in reads.vms_of(answer, node):
            twins = sum(other.name == vm.name for other in every)
            facts = {"vm_id": vm.id, "owner": vm.node, "location": vm.path, "memory": str(vm.memory)}
            problem = "" if vm.generation == 2 else "generation 1: no Trusted Launch"
            problem = f"{twins} VMs have this name: rename one first" if twins > 1 else problem
            if vm.state != "Off" or vm.clustered:
                problem = problem or "only a VM that is Off and not clustered can be brought back by this scenario"
            fits = not problem
            note = f"{vm.node}, {vm.state}, {'clustered' if vm.clustered else 'not clustered'}"
            options.append(Option(vm.name, note, "Off and not yet clustered" if fits else "", problem, facts))
    return tuple(sorted(options, key=lambda option: (not option.recommended, option.value)))


def _key_options(systems: Sequence[Cluster], facts: Facts, answers: Sequence[Answered]) -> tuple[Option, ...]:
    options: list[Option] = []
    for cluster, answer in zip(systems, answers, strict=True):
        why = checks.unread(answer)
        if why or isinstance(answer, EstateError):
            options.append(Option(cluster.nodes[0], problem=why))
            continue
        held = reads.key_named(str(facts.get("vm_id")), answer) is not None
        note = f"{len(reads.keys_of(answer))} keys" + ("" if held else ", none for this VM")
        options.append(Option(cluster.nodes[0], note, "it has the key of this VM" if held else ""))
    return tuple(options)


def prerequisites(site: Site, facts: Facts) -> tuple[Check, ...]:
    """Killers first: the key, the copies, the VM; then the cluster that will carry it."""
    target, origin, keys = _places(site, facts)
    both = (target, Cluster(keys, (keys,)))
    return (
        own.key_in_backup(keys),
        own.key_on_target(target),
        own.no_copy_runs(origin),
        own.off_and_unclustered(target),
        own.trusted_launch(target),
        own.files_complete(target),
        own.no_checkpoint(target),
        checks.moc_answers(both),
        checks.moc_versions((target.nodes[0], keys)),
        checks.nodes_and_quorum(target),
        checks.volumes_online(target, lambda f: str(f.get("location")), lambda f: int(str(f.get("memory")))),
        checks.no_storage_job(target),
        checks.no_update_or_drain(target),
        checks.services_run("vmms", "vmms runs", target.nodes, ("vmms",), "Without it no VM can be started here."),
        checks.clocks_agree((*target.nodes, keys)),
    )


def _places(site: Site, facts: Facts) -> tuple[Cluster, Cluster, str]:
    return site.cluster(str(facts.get("target"))), site.cluster(str(facts.get("source"))), str(facts.get("keys"))


def plan(site: Site, facts: Facts) -> Plan:
    """Bring the key, then start the VM and clean up. With a key of unknown origin on the target: four steps more."""
    target, origin, keys = _places(site, facts)
    vm, owner, run = (str(facts.get(name)) for name in ("vm", "owner", "run"))
    repair = facts.known("target_key") == "present"
    vm_id = str(facts.get("vm_id"))
    known = facts.plus({
        "key_name": f"azl-{run}", "folder": rf"{files.ROOT}\{run}", "pem": f"azl-{run}.pem",
        "export": f"{vm_id}.json", "safety": f"{vm_id}-safety.json",
    })  # fmt: skip
    return Plan(
        "trusted-launch", f"Trusted Launch key restore of {vm}", machine.running_state(target),
        (
            Phase(f"Bring the key to {target.name}", f"The key of {vm} is on {target.name}.",
                  (Lane(vm, _bring(target, keys, owner, vm, repair=repair)),)),
            Phase(f"Start {vm}", f"{vm} runs on {target.name}. Users may be told.",
                  (Lane(vm, _start(target, origin, owner, vm)),)),
            Phase("Clean up", "What this run made on the way is gone.",
                  (Lane(vm, _clean(target, keys, owner, repair=repair)),)),
        ), known,
    )  # fmt: skip


def _bring(target: Cluster, keys: str, owner: str, vm: str, *, repair: bool) -> tuple[Step, ...]:
    off = Guard("The VM is Off", machine.is_off(target), "Started before its key, the system makes a wrong key.")
    ready = (own.moc_guard(target),)
    before = (
        files.work_folder("folder-target", owner, f"Make the run's folder on {owner}", "undo-folder-target",
                          (keyprobes.original_is_back(),)),
        files.work_folder("folder-backup", keys, f"Make the run's folder on {keys}", "undo-folder-backup"),
        machine.no_autostart(target, owner),
        vault.wrapping_key(owner, target.name, ready),
        vault.public_half(owner),
        files.copied("copy-public-key", f"Copy it to {keys}", owner, keys, "pem", "pem_sha", "the public half",
                     "The backup side seals with it.", "remove-folder-backup"),
        machine.read_id(target, owner),
        vault.export("export-key", f"Export the key of {vm}, sealed", keys, keys, keyprobes.EXPORT,
                     keyprobes.EXPORT_SHA,
                     "Sealed for the target's vault, so that the file alone opens nothing.", "remove-folder-backup"),
        files.copied("copy-key", f"Copy the sealed key of {vm}", keys, owner, "export", "export_sha", "the sealed key",
                     "The target imports it from there.", "remove-folder-target"),
    )  # fmt: skip
    mended = _mended(target, owner, vm, off) if repair else ()
    absent = Guard("No key of this name on the target", keyprobes.key_absent(owner, target.name, keyprobes.VM_ID),
                   "A key of this name appeared, and this run did not import it. Whether it is right cannot be "
                   "read. Stop here and begin a new run: it exports that key and replaces it.")  # fmt: skip
    whole = keyprobes.exported(owner, keyprobes.EXPORT, keyprobes.EXPORT_SHA, "The sealed key is on the target, whole")
    back = (off, own.imported_guard(target, owner))
    return (*before, *mended, vault.import_key(owner, target.name, vm, (absent, off, whole, *ready), back))


def _mended(target: Cluster, owner: str, vm: str, off: Guard) -> tuple[Step, ...]:
    """Prove the backup's export, export what is there, and only then make the name free."""
    backup = keyprobes.exported(owner, keyprobes.EXPORT, keyprobes.EXPORT_SHA, "The backup's export is proved")
    safety = keyprobes.exported(owner, keyprobes.SAFETY, keyprobes.SAFETY_SHA, "The safety export is proved")
    sealer = keyprobes.exported(owner, keyprobes.PEM, keyprobes.PEM_SHA, "It is sealed with this run's key")
    opener = Guard("The key that opens it is in the vault", keyprobes.key_present(owner, target.name, "key_name"),
                   "Without the wrapping key the safety export could never be opened again.")  # fmt: skip
    return (
        vault.export("safety-export", "Safety export of the key that is there", owner, target.name, keyprobes.SAFETY,
                     keyprobes.SAFETY_SHA, "Nothing is removed from a vault before a copy of it was read back.",
                     "remove-folder-target", (off, sealer, opener), expires_before="remove-wrong-key"),
        vault.remove_wrong_key(owner, target.name, vm, (backup, safety, sealer, opener, off)),
    )  # fmt: skip


def _start(target: Cluster, origin: Cluster, owner: str, vm: str) -> tuple[Step, ...]:
    off = Guard("The VM is Off", machine.is_off(target), "Somebody else started it, or moved it.")
    silent = source.still_silent(origin)
    imported = own.imported_guard(target, owner)
    return (
        source.is_dead(origin, owner, vm),
        machine.cluster_role(target, owner, (off, silent, imported)),
        machine.start(target, owner, vm, "about 3 min",
                      (silent, imported, off, own.no_answer_guard(owner, origin), own.no_repair_guard(target))),
    )  # fmt: skip


def _clean(target: Cluster, keys: str, owner: str, *, repair: bool) -> tuple[Step, ...]:
    runs = (own.runs_guard(target),) if repair else ()
    lines = (f"Removes the run's own folder on {owner}, and in it the safety export.",)
    keep = Gate(Tier.TYPED, "Remove the folder", lines, phrase="SAFETY EXPORT MAY GO") if repair else None
    return (
        machine.autostart_back(target, owner),
        vault.remove_wrapping_key(owner, target.name, opens_safety=repair, guards=runs),
        files.remove_folder("remove-folder-target", owner, f"Remove the run's folder on {owner}", keep, runs),
        files.remove_folder("remove-folder-backup", keys, f"Remove the run's folder on {keys}"),
    )  # fmt: skip


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
