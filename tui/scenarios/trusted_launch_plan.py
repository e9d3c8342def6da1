"""The plan of the Trusted Launch key restore, for one VM or for waves of several.

One VM: bring the key, start, clean up, with a pause between. Several: prepare what they share, then wave by wave each
VM in a lane of its own, then clean up. Both are made of the same steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.core.facts import Facts
from tui.core.plan import Gate, Guard, Lane, Phase, Plan, Step, Tier, own_lane
from tui.core.scenario import Cluster, Site
from tui.core.verdict import Probe
from tui.scenarios import trusted_launch_checks as own
from tui.steps import files, keyprobes, machine, source, storage, vault, whichkey
from tui.steps.wanted import Wanted, all_of, wanted

EXPORTS_AT_ONCE = 4
"""Exports that the backup vault serves side by side: they only read it. Not documented; chosen."""


FILES_HOST = "files_host"
"""Fact: where the run's files lie, wherever a VM is moved."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where it happens. `host` is the target's node that keeps the run's files and speaks to its vault."""

    target: Cluster
    origin: Cluster
    keys: str
    host: str


def places(site: Site, facts: Facts) -> tuple[Cluster, Cluster, str]:
    """Target, original cluster, and the host of the backup vault."""
    return site.cluster(str(facts.get("target"))), site.cluster(str(facts.get("source"))), str(facts.get("keys"))


def plan(site: Site, facts: Facts) -> Plan:
    """Where a key of unknown origin is on the target, its VM has two steps more: the repair."""
    vms = wanted(facts)
    target, origin, keys = places(site, facts)
    at = Places(target, origin, keys, facts.known(FILES_HOST) or vms[0].get(facts, "owner"))
    marker = files.marker(at.host, "folder-target", ("remove-folder-target", "undo-folder-target"))
    run = str(facts.get("run"))
    goal = all_of(vms, machine.running_state(target), "Do all VMs run, and do their guests answer?")
    known = facts.plus({"key_name": f"azl-{run}", "folder": rf"{files.ROOT}\{run}", "pem": f"azl-{run}.pem"})
    if len(vms) == 1:
        named = known.plus(_files_of(vms[0], facts))
        title = f"Trusted Launch key restore of {vms[0].name}"
        return Plan("trusted-launch", title, goal, _of_one(at, vms[0], named), named, marker, {FILES_HOST: at.host})
    phases = _of_several(at, vms, known, goal)
    title = f"Trusted Launch key restore of {len(vms)} VMs"
    return Plan("trusted-launch", title, goal, phases, known, marker, {FILES_HOST: at.host})


def _files_of(vm: Wanted, facts: Facts) -> dict[str, str]:
    vm_id = vm.get(facts, "vm_id")
    return {"export": f"{vm_id}.json", "safety": f"{vm_id}-safety.json"}


def _key_there(vm: Wanted, facts: Facts) -> str:
    """`present`: it is replaced; `kept`: a person says who imported it; else there is none."""
    return vm.among(facts).known("target_key") or "absent"


def _repairs(vm: Wanted, facts: Facts) -> bool:
    return _key_there(vm, facts) == whichkey.REPLACE


def _of_one(at: Places, vm: Wanted, facts: Facts) -> tuple[Phase, ...]:
    repair, name, target = _repairs(vm, facts), vm.name, at.target.name
    owner = vm.get(facts, "owner")
    shared, (still, read_id) = _prepare(at, ("",)), _of_its_own(at, owner)
    bring = (*shared[:2], still, *shared[2:], read_id, *_key(at, owner, name, _key_there(vm, facts)))
    start = (storage.calm(at.target), source.is_dead(at.origin, at.host, (name,)), *_start(at, owner, name))
    clean = (machine.autostart_back(at.target, owner), *_clean(at, machine.running_state(at.target), repair=repair))
    return (
        Phase(f"Bring the key to {target}", f"The key of {name} is on {target}.", (Lane(name, bring),)),
        Phase(f"Start {name}", f"{name} runs on {target}. Users may be told.", (Lane(name, start),)),
        Phase("Clean up", "What this run made on the way is gone.", (Lane(name, clean),)),
    )


def _of_several(at: Places, vms: Sequence[Wanted], facts: Facts, goal: Probe) -> tuple[Phase, ...]:
    names = [vm.name for vm in vms]
    target, repair = at.target.name, any(_repairs(vm, facts) for vm in vms)
    prepare = (*_prepare(at, names), storage.calm(at.target), source.is_dead(at.origin, at.host, names))
    waves = list(dict.fromkeys(vm.wave for vm in vms))
    return (
        Phase("Prepare", f"{target} can take keys.", (Lane(target, prepare),)),
        *(_wave(at, n, wave, [vm for vm in vms if vm.wave == wave], facts) for n, wave in enumerate(waves, 1)),
        Phase("Clean up", "What this run made on the way is gone.",
              (Lane(target, _clean(at, goal, repair=repair)),)),
    )  # fmt: skip


def _wave(at: Places, number: int, wave: str, vms: Sequence[Wanted], facts: Facts) -> Phase:
    lanes = []
    for vm in vms:
        owner = vm.get(facts, "owner")
        steps = (
            *_of_its_own(at, owner),
            *_key(at, owner, vm.name, _key_there(vm, facts)),
            *_start(at, owner, vm.name),
            machine.autostart_back(at.target, owner),
        )
        lanes.append(own_lane(vm.name, {**vm.facts, **_files_of(vm, facts)}, steps))
    runs = f"{', '.join(vm.name for vm in vms)} run on {at.target.name}. Users may be told."
    return Phase(wave or f"Wave {number}: {len(vms)} VMs", runs, tuple(lanes))


