"""Is the source dead? Two copies of one VM must never run; silence on one network is no proof of death.

Ports asked from this computer and from a node of the target are one path together. Out of band is, for now, a named
witness: what they saw, and when.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui import reads
from tui.core.action import Reach, Read, Reply
from tui.core.errors import EstateError
from tui.core.facts import Facts
from tui.core.plan import Attest, Guard, Step
from tui.core.question import Blank
from tui.core.scenario import Cluster
from tui.core.verdict import Answered, Probe, Verdict, mixed, not_so, so, unreadable

PORTS = (5985, 445)
"""WinRM and SMB: what a living node answers on."""
SILENT = "silent"
"""The condition of a source that answers on no path."""


def copy_runs(source: Cluster) -> Probe:
    """SO: a node of the source shows the VM Off and none shows it running. NOT SO: nothing was read. MIXED: it lives.

    A node that answers on a port but cannot be read is alive: that is MIXED, never silence.
    """

    def asked(_: Facts) -> Sequence[Read]:
        return [*(reads.vms(node) for node in source.nodes), *(Reach(node, PORTS) for node in source.nodes)]

    def judge(facts: Facts, answers: Sequence[Answered]) -> Verdict:
        count = len(source.nodes)
        off: list[str] = []
        alive: list[str] = []
        for node, said, reached in zip(source.nodes, answers[:count], answers[count:], strict=True):
            open_ports = _open(reached)
            if isinstance(said, EstateError) or not said.clean:
                if open_ports:
                    alive.append(f"{node} answers on port {open_ports[0]}, but cannot be read")
                continue
            state = reads.found(str(facts.get("vm_id")), (node,), (said,))
            if state is not None and state.state == "Off":
                off.append(f"{node}: {state.name} Off")
            else:
                alive.append(f"{node} answers" + (f": {state.name} {state.state}" if state else ": no VM of this ID"))
        running = [text for text in alive if "no VM of this ID" not in text]
        if off and not running:
            return so(", ".join(off), "off")
        if alive:
            return mixed(f"{source.name} is not dead. " + "; ".join(alive), "alive: " + "; ".join(alive))
        return not_so(f"{source.name}: no answer from {', '.join(source.nodes)}", SILENT)

    def impossible(_: Facts, __: Sequence[Reply]) -> Verdict:
        return unreadable("not asked")

    return Probe(f"Does no copy run on {source.name}?", asked, impossible, tolerant=judge)


def _open(answer: Answered) -> list[int]:
    if isinstance(answer, EstateError):
        return []
    return [int(value["port"]) for value in answer.values if value.get("open")]


def still_silent(source: Cluster) -> Guard:
    """Guard: nothing on the source has come back since the question."""
    inner = copy_runs(source)

    def judge(facts: Facts, answers: Sequence[Answered]) -> Verdict:
        verdict = inner.judged(facts, answers)
        if verdict.condition in (SILENT, "off"):
            return so(verdict.evidence, verdict.condition)
        return verdict

    return Guard(
        f"{source.name} shows no running copy",
        Probe(inner.question, inner.reads, inner.judge, tolerant=judge),
        f"{source.name} is not dead. Two copies would write, and one set of data would be lost.",
    )


def _proof_from_here(source: Cluster) -> Guard:
    def judge(_: Facts, answers: Sequence[Answered]) -> Verdict:
        answering = [node for node, answer in zip(source.nodes, answers, strict=True) if _open(answer)]
        if answering:
            return not_so(f"{', '.join(answering)} answers", "answers")
        return so(f"{', '.join(source.nodes)}: no answer on TCP {' and '.join(map(str, PORTS))}", SILENT)

    return Guard(
        "Proof 1, this network, asked from this computer",
        Probe("Does the source answer from here?", lambda _: [Reach(node, PORTS) for node in source.nodes],
              lambda _f, _r: unreadable("not asked"), tolerant=judge),
    )  # fmt: skip


def _proof_from(host: str, source: Cluster) -> Guard:
    def judge(_: Facts, replies: Sequence[Reply]) -> Verdict:
        answering = [n for n, reply in zip(source.nodes, replies, strict=True) if reads.truth_of(reply)]
        if answering:
            return not_so(f"{', '.join(answering)} answers", "answers")
        return so(f"{', '.join(source.nodes)}: no answer on TCP {PORTS[0]}", SILENT)

    return Guard(
        f"Proof 1, the same network, asked from {host}",
        Probe(f"Does the source answer from {host}?",
              lambda _: [reads.port_from(host, node, PORTS[0]) for node in source.nodes], judge),
    )  # fmt: skip


def is_dead(source: Cluster, asked_from: str, vm: str) -> Step:
    """Always typed, unless this run read the VM Off on the source."""

    def lines(facts: Facts) -> tuple[str, ...]:
        told = facts.known("drill_witness")
        return (
            f"{vm} last ran on {source.name}. If it still runs there and starts here too, both copies write and one "
            "set of data is lost. No tool can merge them.",
            "Both readings below are one path: they also fit a site that is alive and only cut off from this network.",
            "Not read: power supply, remote management board (not in the site file).",
            "Proof 2, out of band: a person who saw it. Without one, this stands as not proved.",
            *((f"This drill's story: {told}",) if told else ()),
            "We would send someone, or have the power cut, before answering.",
        )

    return Step(
        "source-dead", f"Is {source.name} dead?", asked_from, goal=copy_runs(source),
        attest=Attest(
            lines, "It is dead", f"{source.name} IS DEAD",
            blanks=(
                Blank("witness", "Witness", "who saw it"),
                Blank("saw", "What they saw, and when", "e.g. both nodes without power, 02:31 UTC"),
            ),
            proofs=(_proof_from_here(source), _proof_from(asked_from, source)),
        ),
        why="Two copies of one VM must never run at the same time.", risk="high", usual=30,
        changes="nothing: your word, on record", way_back="the next step still asks",
        proof="your word, with its proofs or their absence",
        no_skip="without it two copies could run",
    )  # fmt: skip
