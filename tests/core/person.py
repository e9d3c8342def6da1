"""A person with a script, and a desk: one run folder and all that runs in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.core.fake import NOW, FakeClock, FakeEstate, Killed, holds, plan, step
from tui.core.engine import Brake, Engine
from tui.core.events import Event, RunBegan, Stamped, TakenUp
from tui.core.fold import fold
from tui.core.journal import Journal, read_journal
from tui.core.plan import Attest, Guard, Plan
from tui.core.question import Answer, Asks, Blank, Needs, Question
from tui.core.state import RunState

Reply_ = str | Callable[[Question], Answer | str]


class Person:
    """Answers by question kind: `says[asks]` is a list of choices, used up; then the default. Keeps what was asked."""

    def __init__(self, clock: FakeClock, **says: list[Reply_]) -> None:
        self.clock = clock
        self.says = {
            Asks(name.replace("_", " ") if name != "typed" else "type the name"): s for name, s in says.items()
        }
        self.asked: list[Question] = []
        self.takes = 2.0

    async def __call__(self, question: Question) -> Answer:
        self.asked.append(question)
        self.clock.advance(self.takes)
        waiting = self.says.get(question.asks)
        usual = "end" if question.id == "whole-goal" else DEFAULTS[question.asks]
        said = waiting.pop(0) if waiting else usual
        said = said(question) if callable(said) else said
        return said if isinstance(said, Answer) else answer(question, said)

    @property
    def kinds(self) -> list[str]:
        return [str(question.asks) for question in self.asked]


DEFAULTS: dict[Asks, str] = {
    Asks.CONFIRM: "go", Asks.TYPE: "go", Asks.PAUSE: "go", Asks.RESUME: "go", Asks.DECLINED: "stop",
    Asks.FAILURE: "stop", Asks.UNKNOWN: "stop", Asks.CHANGED: "stop", Asks.BY_HAND: "check",
    Asks.OVERDUE: "stop", Asks.DECIDE: "stop",
    Asks.GO_BACK: "go", Asks.PAPER: "enough",
}  # fmt: skip


def answer(question: Question, choice: str) -> Answer:
    """This choice with all that it needs."""
    needs = next((c.needs for c in question.choices if c.key == choice), Needs.NOTHING)
    reason = {Needs.REASON: "nobody on call until 06:00", Needs.TIME: "02:31"}.get(needs, "")
    typed = question.phrase if choice == "go" else ""
    return Answer(question.id, question.binding, choice, "m.weber", typed, reason, seconds=2.0)


BEGAN = RunBegan("1122-0214", "DRILL", "lab", "DR-PC3", "m.weber", "0.1.0", NOW, 7200.0)


@dataclass
class Desk:
    """One run folder and all that runs in it; `go` may be called again and again, as after a crash."""

    folder: Path
    plan: Plan
    estate: FakeEstate = field(default_factory=FakeEstate)
    clock: FakeClock = field(default_factory=FakeClock)
    brake: Brake = field(default_factory=Brake)
    before: tuple[Event, ...] = (BEGAN,)

    async def go(self, asker: Callable[[Question], Awaitable[Answer]]) -> RunState:
        new = not self.folder.exists()
        with Journal.create(self.folder, self.clock) if new else Journal.take_up(self.folder, self.clock) as journal:
            for event in self.before if new else (TakenUp("DR-PC3", "j.brandt", 2, journal.recorded.torn),):
                await journal.commit(event)
            engine = Engine(self.plan, journal, self.estate, self.clock, asker, "DRILL", self.brake)
            return await engine.run()

    async def until_killed(self, asker: Callable[[Question], Awaitable[Answer]]) -> None:
        """Run until `Killed`; raises AssertionError where nothing kills."""
        try:
            await self.go(asker)
        except Killed:
            return
        raise AssertionError("nothing killed it")

    @property
    def events(self) -> tuple[Stamped, ...]:
        return read_journal(self.folder / "journal.jsonl").events

    def of(self, *kinds: type[Event]) -> list[Event]:
        """The recorded events of these kinds."""
        return [stamped.event for stamped in self.events if isinstance(stamped.event, kinds)]


def desk(tmp_path, *steps, goal="key", **more):
    return Desk(tmp_path / "run", plan(tuple(steps), goal=goal), **more)


def outcome(here, step_id="set-key"):
    return fold(here.events).step(step_id).outcome


def dead(proof="nodes"):
    return step(
        "source", id="source-dead", title="Is AZL-BER dead?", act=None, goal=holds("source", "Off"), undo=None,
        attest=Attest(lambda _: ("Two copies lose data.",), "It is dead", "AZL-BER IS DEAD",
                      (Blank("witness", "Witness", "who saw it"),), (Guard("No node answers", holds(proof, None)),)),
        no_skip="two copies could run",
    )  # fmt: skip
