"""The run: the step of now, large; before and after, small; what the hosts say. The engine's questions rise over it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from screens.asked import withdraw
from screens.help import HelpScreen
from screens.questions import question_view
from screens.runview import RunView
from screens.small import SmallScreen
from screens.texts.footer import Hint
from screens.texts.header import against_usual, brief
from screens.texts.line import Part, hang, line, muted, rule
from screens.texts.notice import notice
from screens.texts.progress import current, full_label, run_title
from screens.texts.runlist import side_list, side_width
from screens.texts.step import COLUMN, Card, after, before, body, card_of, deadline_of, head
from screens.texts.transcript import Said
from screens.texts.unfolded import guards_read, now_read, times
from screens.texts.waiting import meanwhile, wait_rows
from screens.widgets.lines import Lines
from screens.widgets.transcript import RATE, Transcript
from tui.core.events import Stamped
from tui.core.front import RunSession
from tui.core.plan import Step
from tui.core.question import Answer, Question
from tui.core.waiting import Waited, waited

WIDE = 110
"""From so many columns on the screen unfolds."""


class RunScreen(RunView[bool]):
    """Shows a session and asks its questions. It cannot be left by esc. Gives True at its end."""

    AUTO_FOCUS = ""
    HELP_NAME = "Run"
    WAITS = "Writing the report"
    REST: ClassVar[float] = 1 / RATE
    """Seconds between two drawings."""
    HELP_TEXT = (
        ("What this screen is", "The step of now, large; before and after, small."),
        ("What you can do now", "Nothing, while a step runs. It asks you when it needs you."),
        ("If it takes too long", "At its deadline you are asked. Nothing is cancelled and nothing is sent twice."),
    )

    def __init__(self, session: RunSession) -> None:
        super().__init__(session)
        self.ready = asyncio.Event()
        self._waits = ""
        self._clear = asyncio.Event()
        self._turn = asyncio.Lock()
        self._told = ""
        self._stale = False
        """Whether events came that are not drawn yet."""
        self._resting = False
        """Just drawn. A drawing takes some ms: one for each event would hold the engine, which is on the same loop."""
        self._transcript = Transcript(session, live=self._silence)

    @property
    def waits(self) -> str:
        """What waits for an answer while something else is open."""
        return self._waits

    @property
    def step(self) -> Step | None:
        """The step of now."""
        return current(self.session.plan, self.session.state, self.vm)

    def parts(self) -> Sequence[Widget]:
        """The step list (wide only), the card, the transcript."""
        return [
            Horizontal(Lines(id="steps"), Lines(id="card"), id="upper"),
            Lines(id="said-rule"),
            self._transcript,
        ]

    def on_mount(self) -> None:
        """Follow the record."""
        self._unfollow = self.session.follow(self._follow)
        self.ready.set()

    def on_unmount(self) -> None:
        """Stop to follow it."""
        self._unfollow()

    def _follow(self, stamped: Stamped) -> None:
        self.redraw()

    def redraw(self) -> None:
        """Have what is new drawn."""
        if not self._stale and not self._resting:
            self.call_later(self._changed)
        self._stale = True

    def _changed(self) -> None:
        self._stale, self._resting = False, True
        self.set_timer(self.REST, self._rested)
        self.refill()
        self.draw_frame()

    def _rested(self) -> None:
        self._resting = False
        if self._stale:
            self._changed()

    def on_screen_resume(self) -> None:
        """Nothing is open over the run: a question may rise."""
        self._clear.set()

    def on_screen_suspend(self) -> None:
        """Something is open over the run."""
        self._clear.clear()

    async def ask(self, question: Question) -> Answer:
        """Show the question when nothing else is open; shown anew when it was withdrawn."""
        await self.ready.wait()
        async with self._turn:
            try:
                while True:
                    self._waits = label_of(self.session, question)
                    if isinstance(self.app.screen, HelpScreen):
                        self.app.screen.dismiss(None)
                    while self.app.screen is not self or isinstance(self.app.screen, SmallScreen):
                        self._clear.clear()
                        await self._clear.wait()
                    answer = await self._put(question)
                    if answer is not None:
                        return answer
            finally:
                self._waits = ""

    async def _put(self, question: Question) -> Answer | None:
        answered: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()

        def done(answer: Answer | None) -> None:
            if not answered.done():
                answered.set_result(answer)

        view = question_view(question, self.session)
        try:
            await self.app.push_screen(view, done)
            return await answered
        except asyncio.CancelledError:
            withdraw(view)
            raise

    def heading(self) -> str:
        """`Run: step 7 of 13, phase 1 of 2`."""
        return run_title(self.session.plan, self.session.state, self.width >= WIDE, self.step)

    def right(self) -> Part:
        """The step against its usual time, while its command runs."""
        step = self.step
        known = self.session.state.step(step.id) if step is not None else None
        if step is None or known is None or known.flight is None or known.outcome is not None:
            return ""
        return against_usual("step", self.moment() - known.flight.at, step.usual)

    def hints(self) -> list[Hint]:
        """Nothing is asked here."""
        first = f"Step waits for you: {self.waits}." if self.waits else "Nothing to do now."
        return [("", first), ("c", "Copy"), ("l", "Log"), ("p", "Plan"), ("n", "Note")]

    def tick(self) -> None:
        """Running times go on."""
        self.refill()

    def refill(self) -> None:
        """Card, list, and how the room is shared."""
        if not self.query("#card"):
            return
        wide = self.width >= WIDE
        steps, card = self.query_one("#steps", Lines), self.query_one("#card", Lines)
        steps.display = wide
        step = self.step
        left = side_width(self.session.plan, self.width) if wide else 0
        rows = self._card(step, self.width - left - 1 if wide else self.width, self.rows - 4)
        if wide:
            steps.styles.width = left
            side = side_list(self.session.plan, self.session.state, step.id if step else "", bool(self.waits), left,
                             self.vm)  # fmt: skip
            side += [Content(""), *times(self.session.state, self.moment())]
            height = max(len(side), len(rows), 20)
            rows = [line(("│ ", "$text-muted"), row) for row in [*rows, *[Content("")] * (height - len(rows))]]
            steps.show(side)
        card.show(rows)
        self.query_one("#said-rule", Lines).show([rule("What the hosts say ── l for all", self.width)])

    def _card(self, step: Step | None, width: int, room: int) -> list[Content]:
        session, now = self.session, self.moment()
        width -= 2 if self.width >= WIDE else 0
        if step is None or session.state.ended is not None:
            return [Content(""), *self._end(width)]
        card = card_of(session, step, bool(self.waits), now)
        earlier = [] if self.width >= WIDE else before(session.plan, session.state, step, width)
        later = [] if self.width >= WIDE else after(session.plan, step, width)
        top = [*earlier, *([Content("")] if earlier else []), head(session.plan, card, "●", width)]
        wait = waited(session.plan, session.state, step, now)
        left = room - len(top) - len(later)
        rows = body(card, width) if wait is None else self._waiting(wait, card, width, left)
        extra = guards_read(session, step, width) if self.width >= WIDE else []
        rows += now_read(session, step, width) if wait is None else []
        rows += hang("Waits", self.waits_for(), width, COLUMN) if self.waits_for() else []
        gap = [Content("")] if len(top) + len(rows) + len(later) < room else []
        told = notice("ok", self._told, width) if self._told else []
        return [*top, *told, *rows, *gap, *later, *extra]

    def _waiting(self, wait: Waited, card: Card, width: int, room: int) -> list[Content]:
        """How far it is; why and where it waits only where all of that has room too."""
        rows = [*wait_rows(wait, width, self.host.zone), *meanwhile(wait, self.session, width)]
        if len(rows) + 2 > room:  # the blank row of `wait_rows` is worth less than what may be done meanwhile
            rows = [row for row in rows if row.plain.strip()]
        about = body(replace(card, rows=room - len(rows) - 1), width)
        return [*rows, Content(""), *about] if len(rows) + 1 + len(about) <= room else rows

    def _end(self, width: int) -> list[Content]:
        ended = self.session.state.ended
        if ended is None:
            return [muted("  Every step is through. The program reads whether the whole goal is reached.")]
        return [line(f"  The run has ended: {ended.outcome}. The report follows.")]

    def waits_for(self) -> str:
        """What other VMs must leave first; empty in a run of one VM."""
        return ""

    def _silence(self) -> Said | None:
        step = self.step
        if step is None:
            return None
        flight = self.session.state.step(step.id).flight
        if flight is None or flight.returned is not None:
            return None
        heard = self._transcript.lines[-1].at if self.vm and self._transcript.lines else self.session.state.last
        now, last = self.moment(), max(heard, flight.at)
        if now - last < 5:
            return None
        rest = deadline_of(self.session, step.id) - now
        end = f"deadline in {brief(rest)}" if rest > 0 else "the deadline has passed"
        return Said(now, "~", flight.intended.host, f"no output for {brief(now - last)}; {end}")

    def action_back(self) -> None:
        """There is no way back from a run; say so."""
        self._told = "There is no way back from a run. ctrl+q stops it."
        self.refill()
        self.set_timer(6.0, self._untold)

    def _untold(self) -> None:
        self._told = ""
        self.refill()

    def command_shown(self) -> tuple[str, str]:
        """The step's command."""
        step = self.step
        if step is None:
            return "", ""
        return step.id, card_of(self.session, step, False, self.moment()).text


def label_of(session: RunSession, question: Question) -> str:
    """What waits, in a few words."""
    step = session.plan.step(question.step)
    return full_label(session.plan, step) if step is not None else question.title
