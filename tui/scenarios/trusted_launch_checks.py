"""What must be true before a Trusted Launch VM's key may travel, and the guards that ask the same again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui import checks, reads
from tui.core.action import Reply
from tui.core.events import Outcome
from tui.core.facts import Facts
from tui.core.plan import Guard
from tui.core.scenario import Check, Cluster, Finding, Level
from tui.core.verdict import Answered, Probe, Truth, Verdict, mixed, not_so, probe, so
from tui.remote.powershell import render, rows
from tui.steps import keyprobes, source

TOO_EARLY = "Started before its key, the system makes a wrong key."


def key_in_backup(keys: str) -> Check:
    """The VM's key is in the backup vault."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Finding:
        key = reads.key_named(str(facts.get("vm_id")), replies[0])
        if key is None:
            return Finding(Level.STOP, f"{keys}: 0 keys of this name", "Without its key the VM can never be started.",
                           "Look for another system that keeps a copy of this key.")  # fmt: skip
        if (key.kind, key.size) != ("AES", "256"):
            return Finding(
                Level.STOP, f"{keys}: {key.text}, AES 256 wanted", "This is not a guest state protection key."
            )
        return checks.ok(f"{keys}: {key.text}")

    return checks.check(
        "backup-key", "Key in the backup vault", lambda _: (reads.vault_keys(keys),), judge, (keys,),
        "Without its key the VM can never be started.",
        wanted="A key whose Name is the VM ID, kty AES, size 256.",
        otherwise="Stop here. Look for another system that keeps a copy of this key.",
    )  # fmt: skip


def key_on_target(target: Cluster) -> Check:
    """The name is free on the target, or there is a key of unknown origin: then the plan gains the repair."""
    host = target.nodes[0]

    def judge(facts: Facts, replies: Sequence[Reply]) -> Finding:
        key = reads.key_named(str(facts.get("vm_id")), replies[0])
        if key is None:
            return Finding(Level.OK, f"{target.name}: 0 found", learned={"target_key": "absent"})
        records = reads.errors_in(replies[1:])
        signs = f" Hyper-V wrote: {'; '.join(records)}" if records else " No Hyper-V record names the VM."
        return Finding(
            Level.WARN, f"{target.name}: 1 found, {key.text}, of unknown origin",
            "A key of this name is there, and this run did not import it. If the VM was started before its key, the "
            "system made it, and it is wrong." + signs,
            "Go on with a reason: the plan then exports that key for safety, removes it, and imports the right one.",
            learned={"target_key": "present"},
        )  # fmt: skip

    return checks.check(
        "target-key", "No key of this name on target",
        lambda facts: (reads.vault_keys(host), *reads.hyperv_records(str(facts.get("owner")), str(facts.get("vm_id")))),
        judge, (host,),
        wanted="In the first answer, no key whose Name is the VM ID. The others only tell whether the VM was started.",
        otherwise="A key is there, and whether it is right cannot be read. Do not go on with this plan: print the one "
        "with the repair (--set target_key=present). It exports that key, removes it, and imports the right one.",
    )  # fmt: skip


def no_copy_runs(origin: Cluster) -> Check:
    """No copy is known to run on the source. Silence is unknown, never "not running"."""
    known = source.copy_runs(origin)

    def judge(facts: Facts, answers: Sequence[Answered]) -> Finding:
        verdict = known.judge(facts, answers)
        if verdict.truth is Truth.SO:
            return checks.ok(verdict.evidence)
        if verdict.truth is Truth.MIXED:
            return Finding(Level.STOP, verdict.evidence, "Two copies would write, and one set of data would be lost.",
                           "Shut the VM down there, or cut the cluster's power, then re-read.")  # fmt: skip
        return Finding(Level.UNKNOWN, verdict.evidence, "It cannot be reached from here. That does not prove it dead.",
                       "Go on with a reason: before the start you are asked for two proofs.")  # fmt: skip

    return Check(
        "source-copy", "No copy running on the source", known.reads, judge, origin.nodes,
        "No node lists the VM ID with a state other than Off.",
        "It runs there: shut it down there, or have the power cut. No answer proves nothing: before the start you must "
        "know by another way that it is dead.",
    )  # fmt: skip


