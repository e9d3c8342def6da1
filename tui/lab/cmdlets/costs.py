"""How much simulated time each cmdlet takes, in seconds, and which of them change something.

The times are the lab's own: plausible, not measured.
"""

from __future__ import annotations

from tui.lab.cmdlet import Call
from tui.lab.site import NoSuchHost, Site

READ = 0.05
FILE = 0.2
CONNECTED = 0.5
NO_ANSWER = 21.0
"""What a TCP connect takes where nobody answers: three SYNs of Windows."""

SECONDS = {
    "New-MocKey": 6.0,
    "Get-MocKeyPublicKey": 2.0,
    "Export-MocKey": 8.0,
    "Import-MocKey": 20.0,
    "Remove-MocKey": 4.0,
    "Add-ClusterVirtualMachineRole": 8.0,
    "Start-ClusterGroup": 12.0,
    "Stop-ClusterGroup": 10.0,
    "Move-ClusterGroup": 10.0,
    "Remove-ClusterGroup": 4.0,
    "Set-VM": 1.0,
    "Start-VM": 12.0,
    "Stop-VM": 10.0,
    "Start-Service": 3.0,
    "Stop-Service": 3.0,
    "New-Item": FILE,
    "Remove-Item": FILE,
    "Set-Content": FILE,
    "Get-Content": FILE,
}
"""What is not here takes READ, or what it says itself."""

ACTS = frozenset(
    {
        "New-MocKey",
        "Get-MocKeyPublicKey",
        "Export-MocKey",
        "Import-MocKey",
        "Remove-MocKey",
        "Add-ClusterVirtualMachineRole",
        "Start-ClusterGroup",
        "Stop-ClusterGroup",
        "Move-ClusterGroup",
        "Remove-ClusterGroup",
        "Set-VM",
        "Start-VM",
        "Stop-VM",
        "Start-Service",
        "Stop-Service",
        "New-Item",
        "Remove-Item",
        "Set-Content",
    }
)
"""What changes something. Get-MocKeyPublicKey does: it writes a file."""


def cost(site: Site, call: Call) -> float:
    """Simulated seconds of one call."""
    if call.cmdlet == "Start-Sleep":
        return float(call.text("Seconds", "0")) + float(call.text("Milliseconds", "0")) / 1000
    if call.cmdlet == "Test-NetConnection":
        return CONNECTED if answers(site, call.text("ComputerName")) else NO_ANSWER
    return SECONDS.get(call.cmdlet, READ)


def answers(site: Site, name: str) -> bool:
    """Whether a host of this name or address is there and has power."""
    try:
        return site.reachable(name.split(".")[0] if not name[:1].isdigit() else name)
    except NoSuchHost:
        return False
