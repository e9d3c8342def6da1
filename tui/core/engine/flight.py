"""What became of an action that was sent: its process first, then its goal; never blindly again."""

from __future__ import annotations

from dataclasses import dataclass

from tui.core.action import Alive, Ids, Kind
from tui.core.engine.ledger import Ledger
from tui.core.engine.patience import until_proved
from tui.core.errors import EstateError
from tui.core.events import CutShort, Outcome, Probed
from tui.core.plan import Step
from tui.core.state import Flight
from tui.core.verdict import Truth, Verdict, unreadable

POLL = 5.0
"""Site seconds between two looks at the process of an earlier act."""


@dataclass(frozen=True, slots=True)
class Judged:
    """DONE, FOUND_DONE, FAILED or UNKNOWN; what happened, and what was read of the goal."""

    outcome: Outcome
    what: str
    now: Verdict
    runs: bool = False
    """Its process still runs."""


async def judge_flight(ledger: Ledger, step: Step) -> Judged:
    """Judge the step's last action. A process that still runs is waited for; only when it is gone the goal counts."""
    flight = ledger.state.step(step.id).flight
    assert flight is not None
    ended = flight.returned is not None and flight.returned.end in (Kind.END, Kind.LEFT)
    if not ended:
        alive = await _until_gone(ledger, step, flight)
        if alive is not Alive.GONE:
            still = unreadable(_still(alive, flight))
            return Judged(Outcome.UNKNOWN, _what(flight), still, runs=alive is Alive.YES)
    failed = ended and not flight.clean
    now = await until_proved(ledger, step, None if failed else step.wait)
    if now.truth is not Truth.SO:
        return Judged(Outcome.UNKNOWN if now.truth is Truth.UNREADABLE else Outcome.FAILED, _what(flight), now)
    if flight.clean:
        return Judged(Outcome.DONE, "", now)
    if flight.returned is None and not flight.errors:
        doubt = await ledger.probe(step, step.doubt, "doubt") if step.doubt is not None else None
        if doubt is None or doubt.truth is Truth.NOT_SO:
            return Judged(Outcome.FOUND_DONE, "", now)
        return Judged(Outcome.UNKNOWN, f"{_what(flight)} {doubt.evidence}.", now)
    return Judged(Outcome.UNKNOWN, _what(flight), now)


async def look(ledger: Ledger, step: Step) -> Alive:
    """One look at the process of the step's last action, on record."""
    flight = ledger.state.step(step.id).flight
    assert flight is not None
    sent = flight.intended
    alive = await ledger.estate.alive(ids_of(flight), flight.at)
    await ledger.commit(Probed(step.id, "trace", f"Does process {sent.pid} on {sent.host} still run?", alive, alive))
    return alive


async def cut_short(ledger: Ledger, step: Step, by: str) -> None:
    """Have the process of the step's last action ended; on record whether the host took it."""
    flight = ledger.state.step(step.id).flight
    assert flight is not None
    error = ""
    try:
        await ledger.estate.end(ids_of(flight))
    except EstateError as met:
        error = met.happened
    await ledger.commit(CutShort(step.id, flight.intended.host, flight.intended.pid, by, error))


def ids_of(flight: Flight) -> Ids:
    """What names the process."""
    sent = flight.intended
    return Ids(sent.host, sent.shell, sent.command, sent.pid, sent.nonce)


async def _until_gone(ledger: Ledger, step: Step, flight: Flight) -> Alive:
    deadline = ledger.clock.wall() + max(step.usual * 4, 60.0)
    while True:
        alive = await look(ledger, step)
        if alive is not Alive.YES or ledger.clock.wall() >= deadline:
            return alive
        ledger.check()
        await ledger.clock.sleep(POLL)


def _what(flight: Flight) -> str:
    host = flight.intended.host
    if flight.returned is None:
        return "The program ended before the result was seen."
    match flight.returned.end:
        case Kind.END if flight.errors:
            return f"{host} answered with an error: {flight.text.splitlines()[0] if flight.text else 'without text'}"
        case Kind.END:
            return f"{host} ran the command to its end."
        case Kind.LEFT:
            return f"The script on {host} was left before its end; the rest of it never ran."
    return flight.returned.error.splitlines()[0] if flight.returned.error else f"The connection to {host} was lost."


def _still(alive: Alive, flight: Flight) -> str:
    name = f"process {flight.intended.pid} on {flight.intended.host}"
    return f"{name} still runs" if alive is Alive.YES else f"whether {name} still runs cannot be read"