def _prepare(at: Places, lanes: Sequence[str]) -> tuple[Step, ...]:
    """What all keys need: folders, the wrapping key, and its public half on the backup side."""
    ready, safe = (own.moc_guard(at.target),), (keyprobes.original_is_back(lanes),)
    host, keys = at.host, at.keys
    return (
        files.work_folder("folder-target", host, f"Make the run's folder on {host}", "undo-folder-target", safe),
        files.work_folder("folder-backup", keys, f"Make the run's folder on {keys}", "undo-folder-backup"),
        vault.wrapping_key(host, at.target.name, ready, safe),
        vault.public_half(host),
        files.copied("copy-public-key", f"Copy it to {keys}", host, keys, "pem", "pem_sha", "the public half",
                     "The backup side seals with it.", "remove-folder-backup"),
    )  # fmt: skip


def _of_its_own(at: Places, owner: str) -> tuple[Step, Step]:
    """What a VM needs before its key travels: it must not start by itself, and its ID must be sure."""
    return machine.no_autostart(at.target, owner), machine.read_id(at.target, owner)


def _brought(at: Places, vm: str) -> tuple[Step, ...]:
    """The backup's key, sealed, in the run's folder on the target."""
    return (
        vault.export("export-key", f"Export the key of {vm}, sealed", at.keys, at.keys, keyprobes.EXPORT,
                     keyprobes.EXPORT_SHA,
                     "Sealed for the target's vault, so that the file alone opens nothing.", "remove-folder-backup",
                     at_once=EXPORTS_AT_ONCE),
        files.copied("copy-key", f"Copy the sealed key of {vm}", at.keys, at.host, "export", "export_sha",
                     "the sealed key", "The target imports it from there.", "remove-folder-target"),
    )  # fmt: skip


def _key(at: Places, owner: str, vm: str, there: str) -> tuple[Step, ...]:
    """The VM's key into the target's vault; where one of its name is there, first the decision which it shall be."""
    host, name = at.host, at.target.name
    choice = (whichkey.which_key(host, owner, name, vm),) if there != "absent" else ()
    if there == whichkey.KEEP:
        return (*choice, whichkey.kept(host, name, vm))
    off = machine.off_guard(at.target, "Started before its key, the system makes a wrong key.")
    mended = _mended(at, vm, off) if there == whichkey.REPLACE else ()
    whole = keyprobes.exported(host, keyprobes.EXPORT, keyprobes.EXPORT_SHA, "The sealed key is on the target, whole")
    guards = (own.absent_guard(host, name), off, whole, own.moc_guard(at.target))
    back = (off, own.imported_guard(at.target, host))
    return (*choice, *_brought(at, vm), *mended, vault.import_key(host, owner, name, vm, guards, back))


def _mended(at: Places, vm: str, off: Guard) -> tuple[Step, ...]:
    """Prove the backup's export, export what is there, and only then make the name free."""
    host, name = at.host, at.target.name
    backup = keyprobes.exported(host, keyprobes.EXPORT, keyprobes.EXPORT_SHA, "The backup's export is proved")
    safety = keyprobes.exported(host, keyprobes.SAFETY, keyprobes.SAFETY_SHA, "The safety export is proved")
    sealer = keyprobes.exported(host, keyprobes.PEM, keyprobes.PEM_SHA, "It is sealed with this run's key")
    opener = Guard("The key that opens it is in the vault", keyprobes.key_present(host, name, "key_name"),
                   "Without the wrapping key the safety export could never be opened again.")  # fmt: skip
    return (
        vault.export("safety-export", "Safety export of the key that is there", host, name, keyprobes.SAFETY,
                     keyprobes.SAFETY_SHA, "Nothing is removed from a vault before a copy of it was read back.",
                     "remove-folder-target", (off, sealer, opener), expires_before="remove-wrong-key"),
        vault.remove_wrong_key(host, name, vm, (backup, safety, sealer, opener, off)),
    )  # fmt: skip


def _start(at: Places, owner: str, vm: str) -> tuple[Step, ...]:
    off = machine.off_guard(at.target, "Somebody else started it, or moved it.")
    silent = source.still_silent(at.origin)
    imported = own.imported_guard(at.target, at.host)
    return (
        machine.cluster_role(at.target, owner, (off, silent, imported)),
        machine.start(at.target, owner, vm, "about 3 min",
                      (silent, imported, off, own.no_answer_guard(owner, at.origin), own.no_repair_guard(at.target))),
    )  # fmt: skip


def _clean(at: Places, goal: Probe, *, repair: bool) -> tuple[Step, ...]:
    runs = (own.runs_guard(goal),) if repair else ()
    lines = (f"Removes the run's own folder on {at.host}, and in it the safety export.",)
    keep = Gate(Tier.TYPED, "Remove the folder", lines, phrase="SAFETY EXPORT MAY GO") if repair else None
    return (
        vault.remove_wrapping_key(at.host, at.target.name, opens_safety=repair, guards=runs),
        files.remove_folder("remove-folder-target", at.host, f"Remove the run's folder on {at.host}", keep, runs),
        files.remove_folder("remove-folder-backup", at.keys, f"Remove the run's folder on {at.keys}"),
    )
