"""A run's files on its hosts: the work folder with its marker, and copies from host to host."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui import reads
from tui.core.action import Copy, PowerShell, Repeat, Reply
from tui.core.facts import Fact, Facts, Unknown
from tui.core.plan import Gate, Guard, Marker, Step, Tier
from tui.core.verdict import Probe, Verdict, mixed, not_so, probe, so
from tui.remote.powershell import render

ROOT = r"C:\azlr"
"""Where runs keep their files on a host: short, so that command lines stay readable."""


def path(folder: Fact, name: Fact) -> Fact:
    """A path in a folder; unknown while a part of it is."""
    if isinstance(folder, Unknown) or isinstance(name, Unknown):
        return Unknown(f"{str(folder).strip('<>')}\\{str(name).strip('<>')}")
    return f"{folder}\\{name}"


def act(host: str, script: str, repeat: Repeat, usual: float, deadline: float = 120.0) -> PowerShell:
    """A changing script."""
    return PowerShell(host, script, repeat, changes=True, deadline=deadline, usual=usual)


def work_folder(step_id: str, host: str, title: str, remove_id: str, undo_guards: tuple[Guard, ...] = ()) -> Step:
    """A folder of this run with a marker that says whose the run is; its undo removes both."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        mark = _mark(replies[0])
        if mark is None:
            return not_so(f"{host}: no such folder")
        if mark == _marker(facts):
            return so(f"{host}: {facts.get('folder')}, marked as this run's")
        return mixed(f"{host}: the folder carries another mark: {mark[:80]}")

    return Step(
        step_id, title, host,
        goal=probe(
            f"Is the run's folder on {host}?",
            lambda facts: (reads.file_or_absent(host, path(facts.get("folder"), "run.txt")),), judge,
        ),
        act=lambda facts: act(
            host,
            render(
                "New-Item -ItemType Directory -Path «folder» -Force | Out-Null; "
                "Set-Content -LiteralPath «marker» -Encoding UTF8 -Value «text»",
                folder=facts.get("folder"), marker=path(facts.get("folder"), "run.txt"), text=_marker(facts),
            ), Repeat.SAME_RESULT, usual=2,
        ),
        gate=Gate(Tier.CONFIRM, "Make the folder",
                  (f"Adds 1 folder with 1 small file on {host}: its marker says that this run is this computer's.",
                   "Can be undone at any time.")),
        guards=(_whose(host),),
        undo=remove_folder(remove_id, host, f"Remove the run's folder on {host}", guards=undo_guards),
        why="The run's files lie in one place, and can be removed in one.",
        changes=f"1 folder on {host}", way_back="removed at the end, or by undo",
        proof="the marker file, read back", risk="low", usual=2,
        no_skip="later steps write into this folder",
    )  # fmt: skip


