"""What all cmdlets share: arguments as plain values, errors, simulated time, faults, and the record of writes."""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Iterable

from tui.lab.cmdlet import Call, Cmdlet, CmdletError, PSError, Streams
from tui.lab.cmdlets.costs import ACTS, cost
from tui.lab.faults import Faults, Moment, ProcessEnded
from tui.lab.site import Site
from tui.lab.site.world import Write
from tui.lab.values import EnumValue, GuidValue, PSObject, Value


def text(value: Value) -> str:
    """A parameter as text."""
    if isinstance(value, EnumValue):
        return value.name
    if isinstance(value, GuidValue):
        return value.text
    if isinstance(value, PSObject):
        return value.text or str(prop(value, "Name") or "")
    return "" if value is None else str(value)


def texts(call: Call, *names: str) -> list[str]:
    """One or more parameters as a flat list of texts."""
    found: list[str] = []
    for name in names:
        value = call.parameters.get(name)
        found += [text(item) for item in value] if isinstance(value, list) else [] if value is None else [text(value)]
    return found


def flag(call: Call, name: str) -> bool:
    """Whether a switch is on."""
    return bool(call.parameters.get(name))


def prop(value: Value, name: str) -> Value:
    """A property of an object, without case; None where there is none."""
    if isinstance(value, PSObject):
        return next((v for k, v in value.properties.items() if k.lower() == name.lower()), None)
    return None


def inputs(call: Call, *names: str) -> list[PSObject]:
    """The objects that were given by parameter or came down the pipeline."""
    values: list[Value] = [call.parameters.get(name) for name in names]
    flat = [item for v in (*values, *call.pipeline) for item in (v if isinstance(v, list) else [v])]
    return [item for item in flat if isinstance(item, PSObject)]


def like(name: str, pattern: str) -> bool:
    """PowerShell's wildcard match, without case."""
    return fnmatch.fnmatchcase(name.lower(), pattern.lower())


def wild(pattern: str) -> bool:
    """Whether a text has wildcards."""
    return any(sign in pattern for sign in "*?[")


def error(id: str, category: str, message: str, target: str = "", hresult: int = -2146233088) -> PSError:
    """An error record."""
    return PSError(message, id, category, target, hresult)


class _Heard:
    """Passes everything on and remembers the first error."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self.first = ""

    def error(self, error: PSError) -> None:
        self.first = self.first or error.message
        self._streams.error(error)

    def warning(self, text: str) -> None:
        self._streams.warning(text)

    def verbose(self, text: str) -> None:
        self._streams.verbose(text)

    def information(self, text: str) -> None:
        self._streams.information(text)


def wrapped(site: Site, host: str, pid: int, faults: Faults, body: Cmdlet) -> Cmdlet:
    """A cmdlet with its time, its faults, the lock, and for a changing one its line in `site.writes`."""

    def run(call: Call, streams: Streams) -> Iterable[Value]:
        if flag(call, "WhatIf"):
            streams.information(f'What if: Performing the operation "{call.cmdlet}".')
            return []
        if call.cmdlet in ACTS:
            return _act(site, host, pid, faults, body, call, streams)
        moment = Moment(site, host, pid, call, streams)
        due = faults.before(moment)
        if due.skip:
            return []
        _spend(moment)
        with site.lock:
            found = list(body(call, streams))
        faults.after(moment, due)
        return found

    return run


def _act(site: Site, host: str, pid: int, faults: Faults, body: Cmdlet, call: Call, streams: Streams) -> list[Value]:
    heard = _Heard(streams)
    moment = Moment(site, host, pid, call, heard)
    with site.change():
        write = Write(host, call.cmdlet, {k: _shown(v) for k, v in call.parameters.items()}, site.clock.now(), pid)
        site.writes.append(write)
    try:
        due = faults.before(moment)
        if due.skip:
            return []
        _spend(moment)
        with site.change():
            try:
                found = list(body(call, heard))
                write.effect = not heard.first
            except CmdletError as failed:
                write.error = failed.error.message
                raise
            finally:
                write.error = write.error or heard.first
        faults.after(moment, due)
        return found
    except Exception as stopped:
        with site.change():
            write.error = write.error or str(stopped) or type(stopped).__name__
        raise
    finally:
        if heard.first and not write.error:
            with site.change():
                write.error = heard.first


def _spend(moment: Moment) -> None:
    if not moment.site.spend(cost(moment.site, moment.call), moment.host, moment.pid):
        raise ProcessEnded(f"the process of {moment.call.cmdlet} was ended")


def _shown(value: Value) -> str:
    """A parameter for the record: bytes as their SHA-256."""
    if isinstance(value, list) and value and all(isinstance(item, int) for item in value):
        value = bytes(item & 255 for item in value if isinstance(item, int))
    elif isinstance(value, list) and len(value) == 1 and isinstance(value[0], bytes):
        value = value[0]
    if isinstance(value, bytes):
        return f"sha256 {hashlib.sha256(value).hexdigest()} of {len(value)} bytes"
    return ", ".join(text(item) for item in value) if isinstance(value, list) else text(value)
