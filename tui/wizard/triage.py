"""What happened? Four questions that a person in an outage can answer; what hosts can say is read, not asked.

Pure but for `look`: the questions are functions of what was read and what was told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tui import reads
from tui.core.action import Estate, Reach, Read
from tui.core.clock import hms
from tui.core.errors import EstateError
from tui.core.front import Recommendation, Triage, TriageOption
from tui.core.scenario import Cluster, Scenario, Site
from tui.core.verdict import Answered, read_all
from tui.steps.source import PORTS

QUESTIONS = (
    ("vm", "Which VM is missed?"),
    ("cluster", "Is its original cluster alive?"),
    ("trusted", "Is the VM Trusted Launch?"),
    ("azure", "Is it replicated to Azure?"),
)
SEVERAL = "Several of them"
"""The answer after which the VMs are chosen one by one, as inputs."""
NOT_HERE = "not part of this version: it leads nowhere"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the hosts answered. `at` is site time."""

    at: float
    vms: tuple[reads.Vm, ...] = ()
    nodes: Mapping[str, str] = field(default_factory=dict)
    """Node → `answers` or `no answer`."""
    trusted: Mapping[str, bool] = field(default_factory=dict)
    """VM → whether it has a virtual TPM, where that was read."""

    @property
    def restored(self) -> tuple[reads.Vm, ...]:
        """VMs whose files are there and that nobody has started: Off, and not clustered."""
        return tuple(vm for vm in self.vms if vm.state == "Off" and not vm.clustered)

    def meant(self, answer: str) -> tuple[str, ...]:
        """The VMs that an answer to "Which VM is missed?" means: one, or all that are restored and Trusted Launch."""
        if answer != SEVERAL:
            return (answer,)
        return tuple(vm.name for vm in self.restored if self.trusted.get(vm.name))

    def alive(self, cluster: Cluster) -> bool:
        """Whether any node of it answers."""
        return any(self.nodes.get(node) == "answers" for node in cluster.nodes)


async def look(site: Site, estate: Estate, now: float) -> Seen:
    """Ask every node for its VMs and its ports, side by side."""
    nodes = [node for cluster in site.clusters if not cluster.backup_vault for node in cluster.nodes]
    asked: list[Read] = [*(reads.vms(node) for node in nodes), *(Reach(node, PORTS) for node in nodes)]
    answers = await read_all(asked, estate)
    found: list[reads.Vm] = []
    states: dict[str, str] = {}
    for node, said, reached in zip(nodes, answers[: len(nodes)], answers[len(nodes) :], strict=True):
        states[node] = "answers" if _answers(said) or _answers(reached, ports=True) else "no answer"
        if not isinstance(said, EstateError) and said.clean:
            found.extend(reads.vms_of(said, node))
    candidates = [vm for vm in found if vm.generation == 2 and vm.state == "Off"]
    tpm = await read_all([reads.trusted_launch(vm.node, vm.id) for vm in candidates], estate)
    trusted = {
        vm.name: reads.truth_of(answer)
        for vm, answer in zip(candidates, tpm, strict=True)
        if not isinstance(answer, EstateError) and answer.clean
    }
    return Seen(now, tuple(found), states, trusted)


def _answers(answer: Answered, *, ports: bool = False) -> bool:
    if isinstance(answer, EstateError):
        return False
    return any(value.get("open") for value in answer.values) if ports else True


def origin(site: Site, seen: Seen, answer: str) -> Cluster | None:
    """The cluster where the VMs were: the one that does not hold their restored files."""
    holds = {found.node for found in seen.vms if found.name in seen.meant(answer)}
    others = [c for c in site.clusters if not c.backup_vault and not holds & set(c.nodes)]
    silent = [c for c in others if not seen.alive(c)]
    return (silent or others or [None])[0]  # type: ignore[list-item]


def question(name: str, site: Site, seen: Seen, told: Mapping[str, tuple[str, str]]) -> Triage:
    """The question of this name. `told` holds (answer, how) by question name."""
    number = [key for key, _ in QUESTIONS].index(name) + 1
    text = dict(QUESTIONS)[name]
    vm = told.get("vm", ("", ""))[0]
    original = origin(site, seen, vm)
    if name == "cluster" and original is not None:
        text = f"Is its original cluster, {original.name}, alive?"
    readings, options = _ASK[name](site, seen, vm, original)
    return Triage(
        number, len(QUESTIONS), text, readings, options,
        tuple((dict(QUESTIONS)[key], label, how) for key, (label, how) in told.items()),
        tuple((q, "read for you" if key == "trusted" else "") for key, q in QUESTIONS[number:]),
    )  # fmt: skip


