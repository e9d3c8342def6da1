"""Stop, as a question: what is in flight decides what can be chosen, and "Go on" is marked."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from screens.sheet import Sheet
from screens.texts.choices import Numbered
from screens.texts.footer import Hint
from screens.texts.header import brief
from screens.texts.line import block, cut, visible
from screens.texts.progress import flying
from screens.texts.resume import take_up
from screens.texts.step import deadline_of
from screens.widgets.choices import Choices, Marked
from screens.widgets.lines import Lines
from tui.core.front import RunSession
from tui.core.naming import named, sentence_case

GO_ON = Numbered("go on", "Go on")
SHOWN = 5
"""Commands in flight that are named."""
KEEP = "Nothing is undone by stopping; no VM is started or stopped by it."


class StopSheet(Sheet[str]):
    """Gives "after", "at once", "leave" or "go on"."""

    HELP_NAME = "Stop"
    HELP_TEXT = (
        ("What this is", "You asked to stop or to leave. Nothing has happened yet."),
        ("Stop after this command", "The program waits for the result, writes it down, and ends."),
        ("Leave at once", "The command goes on at its host; when the run is taken up, its result is read there."),
    )

    def __init__(self, session: RunSession | None) -> None:
        super().__init__()
        self._session = session
        self._waiting = session is not None and session.brake.on

    def parts(self) -> Sequence[Widget]:
        """What is asked, the choices, what holds anyhow."""
        return [Lines(id="ask"), Choices(self._choices(), "go on"), Lines(id="keep")]

    def hints(self) -> list[Hint]:
        """Enter takes what is marked."""
        return [("enter", self.query_one(Choices).label()), (f"1-{len(self._choices())}", "Move"), ("esc", "Go on")]

    def _flying(self) -> tuple[str, ...]:
        return flying(self._session.state) if self._session is not None else ()

    def _choices(self) -> tuple[Numbered, ...]:
        if not self._flying():
            return Numbered("leave", "Leave"), GO_ON
        one = len(self._flying()) == 1
        lost = f"{'the result is' if one else 'their results are'} unknown; resume will read {'it' if one else 'them'}"
        if self._waiting:
            return Numbered("at once", "Leave at once", lost), Numbered("go on", "Keep waiting")
        return (
            Numbered("after", f"Stop after {'this command' if one else 'these commands'}", self._bound(one)),
            Numbered("at once", "Leave at once", lost),
            GO_ON,
        )

    def _bound(self, one: bool) -> str:
        assert self._session is not None
        last = max(deadline_of(self._session, step_id) for step_id in self._flying())
        rest = brief(last - self.host.clock.wall())
        return f"waits for {'its result' if one else 'their results'}, up to {rest}"

    def refill(self) -> None:
        """The texts; the choices stay as they were when it opened, except when nothing is in flight any more."""
        choices = self.query_one(Choices)
        offered = self._choices()
        if [c.key for c in offered] != [c.key for c in choices.choices]:
            choices.offer(offered, "go on")
        rows = [row for n, text in enumerate(self._question()) for row in block(text, self.width, 0 if not n else 2,
                                                                                "bold" if not n else "")]  # fmt: skip
        self.query_one("#ask", Lines).show([*rows, Content("")])
        keep = block("Nothing has been changed on any host." if self._session is None else KEEP, self.width, 0)
        keep += take_up(self._session.folder, self.width) if self._session is not None else []
        self.query_one("#keep", Lines).show([Content(""), *keep])

    def _question(self) -> list[str]:
        in_flight = self._flying()
        if self._session is None:
            return ["Leave? Nothing is running."]
        if not in_flight:
            return ["Leave? No command is running."]
        if len(in_flight) == 1:
            name, what = self._told(in_flight[0])
            return [f"Stop? {name} is running: {what}."]
        running = [": ".join(self._told(step_id)) for step_id in in_flight[:SHOWN]]
        more = [f"and {len(in_flight) - SHOWN} more"] if len(in_flight) > SHOWN else []
        return [f"Stop? {len(in_flight)} commands are running:", *running, *more]

    def _told(self, step_id: str) -> tuple[str, str]:
        """`Step 7`, `Import-MocKey on HAM-N01, 41 s of about 70 s`."""
        assert self._session is not None
        step, flight = self._session.plan.step(step_id), self._session.state.steps[step_id].flight
        assert flight is not None
        shown = cut(visible(flight.intended.shown.split("\n")[0].split(" ")[0]), 30)
        elapsed = brief(self.host.clock.wall() - flight.at)
        usual = f" of about {brief(step.usual)}" if step is not None and step.usual else ""
        name = sentence_case(named(self._session.plan, step_id))
        return name, f"{shown} on {visible(flight.intended.host)}, {elapsed}{usual}"

    def on_marked_taken(self, event: Marked.Taken) -> None:
        """The choice is the answer."""
        self.dismiss(event.key)
