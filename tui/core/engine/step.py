"""One step, from its goal probe to its outcome.

probe ─ so ─────────────────────────────────────────────▶ already so
  └ not so ─ guards ─ gate ─ guards young? ─ prepare ─ intent ─ send ─ proof ─▶ done
               │        └ not now ─▶ declined                        └ not so ─▶ failed ─▶ question
               └ broken ─▶ changed by someone else
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tui.core.action import PowerShell, Repeat
from tui.core.engine import questions
from tui.core.engine.acting import carry
from tui.core.engine.asking import Asking
from tui.core.engine.flight import cut_short, judge_flight
from tui.core.engine.guards import Readings, read_guards, stale
from tui.core.engine.ledger import ForwardChosen, Ledger, Stopped, UndoChosen
from tui.core.engine.patience import until_proved, until_settled
from tui.core.engine.questions import Ways
from tui.core.errors import EstateError
from tui.core.events import Began, Outcome
from tui.core.facts import NotLearned
from tui.core.plan import Step, Tier
from tui.core.question import Answer, Question, Shown
from tui.core.verdict import Truth, Verdict


class StepRunner:
    """Runs steps one after the other. `ways` says where the run can turn."""

    def __init__(self, ledger: Ledger, asking: Asking, ways: Callable[[], Ways]) -> None:
        self._ledger = ledger
        self._asking = asking
        self._ways = ways

    async def run(self, step: Step) -> Outcome:
        """The step's settled outcome. Raises Stopped or UndoChosen when the person so chose."""
        while True:
            self._ledger.brake.check()
            state = self._ledger.state.step(step.id)
            if state.outcome is not None and state.outcome.settled:
                return state.outcome
            outcome = await (self._judge(step) if self._open_flight(step) else self._attempt(step))
            if outcome is not None and outcome.settled:
                return outcome

    def _open_flight(self, step: Step) -> bool:
        state = self._ledger.state.step(step.id)
        return state.airborne and state.outcome in (None, Outcome.UNKNOWN)

    async def _attempt(self, step: Step) -> Outcome | None:
        ledger = self._ledger
        attempt = ledger.state.step(step.id).attempts + 1
        by_hand = bool(ledger.facts().known(f"hand:{step.id}"))  # it was chosen, and the program ended before a proof
        await ledger.commit(Began(step.id, attempt))
        if by_hand:
            return await self._by_hand(step, attempt)
        verdict = await until_settled(ledger, step)
        if verdict.truth is Truth.SO:
            reads_only = step.act is None
            return await ledger.end(step, Outcome.DONE if reads_only else Outcome.ALREADY, verdict.evidence)
        if verdict.truth is Truth.UNREADABLE:
            return await self._failed(step, f"It cannot be read: {verdict.evidence}.", None)
        if step.attest is not None:
            return await self._attest(step, verdict, attempt)
        if step.act is None:
            return await self._failed(step, f"It is not so: {verdict.evidence}.", verdict)
        return await self._act(step, attempt)

    async def _act(self, step: Step, attempt: int) -> Outcome | None:
        """Guards, gate, guards again if they aged, then the act. None: once more from the top."""
        ledger = self._ledger
        readings = await read_guards(ledger, step, step.guards)
        if readings.broken:
            return await self._changed(step, readings, attempt)
        try:
            action = await self._resolve(step)
        except EstateError as met:
            return await self._failed(step, met.happened, None, met)
        if step.gate.tier is not Tier.NONE or action.changes:
            question = self._gate(step, action, readings, attempt)
            answer = await self._asking.ask(question)
            if answer.choice != "go":
                return await self._not_now(step, answer, attempt)
            ledger.brake.check()
            if stale(ledger, readings):
                readings = await read_guards(ledger, step, step.guards)
                action = await self._resolve(step)
                if self._gate(step, action, readings, attempt).binding != question.binding:
                    return None  # what was shown is not so any more: guards and gate anew
        return await self._send(step, action, readings, attempt)

    async def _send(self, step: Step, action: PowerShell, readings: Readings, attempt: int) -> Outcome | None:
        ledger = self._ledger
        try:
            prepared = await ledger.estate.prepare(action)
        except EstateError as met:
            return await self._failed(step, met.happened, None, met)
        if stale(ledger, readings):
            await ledger.estate.discard(prepared)
            return None
        await carry(ledger, step, prepared, attempt)
        returned = ledger.state.step(step.id).flight
        if returned is not None and returned.returned is not None and not returned.returned.sent:
            return await self._failed(step, returned.returned.error.splitlines()[0], None)
        return await self._judge(step)

    async def _judge(self, step: Step) -> Outcome | None:
        """What became of the action that was sent, now or by an earlier process."""
        ledger = self._ledger
        judged = await judge_flight(ledger, step)
        if judged.outcome.ours:
            return await ledger.end(step, judged.outcome, judged.now.evidence)
        if judged.outcome is Outcome.FAILED:
            return await self._failed(step, judged.what, judged.now)
        if ledger.state.step(step.id).outcome is not Outcome.UNKNOWN:
            await ledger.end(step, Outcome.UNKNOWN, judged.what)
        attempt = ledger.state.step(step.id).attempts
        answer = await self._asking.ask(
            questions.unknown(step, judged.what, judged.now, self._raw(step), attempt, judged.runs)
        )
        if answer.choice == "attest":
            return await ledger.end(step, Outcome.ATTESTED, judged.now.evidence, answer.by, answer.reason)
        if answer.choice == "end":
            await cut_short(ledger, step, answer.by)
        self._stop_if(answer)
        return None

    async def _attest(self, step: Step, verdict: Verdict, attempt: int) -> Outcome | None:
        ledger, spec = self._ledger, step.attest
        assert spec is not None
        proofs = await read_guards(ledger, step, spec.proofs)
        against = [shown for shown in proofs.shown if shown.truth in (Truth.NOT_SO, Truth.MIXED)]
        if verdict.truth is Truth.MIXED or against:
            found = Shown(step.goal.question, verdict.truth, verdict.evidence, ledger.clock.wall(), verdict.condition)
            return await self._changed(step, replace(proofs, broken=((found, ""), *proofs.broken)), attempt)
        question = questions.attest(step, spec.lines(ledger.facts()), proofs.shown, ledger.mode, attempt)
        answer = await self._asking.ask(question)
        if answer.choice != "go":
            return await self._not_now(step, answer, attempt)
        said = "; ".join(f"{b.label}: {answer.blanks[b.name]}" for b in spec.blanks if answer.blanks.get(b.name))
        missing = [b.label.lower() for b in spec.blanks if not answer.blanks.get(b.name)]
        if said and missing:  # half a witness is none
            said += f"; not proved, without {' and '.join(missing)}"
        await ledger.learn(step.id, {f"witness:{step.id}": said})
        evidence = f"{answer.typed}; " + (said or "no witness named: not proved")
        return await ledger.end(step, Outcome.ATTESTED, evidence, answer.by)

    async def _changed(self, step: Step, readings: Readings, attempt: int) -> Outcome | None:
        answer = await self._asking.ask(questions.changed(step, readings.broken, attempt))
        if answer.choice == "skip":
            return await self._ledger.end(step, Outcome.SKIPPED, "", answer.by, answer.reason)
        self._stop_if(answer)
        return None

    async def _not_now(self, step: Step, answer: Answer, attempt: int) -> Outcome | None:
        if answer.choice == "hand":
            return await self._by_hand(step, attempt)
        await self._ledger.end(step, Outcome.DECLINED, "", answer.by)
        return await self._after(step, questions.declined(step, attempt, self._ways()))

    async def _failed(
        self, step: Step, what: str, now: Verdict | None, met: EstateError | None = None
    ) -> Outcome | None:
        ledger = self._ledger
        await ledger.end(step, Outcome.FAILED, what)
        raw = met.raw if met is not None and met.raw else self._raw(step)
        state = ledger.state.step(step.id)
        attempt, told = state.attempts, state.flight is None or state.flight.errors
        return await self._after(step, questions.failure(step, what, now, raw, attempt, self._ways(), told))

    async def _after(self, step: Step, question: Question) -> Outcome | None:
        """Ask what to do after a failure or a "not now"."""
        answer = await self._asking.ask(question)
        match answer.choice:
            case "skip":
                return await self._ledger.end(step, Outcome.SKIPPED, "", answer.by, answer.reason)
            case "hand":
                return await self._by_hand(step, self._ledger.state.step(step.id).attempts)
            case "undo":
                raise UndoChosen
            case "forward":
                raise ForwardChosen
        self._stop_if(answer)
        return None

    async def _by_hand(self, step: Step, attempt: int) -> Outcome | None:
        ledger, note = self._ledger, ""
        await ledger.learn(step.id, {f"hand:{step.id}": ledger.state.user})
        try:
            action = await self._resolve(step)
        except EstateError as met:
            return await self._failed(step, met.happened, None, met)
        while True:
            answer = await self._asking.ask(questions.by_hand(step, action, note, attempt))
            if answer.choice == "program":
                await ledger.learn(step.id, {f"hand:{step.id}": ""})
                return None
            verdict = await until_proved(ledger, step, step.wait)
            if verdict.truth is Truth.SO:
                return await ledger.end(step, Outcome.BY_HAND, verdict.evidence, answer.by, answer.reason)
            note = f"Still not so: {verdict.evidence}. Nothing is recorded as done."

    async def _resolve(self, step: Step) -> PowerShell:
        assert step.act is not None
        try:
            action = step.act(self._ledger.facts())
        except NotLearned as missing:
            raise EstateError(f"This step cannot be made: {missing}.", "Nothing was sent.") from missing
        return await self._ledger.estate.resolve(action)

    def _gate(self, step: Step, action: PowerShell, readings: Readings, attempt: int) -> Question:
        resend = self._ledger.state.step(step.id).resend and action.repeat is Repeat.NEVER
        return questions.gate(step, action, readings.shown, self._ledger.mode, attempt, resend)

    def _raw(self, step: Step) -> str:
        flight = self._ledger.state.step(step.id).flight
        return flight.text if flight is not None else ""

    @staticmethod
    def _stop_if(answer: Answer) -> None:
        if answer.choice == "stop":
            raise Stopped