def _ask_vm(site: Site, seen: Seen, _: str, __: Cluster | None) -> tuple[tuple[str, ...], tuple[TriageOption, ...]]:
    silent = [c.name for c in site.clusters if not c.backup_vault and not seen.alive(c)]
    lines = [f"Read at {hms(seen.at)}   {len(seen.vms)} VMs on the nodes that answer"]
    lines += [f"{name} cannot be asked which VMs it had: no answer"] if silent and (name := ", ".join(silent)) else []
    several = seen.meant(SEVERAL)
    best = several if len(several) == 1 else ()
    options = [_vm_option(vm, seen, best=vm.name in best) for vm in sorted(seen.restored, key=lambda vm: vm.name)]
    if len(several) > 1:
        text = f"{len(several)} Trusted Launch VMs are Off and not clustered; you choose among them next"
        options.insert(0, TriageOption("*", SEVERAL, text, "their files are restored, none is started"))
    other = TriageOption("?", "Another one", nowhere="its files must be restored and the VM registered on a node first")
    return tuple(lines), (*options, other)


def _vm_option(vm: reads.Vm, seen: Seen, *, best: bool) -> TriageOption:
    text = f"{vm.node}: Off, not clustered" + (", Trusted Launch" if seen.trusted.get(vm.name) else "")
    return TriageOption(vm.name, vm.name, text, "its files are restored, it is not started" if best else "")


def _ask_cluster(
    _: Site, seen: Seen, __: str, original: Cluster | None
) -> tuple[tuple[str, ...], tuple[TriageOption, ...]]:
    nodes = original.nodes if original else ()
    alive = original is not None and seen.alive(original)
    lines = ["Read at " + hms(seen.at) + "".join(f"   {node} {seen.nodes.get(node, 'not asked')}" for node in nodes)]
    lines.append(
        "That proves: something of it lives." if alive
        else "That proves: cannot be reached from here. It does not prove: dead."
    )  # fmt: skip
    other = "restore on another cluster"
    return tuple(lines), (
        TriageOption("alive", "It is alive", "restore in place, the VM keeps its Azure link",
                     nowhere="not part of this version: restore it there with your backup tool"),
        TriageOption("lost", "It is lost for good", f"{other}. You will show two proofs before the start."),
        TriageOption("unknown", "I do not know", f"{other}, guarded as if it could come back.",
                     "" if alive else "until somebody has seen it"),
    )  # fmt: skip


def _ask_trusted(_: Site, seen: Seen, vm: str, __: Cluster | None) -> tuple[tuple[str, ...], tuple[TriageOption, ...]]:
    read = _trusted(seen, vm)
    lines = (f"Read at {hms(seen.at)}   " + ("virtual TPM on" if read else "no virtual TPM" if read is False else
             "not read: no answer"),)  # fmt: skip
    return lines, (
        TriageOption("yes", "Yes, its own key protects it", "Trusted Launch key restore", "read from its host" if read
                     else ""),
        TriageOption("no", "No", "cross-cluster restore", nowhere=NOT_HERE),
    )  # fmt: skip


def _ask_azure(_: Site, __: Seen, ___: str, ____: Cluster | None) -> tuple[tuple[str, ...], tuple[TriageOption, ...]]:
    return ("Azure is not asked in this version: your answer counts.",), (
        TriageOption("no", "No", "restore on site", "Azure Site Recovery does not support Trusted Launch"),
        TriageOption("unknown", "I do not know", "restore on site"),
        TriageOption("yes", "Yes, by Azure Site Recovery", "failover to Azure", nowhere=NOT_HERE),
    )  # fmt: skip


_ASK = {"vm": _ask_vm, "cluster": _ask_cluster, "trusted": _ask_trusted, "azure": _ask_azure}


def _trusted(seen: Seen, answer: str) -> bool | None:
    """Whether all that are meant have a virtual TPM; None where that was not read."""
    read = [seen.trusted.get(name) for name in seen.meant(answer)]
    return None if None in read else all(read)


def by_itself(name: str, seen: Seen, told: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """An answer that the program could read: (key, label). It can be opened again by going back."""
    if name == "trusted" and _trusted(seen, told["vm"][0]):
        return "yes", "Yes, its own key protects it"
    return None


def recommend(
    site: Site, seen: Seen, told: Mapping[str, tuple[str, str]], scenarios: Sequence[Scenario]
) -> Recommendation:
    """Which scenario fits the answers."""
    vm = told["vm"][0]
    original, meant = origin(site, seen, vm), seen.meant(vm)
    one = len(meant) == 1
    name = original.name if original else "the original cluster"
    nodes = ", ".join(dict.fromkeys(v.node for v in seen.vms if v.name in meant))
    scenario = next((s for s in scenarios if s.id == "trusted-launch"), None)
    return Recommendation(
        scenario,
        (
            (f"{name}: {told['cluster'][0]}", told["cluster"][1]),
            (f"{vm if one else ', '.join(meant)}: Trusted Launch (virtual TPM)", told["trusted"][1]),
            (f"{'Its' if one else 'Their'} files lie on {nodes}, Off", f"read {hms(seen.at)}"),
        ),
        (
            ("Restore in place", f"{name} does not answer, or is lost"),
            ("Failover to Azure (ASR)", "no Trusted Launch support"),
        ),
        (f"{vm if one else 'Each'} runs, but Azure cannot manage it (Microsoft, 18 Mar 2025).",),
    )
