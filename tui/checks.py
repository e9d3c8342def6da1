"""Prerequisites that every scenario on a cluster needs: read-only, each with its value, what it means, its remedy.

A value that nobody has confirmed (an enum text of the update service, say) degrades to a warning, never to "fine".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tui import reads
from tui.core.action import Read, Reply
from tui.core.errors import EstateError
from tui.core.facts import Facts
from tui.core.scenario import Check, Cluster, Finding, Level
from tui.core.verdict import Answered, first_error
from tui.remote.powershell import render, rows

MOC_AGENT = "mochostagent"
MAX_SKEW = 300.0
"""Seconds between two clocks from which Kerberos fails."""
WANTED_MODULE, WANTED_STACK = "1.2.27", "1.14.1.10414"
"""MOC versions that Microsoft's TvmBackupUtils asks for."""

Judge = Callable[[Facts, Sequence[Reply]], Finding]


def ok(evidence: str, **learned: str) -> Finding:
    """As wanted."""
    return Finding(Level.OK, evidence, learned=learned)


def check(
    check_id: str,
    title: str,
    reads_of: Callable[[Facts], Sequence[Read]],
    judge: Judge,
    hosts: tuple[str, ...],
    means: str = "",
    remedy: str = "",
    wanted: str = "",
    otherwise: str = "",
) -> Check:
    """A check whose judge sees replies only: what could not be read is unknown, with the reason as its evidence."""

    def judged(facts: Facts, answers: Sequence[Answered]) -> Finding:
        replies: list[Reply] = []
        for answer in answers:
            why = unread(answer)
            if why:
                return Finding(Level.UNKNOWN, why, means or "It could not be read, so it may not be so.", remedy)
            assert not isinstance(answer, EstateError)
            replies.append(answer)
        try:
            return judge(facts, replies)
        except EstateError as error:
            return Finding(Level.UNKNOWN, error.happened, means, remedy)

    return Check(check_id, title, reads_of, judged, hosts, wanted, otherwise)


def unread(answer: Answered) -> str:
    """Why an answer cannot be judged; empty when it can."""
    if isinstance(answer, EstateError):
        return answer.happened
    return "" if answer.clean else first_error(answer)


def nodes_and_quorum(cluster: Cluster, owners: Sequence[str]) -> Check:
    """Every node Up, those that own the VMs above all, and more than half of the votes present."""
    host = cluster.nodes[0]

    def judge(_: Facts, replies: Sequence[Reply]) -> Finding:
        nodes = rows(replies[0])
        up = [row.text("Name") for row in nodes if row.text("state") == "Up"]
        witness = [f"{row.text('witness')} {row.text('state')}" for row in rows(replies[1])]
        votes = sum(row.number("weight") for row in nodes if row.text("state") == "Up")
        value = f"{len(up)} of {len(nodes)} Up, " + (witness[0] if witness else "no witness")
        if 2 * votes <= sum(row.number("weight") for row in nodes):
            return Finding(Level.STOP, value, "The cluster has no majority: it may stop at any moment.",
                           "Bring a node or the witness back first.")  # fmt: skip
        owner = next((owner for owner in owners if owner not in up), None)
        if owner is not None:
            state = next((row.text("state") for row in nodes if row.text("Name") == owner), "not found")
            return Finding(Level.STOP, f"{owner}: {state}", "The VM is on this node: it cannot be started there.",
                           "Bring the node back (Resume-ClusterNode), or move the VM, then re-read.", owner,
                           render("Resume-ClusterNode -Name «node»", node=owner))  # fmt: skip
        if len(up) < len(nodes) or (witness and not witness[0].endswith("Online")):
            down = [f"{row.text('Name')}: {row.text('state')}" for row in nodes if row.text("state") != "Up"]
            return Finding(Level.WARN, value + ("; " + ", ".join(down) if down else ""),
                           "The VM would start on a cluster that is already weakened.",
                           "Bring the node or the witness back, or give a reason to go on.")  # fmt: skip
        return ok(value)

    return check(
        "nodes", "Nodes and quorum", lambda _: (reads.nodes(host), reads.quorum(host)), judge, (host,),
        wanted="Every node Up, the owner node of the VM among them; the witness Online.",
        otherwise="No majority, or the owner node is not Up: bring it back first (Resume-ClusterNode). Another node or "
        "the witness is away: bring it back, or write down why you go on.",
    )  # fmt: skip


