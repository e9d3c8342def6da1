"""What can be asked of keys and exports, and the names of the facts that steps tell each other about them."""

from __future__ import annotations

from collections.abc import Sequence

from tui import reads
from tui.core.action import Reply
from tui.core.facts import Facts, scoped
from tui.core.plan import Guard
from tui.core.verdict import Probe, Verdict, not_so, probe, so
from tui.steps.files import path

KEY_NAME, VM_ID = "key_name", "vm_id"
"""Facts: the run's wrapping key `azl-<run>`, and the VM's ID, which is its key's name."""
PEM, PEM_SHA = "pem", "pem_sha"
EXPORT, EXPORT_SHA = "export", "export_sha"
SAFETY, SAFETY_SHA = "safety", "safety_sha"


def key_absent(host: str, cluster: str, name: str) -> Probe:
    """No key of this name (a fact) in the vault of the cluster."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        key = reads.key_named(str(facts.get(name)), replies[0])
        if key is None:
            return so(f"{cluster}: 0 found", "absent")
        return not_so(f"{cluster}: a key of this name is there, {key.text}", key.text)

    return probe(f"Is no key of this name in the vault of {cluster}?", lambda _: (reads.vault_keys(host),), judge)


def key_present(host: str, cluster: str, name: str) -> Probe:
    """A key of this name (a fact) in the vault of the cluster."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        key = reads.key_named(str(facts.get(name)), replies[0])
        if key is None:
            return not_so(f"{cluster}: 0 keys of this name", "absent")
        return so(f"{cluster} lists {key.name}, {key.text}", key.text)

    return probe(f"Is the key in the vault of {cluster}?", lambda _: (reads.vault_keys(host),), judge)


def exported(host: str, name: str, sha: str, title: str) -> Guard:
    """Guard: an export is still there, byte for byte as it was read back."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        data = reads.bytes_or_absent(replies[0])
        wanted = str(facts.get(sha))
        if data is not None and reads.sha256(data) == wanted:
            return so(f"{host}: {len(data):,} bytes, SHA-256 as read back", wanted)
        return not_so(f"{host}: " + ("no such file" if data is None else "another content"), "other")

    return Guard(
        title,
        probe(title, lambda f: (reads.file_or_absent(host, path(f.get("folder"), f.get(name))),), judge),
        "Without it nothing may be removed from a vault.",
    )


def started_meanwhile(owner: str) -> Probe:
    """Whether Hyper-V wrote an error that names the VM since the import was sent: then the system may have made a key.

    SO and unreadable are doubts; only NOT SO lets an import that nobody saw end count as this run's.
    """

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        since = float(facts.known("sent_at:import-key") or 0.0)
        records = reads.errors_since(replies, since)
        if records:
            return so(f"Hyper-V wrote meanwhile: {records[0]}. The key may be one that the system made")
        return not_so("Hyper-V wrote no error that names the VM since then")

    return probe("Was the VM started meanwhile?", lambda f: reads.hyperv_records(owner, str(f.get(VM_ID))), judge)


def original_is_back(lanes: Sequence[str] = ("",)) -> Guard:
    """Guard of an undo: nothing opens or holds the safety exports after it, so the keys that were there must be back.

    `lanes` names the VMs' lanes in a plan of several.
    """

    def judge(facts: Facts, _: Sequence[Reply]) -> Verdict:
        def ended(step: str, lane: str) -> bool:
            return _stands(facts, scoped(step, lane))

        removed = [
            lane
            for lane in lanes
            if facts.known(f"sent:{scoped('remove-wrong-key', lane)}") or ended("remove-wrong-key", lane)
        ]
        gone = [lane for lane in removed if not ended("undo-remove-wrong-key", lane)]
        if gone:
            return not_so(f"the key that was there before is not back{_of(gone)}", "not back")
        return so("the key that was there before is back" if removed else "no key of others was removed", "safe")

    return Guard(
        "The key that was there before is safe", probe("Is it back?", lambda _: (), judge),
        "Its safety export would be lost. Skip this with a reason: what stays is named in the report.",
    )  # fmt: skip


def _of(lanes: Sequence[str]) -> str:
    named = [lane for lane in lanes if lane]
    return f": {', '.join(named)}" if named else ""


def _stands(facts: Facts, step_id: str) -> bool:
    outcome = facts.outcome(step_id)
    return outcome is not None and outcome.stands