def off_and_unclustered(target: Cluster) -> Check:
    """The VM is on the target, Off, and not clustered."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Finding:
        vm = reads.found(str(facts.get("vm_id")), target.nodes, replies)
        if vm is None:
            return Finding(Level.STOP, f"{target.name}: no VM of this ID", "There is nothing to start.",
                           "Restore its files, register it in place (Import-VM), then re-read.")  # fmt: skip
        if vm.state != "Off":
            return Finding(Level.STOP, f"{vm.node}: {vm.state}", TOO_EARLY,
                           "Turn it off, then re-read.", vm.node,
                           render("Get-VM -Id «id» | Stop-VM -TurnOff", id=vm.id))  # fmt: skip
        same = [
            v.node for n, r in zip(target.nodes, replies, strict=True) for v in reads.vms_of(r, n) if v.name == vm.name
        ]
        if len(same) > 1:
            return Finding(Level.STOP, f"{len(same)} VMs are named {vm.name}: {', '.join(same)}",
                           "A person cannot tell them apart, and some commands go by name.",
                           "Rename the one that is not meant, then re-read.")  # fmt: skip
        if vm.clustered:
            return Finding(Level.STOP, f"{vm.node}: Off, but clustered", "The cluster could start it before its key.",
                           "Remove its clustered role (the VM stays), then re-read.")  # fmt: skip
        return checks.ok(f"{vm.node}: Off, not clustered")

    return checks.check(
        "off", "The VM on target is Off", lambda _: [reads.vms(node) for node in target.nodes], judge, target.nodes,
        TOO_EARLY,
        wanted="One VM of this ID, and one of this name: state Off, clustered false.",
        otherwise="On: turn it off (Stop-VM -TurnOff). Clustered: remove its clustered role, the VM stays. Two of one "
        "name: rename the other. None: restore its files and register it in place (Import-VM).",
    )  # fmt: skip


def trusted_launch(target: Cluster) -> Check:
    """The VM has a virtual TPM, as every Trusted Launch VM has."""

    def judge(_: Facts, replies: Sequence[Reply]) -> Finding:
        if reads.truth_of(replies[0]):
            return checks.ok("virtual TPM on")
        return Finding(Level.STOP, "no virtual TPM", "It is not a Trusted Launch VM: it needs no key.",
                       "Choose another scenario.")  # fmt: skip

    return checks.check(
        "trusted-launch", "It is a Trusted Launch VM",
        lambda facts: (reads.trusted_launch(str(facts.get("owner")), str(facts.get("vm_id"))),), judge, target.nodes,
        wanted="True.", otherwise="Stop here: without a virtual TPM it needs no key. Choose another scenario.",
    )  # fmt: skip


def files_complete(target: Cluster) -> Check:
    """Configuration, guest state, runtime state and every disk are there, and none is empty."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Finding:
        lengths = {row.text("FullName").lower(): row.number("length") for row in rows(replies[0])}
        vm_id = str(facts.get("vm_id"))
        kinds = {"configuration": f"{vm_id}.vmcx", "guest state": f"{vm_id}.vmgs", "runtime state": f"{vm_id}.vmrs"}
        missing = [f"{what} ({name})" for what, name in kinds.items()
                   if not any(path.endswith("\\" + name) and size for path, size in lengths.items())]  # fmt: skip
        disks = [row.text("Path") for row in rows(replies[1])]
        missing += [f"disk {disk}" for disk in disks if not lengths.get(disk.lower())]
        total = len(kinds) + len(disks)
        if missing:
            value = f"{total - len(missing)} of {total} files; missing or empty: {', '.join(missing)}"
            return Finding(Level.STOP, value,
                           "A VM without its whole guest state cannot be started, whatever its key.",
                           "Restore the VM's files again from the backup, all of one point in time.")  # fmt: skip
        return checks.ok(f"{total} of {total} files")

    return checks.check(
        "files", "Files complete, VMGS and VMRS",
        lambda facts: (
            reads.files_under(str(facts.get("owner")), str(facts.get("location"))),
            reads.disks(str(facts.get("owner")), str(facts.get("vm_id"))),
        ), judge, target.nodes,
        wanted="Files named by the VM ID with .vmcx, .vmgs and .vmrs, and every disk of the second answer; none of "
        "length 0.",
        otherwise="Restore the VM's files again from the backup, all of one point in time.",
    )  # fmt: skip