def volumes_online(cluster: Cluster, needs: Sequence[tuple[str, int]]) -> Check:
    """The CSVs that hold the VMs are online and have room for all of them. `needs`: (path, bytes) of each VM."""
    host = cluster.nodes[0]

    def judge(_: Facts, replies: Sequence[Reply]) -> Finding:
        needed: dict[str, int] = {}
        volumes = {row.text("path").lower() + "\\": row for row in rows(replies[0])}
        for where, size in needs:
            volume = next((path for path in volumes if where.lower().startswith(path)), None)
            if volume is None:
                return Finding(Level.UNKNOWN, f"no volume of the cluster holds {where}",
                               "Whether there is room cannot be said.", "Look where the VM's files lie.")  # fmt: skip
            needed[volume] = needed.get(volume, 0) + size
        values: list[str] = []
        for volume, need in needed.items():
            row = volumes[volume]
            free, name = row.number("free"), row.text("Name")
            where = f" on {name}" if len(needed) > 1 else ""
            values.append(f"{gigabytes(free)} free, {gigabytes(need)} needed{where}")
            if row.text("state") != "Online" or row.flag("maintenance"):
                return Finding(Level.STOP, f"{name}: {row.text('state')}", "The VM's disks are not there.",
                               "Bring the volume online.", host,
                               render("Get-ClusterSharedVolume -Name «name»", name=name))  # fmt: skip
            if free < need:
                return Finding(Level.STOP, values[-1], "The start would fail, or fill the volume for every VM on it.",
                               "Free space on this volume, then re-read.")  # fmt: skip
        return ok("; ".join(values))

    return check(
        "csv", "CSV online, space for the VM", lambda _: (reads.volumes(host),), judge, (host,),
        wanted="The volume that holds the VM's folder: state Online, no maintenance, and more bytes free than the VM's "
        "memory.",
        otherwise="Bring the volume online, or free space on it.",
    )  # fmt: skip


def gigabytes(size: int) -> str:
    """`240 GB`, `1.9 TB`."""
    return f"{size / 2**40:.1f} TB" if size >= 2**40 else f"{size / 2**30:.0f} GB"


def no_storage_job(cluster: Cluster) -> Check:
    """No repair, rebalance or regeneration is running."""
    host = cluster.nodes[0]

    def judge(_: Facts, replies: Sequence[Reply]) -> Finding:
        jobs = [f"{row.text('Name')} {row.text('state')} {row.number('percent')} %" for row in rows(replies[0])]
        if not jobs:
            return ok("none")
        return Finding(Level.WARN, ", ".join(jobs), "The start may be slow; a node must not restart meanwhile.",
                       "Wait until it clears by itself, or give a reason to go on.")  # fmt: skip

    return check(
        "storage-jobs", "No storage job running", lambda _: (reads.storage_jobs(host),), judge, (host,),
        wanted="An empty list: [].",
        otherwise="Wait until they clear by themselves, or write down why you go on. No node may restart now.",
    )  # fmt: skip


def no_update_or_drain(cluster: Cluster) -> Check:
    """No solution update and no drain. The update service's texts are assumptions: an unknown one is a warning."""
    host = cluster.nodes[0]

    def judge(_: Facts, replies: Sequence[Reply]) -> Finding:
        drains = [f"{row.text('Name')} drains" for row in rows(replies[0]) if row.text("drain") == "InProgress"]
        if drains:
            return Finding(Level.STOP, ", ".join(drains), "A node is being emptied: the VM would be moved at once.",
                           "Wait for the drain, or resume the node.")  # fmt: skip
        states = [row.text("state") for row in rows(replies[1])]
        state = states[0] if states else "no answer"
        if state == "UpdateInProgress":
            return Finding(Level.STOP, state, "Nodes restart during an update.", "Wait until it has ended.")
        if state not in ("AppliedSuccessfully", "UpdateAvailable"):
            return Finding(Level.WARN, f"update service says {state!r}", "This text is not one that we know.",
                           "Look at the update's state in the portal, or give a reason to go on.")  # fmt: skip
        return ok(f"no drain, updates: {state}")

    return check(
        "updates", "No update or drain running", lambda _: (reads.nodes(host), reads.update_state(host)), judge,
        (host,), wanted="No node with drain InProgress; the update state AppliedSuccessfully or UpdateAvailable.",
        otherwise="Wait for the drain or the update to end. Another text: look at the update in the portal.",
    )  # fmt: skip


def services_run(check_id: str, title: str, hosts: Sequence[str], names: Sequence[str], means: str) -> Check:
    """Each named service runs on each host."""

    def judge(_: Facts, replies: Sequence[Reply]) -> Finding:
        for host, reply in zip(hosts, replies, strict=True):
            status = {row.text("Name"): row.text("status") for row in rows(reply)}
            for name in names:
                if status.get(name) != "Running":
                    return Finding(Level.STOP, f"{host}: {name} {status.get(name, 'not found')}", means,
                                   "Start the service, then re-read.", host,
                                   render("Start-Service -Name «name»", name=name))  # fmt: skip
        return ok(f"{', '.join(hosts)}: Running")

    return check(
        check_id, title, lambda _: [reads.services(h, *names) for h in hosts], judge, tuple(hosts), means,
        wanted=f"{', '.join(names)}: Running, on every host.",
        otherwise="Start the service there (Start-Service), then read again.",
    )  # fmt: skip


