"""An act between its gate and its judgement: its turn, its guards once more, its process, the intent, the script."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from tui.core.action import PowerShell, Repeat
from tui.core.engine import questions
from tui.core.engine.acting import carry
from tui.core.engine.flight import Judged, judge_flight
from tui.core.engine.guards import Readings, read_guards, stale, still_ours
from tui.core.engine.ledger import Ledger, Stopped
from tui.core.engine.ready import Ready
from tui.core.engine.sharing import Sharing
from tui.core.errors import EstateError
from tui.core.facts import NotLearned
from tui.core.plan import Step
from tui.core.question import Question


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as it would be sent now: what a gate shows, and an answer binds to."""

    step: Step
    attempt: int
    action: PowerShell
    readings: Readings
    gate: Question


class Delivery:
    """Makes offers, and carries out those that were taken."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._sharing = Sharing(ledger)

    async def offer(self, step: Step, attempt: int, readings: Readings) -> Offer:
        """The exact script and its gate. Raises EstateError where the script cannot be made."""
        action = await self.resolve(step)
        resend = self._ledger.state.step(step.id).resend and action.repeat is Repeat.NEVER
        gate = questions.gate(step, action, readings.shown, self._ledger.mode, attempt, resend, self._takes_over(step))
        return Offer(step, attempt, action, readings, gate)

    def _takes_over(self, step: Step) -> str:
        """From which machine the step's act takes the run over; empty where it does not."""
        marker, holder = self._ledger.plan.marker, self._ledger.state.holder
        makes_it = marker is not None and step.id == marker.made_by
        return holder.before if makes_it and holder is not None else ""

    def turn(self, step: Step) -> AbstractAsyncContextManager[bool]:
        """Hold what the step's act shares with other lanes; gives whether it had to wait."""
        return self._sharing.turn(step)

    async def resolve(self, step: Step) -> PowerShell:
        """The exact script. Raises EstateError."""
        assert step.act is not None  # called for acting steps only
        try:
            action = step.act(self._ledger.facts(step.id))
        except NotLearned as missing:
            raise EstateError(f"This step cannot be made: {missing}.", "Nothing was sent.") from missing
        return await self._ledger.estate.resolve(action)

    async def deliver(self, offer: Offer, ready: Ready) -> Judged | None:
        """Send it when its turn has come, and judge what became of it.

        None: what was shown is not so any more, the guards aged, or another machine has the run; nothing was sent.
        Raises EstateError where nothing was sent.
        """
        ledger, step = self._ledger, offer.step
        async with self.turn(step) as waited:
            ledger.check()
            if waited or stale(ledger, offer.readings):
                readings = await read_guards(ledger, step)
                again = await self.offer(step, offer.attempt, readings)
                if again.gate.binding != offer.gate.binding:
                    return None
                offer = again
            prepared = await ready.take(offer.action)
            if not await still_ours(ledger, step, offer.readings) or stale(ledger, offer.readings):
                await ledger.estate.discard(prepared)
                return None
            if ledger.braked:  # meanwhile: a process may take a minute to stand
                await ledger.estate.discard(prepared)
                raise Stopped
            await carry(ledger, step, prepared, offer.attempt)
            flight = ledger.state.step(step.id).flight
            if flight is not None and flight.returned is not None and not flight.returned.sent:
                raise EstateError(flight.returned.error.splitlines()[0])
            return await judge_flight(ledger, step)
