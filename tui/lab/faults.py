"""Faults as data: at which call something goes wrong, and what; injected while the lab runs.

    faults.inject("moc-unavailable-after", cmdlet="Import-MocKey")      # the first one from now
    faults.inject("vm-moves", cmdlet="Start-ClusterGroup", nth=1)       # right before it
    faults.inject("error-before", cmdlet="Import-MocKey", naming="SRV-DB02")
    faults.apply_now(site, "source-returns")

A fault acts `before` the call takes effect, `instead` of it, or `after` it; at the `nth` matching call from its
injection on, `times` times. Faults are not saved; what a happening did to the site is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tui.lab.cmdlet import Call, CmdletError, LeaveScript, PSError, Streams
from tui.lab.site.files import FileFault, Files
from tui.lab.site.happenings import HAPPENINGS
from tui.lab.site.site import Site
from tui.lab.site.vault import unavailable
from tui.lab.values import GuidValue, PSObject, Value

UNCLASSIFIED = "Microsoft.PowerShell.Commands.WriteErrorException"
HANG_SECONDS = 3600.0


class ProcessEnded(LeaveScript):
    """The process in which the call ran was ended from outside; a call that had not taken effect has none."""


class When(StrEnum):
    """The moment of a call at which a fault acts."""

    BEFORE = "before"
    INSTEAD = "instead"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a fault strikes."""

    site: Site
    host: str
    pid: int
    call: Call
    streams: Streams


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `cmdlet` is a name or `*`; `on` is a host, `naming` a text in the call; empty means any.

    A lost VM's name in `naming` also stands for its ID: a vault's cmdlets know only that.
    """

    name: str
    effect: Callable[[Moment], None]
    cmdlet: str = "*"
    when: When = When.BEFORE
    nth: int = 1
    times: int = 1
    on: str = ""
    naming: str = ""

    def fits(self, moment: Moment) -> bool:
        """Whether a call is one that this fault waits for."""
        return (
            self.cmdlet.lower() in ("*", moment.call.cmdlet.lower())
            and self.on.lower() in ("", moment.host.lower())
            and (not self.naming or self._named(moment))
        )

    def _named(self, moment: Moment) -> bool:
        wanted = self.naming.lower()
        ids = [lost.vm for lost in moment.site.world.story.lost if lost.name.lower() == wanted]
        given = [text.lower() for text in _texts([*moment.call.parameters.values(), *moment.call.pipeline])]
        return any(name in text for name in (wanted, *ids) for text in given)


def _texts(value: Value) -> Iterator[str]:
    """All that a parameter or an object in the pipeline says, one by one."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, PSObject):
        for inner in value.properties.values():
            yield from _texts(inner)
    else:
        yield value.text if isinstance(value, GuidValue) else str(value)


@dataclass(frozen=True, slots=True)
class Due:
    """What an arrived call has to expect: `skip` leaves the call itself out."""

    skip: bool
    after: list[Fault]


