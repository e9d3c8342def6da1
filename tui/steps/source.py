"""Is the source dead? Two copies of one VM must never run; silence on one network is no proof of death.

Ports asked from this computer and from a node of the target are one path together. Out of band is, for now, a named
witness: what they saw, and when.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui import reads
from tui.core.action import Kind, Reach, Read, Reply
from tui.core.errors import EstateError, Unreachable
from tui.core.events import Outcome
from tui.core.facts import Facts
from tui.core.plan import Attest, Guard, Step
from tui.core.question import Blank
from tui.core.scenario import Cluster
from tui.core.verdict import Answered, Probe, Truth, Verdict, mixed, not_so, probe, so, unreadable
from tui.steps.wanted import wanted

PORTS = (5985, 445)
"""WinRM and SMB: what a living node answers on."""
SILENT, PART, OFF = "silent", "in part", "off"
"""Conditions: no node answers; some were read and do not run the VM, the rest is silent; all were read so."""


def copy_runs(source: Cluster) -> Probe:
    """SO: every node of the source was read and shows the VM Off. NOT SO: every node is silent. MIXED: it lives.

    Silence is a refused or unanswered connection, and nothing else: a node that answers and cannot be read is alive,
    and a name that cannot be resolved says nothing at all.
    """

    def asked(_: Facts) -> Sequence[Read]:
        return [*(reads.vms(node) for node in source.nodes), *(Reach(node, PORTS) for node in source.nodes)]

    def judge(facts: Facts, answers: Sequence[Answered]) -> Verdict:
        count = len(source.nodes)
        seen = [
            _node(node, _ids(facts), said, reached)
            for node, said, reached in zip(source.nodes, answers[:count], answers[count:], strict=True)
        ]
        text = "; ".join(one.evidence for one in seen)
        truths = {one.truth for one in seen}
        if truths == {Truth.SO}:
            return so(text, OFF)
        if truths == {Truth.NOT_SO}:
            return not_so(f"{source.name}: no answer from {', '.join(source.nodes)}", SILENT)
        if Truth.MIXED in truths:
            return mixed(f"{source.name} is not dead. {text}", f"alive: {text}")
        if Truth.UNREADABLE in truths:
            return unreadable(text)
        return not_so(f"Only a part of {source.name} was read. {text}", PART)

    return Probe(f"Is it known that no copy runs on {source.name}?", asked, judge)


def _ids(facts: Facts) -> tuple[str, ...]:
    """The VMs in question: the lane's own, or all."""
    own = facts.known("vm_id")
    return (own,) if own is not None else tuple(vm.get(facts, "vm_id") for vm in wanted(facts))


def _node(node: str, vm_ids: Sequence[str], said: Answered, reached: Answered) -> Verdict:
    """One node: SO (the VMs are Off or not there), NOT SO (silent), MIXED (alive), UNREADABLE."""
    if isinstance(said, EstateError):
        ports = _open(reached)
        if ports is None:
            return unreadable(f"{node} cannot be asked: {said.happened}")
        if ports or not isinstance(said, Unreachable):
            where = f" on port {ports[0]}" if ports else ""
            return mixed(f"{node} answers{where}, but cannot be read: {said.happened}")
        return not_so(f"{node}: no answer")
    if not said.clean:
        return mixed(f"{node} answers, but its VMs cannot be read")
    seen = [vm for vm_id in vm_ids if (vm := reads.found(vm_id, (node,), (said,))) is not None]
    if not seen:
        return so(f"{node}: no VM of this ID")
    awake = [vm for vm in seen if vm.state != "Off"]
    text = ", ".join(f"{vm.name} {vm.state}" for vm in awake or seen)
    return mixed(f"{node} answers: {text}") if awake else so(f"{node}: {text}")


def _open(answer: Answered) -> list[int] | None:
    """The ports that answer; None where it could not be asked, which is not silence."""
    if isinstance(answer, EstateError):
        return None
    return [int(value["port"]) for value in answer.values if value.get("open")]


