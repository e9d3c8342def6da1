"""What the hosts' PowerShell modules offer: each cmdlet does one bound call on the site."""

from collections.abc import Mapping

from tui.lab.cmdlet import Cmdlet
from tui.lab.cmdlets import cluster, events, files, hyperv, moc, roles, storage, system, update
from tui.lab.cmdlets.act import wrapped
from tui.lab.faults import Faults
from tui.lab.site import Site

FAMILIES = (files, moc, hyperv, cluster, roles, storage, system, events, update)


def cmdlets_of(site: Site, host: str, faults: Faults, pid: int = 0) -> Mapping[str, Cmdlet]:
    """All cmdlets of one host by canonical name, for the process `pid` (see `Site.processes`; 0: none)."""
    name = site.node(host).name
    return {
        cmdlet: wrapped(site, name, pid, faults, body)
        for family in FAMILIES
        for cmdlet, body in family.cmdlets(site, name).items()
    }


__all__ = ["cmdlets_of"]