class Faults:
    """The faults that wait, with their counters. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, list[int]]] = []
        self.fired: list[str] = []
        """The names of those that struck, in order."""

    def inject(
        self, name: str, *, nth: int = 1, times: int = 1, on: str = "", naming: str = "", **options: object
    ) -> Fault:
        """Add a fault by name. Raises KeyError for an unknown name, TypeError for unknown options."""
        fault = replace(FAULTS[name](**options), nth=nth, times=times, on=on, naming=naming)
        self.add(fault)
        return fault

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        with self._lock:
            self._waiting.append((fault, [0]))

    def apply_now(self, site: Site, name: str, **options: object) -> None:
        """Let a happening happen at once. Raises KeyError for a name that is not one."""
        with site.change():
            HAPPENINGS[name](site, **options)
        self.fired.append(name)

    def clear(self) -> None:
        """Forget all that wait."""
        with self._lock:
            self._waiting.clear()

    def before(self, moment: Moment) -> Due:
        """Count an arriving call and strike what is due before or instead of it; the rest is for `after`."""
        due = self._due(moment)
        early = [fault for fault in due if fault.when is not When.AFTER]
        self._strike(moment, early)
        return Due(any(fault.when is When.INSTEAD for fault in early), [f for f in due if f.when is When.AFTER])

    def after(self, moment: Moment, due: Due) -> None:
        """Strike what is due after a call that took effect."""
        self._strike(moment, due.after)

    def _strike(self, moment: Moment, due: list[Fault]) -> None:
        for fault in due:
            with self._lock:
                self.fired += [fault.name]
            fault.effect(moment)

    def _due(self, moment: Moment) -> list[Fault]:
        due = []
        with self._lock:
            for fault, seen in self._waiting:
                if fault.fits(moment):
                    seen[0] += 1
                    if fault.nth <= seen[0] < fault.nth + fault.times:
                        due.append(fault)
        return due


# What a fault does -----------------------------------------------------------------------------------------------


def _error(text: str, id: str, category: str, terminating: bool) -> Callable[[Moment], None]:
    def effect(moment: Moment) -> None:
        error = PSError(text or unavailable(moment.site.cluster_of(moment.host).agent_address), id, category)
        if terminating:
            raise CmdletError(error)
        moment.streams.error(error)

    return effect


def _hang(moment: Moment, seconds: float) -> None:
    if not moment.site.spend(seconds, moment.host, moment.pid):
        raise ProcessEnded(f"the process of {moment.call.cmdlet} was ended")


def _leave(moment: Moment) -> None:
    raise LeaveScript(f"the script was left at {moment.call.cmdlet}")


def _cut_written(moment: Moment) -> None:
    """The file that the call wrote keeps only its first half."""
    with moment.site.change():
        files = Files(moment.site, moment.host)
        path = _path(moment.call)
        data = files.read(path)
        files.write(path, data[: len(data) // 2])


def _alter_written(moment: Moment) -> None:
    """One byte in the middle of the file that the call wrote is another."""
    with moment.site.change():
        files = Files(moment.site, moment.host)
        path = _path(moment.call)
        data = bytearray(files.read(path))
        data[len(data) // 2] ^= 0x03
        files.write(path, bytes(data))


def _path(call: Call) -> str:
    for name in ("outFile", "outputFile", "LiteralPath", "Path"):
        value = call.parameters.get(name)
        if value:
            return str(value[0] if isinstance(value, list) else value)
    raise FileFault("missing", call.cmdlet)


# By name ---------------------------------------------------------------------------------------------------------


def _errors(name: str, when: When) -> Callable[..., Fault]:
    def make(
        cmdlet: str = "*",
        text: str = "",
        id: str = UNCLASSIFIED,
        category: str = "NotSpecified",
        terminating: bool = True,
    ) -> Fault:
        return Fault(name, _error(text, id, category, terminating), cmdlet, when)

    return make


def _simple(name: str, effect: Callable[[Moment], None], when: When, at: str = "*") -> Callable[..., Fault]:
    def make(cmdlet: str = at) -> Fault:
        return Fault(name, effect, cmdlet, when)

    return make


def _hanging(name: str, when: When) -> Callable[..., Fault]:
    def make(cmdlet: str = "*", seconds: float = HANG_SECONDS) -> Fault:
        return Fault(name, lambda moment: _hang(moment, seconds), cmdlet, when)

    return make


def _happening(name: str) -> Callable[..., Fault]:
    def make(cmdlet: str, when: str = "before", **options: object) -> Fault:
        def effect(moment: Moment) -> None:
            with moment.site.change():
                HAPPENINGS[name](moment.site, **options)

        return Fault(name, effect, cmdlet, When(when))

    return make


FAULTS: Mapping[str, Callable[..., Fault]] = {
    "error-before": _errors("error-before", When.INSTEAD),
    "error-after": _errors("error-after", When.AFTER),
    "moc-unavailable-before": _errors("moc-unavailable-before", When.INSTEAD),
    "moc-unavailable-after": _errors("moc-unavailable-after", When.AFTER),
    "hang-before": _hanging("hang-before", When.BEFORE),
    "hang-after": _hanging("hang-after", When.AFTER),
    "leave-before": _simple("leave-before", _leave, When.BEFORE),
    "leave-after": _simple("leave-after", _leave, When.AFTER),
    "written-half": _simple("written-half", _cut_written, When.AFTER, "Set-Content"),
    "written-altered": _simple("written-altered", _alter_written, When.AFTER, "Export-MocKey"),
    **{name: _happening(name) for name in HAPPENINGS},
}
"""Every fault by name. Options: `cmdlet`; errors: `text`, `id`, `category`, `terminating`; hangs: `seconds`,
simulated; a happening: `when`, and its own (site.happenings). `Faults.inject` takes more, for all alike."""