def still_silent(source: Cluster) -> Guard:
    """Guard: the source is as when this run asked whether it is dead; silence alone needs the operator's word."""
    inner = copy_runs(source)

    def judge(facts: Facts, answers: Sequence[Answered]) -> Verdict:
        verdict = inner.judge(facts, answers)
        if verdict.condition == OFF:
            return so(verdict.evidence, OFF)
        if verdict.condition not in (SILENT, PART):
            return verdict
        if facts.known("outcome:source-dead") == Outcome.ATTESTED:
            return so(f"{_word(facts)}. {verdict.evidence}", f"attested: {_word(facts)}: {verdict.condition}")
        return not_so(f"{verdict.evidence}; it was read before, and nobody has said that it is dead", "went silent")

    return Guard(
        f"{source.name} shows no running copy",
        Probe(inner.question, inner.reads, judge),
        f"{source.name} may run the VM. Two copies would write, and one set of data would be lost. Stop here and take "
        "the run up again: it asks anew whether the source is dead.",
    )


def _word(facts: Facts) -> str:
    """Whose word stands for the source being dead, and how far it reaches."""
    by, witness = facts.known("by:source-dead") or "somebody", facts.known("witness:source-dead")
    if witness and "not proved" not in witness:
        return f"said by {by}; {witness}"
    return f"not proved: only the word of {by}" + (f"; {witness}" if witness else ", no witness")


def silent_from_here(source: Cluster) -> Guard:
    """Proof 1, first half: nothing of the source answers this computer."""

    def judge(_: Facts, answers: Sequence[Answered]) -> Verdict:
        ports = [_open(answer) for answer in answers]
        if None in ports:
            return unreadable(f"{source.name}: its addresses are not known here")
        answering = [node for node, found in zip(source.nodes, ports, strict=True) if found]
        if answering:
            return not_so(f"{', '.join(answering)} answers", "answers")
        return so(f"{', '.join(source.nodes)}: no answer on TCP {' and '.join(map(str, PORTS))}", SILENT)

    return Guard(
        "Proof 1, this network, asked from this computer",
        Probe("Does the source answer from here?", lambda _: [Reach(node, PORTS) for node in source.nodes],
              judge),
    )  # fmt: skip


def silent_from(host: str, source: Cluster) -> Guard:
    """Proof 1, second half: nothing of the source answers a node of the target. An unknown name is no silence."""

    def judge(_: Facts, replies: Sequence[Reply]) -> Verdict:
        unknown = [n for n, reply in zip(source.nodes, replies, strict=True) if _unresolved(reply)]
        if unknown:
            return unreadable(f"{host} does not know the name {', '.join(unknown)}")
        answering = [n for n, reply in zip(source.nodes, replies, strict=True) if reads.truth_of(reply)]
        if answering:
            return not_so(f"{', '.join(answering)} answers", "answers")
        return so(f"{', '.join(source.nodes)}: no answer on TCP {PORTS[0]}", SILENT)

    return Guard(
        f"Proof 1, the same network, asked from {host}",
        probe(f"Does the source answer from {host}?",
              lambda _: [reads.port_from(host, node, PORTS[0]) for node in source.nodes], judge),
        f"{source.name} answers {host}: it is not dead.",
    )  # fmt: skip


def _unresolved(reply: Reply) -> bool:
    warnings = [record.text.lower() for record in reply.records if record.kind is Kind.WARNING]
    return any("name resolution" in text for text in warnings)


def is_dead(source: Cluster, asked_from: str, vms: Sequence[str]) -> Step:
    """Always typed, unless this run read the VM Off on the source."""

    def lines(facts: Facts) -> tuple[str, ...]:
        told = facts.known("drill_witness")
        return (
            f"{', '.join(vms)} last ran on {source.name}. If {'it' if len(vms) == 1 else 'one of them'} still runs "
            "there and starts here too, both copies write and one set of data is lost. No tool can merge them.",
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
            proofs=(silent_from_here(source), silent_from(asked_from, source)),
        ),
        why="Two copies of one VM must never run at the same time.", risk="high", usual=30,
        changes="nothing: your word, on record", way_back="the next step still asks",
        proof="your word, with its proofs or their absence",
        no_skip="without it two copies could run", expires_before="start",
    )  # fmt: skip
