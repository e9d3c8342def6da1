"""The virtual machine itself: found by its ID on any node, kept from starting by itself, made available, started.

Only the start of a Trusted Launch VM proves its key. It is proved by the heartbeat, read three times in a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tui import reads
from tui.core.action import PowerShell, Repeat, Reply
from tui.core.facts import Facts
from tui.core.plan import Gate, Guard, Step, Tier, Wait
from tui.core.scenario import Cluster
from tui.core.verdict import Probe, Verdict, mixed, not_so, probe, running, so
from tui.remote.powershell import render, rows
from tui.steps.files import act

VM, VM_ID, OWNER = "vm", "vm_id", "owner"
HEALTHY = ("OkApplicationsHealthy", "OkApplicationsUnknown")
"""Heartbeats that say the guest answers (Get-VM's VMHeartbeatStatus)."""
START_WAIT = Wait(deadline=300, every=20, dwell=3)
"""Five minutes for a guest to come up; three readings over a minute, for states that flap."""


def read_id(target: Cluster, owner: str) -> Step:
    """Reads the VM ID twice, as documented: from Hyper-V, and from the configuration file's name."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        said = str(replies[0].values[0]).lower() if replies[0].values else ""
        wanted = str(facts.get(VM_ID))
        files = [row.text("FullName") for row in rows(replies[1])]
        named = [path for path in files if path.lower().endswith(f"{wanted}.vmcx")]
        if said != wanted:
            return mixed(f"{owner} gives {said or 'nothing'}, not {wanted}")
        if not named:
            return mixed(f"{owner} gives {said}, but no configuration file of that name was found")
        return so(f"{said}, as its configuration file is named")

    return Step(
        "vm-id", "Read the VM ID", owner,
        goal=probe(
            "What is the VM ID?",
            lambda facts: (
                reads.ask(owner, render("[string](Get-VM -Name «vm»).vmid", vm=facts.get(VM))),
                reads.files_under(owner, str(facts.get("location"))),
            ), judge,
        ),
        why="The key carries the VM ID as its name.", proof="both are equal",
        no_skip="the key is named by it",
    )  # fmt: skip


def is_off(target: Cluster) -> Probe:
    """The VM is Off on the node where the plan has it."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        vm = reads.found(str(facts.get(VM_ID)), target.nodes, replies)
        if vm is None:
            return not_so(f"{target.name}: no VM of this ID", "gone")
        condition = f"{vm.node} {vm.state}"
        if vm.node != facts.get(OWNER):
            moved = not_so(f"{vm.node}, {vm.state}; the plan has it on {facts.get(OWNER)}", condition)
            return replace(moved, instead={OWNER: vm.node}) if vm.state == "Off" else moved
        return so(f"{vm.node}: Off", condition) if vm.state == "Off" else not_so(f"{vm.node}: {vm.state}", condition)

    return probe(f"Is the VM Off on {target.name}?", lambda _: [reads.vms(node) for node in target.nodes], judge)


def off_guard(target: Cluster, broken: str) -> Guard:
    """Guard: the VM is Off where the plan has it. Off on another node, the plan can follow it there."""
    return Guard("The VM is Off", is_off(target), broken, "what follows for this VM is done where it is now")


def no_autostart(target: Cluster, owner: str) -> Step:
    """Sets AutomaticStartAction to Nothing; the value before becomes a fact."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        vm = reads.found(str(facts.get(VM_ID)), target.nodes, replies)
        if vm is None:
            return mixed(f"{target.name}: no VM of this ID")
        before = {} if facts.known("autostart") else {"autostart": vm.autostart}
        text = f"{vm.node}: AutomaticStartAction {vm.autostart}"
        return so(text, **before) if vm.autostart == "Nothing" else not_so(text, **before)

    return Step(
        "autostart-off", "Keep the VM from starting by itself", owner,
        goal=_on(target, "Does the VM never start by itself?", judge),
        act=lambda facts: act(
            owner, render("Get-VM -Id «id» | Set-VM -AutomaticStartAction Nothing", id=facts.get(VM_ID, "VM ID")),
            Repeat.SAME_RESULT, usual=3,
        ),
        gate=Gate(Tier.CONFIRM, "Set it to Nothing", ("Changes 1 setting of 1 VM. The VM stays Off.",
                                                      "The value before is kept and set back at the end.")),
        guards=(off_guard(target, "It must not run while this is changed."),), undo=_autostart_undo(target, owner),
        why="Started before its key, the system would make a wrong key.", changes="1 setting of 1 VM",
        way_back="set back at the end, or by undo", proof="the setting, read back", risk="low", usual=3,
        no_skip="the VM could start before its key",
    )  # fmt: skip


def autostart_back(target: Cluster, owner: str, step_id: str = "autostart-back") -> Step:
    """Sets AutomaticStartAction back to the value that it had."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        vm = reads.found(str(facts.get(VM_ID)), target.nodes, replies)
        if vm is None:
            return mixed(f"{target.name}: no VM of this ID")
        text = f"{vm.node}: AutomaticStartAction {vm.autostart}"
        return so(text) if vm.autostart == facts.get("autostart", "value before") else not_so(text)

    return Step(
        step_id, "Set AutomaticStartAction back", owner,
        goal=_on(target, "Has the VM its own start action again?", judge),
        act=lambda facts: act(
            owner,
            render("Get-VM -Id «id» | Set-VM -AutomaticStartAction «value»", id=facts.get(VM_ID, "VM ID"),
                   value=facts.get("autostart", "value before")), Repeat.SAME_RESULT, usual=3,
        ),
        gate=Gate(Tier.CONFIRM, "Set it back",
                  ("Changes 1 setting of 1 VM, back to what it was.",
                   "The VM may then start by itself again, as it could before this run.")),
        why="The VM is left as it was found.", changes="1 setting of 1 VM", way_back="not needed",
        proof="the setting, read back", risk="low", usual=3,
        leaves="AutomaticStartAction of the VM: Nothing, as this run set it",
    )  # fmt: skip


def _autostart_undo(target: Cluster, owner: str) -> Step:
    return autostart_back(target, owner, "undo-autostart-off")


def _on(target: Cluster, question: str, judge: Callable[[Facts, Sequence[Reply]], Verdict]) -> Probe:
    return probe(question, lambda _: [reads.vms(node) for node in target.nodes], judge)


def cluster_role(target: Cluster, owner: str, guards: tuple[Guard, ...]) -> Step:
    """Makes the VM highly available. Its group is found by the VM ID, and its name becomes a fact."""

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        row = reads.cluster_vm(str(facts.get(VM_ID)), replies[0])
        if row is None:
            return not_so(f"{target.name}: no clustered role for this VM")
        return so(f"{target.name}: group {row.text('group')}, {row.text('state')}", group=row.text("group"))

    return Step(
        "cluster-role", "Make the VM highly available", owner,
        goal=probe("Is the VM highly available?", lambda _: (reads.cluster_vms(owner),), judge),
        act=lambda facts: act(
            owner, render("Add-ClusterVirtualMachineRole -VMId «id»", id=facts.get(VM_ID, "VM ID")),
            Repeat.NEVER, usual=20,
        ),
        gate=Gate(Tier.CONFIRM, "Make it highly available", (f"Adds 1 role on {target.name}. The VM stays Off.",
                                                             "Can be undone until the VM is started.")),
        guards=guards, undo=_no_role(target, owner),
        why="A VM that is not highly available stays down with its node.", changes=f"1 role on {target.name}",
        way_back="the role can be removed again; the VM stays", proof="a resource with this VM's ID", risk="low",
        usual=20, no_skip="the VM is started through its role",
        remedy="If access is denied, the cluster asks for a second hop (CredSSP): "
        "do it by hand at the host.",
    )  # fmt: skip


def _no_role(target: Cluster, owner: str) -> Step:
    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        row = reads.cluster_vm(str(facts.get(VM_ID)), replies[0])
        return so(f"{target.name}: no clustered role for this VM") if row is None else not_so(row.text("group"))

    return Step(
        "undo-cluster-role", "Remove the clustered role", owner,
        goal=probe("Is the role gone?", lambda _: (reads.cluster_vms(owner),), judge),
        act=lambda facts: act(
            owner, render("Remove-ClusterGroup -Name «group» -RemoveResources -Force", group=facts.get("group")),
            Repeat.NEVER, usual=10,
        ),
        gate=Gate(Tier.TYPED, "Remove the role", ("Removes 1 role; the VM and its files stay.",), phrase="REMOVE ROLE"),
        guards=(off_guard(target, "It must not run while this is changed."),),
        why="Back to where this run began.", changes="1 role less", way_back="add it again",
        proof="no resource with this VM's ID", risk="medium", usual=10,
    )  # fmt: skip


def running_state(target: Cluster) -> Probe:
    """The VM runs on one of the nodes and its guest answers. Half-way states wait; a failed group is final."""

    def asked(facts: Facts) -> Sequence[PowerShell]:
        head = target.nodes[0]
        records = reads.hyperv_records(str(facts.get(OWNER)), str(facts.get(VM_ID)))
        return [*(reads.vms(node) for node in target.nodes), reads.cluster_vms(head), *records]

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        count = len(target.nodes)
        vm = reads.found(str(facts.get(VM_ID)), target.nodes, replies[:count])
        if vm is None:
            return mixed(f"{target.name}: no VM of this ID")
        if vm.state in ("Starting", "Running"):
            text = f"{vm.node}: {vm.state}, heartbeat {vm.heartbeat or 'none yet'}"
            if vm.state == "Running" and vm.heartbeat in HEALTHY:
                return so(text, f"{vm.node} Running", owner=vm.node)
            return running(text)
        role = reads.cluster_vm(str(facts.get(VM_ID)), replies[count])
        text = f"{vm.node}: {vm.state}" + (f", role {role.text('state')}" if role else "")
        failed = role is not None and role.text("state") == "Failed"
        records = reads.errors_in(replies[count + 1 :]) if failed or facts.known("sent:start") else ()
        text += f". Hyper-V wrote: {'; '.join(records)}" if records else ""
        return mixed(text) if failed else not_so(text)

    return probe("Does the VM run, and does its guest answer?", asked, judge)


def start(target: Cluster, owner: str, vm: str, usual: str, guards: tuple[Guard, ...]) -> Step:
    """Starts the VM: the point of no return. Proved by three heartbeats in a row."""
    return Step(
        "start", f"Start {vm}, prove its heartbeat", owner, goal=running_state(target),
        act=lambda facts: act(
            owner, render("Start-ClusterGroup -Name «group»", group=facts.get("group", "group of the VM")),
            Repeat.NEVER, usual=40, deadline=180,
        ),
        gate=Gate(Tier.TYPED, "Start the VM",
                  (f"Starts 1 VM on {target.name}: {vm}. Users reach it in {usual}.",
                   f"Cannot be undone: from here {target.name} has the newest data. Going back loses what users write "
                   "from now on."), phrase=vm),
        guards=guards, wait=START_WAIT, no_return=True, risk="high", usual=60,
        why="Only the start proves the key.", changes=f"1 VM runs on {target.name}", way_back="none",
        proof="Running, and three heartbeats in a row", no_skip="it is what this run is for",
        remedy="Never start it again before you know why. What Hyper-V wrote is below; a key that could not be "
        "unwrapped is the wrong one: stop here and begin a new run, it repairs that.",
    )  # fmt: skip
