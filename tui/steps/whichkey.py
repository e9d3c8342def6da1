"""A key of a VM's name is on the target, and this run did not import it: replace it, or keep it on a person's word.

Two vault keys of one name cannot be told apart by reading: the vault gives a key's name, kind and size, and an export
is another text each time. Only the VM's start proves a key.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui import reads
from tui.core.action import Reply
from tui.core.decision import Branch, Decision, Weighed, decided
from tui.core.errors import EstateError
from tui.core.facts import Facts
from tui.core.plan import Attest, Step
from tui.core.question import Blank
from tui.core.verdict import Answered, Verdict, mixed, not_so, probe
from tui.steps.keyprobes import VM_ID

REPLACE, KEEP = "present", "kept"
"""Values of the fact `target_key`, besides `absent`."""


def which_key(host: str, owner: str, cluster: str, vm: str) -> Step:
    """Which key the VM shall have: what Hyper-V wrote of it is the only sign that can be read."""

    def weigh(facts: Facts, answers: Sequence[Answered]) -> Weighed:
        vault, *logs = answers
        unread = [answer for answer in answers if isinstance(answer, EstateError) or not answer.clean]
        key = None if isinstance(vault, EstateError) else reads.key_named(str(facts.get(VM_ID)), vault)
        errors = reads.errors_in([log for log in logs if not isinstance(log, EstateError) and log.clean])
        there = key.text if key is not None else "not read" if unread else "gone"
        wrote = errors[0] if errors else "not read" if unread else "no error that names the VM"
        values = ((f"Key in the vault of {cluster}", there), (f"Hyper-V on {owner}", wrote))
        started = "it was started before its key: the one that is there is the system's own, and wrong."
        return Weighed(
            values, _branches(vm), "" if unread else "replace",
            f"{len(unread)} value{'s' if len(unread) > 1 else ''} could not be read." if unread
            else started if errors else "a safety export is kept, so nothing is lost if that key was the right one.",
            ("Whether a key is the right one cannot be read. A start with a wrong one fails, and can be repaired.",),
        )  # fmt: skip

    decision = Decision(
        f"Which key shall {vm} have?",
        lambda facts: (reads.vault_keys(host), *reads.hyperv_records(owner, str(facts.get(VM_ID)))), weigh,
        ("Microsoft, trusted-launch-vm-import-key, 21 Jul 2025: a VM started before the import gets a new key.",),
    )  # fmt: skip
    return Step(
        "which-key", f"Decide which key {vm} shall have", host, goal=decided("which-key"), decide=decision,
        why="A key of its name is there, and this run did not import it.", proof="your choice, on record", usual=30,
        no_skip="the steps that follow depend on it",
    )  # fmt: skip


def _branches(vm: str) -> tuple[Branch, ...]:
    return (
        Branch("replace", "Replace it by the backup's key", "export it for safety, remove it, import the backup's",
               "2 steps more. The safety export stays until you say, after the heartbeat, that it may go.",
               facts={"target_key": REPLACE}),
        Branch("keep", "Keep it", "somebody imported the right key before this run, and you can say who",
               f"Nothing is imported. You type that {vm} has its key; it stands in the report as said by you.",
               facts={"target_key": KEEP}),
    )  # fmt: skip


def kept(host: str, cluster: str, vm: str) -> Step:
    """In place of the import: a person says who imported the key that is there."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        key = reads.key_named(str(facts.get(VM_ID)), replies[0])
        return mixed(f"{cluster}: 0 keys of this name") if key is None else not_so(f"{cluster} lists {key.text}")

    def lines(_: Facts) -> tuple[str, ...]:
        return (
            f"The key in the vault of {cluster} was not imported by this run. If it is not the key of {vm}, the start "
            "fails, and the run can be repaired by replacing it.",
            "Who imported it, and when?",
        )

    return Step(
        "import-key", f"Say who imported the key of {vm}", host,
        goal=probe(f"Who imported the key of {vm}?", lambda _: (reads.vault_keys(host),), judge),
        attest=Attest(lines, "It has its key", f"{vm} HAS ITS KEY", (
            Blank("who", "Who imported it", "a name"),
            Blank("when", "When, from where", "e.g. 01:40 UTC, from KEY-N01"),
        )),
        why="No VM is started before it is known who imported its key.", risk="medium", usual=30,
        changes="nothing: your word, on record", way_back="stop before the start", proof="your word",
        no_skip="the VM must not be started without it",
    )  # fmt: skip
