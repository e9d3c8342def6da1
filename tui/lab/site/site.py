"""The site: everything there is, one lock around it, and a change that is on disk before it is answered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from tui.lab.clock import LabClock
from tui.lab.site.keys import KeyMaker, RealKeys
from tui.lab.site.model import Cluster, Node, Vm
from tui.lab.site.processes import Processes
from tui.lab.site.store import Store
from tui.lab.site.world import EventRecord, SplitBrain, World, Write

CLOCK_EVERY = 1.0
"""Seconds of wall time between two savings of the clock while nothing changes."""


class NoSuchHost(KeyError):
    """The site has no host of this name."""


class Site:
    """Plain objects with rules. Read under `lock`; change under `change()`; never sleep under either."""

    def __init__(
        self, world: World, clock: LabClock, *, store: Store | None = None, keys: KeyMaker | None = None
    ) -> None:
        self.world = world
        self.clock = clock
        self.keys: KeyMaker = keys or RealKeys()
        self.store = store or Store()
        self.lock = threading.RLock()
        self.processes = Processes(world.seed)
        self._depth = 0
        self._clock_saved = 0.0
        self.changed()

    # What there is -------------------------------------------------------------------------------------------

    @property
    def clusters(self) -> list[Cluster]:
        """All clusters."""
        return self.world.clusters

    @property
    def vms(self) -> list[Vm]:
        """All registered VMs; one VM ID may be there twice, on two clusters."""
        return self.world.vms

    @property
    def writes(self) -> list[Write]:
        """Every changing call that arrived, in order."""
        return self.world.writes

    @property
    def split_brain(self) -> list[SplitBrain]:
        """Every time that two copies of a VM ran at once."""
        return self.world.split_brain

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names of all nodes."""
        return tuple(node.name for cluster in self.clusters for node in cluster.nodes)

    def cluster_of(self, host: str) -> Cluster:
        """The cluster that a host belongs to. Raises NoSuchHost."""
        for cluster in self.clusters:
            if any(node.name.lower() == host.lower() for node in cluster.nodes):
                return cluster
        raise NoSuchHost(host)

    def cluster(self, name: str) -> Cluster:
        """A cluster by name. Raises NoSuchHost."""
        for cluster in self.clusters:
            if cluster.name.lower() == name.lower():
                return cluster
        raise NoSuchHost(name)

    def node(self, host: str) -> Node:
        """A node by name or address. Raises NoSuchHost."""
        for cluster in self.clusters:
            for node in cluster.nodes:
                if host.lower() in (node.name.lower(), node.address):
                    return node
        raise NoSuchHost(host)

    def reachable(self, host: str) -> bool:
        """Whether a host has power and network."""
        with self.lock:
            return self.node(host).alive

    def vms_on(self, host: str) -> list[Vm]:
        """The VMs that are registered on one node."""
        return [vm for vm in self.vms if vm.node.lower() == host.lower()]

    def vm_in(self, cluster: Cluster, vm_id: str) -> Vm | None:
        """The copy of a VM that one cluster has."""
        return next((vm for vm in self.vms if vm.cluster == cluster.name and vm.id == vm_id.lower()), None)

    # Time ----------------------------------------------------------------------------------------------------

    def host_now(self, host: str) -> datetime:
        """What the clock of a host shows (aware, UTC; the hosts' time zone is UTC)."""
        return self.clock.now() + timedelta(seconds=self.node(host).clock_offset)

    def spend(self, seconds: float, host: str = "", pid: int = 0) -> bool:
        """Let simulated time pass, for a process where a PID is given; False if that has ended, before or meanwhile."""
        process = self.processes.find(host, pid)
        if pid and process is None:
            return False
        done = self.clock.sleep(seconds, process.ended if process else None)
        with self.lock:  # read and saved as one, or an older clock is saved over a newer one
            state = self.clock.state()
            if abs(state.wall - self._clock_saved) >= CLOCK_EVERY:
                self._clock_saved = state.wall
                self.store.save_clock(state)
        return done

    # Changes -------------------------------------------------------------------------------------------------

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold the lock, and have all that was changed on disk at exit, also where it ends in an error."""
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if not self._depth:
                    self.changed()

    def changed(self) -> None:
        """See what follows from the new state and save it."""
        with self.lock:
            self._see_split_brain()
            self.store.save(self.world)
            self.store.save_clock(self.clock.state())

    def number(self) -> int:
        """The next number for anything that is numbered."""
        self.world.serial += 1
        return self.world.serial

    def record(self, host: str, log: str, provider: str, event: int, level: int, message: str) -> None:
        """Add a record to a host's event log. Level: 2 error, 3 warning, 4 information."""
        self.world.events.append(
            EventRecord(host, log, provider, event, level, message, self.host_now(host), self.number())
        )

    def _see_split_brain(self) -> None:
        for vm_id in {vm.id for vm in self.vms}:
            nodes = sorted(
                vm.node for vm in self.vms if vm.id == vm_id and vm.state == "Running" and self.node(vm.node).alive
            )
            seen = any(s.vm == vm_id and s.nodes == nodes for s in self.split_brain)
            if len(nodes) > 1 and not seen:
                self.split_brain.append(SplitBrain(vm_id, nodes, self.clock.now().astimezone(UTC)))


def load_site(store: Store, *, keys: KeyMaker | None = None) -> Site | None:
    """The site that lies in a store, with its clock going on; None where there is none."""
    world, clock = store.load(), store.load_clock()
    if world is None or clock is None:
        return None
    return Site(world, LabClock.resumed(clock), store=store, keys=keys)
