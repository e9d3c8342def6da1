"""Get-WinEvent: the records of a host's event logs, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from tui.lab.cmdlet import Call, Cmdlet, Streams
from tui.lab.cmdlets.act import error, flag, like, text, texts
from tui.lab.cmdlets.shape import shaped
from tui.lab.site import Site
from tui.lab.site.world import EventRecord
from tui.lab.values import PSObject, Value

LEVELS = {1: "Critical", 2: "Error", 3: "Warning", 4: "Information", 5: "Verbose"}
LOGS = (
    "Application",
    "System",
    "Security",
    "Microsoft-Windows-Hyper-V-VMMS-Admin",
    "Microsoft-Windows-Hyper-V-Worker-Admin",
    "Microsoft-Windows-FailoverClustering/Operational",
    "Microsoft-AzureStack-Hci/Admin",
)
COMMAND = "Microsoft.PowerShell.Commands.GetWinEventCommand"


def cmdlets(site: Site, host: str) -> Mapping[str, Cmdlet]:
    """The event cmdlet of one host."""
    return {"Get-WinEvent": lambda call, out: _events(site, host, call, out)}


def _events(site: Site, host: str, call: Call, out: Streams) -> Iterable[Value]:
    given = call.parameters.get("FilterHashtable")
    filters = given if isinstance(given, list) else [given]
    tables = [{k.lower(): v for k, v in each.items()} for each in filters if isinstance(each, dict)]
    if not tables:
        tables = [{"logname": list(texts(call, "LogName"))}]
    found = {record.record: record for table in tables for record in _matching(site, host, table, out)}
    newest = sorted(found.values(), key=lambda r: r.record, reverse=not flag(call, "Oldest"))
    limit = int(call.text("MaxEvents", str(len(newest))))
    if not newest:
        out.error(
            error(
                f"NoMatchingEventsFound,{COMMAND}",
                "ObjectNotFound",
                "No events were found that match the specified selection criteria.",
            )
        )
    return [_object(record) for record in newest[:limit]]


def _matching(site: Site, host: str, table: Mapping[str, Value], out: Streams) -> list[EventRecord]:
    logs: set[str] = set()
    for pattern in _many(table.get("logname")):
        hits = {log for log in LOGS if like(log, text(pattern))}
        if not hits:
            out.error(
                error(
                    f"NoMatchingLogsFound,{COMMAND}",
                    "ObjectNotFound",
                    f'There is not an event log on the {host} computer that matches "{text(pattern)}".',
                    text(pattern),
                )
            )
        logs |= hits
    return [
        r
        for r in site.world.events
        if r.host.lower() == site.node(host).name.lower() and r.log in logs and _fits(r, table)
    ]


def _fits(record: EventRecord, table: Mapping[str, Value]) -> bool:
    start, end = table.get("starttime"), table.get("endtime")
    if (isinstance(start, datetime) and record.at < start) or (isinstance(end, datetime) and record.at > end):
        return False
    if table.get("level") is not None and str(record.level) not in [text(v) for v in _many(table["level"])]:
        return False
    if table.get("id") is not None and str(record.id) not in [text(v) for v in _many(table["id"])]:
        return False
    providers = [text(v) for v in _many(table.get("providername"))]
    return not providers or any(like(record.provider, p) for p in providers)


def _many(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _object(record: EventRecord) -> PSObject:
    return shaped(
        "Event",
        record.provider,
        Message=record.message,
        Id=record.id,
        Version=0,
        Level=record.level,
        Task=0,
        Opcode=0,
        RecordId=record.record,
        ProviderName=record.provider,
        LogName=record.log,
        MachineName=f"{record.host}.azl.example",
        TimeCreated=record.at,
        ContainerLog=record.log,
        LevelDisplayName=LEVELS.get(record.level, ""),
        OpcodeDisplayName="Info",
        TaskDisplayName="",
        MatchedQueryIds=[],
        KeywordsDisplayNames=[],
        Properties=[],
        ProcessId=4,
        ThreadId=8,
    )
