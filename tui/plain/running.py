"""A run in lines: events as they come, a heartbeat, questions, and leaving in between."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tui.core.changes import by_others, is_marker, rest
from tui.core.clock import hms, span
from tui.core.events import Began, Intended, Returned, Stamped, UndoBegan
from tui.core.facts import split
from tui.core.front import Leave, RunSession, Situation
from tui.core.question import Answer, Asks, Question
from tui.core.waiting import sentences, waited
from tui.plain.asking import Asking, Later
from tui.plain.fleet import Standing
from tui.plain.plans import overview
from tui.plain.questions import told
from tui.plain.talk import TAKE_UP, Talk
from tui.plain.telling import Telling
from tui.plain.text import header, sentence

BEAT = 30.0
"""Site seconds between two heartbeat lines."""
AGAIN = 1.0
"""Seconds after the first ctrl+c from which a second one leaves at once."""
HELP = (
    "A number takes a choice; enter alone takes the harmless one that the line names.",
    "h: you run the command yourself, the program checks. p: the plan with its states.",
    "n and a text: a note into the record. stop: keeps everything, to be taken up later.",
    "ctrl+c while a command runs: stops after it. Once more, a second later: leaves at once, result unknown.",
)
TURNS = ("undo", "forward", "stop")
"""Answers that concern the whole run."""
HELP_VMS = (
    "w: how every VM stands. later: this question waits behind the others, when others wait.",
    "While a question stands, the lines of other VMs are held back; they are said after your answer.",
)


class Running:
    """Shows one session until it ends."""

    def __init__(self, session: RunSession, talk: Talk, person: str, situation: Callable[[], Situation | None]) -> None:
        self._session = session
        self._talk = talk
        self._situation = situation
        self._telling = Telling(lambda: session.plan)
        self._vms = Standing(session) if session.plan.vms else None
        more = {"w": "how every VM stands", "later": "puts it behind the others"} if self._vms else {}
        self._asking = Asking(talk, person, self._command, self._pull, more)
        self._turn = asyncio.Lock()  # serves in the order of asking
        self._open = 0
        """Questions that stand or wait for their turn."""
        self._turning = False
        """An answer turns the whole run: what other VMs ask stands no more."""
        self._asked: Question | None = None
        self._held: list[str] = []
        """Lines of other VMs, kept back while a question stands: they would part it from its prompt."""
        self._since = (talk.clock.wall(), "Reading")
        self._braked: float | None = None
        self._busy = asyncio.Event()
        self._busy.set()
        self._standing = asyncio.Event()

    async def show(self) -> None:
        """Run the session to its end. Raises Leave when the person leaves; what is in flight is then on record."""
        session, talk = self._session, self._talk
        stop_following = session.follow(self._tell)
        going = asyncio.ensure_future(session.go(self.ask))
        aside = [asyncio.ensure_future(work) for work in (self._beat(), self._listen())]
        leaving = asyncio.ensure_future(talk.left())
        try:
            with talk.on_interrupt(self.interrupt):
                await asyncio.wait((going, leaving), return_when=asyncio.FIRST_COMPLETED)
            if talk.how:
                await self._leave_at_once()
            await going
        finally:
            stop_following()
            await _ended(going, leaving, *aside)
        if session.state.ended is None:
            talk.say(TAKE_UP)

    def interrupt(self) -> None:
        """ctrl+c while no question stands: the first stops after the command, a later one leaves at once."""
        now = self._talk.clock.monotonic()
        if self._braked is None:
            self._braked = now
            self._pull()
            after = "this command" if len(self._session.state.in_flight) < 2 else "the commands that run"
            self._talk.say(f"Stops after {after}. ctrl+c again leaves at once; the result is then unknown.")
        elif now - self._braked >= AGAIN:
            self._talk.leave_at_once("at once")

    async def ask(self, question: Question) -> Answer:
        """Put one question of the engine: the answer of the person. Several come one after the other."""
        self._open += 1
        try:
            while True:
                async with self._turn:
                    if split(question.step)[1] and (self._turning or self._session.brake.on):
                        await asyncio.Event().wait()  # it is withdrawn in a moment: nobody should begin to read it
                    with contextlib.suppress(Later):
                        answer = await self._put(question)
                        self._turning = answer.choice in TURNS
                        return answer
        finally:
            self._open -= 1

    async def _put(self, question: Question) -> Answer:
        self._asked = question
        self._busy.clear()
        self._standing.set()
        try:
            if not question.wrong:
                self._show(question)
            return await self._asking.ask(question)
        finally:
            self._since = (self._talk.clock.wall(), "Reading")
            self._asked = None
            held, self._held = self._held, []
            self._talk.say(*held)
            self._standing.clear()
            self._busy.set()

    def _show(self, question: Question) -> None:
        if question.asks not in (Asks.CONFIRM, Asks.TYPE):
            self._head()
        shown = self._told(question)
        if split(question.step)[1]:
            title, shown = (sentence(question.title), shown) if shown[0] else (shown[1], shown[2:])
            self._talk.say("", f"{self._telling.place(question.step)}. {title}", *self._others())
        self._talk.say(*shown)

    def _told(self, question: Question) -> list[str]:
        session, step = self._session, self._session.plan.step(question.step)
        changed = question.asks is Asks.CHANGED and not is_marker(session.plan, question)
        wait = waited(session.plan, session.state, step, self._talk.clock.wall())
        return told(
            self._of_wave(question), step, self._file, wait=wait if question.asks is Asks.OVERDUE else None,
            others=changed and by_others(session.state, question),
            rest=rest(session.events, question) if changed else "",
        )  # fmt: skip

    def _others(self) -> list[str]:
        """How many questions wait behind this one."""
        others = self._open - 1
        return [f"{others} more {'questions wait' if others > 1 else 'question waits'}."] if others else []

    def _of_wave(self, question: Question) -> Question:
        """At the end of a wave each VM is one line, not each of its steps."""
        vms = self._vms if question.asks is Asks.PAUSE else None
        wave = vms.ended(question.id.removeprefix("pause:")) if vms is not None else None
        if vms is None or wave is None:
            return question
        return replace(question, lines=tuple(vms.wave_lines(wave, self._talk.clock.wall())))

    def _file(self, question: Question) -> str:
        action = question.action
        return str(self._session.script_file(question.step, action.script)) if action is not None else ""

    async def _leave_at_once(self) -> None:
        flights = self._session.state.in_flight
        await self._session.left(self._talk.how)
        for step_id in flights:
            self._talk.say(f"{self._telling.place(step_id)} is in flight. Its result is unknown; resume reads it.")
        self._talk.say(TAKE_UP)
        raise Leave

    def _pull(self) -> None:
        self._session.brake.on = True

    def _tell(self, stamped: Stamped) -> None:
        event = stamped.event
        vm = split(getattr(event, "step", ""))[1]
        if self._vms is not None:
            self._vms.add(stamped)
            self._turning &= not isinstance(event, UndoBegan)
        if vm:
            held = self._asked is not None and split(self._asked.step)[1] != vm
            lines = self._telling.lines(stamped)
            self._held.extend(lines) if held else self._talk.say(*lines)
            return
        if isinstance(event, Began | Intended | Returned):
            self._since = (stamped.at, "Running" if isinstance(event, Intended) else "Reading")
        if isinstance(event, Began):
            self._head()
        self._talk.say(*self._telling.lines(stamped))

    def _head(self) -> None:
        situation = self._situation()
        if situation is not None:
            self._talk.say("", *header(situation, self._talk.clock.wall()))

    async def _beat(self) -> None:
        """A line every 30 s of site time while no question stands."""
        clock = self._talk.clock
        since, told = self._since, 0
        while True:
            await self._busy.wait()
            if self._since != since:
                since, told = self._since, 0
            gone = clock.wall() - since[0]
            if gone < BEAT * (told + 1):
                await clock.sleep(BEAT * (told + 1) - gone)
                continue
            told = int(gone / BEAT)
            vms = self._vms.beat() if self._vms is not None else ""
            said = vms or self._wait(clock.wall()) or f"{since[1]} for {span(told * BEAT)}"
            self._talk.say(f"{hms(clock.wall())}. {sentence(said)}")

    def _wait(self, now: float) -> str:
        """The wait of now in one line; empty where nothing says how far it is."""
        plan, state = self._session.plan, self._session.state
        found = (waited(plan, state, step, now) for step in plan.steps())
        wait = next((one for one in found if one is not None), None)
        return f"Waiting: {' '.join(sentences(wait))}" if wait is not None else ""

    async def _listen(self) -> None:
        """Words typed while a command runs. Only a person's: lines of a pipe wait for their question."""
        while self._talk.live:
            await self._busy.wait()
            line = asyncio.ensure_future(self._talk.heard())
            asked = asyncio.ensure_future(self._standing.wait())
            await asyncio.wait((line, asked), return_when=asyncio.FIRST_COMPLETED)
            heard = line.done()
            text = line.result() if heard else ""
            await _ended(line, asked)
            if text is None:
                return
            if heard:
                await self._between(text.strip())

    async def _between(self, text: str) -> None:
        if text == "stop":
            self.interrupt()
        elif text:
            await self._command(text)

    async def _command(self, text: str) -> None:
        if text == "p":
            self._talk.say(*overview(self._session.plan, self._session.state))
        elif text == "?":
            self._talk.say(*HELP, *(HELP_VMS if self._vms is not None else ()))
        elif text == "w" and self._vms is not None:
            self._talk.say(*self._vms.lines(self._talk.clock.wall()))
        elif text == "later" and self._asked is not None and self._open > 1:
            raise Later
        elif text == "later" and self._asked is not None:
            self._talk.say("No other question waits.")
        elif text.startswith("n ") and text[2:].strip():
            await self._session.note(text[2:].strip())
        elif text == "n":
            self._talk.say("Type n, a space, and the note.")
        elif text == "h":
            self._talk.say("By hand is not offered here.")
        else:
            self._talk.say("Nothing is asked now: this line was not taken.")


async def _ended(*tasks: asyncio.Future[Any]) -> None:
    """Cancel what still goes and wait for it; what a cancelled task raised belongs to nobody."""
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task
