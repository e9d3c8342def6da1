"""The gate of an act that can be undone: press 1, then enter. The mark starts on "Not now"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from screens.asking import QuestionView
from screens.texts.choices import Numbered
from screens.texts.footer import Hint
from screens.texts.gate import about, below, upper
from screens.texts.line import block, cut, line
from screens.texts.progress import run_title
from screens.widgets.choices import Choices, Marked
from screens.widgets.lines import Lines
from tui.core.front import RunSession
from tui.core.question import Question

CARD_ROWS = 3
"""Rows that the step keeps at least above the box."""
TALL = 26
"""With more rows than these the box follows the command instead of standing at the far end of the window."""
VERB = 20
"""Cells of a verb in the footer, so that every key of a gate fits at 80 columns."""
READ_ON = "There is more to read: pgdn. Until its end was shown, nothing is sent."


class GateView(QuestionView):
    """The command stays visible above; the box at the bottom asks."""

    HELP_NAME = "Gate"
    HELP_TEXT = (
        ("What this screen is", "One decision: the command above is sent, or it is not."),
        ("What you can do now", "1 and enter sends it. Enter alone, or esc, means not now."),
        ("If you wait", "Guards older than 60 s are read again after your answer, before anything is sent."),
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("h", "hand", "By hand", id="hand", tooltip="Do this step by hand")]

    def __init__(self, question: Question, session: RunSession) -> None:
        super().__init__(question, session)
        self._unread = {"#upper", "#consequence"}
        """Parts of which the end was not on the screen yet."""

    def parts(self) -> Sequence[Widget]:
        """The step and its command; the box."""
        box = Vertical(
            VerticalScroll(Lines(id="about"), can_focus=False, id="consequence"),
            *self.asking(),
            Lines(id="below"),
            classes="sheet" if self.boxed else "plain",
        )
        seat = Vertical(box, classes="seat")
        card = VerticalScroll(Lines(id="card"), can_focus=False, id="upper")
        card.display = self.boxed
        return [card, seat]

    @property
    def boxed(self) -> bool:
        """Whether a command stands above; what only a person can say has the whole body."""
        return self.question.action is not None

    def asking(self) -> Sequence[Widget]:
        """What takes the answer: the act and "not now"; by hand has its own key."""
        self._shown = tuple(
            Numbered(c.key, c.label, c.note) for c in self.question.offered() if c.key in ("go", "later")
        )
        return [Choices(self._shown, self.question.mark)]

    def heading(self) -> str:
        """The run's."""
        if not self.boxed:
            return self.question.title
        return run_title(self.session.plan, self.session.state, step=self.step)

    def hints(self) -> list[Hint]:
        """What enter does now."""
        choices = self.query_one(Choices)
        verb = next((c.label for c in self._shown if c.key == "go"), "")
        label = cut(choices.label(), VERB) if self.open else "wait"
        other = ("1", cut(verb, VERB)) if choices.mark != "go" else ("2", "Not now")
        guards: list[Hint] = [("g", "Guards")] if self.question.guards else []
        hand: list[Hint] = [("h", "Hand")] if self.choice("hand") else []
        back: list[Hint] = [("esc", "All VMs")] if self.queued else []
        return [("enter", label), other, *back, ("c", "Copy"), *guards, *hand, ("p", "Plan")]

    @property
    def read_to_its_end(self) -> bool:
        """Whether the last row of command and consequence was on the screen; known only once it was laid out."""
        if self.open:
            self._unread = {
                part
                for part in self._unread
                if (s := self.query_one(part, VerticalScroll)).scroll_offset.y < s.max_scroll_y
            }
        return not self._unread

    def refill(self) -> None:
        """Box first, then what room is left for the card."""
        if not self.query("#below"):
            return
        inner = self.width - (6 if self.boxed else 4)
        box, after = self._about(inner), self._below(inner)
        card_rows = CARD_ROWS if self.boxed else 0
        fixed = self.asking_rows() + (2 if self.boxed else 0)
        if self.question.phrase and len(box) > self.rows - fixed - len(after) - card_rows:
            after = []  # what enter does is said above it too; the guards need the room
        fixed += len(after)
        most = self.rows - fixed - card_rows
        if len(box) > most:
            box = self._about(inner - 1)  # the scroll bar takes a cell
        elif len(box) < most:
            box = [*box, Content("")]
        under = self.query_one("#below", Lines)
        under.show(after)
        under.display = bool(after)  # an empty one would take a row all the same
        self.query_one("#about", Lines).show(box)
        self.query_one("#consequence").styles.max_height = max(3, most)
        if self.boxed:
            room = self.rows - fixed - min(len(box), most)
            card = upper(self.question, self.session, self.step, self.width, room)
            self.query_one("#card", Lines).show(card)
            tall = self.rows > TALL
            self.query_one("#upper").styles.height = min(room, len(card) + 1) if tall else "1fr"

    def _about(self, width: int) -> list[Content]:
        wrong = block(self.question.wrong, width, 0, "$warning") if self.question.wrong else []
        return [*about(self.question, width, self.host.clock.wall()), *wrong]

    def _below(self, width: int) -> list[Content]:
        unread = self.open and not self.question.phrase and not self.read_to_its_end
        back = "All VMs" if self.queued else "Not now"
        rows = [line((READ_ON, "$warning"))] if unread else below(self.question, self.step, width, back)
        return [Content(""), *rows] if rows else []

    def asking_rows(self) -> int:
        """Rows of what takes the answer."""
        return 2

    def tick(self) -> None:
        """Ages go on."""
        self.refill()

    def action_page(self, by: int) -> None:
        """Scroll; the end was seen once it was on the screen."""
        super().action_page(by)
        self.refill()

    def on_marked_taken(self, event: Marked.Taken) -> None:
        """Enter on the marked choice."""
        if self.waits_still(event.at):
            return
        if event.key == "go" and not self.read_to_its_end:
            self.refill()
            return
        self.answer(event.key)

    def action_back(self) -> None:
        """Not now."""
        if self.open and not self.back_to_the_others():
            self.answer("later")

    def action_hand(self) -> None:
        """By hand, where it is offered."""
        if self.open:
            self.answer("hand")
