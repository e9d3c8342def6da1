"""The storage below the VMs: waiting until its own repair is over, with how far that has come."""

from __future__ import annotations

from collections.abc import Sequence

from tui import reads
from tui.core.action import Reply
from tui.core.facts import Facts
from tui.core.plan import Step, Wait
from tui.core.scenario import Cluster
from tui.core.verdict import Progress, Verdict, probe, running, so
from tui.remote.powershell import rows

REPAIR_WAIT = Wait(deadline=7_200, every=30)
"""Two hours for a repair; its percentage does not change more often than every half minute."""
GIB = 2**30


def calm(cluster: Cluster) -> Step:
    """No repair, rebalance or regeneration runs: a start meanwhile is slow, and no node may restart. Only reads."""
    host = cluster.nodes[0]

    def judge(facts: Facts, replies: Sequence[Reply]) -> Verdict:
        jobs = rows(replies[0])
        if not jobs:
            return so(f"{cluster.name}: none")
        text = ", ".join(f"{job.text('Name')} {job.text('state')} {job.number('percent')} %" for job in jobs)
        if facts.known("override:storage-jobs"):
            return so(f"{text}; you gave a reason to go on")
        done, total = sum(job.number("done") for job in jobs), sum(job.number("total") for job in jobs)
        return running(f"{cluster.name}: {text}", Progress(done / GIB, total / GIB, "GB") if total else None)

    return Step(
        "storage-calm", "Wait until no storage job runs", host,
        goal=probe(f"Does no storage job run on {cluster.name}?", lambda _: (reads.storage_jobs(host),), judge),
        wait=REPAIR_WAIT, why="During a repair a start is slow, and no node may restart.",
        proof="Get-StorageJob lists none", usual=2,
        remedy="Look at the storage pool and its disks (Get-PhysicalDisk). A repair goes on by itself.",
    )  # fmt: skip
