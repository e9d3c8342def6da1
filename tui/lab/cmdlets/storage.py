"""Storage: repair jobs and volumes."""

from __future__ import annotations

import ntpath
from collections.abc import Iterable, Mapping

from tui.lab.cmdlet import Call, Cmdlet, Streams
from tui.lab.cmdlets.act import texts
from tui.lab.cmdlets.shape import shaped
from tui.lab.site import Site
from tui.lab.site.infrastructure import GIB
from tui.lab.site.model import StorageJob
from tui.lab.values import PSObject, Value

SYSTEM_SIZE = 446 * GIB
SYSTEM_FREE = 311 * GIB


def cmdlets(site: Site, host: str) -> Mapping[str, Cmdlet]:
    """The Storage cmdlets of one host."""
    return {
        "Get-StorageJob": lambda call, out: _jobs(site, host),
        "Get-Volume": lambda call, out: _volumes(site, host, call, out),
    }


def _jobs(site: Site, host: str) -> Iterable[Value]:
    now = site.clock.now()
    return [_job(site, job) for job in site.cluster_of(host).jobs if now < job.ends]


def _job(site: Site, job: StorageJob) -> PSObject:
    passed = site.clock.now() - job.started
    share = passed / (job.ends - job.started)
    return shaped(
        "StorageJob",
        UniqueId=f"job-{job.name.lower()}",
        Name=job.name,
        Description="",
        BytesTotal=job.bytes_total,
        BytesProcessed=int(job.bytes_total * share),
        PercentComplete=int(100 * share),
        JobState="Running",
        JobStatus="OK",
        IsBackgroundTask=True,
        DeleteOnCompletion=False,
        ElapsedTime=passed,
        ErrorCode=0,
        ErrorDescription="",
        OperationalStatus=["OK"],
        StatusDescriptions=[],
    )


def _volumes(site: Site, host: str, call: Call, out: Streams) -> Iterable[Value]:
    letters = [letter.upper() for letter in texts(call, "DriveLetter")]
    if not letters or "C" in letters:
        yield _volume("C", "NTFS", "OS", SYSTEM_SIZE, SYSTEM_FREE)
    if not letters:
        for csv in site.cluster_of(host).csvs:
            yield _volume("\0", "CSVFS", ntpath.basename(csv.path), csv.size, csv.free)


def _volume(letter: str, system: str, label: str, size: int, free: int) -> PSObject:
    return shaped(
        "Volume",
        DriveLetter=letter,
        DriveType="Fixed",
        FileSystem=system,
        FileSystemLabel=label,
        FileSystemType="CSVFS_ReFS" if system == "CSVFS" else system,
        HealthStatus="Healthy",
        OperationalStatus=["OK"],
        Size=size,
        SizeRemaining=free,
        AllocationUnitSize=4096,
        DedupMode=4,
        Path=f"\\\\?\\Volume{{{label.lower()}}}\\",
        UniqueId=f"\\\\?\\Volume{{{label.lower()}}}\\",
    )
