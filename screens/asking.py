"""The base of every question of the engine: an answer binds to what was shown, and is given once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from screens.runview import RunView
from screens.sheet import TellSheet, TextSheet, TimeSheet
from screens.texts.header import brief
from screens.texts.line import Part, line
from screens.texts.step import previewed
from screens.verdicts import as_read
from tui.core.clock import hm, hms
from tui.core.facts import split
from tui.core.front import RunSession
from tui.core.plan import Step
from tui.core.question import MIN_REASON, Answer, Asks, Choice, Needs, Question


class QuestionView(RunView[Answer]):
    """A question. Dismissed with an answer, or with None when it is withdrawn."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "guards", "Guards", id="guards", tooltip="The guards and proofs just read"),
        Binding("e", "error", "Error text", id="error", tooltip="What the host said, in full"),
        Binding("d", "sources", "Sources", id="sources", tooltip="The pages that this rests on, with their dates"),
        Binding("r", "again", "Re-read", id="again", tooltip="Read again; sends nothing"),
    ]

    def __init__(self, question: Question, session: RunSession) -> None:
        super().__init__(session)
        self.question = question
        self.queued = False
        """Whether it waits among questions of other VMs: then esc goes back to them and answers nothing."""
        self.drafts: dict[str, str] = {}
        """What was typed and not given, by choice or blank."""
        self._stood = 0.0
        self._painted: float | None = None

    @property
    def vm(self) -> str:
        """Whose question it is."""
        return split(self.question.step)[1]

    def back_to_the_others(self) -> bool:
        """Close it unanswered where it waits among others."""
        if self.queued and self.is_current:
            self.dismiss(None)
        return self.queued

    def on_mount(self) -> None:
        """What is typed counts from when the question was on the screen."""
        self._stood = self.host.clock.monotonic()
        self.call_after_refresh(self._seen)

    def _seen(self) -> None:
        self._painted = Message().time
        self.set_timer(max(0.01, self.question.delay), self.opened)

    def opened(self) -> None:
        """From now on answers count."""
        self.refill()
        self.draw_frame()

    def waits_still(self, at: float) -> bool:
        """Whether a key of this time (Textual's) does not count: pressed before the question could be read."""
        return self._painted is None or at - self._painted < self.question.delay

    @property
    def open(self) -> bool:
        """Whether a key pressed now would count."""
        return not self.waits_still(Message().time)

    def on_key(self, event: events.Key) -> None:
        """Drop keys typed ahead, by when they were pressed."""
        if event.key != "question_mark" and self.waits_still(event.time):
            event.stop()
            event.prevent_default()

    @property
    def step(self) -> Step | None:
        """The step that asks; None for questions about the whole run."""
        return self.session.plan.step(self.question.step)

    def right(self) -> Part:
        """How long it stands."""
        word = "by hand," if self.question.asks is Asks.BY_HAND else "asks for"
        stood = self.host.clock.monotonic() - self._stood
        if self.queued:  # it stood before it was opened
            stood = max(stood, self.moment() - self.session.state.asked_at.get(self.question.id, self.moment()))
        return line(f"{word} {brief(stood)}")

    def choice(self, key: str) -> Choice | None:
        """A choice that is offered."""
        return next((c for c in self.question.offered() if c.key == key), None)

    def answer(self, key: str, *, typed: str = "", reason: str = "", blanks: Mapping[str, str] | None = None) -> None:
        """Give the answer; what a choice needs besides itself is asked first."""
        chosen = self.choice(key)
        if chosen is None or not self.is_current:
            return
        if chosen.needs is not Needs.NOTHING and not reason:
            self._need(chosen)
            return
        seconds = self.host.clock.monotonic() - self._stood
        self.dismiss(
            Answer(self.question.id, self.question.binding, key, self.session.state.user, typed, reason,
                   dict(blanks or {}), seconds)
        )  # fmt: skip

    def _need(self, chosen: Choice) -> None:
        draft = self.drafts.get(chosen.key, "")
        if chosen.needs is Needs.TIME:
            sheet: TextSheet = TimeSheet(chosen.label, (), "When, HH:MM in UTC. It goes into the report with your name",
                                         "Record the time", draft,
                                         hint=f"HH:MM (now: {hm(self.host.clock.wall())})")  # fmt: skip
        else:
            ask = f"Your reason, {MIN_REASON} characters or more. It goes into the report with your name"
            sheet = TextSheet(chosen.label, (self.question.title,), ask, "Record the reason", draft, MIN_REASON)

        def given(text: str | None) -> None:
            self.drafts[chosen.key] = sheet.draft
            if text:
                self.call_later(lambda: self.answer(chosen.key, reason=text))

        self.app.push_screen(sheet, given)

    def command_shown(self) -> tuple[str, str]:
        """The remedy where there is one, else the exact command."""
        if self.question.remedy:
            return "", self.question.remedy
        if self.question.action is not None:
            return self.question.step, self.question.action.script
        return self.question.step, previewed(self.session.plan, self.session.state, self.step) if self.step else ""

    def action_guards(self) -> None:
        """The guards just read, each with its value and time."""
        if self.question.guards:
            self.app.push_screen(TellSheet([
                f"{as_read(g.truth, g.evidence, g.condition)[0]}  {g.title}: {g.evidence}. Read {hms(g.at)}, "
                f"{brief(self.host.clock.wall() - g.at)} ago." for g in self.question.guards
            ]))  # fmt: skip

    def action_error(self) -> None:
        """What the host said, in full."""
        if self.question.raw:
            self.app.push_screen(TellSheet(self.question.raw.splitlines()))

    def action_sources(self) -> None:
        """The pages that a decision rests on."""
        if self.question.sources:
            self.app.push_screen(TellSheet(["It rests on:", *self.question.sources]))

    def action_again(self) -> None:
        """Read again, where that is a choice."""
        if self.choice("read") is not None:
            self.answer("read")
