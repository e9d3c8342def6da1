"""Every question that is no gate: one picture above, the choices, one picture below."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from screens.asking import QuestionView
from screens.texts.choices import of_question
from screens.texts.footer import Hint
from screens.texts.line import line, muted
from screens.texts.questions import above, beneath, title
from screens.widgets.choices import Choices, Marked
from screens.widgets.lines import Lines
from tui.core.question import Asks

LEAST = 8
"""Rows that stay for what stands above the choices, where what stands below them has no room."""
LEAST_ABOVE = 4
"""Rows that stay for it where the choices alone would fill the screen: then they scroll too."""
MORE = "  There is more to read above: pgdn, pgup."
WHOLE_RUN = ("undo", "forward", "stop")
OF_ALL = "The other VMs go on. Undo and stop concern the whole run, with every VM."
BACK = {Asks.BY_HAND: "program", Asks.GO_BACK: "later", Asks.PAPER: "enough"}
"""What esc means where there is a way back that sends nothing."""


class DecisionView(QuestionView):
    """Failure, unknown, changed, by hand, pause, not now, take up."""

    HELP_NAME = "Question"
    HELP_TEXT = (
        ("What this screen is", "One question. All ways are shown; what is not offered says why."),
        ("What you can do now", "A digit moves the mark, enter takes it. Nothing is sent until you have chosen."),
    )

    def parts(self) -> Sequence[Widget]:
        """Above, choices, below."""
        more = Lines(id="more")
        more.display = False  # an empty one would take a row all the same
        return [
            VerticalScroll(Lines(id="above"), can_focus=False, id="upper"),
            more,
            VerticalScroll(Choices(of_question(self.question.choices), self.question.mark), can_focus=False, id="ways"),
            Lines(id="beneath"),
        ]

    def heading(self) -> str:
        """What is asked about."""
        return title(self.question, self.session)

    def hints(self) -> list[Hint]:
        """What enter takes; without a mark, how to choose."""
        choices = self.query_one(Choices)
        count = min(9, len(self.question.choices))
        label = choices.label()
        first: list[Hint] = [("enter", label), (f"1-{count}", "Move")] if label else [(f"1-{count} or ↑↓", "Choose")]
        if self.queued or self.question.asks in BACK:
            first.append(("esc", "All VMs" if self.queued else "Back"))
        if self.command_shown()[1]:
            first.append(("c", "Copy remedy" if self.question.remedy else "Copy"))
        first += [("d", "Sources")] if self.question.sources else []
        first += [("r", "Re-read")] if self.choice("read") is not None else []
        first += [("e", "Error text")] if self.question.raw else []
        first += [("g", "Guards")] if self.question.guards else []
        return [*first, ("p", "Plan"), ("l", "Log"), ("n", "Note")]

    def refill(self) -> None:
        """The upper part scrolls where all of it has no room: the choices are always on the screen."""
        if not self.query("#beneath"):
            return
        choices = self.query_one(Choices)
        below = beneath(self.question, self.session, self.width)
        rows = above(self.question, self.session, self.width, self.moment(), self.host.zone)
        if self.queued and any(choice.key in WHOLE_RUN for choice in self.question.choices):
            rows = [*rows[:-1], line(""), muted(f"  {OF_ALL}"), rows[-1]]
        taken = sum(len(item.lines) for item in choices.items) or len(self.question.choices)
        ways = max(3, min(taken, self.rows - min(len(rows), LEAST_ABOVE)))
        room = self.rows - ways
        if len(rows) + len(below) > room and self.question.asks is Asks.DECIDE:
            rows, below = (
                [*filter(_told, [*rows, *below]), Content("")],
                [],
            )  # what to beware of scrolls, it is never cut
        if len(rows) + len(below) > room:
            least = len(rows) if self.question.asks is Asks.BY_HAND else LEAST
            below = below[: max(0, min(len(below), room - least))]
        upper = max(LEAST_ABOVE, room - len(below))
        rows = rows[:-1] if len(rows) > upper else rows  # the last row is blank
        more = [muted(MORE)] if len(rows) > upper else []
        self.query_one("#above", Lines).show(rows)
        self.query_one("#more", Lines).show(more)
        self.query_one("#beneath", Lines).show(below)
        self.query_one("#upper").styles.max_height = upper - len(more)
        self.query_one("#ways").styles.max_height = ways

    def on_marked_taken(self, event: Marked.Taken) -> None:
        """Enter on the marked choice."""
        if not self.waits_still(event.at):
            self.answer(event.key)

    def action_back(self) -> None:
        """A way back that sends nothing; else the question stays, and says so."""
        if self.back_to_the_others():
            return
        if self.question.asks in BACK:
            self.answer(BACK[self.question.asks])
            return
        told = "  This waits for an answer; nothing is sent until then. ctrl+q leaves."
        self.query_one("#beneath", Lines).show([line((told, "$text-muted"))])


def _told(row: Content) -> bool:
    return bool(row.plain.strip())
