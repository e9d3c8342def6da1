"""Keys and vaults: the documented lines of Microsoft's manual backup and recovery of Trusted launch VMs.

A wrapping key is made on the side that will open what is sealed with it. Whether a key in a vault is the right one
cannot be read; only the VM's start proves it. So a key of a VM's name that this run did not import is "of unknown
origin", never "already there".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui import reads
from tui.core.action import Repeat, Reply
from tui.core.facts import Fact, Facts
from tui.core.plan import Gate, Guard, Shared, Step, Tier
from tui.core.verdict import Verdict, mixed, not_so, probe, so
from tui.remote.powershell import render
from tui.steps.files import act, path
from tui.steps.keyprobes import (
    EXPORT,
    KEY_NAME,
    PEM,
    PEM_SHA,
    SAFETY,
    SAFETY_SHA,
    VM_ID,
    exported,
    key_absent,
    key_present,
    started_meanwhile,
)


def vault_of(cluster: str) -> Shared:
    """A cluster's vault: one act at a time. What MOC does with two at once is documented nowhere."""
    return Shared(f"the vault of {cluster}")


def wrapping_key(host: str, cluster: str, ready: tuple[Guard, ...], undo_guards: tuple[Guard, ...]) -> Step:
    """Makes the run's own wrapping key in the target's vault."""
    return Step(
        "wrapping-key", "Make the wrapping key", host, goal=key_present(host, cluster, KEY_NAME),
        act=lambda facts: act(
            host,
            render(
                "New-MocKey -name «name» -group AzureStackHostAttestation -keyvaultName AzureStackTvmKeyVault"
                " -type RSA -size 2048", name=facts.get(KEY_NAME, "wrapping key"),
            ), Repeat.NEVER, usual=15,
        ),
        gate=Gate(Tier.CONFIRM, "Make the wrapping key", (f"Adds 1 key to 1 vault: {cluster}. No VM is touched.",
                                                          "Can be undone at any time.")),
        guards=(Guard("No key of this name on the target", key_absent(host, cluster, KEY_NAME),
                      "Somebody made a key of this run's name. Start a new run: it gets a new name."), *ready),
        undo=remove_wrapping_key(host, cluster, undo=True, guards=undo_guards),
        why="A temporary key that seals the VM's key on its way; only this cluster can open what it seals.",
        changes=f"1 key added to 1 vault: {cluster}", way_back="removed at the end, or by undo",
        proof=f"Get-MocKey on {host} must list this name, RSA 2048", risk="low", usual=15,
        no_skip="every later step of this phase needs it", uses=(vault_of(cluster),),
    )  # fmt: skip


def public_half(host: str) -> Step:
    """Writes the wrapping key's public half to a file."""

    def judge(_: Facts, replies: Sequence[Reply]) -> Verdict:
        data = reads.bytes_or_absent(replies[0])
        if data is None:
            return not_so(f"{host}: no such file")
        if not data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"-----BEGIN") or b"-----END" not in data:
            return mixed(f"{host}: {len(data):,} bytes, not a whole PEM")
        digest = reads.sha256(data)
        return so(f"{host}: {len(data):,} bytes, SHA-256 {digest[:8]}…{digest[-8:]}", **{PEM_SHA: digest})

    def where(facts: Facts) -> Fact:
        return path(facts.get("folder"), facts.get(PEM))

    return Step(
        "public-key", "Write its public half to a file", host,
        goal=probe("Is the public half in its file?", lambda facts: (reads.file_or_absent(host, where(facts)),), judge),
        act=lambda facts: act(
            host,
            render(
                "Get-MocKeyPublicKey -name «name» -group AzureStackHostAttestation -keyvaultName AzureStackTvmKeyVault"
                " -outputFile «file»", name=facts.get(KEY_NAME, "wrapping key"), file=where(facts),
            ), Repeat.SAFE, usual=6,
        ),
        gate=Gate(Tier.CONFIRM, "Write the file", (f"Adds 1 file on {host}. It holds no secret.",)),
        why="The backup side needs it to seal the VM's key for this cluster.", changes=f"1 file on {host}",
        way_back="removed with the run's folder", undone_by="remove-folder-target",
        proof="the file read back: a whole PEM", risk="low", usual=6,
        no_skip="the export needs this file",
    )  # fmt: skip


