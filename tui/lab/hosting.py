"""The listeners of a site's hosts: WinRM over HTTP and HTTPS, a port that stands for file sharing, and who answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict

from tui.lab.authority import Authority
from tui.lab.faults import Faults
from tui.lab.launch import SiteLauncher
from tui.lab.power import Power, watch_power
from tui.lab.site import Site
from tui.lab.wirefaults import WireFaults
from tui.lab.wsman.http import WatchedReader
from tui.lab.wsman.listener import Listener
from tui.lab.wsman.server import HostBinding, WsmanServer
from tui.lab.wsman.userfile import Credentials


class Hosting:
    """Serves every host of a site; dead ones are silent, and what happens to the site is followed."""

    def __init__(
        self, site: Site, faults: Faults, wire: WireFaults, credentials: Credentials, authority: Authority
    ) -> None:
        self._site = site
        self._launcher = SiteLauncher(site, faults, credentials.user)
        launch = wire.wrap(self._launcher)
        bindings = [HostBinding(host, launch, authority.host(host)) for host in site.hosts]
        self.winrm = WsmanServer(bindings, credentials, faults=wire)
        self._shares = {host: Listener(_hang_up, 4096, None) for host in site.hosts}
        self._following: set[asyncio.Task[None]] = set()
        wire.cut = self._cut

    async def start(self) -> Mapping[str, Mapping[str, int]]:
        """Listen: host → well-known port → port on 127.0.0.1."""
        self._loop = asyncio.get_running_loop()
        await self.winrm.start()
        for share in self._shares.values():
            await share.listen()
        watch_power(self._site, self._told)
        for host in self._site.hosts:
            if not self._site.reachable(host):
                self._silence(host)
        http, https = self.winrm.ports, self.winrm.tls_ports
        return {
            host: {"445": self._shares[host].port, "5985": http[host], "5986": https[host]} for host in self._site.hosts
        }

    def delay(self, seconds: float) -> None:
        """Let every WinRM request take this much longer."""
        self.winrm.latency = seconds

    async def settle(self) -> None:
        """Wait until the listeners have followed what happened so far."""
        await asyncio.gather(*self._following)

    async def close(self) -> None:
        """End every program and give every port back."""
        for share in self._shares.values():
            share.close()
        await self.winrm.close()

    def counts(self, host: str) -> dict[str, int]:
        """How much was asked of a host and is open."""
        counts = asdict(self.winrm.counts(host))
        return {name: counts[name] for name in ("requests", "over_tls", "connections", "shells", "commands")}

    def _cut(self, host: str) -> None:
        self._loop.call_soon_threadsafe(self.winrm.drop_connections, host)

    def _told(self, host: str, power: Power) -> None:
        if power is not Power.ON:
            self._launcher.end_all(host)
        try:
            self._loop.call_soon_threadsafe(self._follow, host, power)
        except RuntimeError:  # the lab is ending
            return

    def _follow(self, host: str, power: Power) -> None:
        if power is not Power.ON:
            self.winrm.restart(host)
        if power is Power.OFF:
            self._silence(host)
        elif power is Power.ON:
            task = self._loop.create_task(self._listen(host))
            self._following.add(task)
            task.add_done_callback(self._following.discard)

    def _silence(self, host: str) -> None:
        self.winrm.silence(host)
        self._shares[host].silence()

    async def _listen(self, host: str) -> None:
        await self.winrm.listen(host)
        await self._shares[host].listen()


def _hang_up(reader: WatchedReader, writer: asyncio.StreamWriter) -> None:
    """File sharing is only asked whether it is there."""
    writer.close()