def moc_answers(clusters: Sequence[Cluster]) -> Check:
    """MOC's host agents run on every node, and each cluster's cloud agent group is online."""
    hosts = tuple(node for cluster in clusters for node in cluster.nodes)
    heads = tuple(cluster.nodes[0] for cluster in clusters)
    services = services_run("moc", "", hosts, (MOC_AGENT,), "This node cannot take or give a key: the import fails.")

    def judge(facts: Facts, replies: Sequence[Reply]) -> Finding:
        agents = services.judge(facts, replies[: len(hosts)])
        if agents.level is not Level.OK:
            return agents
        for head, reply in zip(heads, replies[len(hosts) :], strict=True):
            cloud = [row for row in rows(reply) if row.text("Name").startswith("ca-")]
            if not cloud or cloud[0].text("state") != "Online":
                state = cloud[0].text("state") if cloud else "not found"
                return Finding(Level.STOP, f"{head}: MOC cloud agent group {state}",
                               "The service that keeps the keys does not answer. MOC = that service.",
                               "Bring the group online, then re-read.", head,
                               'Get-ClusterGroup -Name "ca-*" | Start-ClusterGroup')  # fmt: skip
        return ok(f"{', '.join(hosts)}: Running")

    return check(
        "moc", "MOC agents run on all nodes",
        lambda facts: [*services.reads(facts), *(reads.groups(h) for h in heads)], judge, (*hosts,),
        wanted=f"{MOC_AGENT}: Running, on every host. Of the groups, the one whose name begins with ca-: Online.",
        otherwise="Start the service (Start-Service), or bring the group online (Start-ClusterGroup), then read again.",
    )  # fmt: skip


def moc_versions(hosts: Sequence[str]) -> Check:
    """MOC is as new as Microsoft's own key tools ask for."""

    def judge(_: Facts, replies: Sequence[Reply]) -> Finding:
        seen: list[str] = []
        for host, reply in zip(hosts, replies, strict=True):
            found = rows(reply)
            module, stack = (found[0].text("module"), found[0].text("version")) if found else ("", "")
            seen.append(f"{module} and {stack}")
            if _older(module, WANTED_MODULE) or _older(stack, WANTED_STACK):
                return Finding(Level.WARN, f"{host}: {seen[-1]}",
                               f"Microsoft's key tools ask for {WANTED_MODULE} and {WANTED_STACK}.",
                               "Update the cluster, or give a reason to go on.")  # fmt: skip
        return ok(", ".join(sorted(set(seen))))

    return check(
        "moc-versions", "MOC versions", lambda _: [reads.moc_versions(h) for h in hosts], judge, tuple(hosts),
        wanted=f"module {WANTED_MODULE} or newer, version {WANTED_STACK} or newer.",
        otherwise="Update the cluster, or write down why you go on.",
    )  # fmt: skip


def _older(version: str, wanted: str) -> bool:
    try:
        return [int(part) for part in version.split(".")] < [int(part) for part in wanted.split(".")]
    except ValueError:
        return True


def clocks_agree(hosts: Sequence[str]) -> Check:
    """No two clocks, ours included, are more than five minutes apart."""

    def judge(_: Facts, replies: Sequence[Reply]) -> Finding:
        ahead = {host: _seconds_ahead(reply) for host, reply in zip(hosts, replies, strict=True)}
        spread = max([*ahead.values(), 0.0]) - min([*ahead.values(), 0.0])
        worst = max(ahead, key=lambda host: abs(ahead[host]))
        if spread >= MAX_SKEW:
            way = "ahead" if ahead[worst] > 0 else "behind"
            return Finding(Level.STOP, f"{worst} is {abs(ahead[worst]) / 60:.0f} min {way}",
                           "Sign-in fails above 5 minutes, and the times in the record would not be true.",
                           "Set the clock by the domain's time source, then re-read.", worst,
                           "w32tm /resync")  # fmt: skip
        return ok(f"largest difference {spread:.0f} s")

    return check(
        "clocks", "Clocks within 5 min", lambda _: [reads.host_time(h) for h in hosts], judge, tuple(hosts),
        wanted="No two times, your own watch in UTC included, more than 5 minutes apart.",
        otherwise="Set the clock by the domain's time source (w32tm /resync), then read again.",
    )  # fmt: skip


def _seconds_ahead(reply: Reply) -> float:
    try:
        told = datetime.fromisoformat(str(reply.values[0])[:26].rstrip("Z") + "+00:00")
    except (IndexError, ValueError) as error:
        raise EstateError("The host's clock cannot be read.", raw=repr(reply.values)) from error
    return told.timestamp() - reply.started
