"""A front end without a person: it answers every question as the best operator would.

It takes what is recommended, confirms a gate whose guards all hold, says that a source is dead only with a witness,
repeats only what may be repeated, and stops where a person would have to find something out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tui.core.action import Repeat
from tui.core.clock import Clock
from tui.core.front import (
    BACK,
    Board,
    Form,
    Leave,
    PlanView,
    Recommendation,
    Report,
    Row,
    RunSession,
    Situation,
    Triage,
    Welcome,
    WelcomeChoice,
)
from tui.core.question import Answer, Asks, Question
from tui.core.scenario import Level, Option, Scenario
from tui.core.state import StepState
from tui.core.verdict import Truth

NAME = "autopilot"
REREAD = 30.0  # site seconds before something that may clear by itself is read again


class TooManyQuestions(RuntimeError):
    """It was asked more often than any plan asks: something goes round in circles."""


def goes_on(row: Row, witness: Mapping[str, str]) -> bool:
    """Whether a good operator goes on: past a warning; past an unknown only with a witness of what is not read."""
    level = row.finding.level if row.finding is not None else Level.UNKNOWN
    return level is Level.WARN or (level is Level.UNKNOWN and bool(witness))


@dataclass(frozen=True, slots=True)
class Policy:
    """How it decides. `decline_at` is the id of a step that is answered "Not now", after which it stops."""

    decline_at: str | None = None
    retries: int = 1
    """How often a failed step is tried again."""
    readings: int = 3
    """How often something changed, or a prerequisite that stops, is read again."""
    most: int = 200
    """Questions, views included, after which it raises TooManyQuestions."""
    goes_on: Callable[[Row, Mapping[str, str]], bool] = goes_on


class Autopilot:
    """Implements `FrontEnd`. `witness` fills the blanks of attesting questions; without it none is attested."""

    def __init__(
        self,
        clock: Clock,
        witness: Mapping[str, str] | None = None,
        policy: Policy | None = None,
        decline_at: str | None = None,
    ) -> None:
        self.clock = clock
        self.witness = dict(witness or {})
        self.policy = replace(policy or Policy(), decline_at=decline_at or (policy.decline_at if policy else None))
        self.asked: list[Question] = []
        self.answers: list[Answer] = []
        self.views: list[str] = []
        self.told, self.reports = list[tuple[str, tuple[str, ...]]](), list[Report]()
        self.stuck = ""
        """Why it stopped or left before the end; empty while it has not."""
        self._taken: dict[tuple[str, Asks], int] = {}
        self._session: RunSession | None = None

    def situation(self, situation: Situation) -> None:
        """Nothing is shown."""

    async def welcome(self, view: Welcome) -> WelcomeChoice:
        """Takes up what is unfinished, else starts something new. Leaves when its run has ended or was refused."""
        self._seen("welcome")
        if self.reports:
            raise Leave
        if self.told:
            raise self._leave("; ".join((self.told[-1][0], *self.told[-1][1])))
        open_runs = [run for run in view.unfinished if not run.problem]
        if not open_runs and not view.can_start:
            raise self._leave("nothing can be started")
        return WelcomeChoice("take up", open_runs[0].run) if open_runs else WelcomeChoice("new")

    async def triage(self, view: Triage) -> str:
        """The answer that we would take, else the first that leads somewhere."""
        self._seen("triage")
        leading = [option for option in view.options if not option.nowhere]
        if not leading:
            raise self._leave(f"nothing leads on from {view.question!r}")
        return next((option.key for option in leading if option.why), leading[0].key)

    async def recommendation(self, view: Recommendation) -> str:
        """Uses it."""
        self._seen("recommendation")
        if view.scenario is None:
            raise self._leave("no scenario fits")
        return "use"

    async def scenarios(self, choices: Sequence[Scenario], fitting: str) -> str:
        """The one that fits."""
        self._seen("scenarios")
        return fitting or BACK

    async def inputs(self, form: Form) -> str:
        """What is recommended for each input, else the first value without a problem."""
        self._seen("inputs")
        for field in form.fields:
            values = _best(await form.options(field.name), many=field.many)
            if not values:
                raise self._leave(f"no value for {field.label}: {'; '.join(form.silence) or 'none was offered'}")
            form.choose(field.name, *values)
        return "done"

    async def prerequisites(self, board: Board) -> str:
        """Reads them; gives reasons that name the evidence where going on is right; waits for what may clear."""
        self._seen("prerequisites")
        for reading in range(self.policy.readings):
            if reading:
                await self.clock.sleep(REREAD)
            await board.read(lambda: None)
            if not any(row.finding is None or row.finding.level is Level.STOP for row in board.rows):
                break
        for row in board.rows:
            level = row.finding.level if row.finding is not None else Level.OK
            if row.finding is None or row.reason or level in (Level.OK, Level.STOP):
                continue
            if self.policy.goes_on(row, self.witness):
                board.override(row.check, f"{row.title}: {row.finding.evidence}; the story of the drill says to go on")
        if board.missing():
            raise self._leave(board.missing())
        return "plan"

    async def plan(self, view: PlanView) -> str:
        """Begins."""
        self._seen("plan")
        return "begin"

    async def run(self, session: RunSession) -> None:
        """Runs the session with `ask`."""
        self._seen("run")
        self._session = session
        await session.go(self.ask)

    async def report(self, view: Report) -> None:
        """Keeps it."""
        self._seen("report")
        self.reports.append(view)

    async def tell(self, title: str, lines: Sequence[str]) -> None:
        """Keeps it."""
        self._seen("tell")
        self.told.append((title, tuple(lines)))

    async def ask(self, question: Question) -> Answer:
        """The answer to one question of the engine. Raises TooManyQuestions."""
        self.asked.append(question)
        self._count()
        choice = self._decide(question)
        if choice == "read":
            await self.clock.sleep(REREAD)
        sends = choice == "go" and bool(question.phrase)
        blanks = {b.name: self.witness[b.name] for b in question.blanks if b.name in self.witness} if sends else {}
        answer = Answer(
            question.id, question.binding, choice, NAME, typed=question.phrase if sends else "",
            blanks=blanks, seconds=2.0,
        )  # fmt: skip
        self.answers.append(answer)
        return answer

    def _decide(self, question: Question) -> str:
        match question.asks:
            case Asks.CONFIRM | Asks.TYPE:
                return self._gate(question)
            case Asks.PAUSE | Asks.RESUME | Asks.GO_BACK:
                return "go"
            case Asks.PAPER:
                return "enough"
            case Asks.FAILURE:
                return self._again(question, "retry", self.policy.retries) if self._repeatable(question) else "stop"
            case Asks.UNKNOWN:
                return self._unknown(question)
            case Asks.DECIDE:
                self.stuck = self.stuck or ("" if question.mark else f"{question.title} {question.lines[0]}")
                return question.mark or "stop"
            case Asks.OVERDUE:
                return self._again(question, "more", 1)
            case Asks.CHANGED:
                return self._again(question, "read", self.policy.readings)
            case Asks.BY_HAND:
                return "program"
            case Asks.DECLINED:
                self.stuck = self.stuck or question.title
        return "stop"

    def _gate(self, question: Question) -> str:
        """Goes where every guard holds; attests with a witness; never sends again what was sent already."""
        held = all(guard.truth is Truth.SO for guard in question.guards)
        against = any(guard.truth in (Truth.NOT_SO, Truth.MIXED) for guard in question.guards)
        if question.step == self.policy.decline_at:
            self.stuck = f"declined at {question.step}"
        elif question.action is None and (against or not self.witness):
            self.stuck = f"nobody can say: {question.title}"
        elif question.action is not None and not held:
            self.stuck = f"a guard does not hold: {question.title}"
        elif question.phrase.endswith("SEND AGAIN"):
            self.stuck = f"only a person sends again: {question.title}"
        else:
            return "go"
        return "later"

    def _unknown(self, question: Question) -> str:
        """Reads again once; ends a process that then still runs: a killed client's waits for input that never comes.

        Where the whole goal is asked about (of no step), `end` would end the run.
        """
        looked = (question.step, question.asks) in self._taken
        if looked and question.step and any(choice.key == "end" for choice in question.choices):
            return self._again(question, "end", 2)
        return self._again(question, "read", 1)

    def _again(self, question: Question, choice: str, most: int) -> str:
        key = (question.step, question.asks)
        self._taken[key] = self._taken.get(key, 0) + 1
        if self._taken[key] <= most:
            return choice
        self.stuck = "; ".join((question.title, *question.lines))
        return "stop"

    def _repeatable(self, question: Question) -> bool:
        """Whether nothing of a `never` action reached its host in the attempt that failed."""
        state = self._session.state.step(question.step) if self._session is not None else StepState()
        if state.flight is None or not state.airborne or state.flight.intended.repeat != Repeat.NEVER:
            return True
        self.stuck = f"{question.title} may not be repeated"
        return False

    def _leave(self, why: str) -> Leave:
        self.stuck = why
        return Leave()

    def _seen(self, view: str) -> None:
        self.views.append(view)
        self._count()

    def _count(self) -> None:
        if len(self.asked) + len(self.views) > self.policy.most:
            raise TooManyQuestions(f"more than {self.policy.most} questions; the last views: {self.views[-3:]}")


def _best(options: Sequence[Option], *, many: bool) -> list[str]:
    """What is recommended, all of it where several are taken; else the first without a problem."""
    good = [option for option in options if not option.problem]
    best = [option.value for option in good if option.recommended] or [option.value for option in good[:1]]
    return best if many else best[:1]
