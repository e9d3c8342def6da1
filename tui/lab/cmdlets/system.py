"""Windows itself: services, processes, modules, the clock, the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from tui.lab.cmdlet import Call, Cmdlet, CmdletError, Streams
from tui.lab.cmdlets.act import error, flag, inputs, like, prop, text, texts, wild
from tui.lab.cmdlets.costs import answers
from tui.lab.cmdlets.shape import shaped
from tui.lab.site import NoSuchHost, Site
from tui.lab.site.model import Service
from tui.lab.site.processes import Process
from tui.lab.values import PSObject, Value

COMMANDS = "Microsoft.PowerShell.Commands."
OPEN_PORTS = (135, 445, 3343, 5985, 5986)
MODULES = (
    ("Hyper-V", "2.0.0.0"),
    ("FailoverClusters", "2.0.0.0"),
    ("Moc", ""),
    ("Storage", "2.0.0.0"),
    ("Microsoft.PowerShell.Management", "3.1.0.0"),
    ("Microsoft.PowerShell.Utility", "3.1.0.0"),
)


def cmdlets(site: Site, host: str) -> Mapping[str, Cmdlet]:
    """The system cmdlets of one host."""
    return {
        "Get-Service": lambda call, out: [_service(host, s) for s in _services(site, host, call, out)],
        "Start-Service": lambda call, out: _set_service(site, host, call, out, "Running"),
        "Stop-Service": lambda call, out: _set_service(site, host, call, out, "Stopped"),
        "Get-Process": lambda call, out: _processes(site, host, call, out),
        "Get-Module": lambda call, out: _modules(site, host, call),
        "Get-Date": lambda call, out: _date(site, host, call),
        "Start-Sleep": lambda call, out: [],
        "Test-NetConnection": lambda call, out: _connection(site, host, call, out),
    }


def _services(site: Site, host: str, call: Call, out: Streams) -> list[Service]:
    every = sorted(site.node(host).services, key=lambda s: s.name.lower())
    given = [text(prop(item, "Name")) for item in inputs(call, "InputObject")]
    names = [*texts(call, "Name"), *given]
    if not names:
        return every
    found: list[Service] = []
    for name in names:
        hits = [s for s in every if like(s.name, name)]
        if not hits and not wild(name):
            out.error(
                error(
                    f"NoServiceFoundForGivenName,{COMMANDS}{call.cmdlet.replace('-', '')}Command",
                    "ObjectNotFound",
                    f"Cannot find any service with service name '{name}'.",
                    name,
                )
            )
        found += [s for s in hits if s not in found]
    return found


def _service(host: str, service: Service) -> PSObject:
    running = service.status == "Running"
    return shaped(
        "Service",
        Name=service.name,
        ServiceName=service.name,
        DisplayName=service.display,
        Status=service.status,
        StartType="Automatic",
        MachineName=".",
        CanPauseAndContinue=False,
        CanShutdown=running,
        CanStop=running,
        DependentServices=[],
        ServicesDependedOn=[],
        RequiredServices=[],
        ServiceType="Win32OwnProcess",
    )


def _set_service(site: Site, host: str, call: Call, out: Streams, status: str) -> Iterable[Value]:
    services = _services(site, host, call, out)
    for service in services:
        service.status = status
    return [_service(host, s) for s in services] if flag(call, "PassThru") else []


def _processes(site: Site, host: str, call: Call, out: Streams) -> Iterable[Value]:
    every = site.processes.of(site.node(host).name)
    ids = [int(number) for number in texts(call, "Id")]
    names = texts(call, "Name")
    for number in ids:
        if number not in [p.pid for p in every]:
            out.error(
                error(
                    f"NoProcessFoundForGivenId,{COMMANDS}GetProcessCommand",
                    "ObjectNotFound",
                    f"Cannot find a process with the process identifier {number}.",
                    str(number),
                )
            )
    for name in names:
        if not wild(name) and name.lower() not in [p.name.lower() for p in every]:
            out.error(
                error(
                    f"NoProcessFoundForGivenName,{COMMANDS}GetProcessCommand",
                    "ObjectNotFound",
                    f'Cannot find a process with the name "{name}". Verify the process name and call the cmdlet again.',
                    name,
                )
            )
    return [
        _process(p)
        for p in every
        if (not ids or p.pid in ids) and (not names or any(like(p.name, name) for name in names))
    ]


def _process(process: Process) -> PSObject:
    return shaped(
        "Process",
        f"System.Diagnostics.Process ({process.name})",
        Name=process.name,
        ProcessName=process.name,
        Id=process.pid,
        StartTime=process.started,
        CPU=0.5,
        MachineName=".",
        HasExited=False,
        Responding=True,
        SessionId=0,
        SI=0,
        HandleCount=600,
        Handles=600,
        WorkingSet64=91_000_000,
        WS=91_000_000,
        MainWindowTitle="",
        BasePriority=8,
        Path="C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
    )


def _modules(site: Site, host: str, call: Call) -> Iterable[Value]:
    rows = [(name, version or site.cluster_of(host).moc_module) for name, version in MODULES]
    if flag(call, "ListAvailable"):
        rows.append(("Hyper-V", "1.1"))
    names = texts(call, "Name") or ["*"]
    return [
        shaped(
            "Module",
            name,
            Name=name,
            Version=version,
            ModuleType="Script" if name == "Moc" else "Binary",
            ModuleBase=f"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\Modules\\{name}",
            Description="",
        )
        for name, version in rows
        if any(like(name, pattern) for pattern in names)
    ]


def _date(site: Site, host: str, call: Call) -> Iterable[Value]:
    given = call.parameters.get("Date")
    now = given if isinstance(given, datetime) else site.host_now(host)
    form = call.text("Format")
    if not form:
        return [now]
    texts_of = {
        "o": now.strftime("%Y-%m-%dT%H:%M:%S.%f0+00:00"),
        "s": now.strftime("%Y-%m-%dT%H:%M:%S"),
        "u": now.strftime("%Y-%m-%d %H:%M:%SZ"),
        "yyyymmddhhmmss": now.strftime("%Y%m%d%H%M%S"),
    }
    if form.lower() not in texts_of:
        raise CmdletError(
            error(
                f"NotSupported,{COMMANDS}GetDateCommand",
                "NotImplemented",
                f"The simulated host does not know the date format '{form}'.",
            )
        )
    return [texts_of[form.lower()]]


def _connection(site: Site, host: str, call: Call, out: Streams) -> Iterable[Value]:
    name, port = call.text("ComputerName"), int(call.text("Port", "0"))
    known, alive = _address(site, name), answers(site, name)
    if not known:
        out.warning(f"Name resolution of {name} failed")
    elif port and not (alive and port in OPEN_PORTS):
        out.warning(f"TCP connect to ({known} : {port}) failed")
    if known and not alive:
        out.warning(f"Ping to {known} failed with status: TimedOut")
    connected = alive and port in OPEN_PORTS
    if call.text("InformationLevel") == "Quiet":
        return [connected if port else alive]
    return [
        PSObject(
            "TestNetConnectionResult",
            {
                "ComputerName": name,
                "RemoteAddress": known or None,
                "RemotePort": port,
                "InterfaceAlias": "vManagement",
                "SourceAddress": site.node(host).address,
                "PingSucceeded": alive,
                "PingReplyDetails": None,
                "TcpTestSucceeded": connected,
                "NameResolutionSucceeded": bool(known),
                "IsAdmin": True,
                "Detailed": False,
            },
        )
    ]


def _address(site: Site, name: str) -> str:
    try:
        return site.node(name if name[:1].isdigit() else name.split(".")[0]).address
    except NoSuchHost:
        return name if name[:1].isdigit() else ""