def _whose(host: str) -> Guard:
    """Guard that always holds: whose mark is in the folder. An answer binds to it: no mark is written over unseen."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        mark = _mark(replies[0])
        return so(f"{host}: no mark", "none") if mark is None else so(_holder(mark, facts), mark[:80])

    return Guard(f"The mark in the run's folder on {host}", _of_mark(host, "Whose is the run's folder?", judge))


def marker(host: str, made_by: str, removed_by: tuple[str, ...]) -> Marker:
    """The marker of the run's folder on this host, as the guard of every act: it names this holder of the run."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        mark = _mark(replies[0])
        if mark == _marker(facts):
            return so(f"{host}: it says {facts.get('holder')}", "ours")
        if mark is None:
            return not_so(f"{host}: the run's marker is gone", "gone")
        return not_so(_holder(mark, facts), mark[:80])

    def judge_at_removal(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        gone = _mark(replies[0]) is None
        return so(f"{host}: the run's marker is gone", "gone") if gone else judge(facts, replies)

    title = f"The run's marker on {host}"
    guard = Guard(title, _of_mark(host, "Is this run still ours?", judge))
    at_removal = Guard(title, _of_mark(host, "Is this run still ours, or its marker gone?", judge_at_removal))
    return Marker(guard, made_by, removed_by, at_removal)


def _of_mark(host: str, question: str, judge: Callable[[Facts, Sequence[Reply]], Verdict]) -> Probe:
    return probe(question, lambda f: (reads.file_or_absent(host, path(f.get("folder"), "run.txt")),), judge)


def _holder(mark: str, facts: Facts) -> str:
    """Who has the run, by its marker."""
    holder, _, epoch = mark.removeprefix(f"{facts.get('run')} ").rpartition(" epoch ")
    machine, _, place = holder.rpartition(" ")
    return f"{machine or place or mark[:80]} has this run, since epoch {epoch or 'unknown'}"


def _marker(facts: Facts) -> str:
    """`RUN MACHINE PLACE epoch N`: the holder since the epoch in which it took the run."""
    return f"{facts.get('run')} {facts.get('holder')} epoch {facts.get('epoch')}"


def _mark(reply: Reply) -> str | None:
    data = reads.bytes_or_absent(reply)
    return None if data is None else data.decode("utf-8-sig", "replace").strip()  # 5.1 writes a mark and CRLF


def remove_folder(
    step_id: str, host: str, title: str, gate: Gate | None = None, guards: tuple[Guard, ...] = ()
) -> Step:
    """Removes this run's folder, and nothing else."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        there = reads.truth_of(replies[0])
        return not_so(f"{host}: {facts.get('folder')} is there") if there else so(f"{host}: it is gone")

    return Step(
        step_id, title, host,
        goal=probe(f"Is the run's folder gone from {host}?",
                   lambda facts: (reads.exists(host, facts.get("folder")),), judge),
        act=lambda facts: act(
            host, render("Remove-Item -LiteralPath «folder» -Recurse -Force", folder=facts.get("folder")),
            Repeat.SAME_RESULT, usual=2,
        ),
        gate=gate or Gate(Tier.CONFIRM, "Remove the folder", (f"Removes this run's own folder on {host}.",
                                                              "It holds no secret that can be used alone.")),
        guards=guards, why="Key files are not left lying about.", changes=f"1 folder less on {host}",
        way_back="not needed: the files are this run's own", proof="the folder is gone", risk="low", usual=2,
        leaves=f"the run's folder on {host}",
    )  # fmt: skip


def copied(
    step_id: str,
    title: str,
    source_host: str,
    host: str,
    name: str,
    sha: str,
    what: str,
    wanted_by: str,
    undone_by: str,
) -> Step:
    """A file of the run's folder on one host, byte for byte in the run's folder on another.

    `name` is the fact that holds the file's name, `sha` the one that holds its SHA-256.
    """

    def where(facts: Facts) -> Fact:
        return path(facts.get("folder"), facts.get(name, name))

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        data = reads.bytes_or_absent(replies[0])
        wanted = facts.get(sha)
        if data is None:
            return not_so(f"{host}: no such file")
        digest = reads.sha256(data)
        if digest == wanted:
            return so(f"SHA-256 {digest[:8]}…{digest[-8:]} equal on both")
        return mixed(f"{host}: {len(data):,} bytes, SHA-256 {digest[:8]}… is not {str(wanted)[:8]}…")

    return Step(
        step_id, title, host,
        goal=probe(f"Is {what} on {host}, byte for byte?",
                   lambda facts: (reads.file_or_absent(host, where(facts)),), judge),
        act=lambda facts: Copy(source_host, str(where(facts)), host, str(where(facts)),
                               expected=str(facts.get(sha, "hash"))),
        gate=Gate(Tier.CONFIRM, "Copy the file", (f"Adds 1 file on {host}. No VM is touched.",
                                                  "Goes through this computer; its hash is compared here.")),
        why=wanted_by, changes=f"1 file on {host}", way_back="removed with the run's folder", undone_by=undone_by,
        proof=f"the file on {host} read back, its hash equal to the one on {source_host}", risk="low", usual=4,
        no_skip="later steps need this file",
    )  # fmt: skip