def no_checkpoint(target: Cluster) -> Check:
    """The VM has no checkpoint."""

    def judge(_: Facts, replies: Sequence[Reply]) -> Finding:
        names = [row.text("Name") for row in rows(replies[0])]
        if not names:
            return checks.ok("0 found")
        return Finding(Level.WARN, f"{len(names)} found: {', '.join(names)}",
                       "The disk that would start is a difference disk; the guest state may be of another time.",
                       "Merge or remove the checkpoint, or give a reason to go on.")  # fmt: skip

    return checks.check(
        "checkpoints", "The VM has no checkpoint",
        lambda facts: (reads.checkpoints(str(facts.get("owner")), str(facts.get("vm_id"))),), judge, target.nodes,
        wanted="An empty list: [].", otherwise="Merge or remove the checkpoint, or write down why you go on.",
    )  # fmt: skip


def absent_guard(host: str, cluster: str) -> Guard:
    """Guard: the name is free. Where a key appeared in the run, the plan can take the repair in."""
    inner = keyprobes.key_absent(host, cluster, keyprobes.VM_ID)

    def judge(facts: Facts, answers: Sequence[Answered]) -> Verdict:
        verdict = inner.judge(facts, answers)
        there = verdict.truth is Truth.NOT_SO and facts.known("target_key") != "present"
        return replace(verdict, instead={"target_key": "present"}) if there else verdict

    return Guard(
        "No key of this name on the target", Probe(inner.question, inner.reads, judge),
        "A key of this name appeared, and this run did not import it. Whether it is right cannot be read.",
        "2 steps more: a safety export of that key, and its removal before the import",
    )  # fmt: skip


def moc_guard(target: Cluster) -> Guard:
    """Guard: the services that keep the keys answer."""
    inner = checks.moc_answers((target,))

    def judge(facts: Facts, answers: Sequence[Answered]) -> Verdict:
        finding = inner.judge(facts, answers)
        if finding.level is Level.OK:
            return so(finding.evidence, "running")
        return not_so(
            finding.evidence + (f" ({finding.remedy_script})" if finding.remedy_script else ""), "not running"
        )

    title = f"MOC agents run on {' and '.join(target.nodes)}"
    return Guard(title, Probe(title, inner.reads, judge), "A key sent now would not arrive. MOC = the "
                 "service that keeps the keys.")  # fmt: skip


def no_repair_guard(target: Cluster) -> Guard:
    """Guard: no storage job, unless the operator gave a reason to go on in spite of one."""
    inner = checks.no_storage_job(target)

    def judge(facts: Facts, answers: Sequence[Answered]) -> Verdict:
        finding = inner.judge(facts, answers)
        if finding.level is Level.OK:
            return so(finding.evidence, "none")
        if facts.known("override:storage-jobs") or facts.outcome("storage-calm") is Outcome.SKIPPED:
            return so(f"{finding.evidence}; you gave a reason to go on", "overridden")
        return mixed(finding.evidence, "running")

    return Guard("No storage job runs", Probe("Does no storage job run?", inner.reads, judge),
                 "A repair runs: the start may be slow, and a node must not restart.")  # fmt: skip


def imported_guard(target: Cluster, owner: str) -> Guard:
    """Guard: this run imported the key from an absent name, or a person says who did, and it is still there."""
    present = keyprobes.key_present(owner, target.name, keyprobes.VM_ID)

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        verdict = present.judge(facts, replies)
        outcome = facts.outcome("import-key")
        how = outcome or "not imported by this run"
        who = facts.known("by:import-key")
        text = f"{verdict.evidence}; {how}" + (f" by {who}" if who else "")
        if verdict.truth is not Truth.SO:
            return not_so(text, "absent")
        if outcome is not None and (outcome.ours or (outcome.stands and who)):
            return so(text, f"{verdict.condition} {how} {who or ''}")
        return mixed(text, how)

    return Guard(
        f"The key is in the vault of {target.name}", probe(present.question, present.reads, judge),
        "Whether a key in a vault is the right one cannot be read: only an import from an absent name tells.",
    )  # fmt: skip


def runs_guard(goal: Probe) -> Guard:
    """Guard: what the run is for is reached: before that, nothing that could still repair a VM may go."""
    return Guard("The VM runs", goal, "What could still repair it stays until it runs.")


def no_answer_guard(host: str, origin: Cluster) -> Guard:
    """Guard: the source is silent for a node of the target too, unless it was read and does not run the VM."""
    heard = source.silent_from(host, origin)

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        if facts.known("outcome:source-dead") == "done":
            return so("the source was read: it does not run the VM", source.OFF)
        return heard.probe.judge(facts, replies)

    return Guard(heard.title, probe(heard.probe.question, heard.probe.reads, judge), heard.broken)