def export(
    step_id: str,
    title: str,
    host: str,
    cluster: str,
    name: str,
    sha: str,
    why: str,
    undone_by: str,
    guards: tuple[Guard, ...] = (),
    expires_before: str = "",
    at_once: int = 1,
) -> Step:
    """Exports the VM's key, sealed with the wrapping key, to a file whose name and hash become facts.

    A file that is not whole or not sealed for this run is left where it is; the next attempt writes to a new name.
    """

    def where(facts: Facts) -> Fact:
        return path(facts.get("folder"), facts.get(name, "VM ID.json"))

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        data = reads.bytes_or_absent(replies[0])
        if data is None:
            return not_so(f"{host}: no such file")
        shows = reads.sealed(data)
        wrapped_by = facts.known(KEY_NAME)
        if shows.problem or (shows.wrapped_by and shows.wrapped_by != wrapped_by):
            why_not = shows.problem or f"it is sealed with {shows.wrapped_by}, not with this run's key"
            return mixed(f"{host}: {len(data):,} bytes, {why_not}", **{name: _next(str(facts.known(name)))})
        digest = reads.sha256(data)
        return so(f"{host}: {len(data):,} bytes, SHA-256 {digest[:8]}…{digest[-8:]}", **{sha: digest})

    return Step(
        step_id, title, host,
        goal=probe("Is the sealed key in its file?", lambda facts: (reads.file_or_absent(host, where(facts)),), judge),
        act=lambda facts: act(
            host,
            render(
                "Export-MocKey -name «id» -wrappingKeyName «wrapping» -wrappingPubKeyFile «pem» -outFile «file»"
                " -group AzureStackHostAttestation -keyvaultName AzureStackTvmKeyVault -size 256",
                id=facts.get(VM_ID, "VM ID"), wrapping=facts.get(KEY_NAME, "wrapping key"),
                pem=path(facts.get("folder"), facts.get(PEM)), file=where(facts),
            ), Repeat.SAFE, usual=15,
        ),
        gate=Gate(Tier.CONFIRM, "Export the key", (f"Adds 1 file on {host}: the key, sealed for the target alone.",
                                                   f"The vault of {cluster} is not changed.")),
        guards=guards, why=why, changes=f"1 file on {host}", way_back="removed with the run's folder",
        undone_by=undone_by, expires_before=expires_before,
        renew=(lambda facts: {name: _next(str(facts.known(name)))}) if expires_before else None,
        proof="the file read back: whole, sealed with this run's wrapping key", risk="low", usual=15,
        no_skip="later steps need this file", uses=(replace(vault_of(cluster), at_once=at_once),),
    )  # fmt: skip


def _next(name: str) -> str:
    """`x.json` → `x-2.json` → `x-3.json`."""
    stem, _, ending = name.rpartition(".")
    base, mark, number = stem.rpartition("-r")
    if mark and number.isdecimal():
        return f"{base}-r{int(number) + 1}.{ending}"
    return f"{stem}-r2.{ending}"


