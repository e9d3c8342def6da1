"""`--plain`: every view in lines, one fact each; no cursor movement, no colour, no box."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.core.clock import Clock
from tui.core.front import (
    Board,
    Form,
    PlanView,
    Recommendation,
    Report,
    RunSession,
    Situation,
    Triage,
    Welcome,
    WelcomeChoice,
)
from tui.core.scenario import Scenario
from tui.plain import opening
from tui.plain.board import prerequisites
from tui.plain.plans import read_plan
from tui.plain.running import Running
from tui.plain.talk import ReadLine, Talk, WriteLine
from tui.plain.text import header, lines_of, safe, sentence


class PlainFront:
    """A front end of lines. `live` says that a person types at a terminal, not a pipe."""

    def __init__(
        self,
        clock: Clock,
        read_line: ReadLine,
        write_line: WriteLine,
        person: str,
        live: bool = False,
        drop_typed_ahead: Callable[[], None] = lambda: None,
    ) -> None:
        self.clock = clock
        self._talk = Talk(clock, read_line, write_line, live, drop_typed_ahead)
        self._person = person
        self._situation: Situation | None = None

    def interrupt(self) -> None:
        """ctrl+c. Call it on the event loop."""
        self._talk.interrupt()

    def hang_up(self) -> None:
        """The terminal is lost: the program is left at once."""
        self._talk.leave_at_once("by a lost terminal")

    def situation(self, situation: Situation) -> None:
        """What stands at the head of each view from now on."""
        self._situation = situation
        self._talk.mode = situation.mode
        self._talk.run = situation.run

    async def welcome(self, view: Welcome) -> WelcomeChoice:
        """The first view."""
        self._head("Welcome.")
        if self._situation is not None and self._situation.mode == "LIVE":
            self._talk.say("Every command you confirm goes to real hosts.")
        else:
            self._talk.say("A simulated site on this computer. Nothing real can be reached.")
        return await opening.welcome(self._talk, view)

    async def triage(self, view: Triage) -> str:
        """One question of "What happened?"."""
        self._head("What happened?")
        return await opening.triage(self._talk, view)

    async def recommendation(self, view: Recommendation) -> str:
        """Which scenario, and why."""
        self._head("What happened? Our recommendation.")
        return await opening.recommendation(self._talk, view)

    async def scenarios(self, choices: Sequence[Scenario], fitting: str) -> str:
        """All scenarios."""
        self._head("Scenarios.")
        return await opening.scenarios(self._talk, choices, fitting)

    async def inputs(self, form: Form) -> str:
        """The inputs of the scenario."""
        self._head("Inputs.")
        return await opening.inputs(self._talk, form)

    async def prerequisites(self, board: Board) -> str:
        """What must be true first."""
        self._head("Prerequisites.")
        return await prerequisites(self._talk, board)

    async def plan(self, view: PlanView) -> str:
        """The plan before its first step."""
        self._head("Plan.")
        return await read_plan(self._talk, view)

    async def run(self, session: RunSession) -> None:
        """The run itself. Raises Leave."""
        self._head("Run.")
        await Running(session, self._talk, self._person, lambda: self._situation).show()

    async def report(self, view: Report) -> None:
        """The end of a run."""
        self._head("Report.")
        say = self._talk.say
        say(sentence(view.title), *(f"Next: {sentence(line)}" for line in view.next_steps))
        for what, host, line in view.left_over:
            say(f"Left over: {sentence(what)}")
            if line:
                say(f"What removes it, on {safe(host)}, one line:", *lines_of(line))
        say(
            *([f"Saved: {view.files}"] if view.files else []),
            *([f"Record: {sentence(view.chain)}"] if view.chain else []),
        )
        while await self._talk.ask("Enter goes on; r and enter reads the whole report: ", at_end="") == "r":
            say(*lines_of(view.markdown))

    async def tell(self, title: str, lines: Sequence[str]) -> None:
        """Say something and wait until it was read."""
        self._talk.say("", sentence(title), *(sentence(line) for line in lines))
        await self._talk.ask("Enter goes on: ", at_end="")

    def _head(self, title: str) -> None:
        lines = header(self._situation, self.clock.wall()) if self._situation is not None else ()
        self._talk.say("", *lines, title)
