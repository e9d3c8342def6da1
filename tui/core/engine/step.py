"""One step, from its goal probe to its outcome.

probe ─ so ─────────────────────────────────────────────▶ already so
  └ not so ─ guards ─ gate ─ its turn ─ guards young? ─ prepare ─ intent ─ send ─ proof ─▶ done
               │        └ not now ─▶ declined                        └ not so ─▶ failed ─▶ question
               └ broken ─▶ changed by someone else
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.core.decision import Decision
from tui.core.engine import questions
from tui.core.engine.asking import Asking
from tui.core.engine.delivery import Delivery, Offer
from tui.core.engine.flight import Judged, cut_short, judge_flight
from tui.core.engine.guards import Broken, read_guards
from tui.core.engine.ledger import ForwardChosen, Ledger, Stopped, UndoChosen
from tui.core.engine.patience import until_proved, until_settled
from tui.core.engine.questions import Ways
from tui.core.engine.ready import Ahead
from tui.core.engine.replan import PlanChanged, follow
from tui.core.errors import EstateError
from tui.core.events import Began, Outcome
from tui.core.facts import split
from tui.core.plan import Step, Tier
from tui.core.question import Answer, Question, Shown
from tui.core.verdict import Truth, Verdict, read_all


class StepRunner:
    """Runs steps one after the other. `ways` says where the run can turn."""

    def __init__(self, ledger: Ledger, asking: Asking, ways: Callable[[], Ways]) -> None:
        self._ledger = ledger
        self._asking = asking
        self._ways = ways
        self._delivery = Delivery(ledger)
        self._ahead = Ahead(ledger)

    async def run(self, step: Step) -> Outcome:
        """The step's settled outcome. Raises Stopped or UndoChosen when the person so chose."""
        while True:
            self._ledger.check()
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
        local, _ = split(step.id)
        by_hand = bool(ledger.facts(step.id).known(f"hand:{local}"))  # chosen; the program ended before a proof
        await ledger.commit(Began(step.id, attempt))
        if by_hand:
            return await self._by_hand(step, attempt)
        verdict = await until_settled(ledger, step)
        if verdict.truth is Truth.SO:
            reads_only = step.act is None
            return await ledger.end(step, Outcome.DONE if reads_only else Outcome.ALREADY, verdict.evidence)
        if verdict.truth is Truth.RUNNING:
            return await self._after(step, questions.overdue(step, verdict, attempt))
        if verdict.truth is Truth.UNREADABLE:
            return await self._failed(step, f"It cannot be read: {verdict.evidence}.", None)
        if step.decide is not None:
            return await self._decide(step, step.decide, attempt)
        if step.attest is not None:
            return await self._attest(step, verdict, attempt)
        if step.act is None:
            return await self._failed(step, f"It is not so: {verdict.evidence}.", verdict)
        return await self._act(step, attempt)

    async def _act(self, step: Step, attempt: int) -> Outcome | None:
        """Guards, gate, then the act. None: once more from the top."""
        ledger = self._ledger
        readings = await read_guards(ledger, step)
        if readings.broken:
            return await self._changed(step, readings.broken, attempt, readings.lost)
        try:
            offer = await self._delivery.offer(step, attempt, readings)
            async with self._ahead.ready(offer.action) as ready:
                answer = await self._asking.ask(offer.gate) if _gated(offer) else None
                if answer is None or answer.choice == "go":
                    judged = await self._delivery.deliver(offer, ready)
                    return None if judged is None else await self._conclude(step, judged)
        except EstateError as met:
            return await self._failed(step, met.happened, None, met)
        return await self._not_now(step, answer, attempt)

    async def land(self, step: Step) -> None:
        """Judge what is in flight and ask nothing: before a run goes back it must be known what it has made."""
        judged = await judge_flight(self._ledger, step)
        await self._ledger.end(step, judged.outcome, judged.now.evidence if judged.outcome.ours else judged.what)

    async def _judge(self, step: Step) -> Outcome | None:
        """What became of the action that an earlier process sent."""
        async with self._delivery.turn(step):  # it may still use what it shares
            judged = await judge_flight(self._ledger, step)
        return await self._conclude(step, judged)

    async def _conclude(self, step: Step, judged: Judged) -> Outcome | None:
        ledger = self._ledger
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
            return await self._changed(step, (Broken(found, ""), *proofs.broken), attempt)
        question = questions.attest(step, spec.lines(ledger.facts(step.id)), proofs.shown, ledger.mode, attempt)
        answer = await self._asking.ask(question)
        if answer.choice != "go":
            return await self._not_now(step, answer, attempt)
        said = "; ".join(f"{b.label}: {answer.blanks[b.name]}" for b in spec.blanks if answer.blanks.get(b.name))
        missing = [b.label.lower() for b in spec.blanks if not answer.blanks.get(b.name)]
        if said and missing:  # half a witness is none
            said += f"; not proved, without {' and '.join(missing)}"
        await ledger.learn(step.id, {f"witness:{split(step.id)[0]}": said})
        # what was typed stands with the answer: here it would be read a second time
        evidence = said or "no witness named: not proved"
        return await ledger.end(step, Outcome.ATTESTED, evidence, answer.by)

    async def _decide(self, step: Step, decision: Decision, attempt: int) -> Outcome | None:
        """All branches with what was read; what is chosen is learned, and the plan made again with it."""
        ledger = self._ledger
        facts = ledger.facts(step.id)
        weighed = decision.weigh(facts, await read_all(decision.reads(facts), ledger.estate))
        answer = await self._asking.ask(questions.decide(step, decision, weighed, attempt))
        self._stop_if(answer)
        taken = next((branch for branch in weighed.branches if branch.key == answer.choice), None)
        if taken is None:
            return None
        # the plan first: killed in between, the run asks again, and never goes on with a plan that was not chosen
        another = bool(taken.facts) and ledger.replan is not None and await follow(ledger, step, taken.facts)
        await ledger.learn(step.id, {f"decision:{split(step.id)[0]}": taken.label})
        read = "; ".join(f"{what}: {value}" for what, value in weighed.values)
        await ledger.end(step, Outcome.DONE, f"{taken.label} ({read})", answer.by)
        if another:
            raise PlanChanged
        return Outcome.DONE

    async def _changed(
        self, step: Step, broken: Sequence[Broken], attempt: int, lost: Shown | None = None
    ) -> Outcome | None:
        """Something is not as it must be: ask. Raises PlanChanged where the plan follows it."""
        ledger = self._ledger
        can_follow = ledger.replan is not None and not ledger.state.undoing
        question = (
            questions.changed(step, broken, attempt, self._ways(), can_follow=can_follow)
            if lost is None
            else questions.taken(step, lost, attempt)
        )
        answer = await self._asking.ask(question)
        if answer.choice == "follow":
            instead = next(one.instead for one in broken if one.instead and one.follow)
            if await follow(ledger, step, instead):
                raise PlanChanged
        return await self._turned(step, answer)

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
        if answer.choice == "hand":
            return await self._by_hand(step, self._ledger.state.step(step.id).attempts)
        return await self._turned(step, answer)

    async def _turned(self, step: Step, answer: Answer) -> Outcome | None:
        """Skip, leave the VM out, go back, go on, stop; None: once more."""
        match answer.choice:
            case "skip":
                return await self._ledger.end(step, Outcome.SKIPPED, "", answer.by, answer.reason)
            case "leave out":
                return await self._leave_out(step, answer)
            case "undo":
                raise UndoChosen
            case "forward":
                raise ForwardChosen
        self._stop_if(answer)
        return None

    async def _leave_out(self, step: Step, answer: Answer) -> Outcome:
        """Skip all that is open in the VM's lane, from its end: cut off half-way, no later step is left to run."""
        ledger = self._ledger
        lane = [other for other in ledger.plan.lane(step.id) if not ledger.state.settled(other.id)]
        for other in reversed(lane):
            await ledger.end(other, Outcome.SKIPPED, "", answer.by, f"{split(step.id)[1]} left out: {answer.reason}")
        return Outcome.SKIPPED

    async def _by_hand(self, step: Step, attempt: int) -> Outcome | None:
        ledger, note = self._ledger, ""
        await ledger.learn(step.id, {f"hand:{split(step.id)[0]}": ledger.state.user})
        try:
            action = await self._delivery.resolve(step)
        except EstateError as met:
            return await self._failed(step, met.happened, None, met)
        while True:
            answer = await self._asking.ask(questions.by_hand(step, action, note, attempt))
            if answer.choice == "program":
                await ledger.learn(step.id, {f"hand:{split(step.id)[0]}": ""})
                return None
            verdict = await until_proved(ledger, step, step.wait)
            if verdict.truth is Truth.SO:
                return await ledger.end(step, Outcome.BY_HAND, verdict.evidence, answer.by, answer.reason)
            note = f"Still not so: {verdict.evidence}. Nothing is recorded as done."

    def _raw(self, step: Step) -> str:
        flight = self._ledger.state.step(step.id).flight
        return flight.text if flight is not None else ""

    @staticmethod
    def _stop_if(answer: Answer) -> None:
        if answer.choice == "stop":
            raise Stopped


def _gated(offer: Offer) -> bool:
    return offer.step.gate.tier is not Tier.NONE or offer.action.changes