def import_key(
    host: str, owner: str, cluster: str, vm: str, guards: tuple[Guard, ...], undo_guards: tuple[Guard, ...]
) -> Step:
    """Imports the VM's key into the target's vault, from an absent name. `owner` is where Hyper-V writes of the VM."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        key = reads.key_named(str(facts.get(VM_ID)), replies[0])
        if key is None:
            return not_so(f"{cluster}: 0 keys of this name, AES 256 wanted", "absent")
        if not (facts.known("sent:import-key") or facts.known("hand:import-key")):
            return mixed(f"{cluster}: a key of this name is there, {key.text}, and this run did not import it", "other")
        if (key.kind, key.size) != ("AES", "256"):
            return mixed(f"{cluster} lists {key.name} as {key.text}, AES 256 wanted")
        return so(f"{cluster} lists {key.name}, {key.text}", key.text)

    return Step(
        "import-key", f"Import the key of {vm}", host,
        goal=probe(f"Is the key in the vault of {cluster}?", lambda _: (reads.vault_keys(host),), judge),
        act=lambda facts: act(host, _import(facts, EXPORT), Repeat.NEVER, usual=30),
        gate=Gate(Tier.CONFIRM, "Import key", (f"Adds 1 key to 1 vault: {cluster}. No VM is touched.",
                                               "Can be undone until the VM is started.")),
        guards=guards, undo=_remove_imported(host, cluster, undo_guards), doubt=started_meanwhile(owner),
        why="The VM cannot start without this key. Started before it, the system makes a wrong key.",
        changes=f"1 key added to 1 vault: {cluster}. No VM is touched.",
        way_back="can be undone until the VM is started: Remove-MocKey with this name",
        proof=f"Get-MocKey on {host} must list this name, AES 256", risk="medium", usual=30,
        no_skip="the VM must not be started without it", uses=(vault_of(cluster),),
        remedy="Bring the MOC service group online, then retry:",
        remedy_script='Get-ClusterGroup -Name "ca-*" | Start-ClusterGroup',
    )  # fmt: skip


def _remove(host: str, name: Fact) -> str:
    return render(
        "Remove-MocKey -name «name» -group AzureStackHostAttestation -keyvaultName AzureStackTvmKeyVault", name=name
    )


def _remove_imported(host: str, cluster: str, guards: tuple[Guard, ...]) -> Step:
    return Step(
        "undo-import-key", "Remove the key that this run imported", host, goal=key_absent(host, cluster, VM_ID),
        act=lambda facts: act(host, _remove(host, facts.get(VM_ID, "VM ID")), Repeat.NEVER, usual=8),
        gate=Gate(Tier.TYPED, "Remove key", (f"Removes 1 key from 1 vault: {cluster}, the one that this run imported.",
                                             "The backup vault keeps its own."), phrase="REMOVE KEY"),
        guards=guards, why="Back to where this run began.", changes=f"1 key less in the vault of {cluster}",
        way_back="import it again", proof="the name is absent", risk="medium", usual=8,
    )  # fmt: skip


def remove_wrong_key(host: str, cluster: str, vm: str, guards: tuple[Guard, ...]) -> Step:
    """Removes the key that the system made when the VM was started too early; only after two exports are proved."""
    return Step(
        "remove-wrong-key", "Remove the key of unknown origin", host, goal=key_absent(host, cluster, VM_ID),
        act=lambda facts: act(host, _remove(host, facts.get(VM_ID, "VM ID")), Repeat.NEVER, usual=8),
        gate=Gate(Tier.TYPED, "Remove key",
                  (f"Removes 1 key from 1 vault: {cluster}, the key of {vm} that this run did not import.",
                   "This is the one command here that can destroy a VM for ever. Its safety export was read back,",
                   "and stays with the key that opens it until you say after the heartbeat that both may go."),
                  phrase=f"{vm} REMOVE KEY"),
        guards=guards, undo=_restore_original(host, cluster),
        why="Import refuses a name that exists, and a key made by a start before its time cannot open this VM.",
        changes=f"1 key less in the vault of {cluster}", way_back="import the safety export again", risk="high",
        proof="the name is absent", usual=8, no_skip="the import needs the name free", uses=(vault_of(cluster),),
    )  # fmt: skip


def _restore_original(host: str, cluster: str) -> Step:
    """Imports the safety export again: the key that was there before this run is back."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        key = reads.key_named(str(facts.get(VM_ID)), replies[0])
        if key is None:
            return not_so(f"{cluster}: 0 keys of this name", "absent")
        if not (facts.known("sent:undo-remove-wrong-key") or facts.known("hand:undo-remove-wrong-key")):
            return mixed(f"{cluster}: a key of this name is there, and this is not the one that was", "other")
        return so(f"{cluster} lists {key.name}, {key.text}", key.text)

    whole = exported(host, SAFETY, SAFETY_SHA, "The safety export is whole")
    absent = Guard("No key of this name on the target", key_absent(host, cluster, VM_ID), "Another key took its place.")
    return Step(
        "undo-remove-wrong-key", "Put the key back that was there before", host,
        goal=probe(f"Is it in the vault of {cluster}?", lambda _: (reads.vault_keys(host),), judge),
        act=lambda facts: act(host, _import(facts, SAFETY), Repeat.NEVER, usual=30),
        gate=Gate(Tier.CONFIRM, "Put the key back", (f"Adds 1 key to 1 vault: {cluster}, from the safety export.",)),
        guards=(absent, whole), why="Back to where this run began.", changes=f"1 key in the vault of {cluster}",
        way_back="remove it again", proof="the name is listed", risk="medium", usual=30,
    )  # fmt: skip


def _import(facts: Facts, name: str) -> str:
    return render(
        "Import-MocKey -name «id» -importKeyFile «file» -group AzureStackHostAttestation"
        " -keyvaultName AzureStackTvmKeyVault -type AES -size 256",
        id=facts.get(VM_ID, "VM ID"), file=path(facts.get("folder"), facts.get(name, "VM ID.json")),
    )  # fmt: skip


def remove_wrapping_key(
    host: str, cluster: str, *, undo: bool = False, opens_safety: bool = False, guards: tuple[Guard, ...] = ()
) -> Step:
    """Removes the run's own wrapping key. Where it opens a safety export, that is typed: the operator's word."""
    lines = [f"Removes 1 key from 1 vault: {cluster}, the one that this run made."]
    if opens_safety:
        lines.append("Nothing opens the safety export after it. Say so only if the VM is as you want it.")
    gate = Gate(Tier.TYPED if opens_safety else Tier.CONFIRM, "Remove the wrapping key", tuple(lines),
                phrase="SAFETY EXPORT MAY GO" if opens_safety else "")  # fmt: skip
    return Step(
        "undo-wrapping-key" if undo else "remove-wrapping-key", "Remove the wrapping key", host,
        goal=key_absent(host, cluster, KEY_NAME),
        act=lambda facts: act(host, _remove(host, facts.get(KEY_NAME, "wrapping key")), Repeat.NEVER, usual=8),
        gate=gate, guards=guards, why="It was made for this run alone.",
        changes=f"1 key less in the vault of {cluster}",
        way_back="not needed: it was temporary", proof="the name is absent", risk="low", usual=8,
        leaves=f"the run's wrapping key in the vault of {cluster}", uses=(vault_of(cluster),),
    )  # fmt: skip
