"""Welcome: DRILL or LIVE in large letters, unfinished work first, how fresh the practice is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from screens.texts.choices import Numbered
from screens.texts.line import muted
from screens.texts.notice import notice
from screens.texts.welcome import ages, banner, choices, story, unfinished_line
from screens.view import View
from screens.widgets.choices import Choices, Marked
from screens.widgets.lines import Lines
from tui.core.clock import hm
from tui.core.front import Welcome, WelcomeChoice

if TYPE_CHECKING:
    from screens.texts.footer import Hint


class WelcomeScreen(View[WelcomeChoice]):
    """Gives what to do: take up a run, something new, or an earlier run's report."""

    HELP_NAME = "Welcome"
    HELP_TEXT = (
        ("What this screen is", "The start: DRILL is a simulated site, LIVE is real hosts."),
        ("What you can do now", "Take up what is not finished, start something new, or read earlier runs."),
    )

    def __init__(self, view: Welcome) -> None:
        super().__init__()
        self._view = view
        self._reports = False

    def parts(self) -> Sequence[Widget]:
        """Letters, notices, choices, ages."""
        return [
            Lines(id="banner"),
            VerticalScroll(Choices((), "", id="choices"), can_focus=False, id="list"),
            Lines(id="ages"),
        ]

    def heading(self) -> str:
        """Which of the two lists."""
        return "Reports and earlier runs" if self._reports else "Welcome"

    def hints(self) -> list[Hint]:
        """What enter takes."""
        found = self.query_one(Choices)
        if not found.mark:
            return [("", "Nothing can be chosen here.")]
        label = {"new": "Start something new…", "report": "Earlier runs…"}.get(found.mark, "")
        label = label or ("Read the report" if self._reports else "Take up the run")
        back: list[Hint] = [("esc", "Back")] if self._reports else []
        return [("enter", label), (f"↑↓ or 1-{max(1, len(found.choices))}", "Move"), *back]

    def on_mount(self) -> None:
        """The mark starts on unfinished work."""
        self._offer()

    def _offer(self) -> None:
        found = self._earlier() if self._reports else choices(self._view, self.moment())
        offered = [choice.key for choice in found if not choice.refused]
        self.query_one(Choices).offer(found, offered[0] if offered else "")

    def _earlier(self) -> tuple[Numbered, ...]:
        return tuple(
            Numbered(f"run:{run.run}", run.title, f"{datetime.fromtimestamp(run.at, UTC):%Y-%m-%d} {hm(run.at)}",
                     more=run.problem or run.outcome or run.note)
            for run in self._view.earlier
        )  # fmt: skip

    def refill(self) -> None:
        """Letters and notices above, ages below."""
        date = datetime.fromtimestamp(self.moment(), UTC).strftime("%a %Y-%m-%d")
        rows = [*banner(self.host.situation.mode, date, self.width), Content("")]
        rows += [row for level, text in self._view.notices for row in notice(level, text, self.width)]
        rows += story(self._view.story, self.width)
        rows += [muted("  Earlier runs, newest first")] if self._reports else unfinished_line(self._view)
        self.query_one("#banner", Lines).show(rows)
        below = [] if self._reports else ages(self._view.ages, self.width)
        found = self.query_one(Choices)
        taken = sum(len(item.lines) for item in found.items)
        self.query_one("#ages", Lines).show(below[: max(0, self.rows - len(rows) - taken)])
        self.query_one("#list").styles.max_height = max(3, self.rows - len(rows))

    def on_marked_taken(self, event: Marked.Taken) -> None:
        """The choice; reports first show their list."""
        what, _, run = event.key.partition(":")
        if what == "report":
            self._reports = True
            self._offer()
            self.refill()
            self.draw_frame()
        else:
            self.finish(WelcomeChoice("report" if what == "run" else what, run))

    def action_back(self) -> None:
        """From the reports back to the start."""
        if self._reports:
            self._reports = False
            self._offer()
            self.refill()
            self.draw_frame()
