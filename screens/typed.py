"""The gate of an act without a way back: the phrase, mode word included, is typed letter by letter."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from screens.gate import READ_ON, GateView
from screens.texts.footer import Hint
from screens.texts.gate import missing
from screens.texts.header import brief
from screens.texts.line import line
from screens.widgets.lines import Lines


class ExactInput(Input):
    """Takes keys alone: no paste, no suggestions, and none of the keys typed ahead."""

    def __init__(self, id: str) -> None:
        super().__init__(compact=True, id=id, select_on_focus=False)
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        gate = self.screen
        if isinstance(gate, TypedGateView) and gate.waits_still(event.time):
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()

    def action_paste(self) -> None:
        """Nothing: the phrase is typed."""


class TypedGateView(GateView):
    """The field takes the focus; blanks (a witness, a time) follow by tab."""

    AUTO_FOCUS = "#phrase"
    HELP_NAME = "Type the name"
    HELP_TEXT = (
        ("What this screen is", "One decision without a way back: the command above is sent, or it is not."),
        ("What you can do now", "Type the phrase shown, with its capitals, then enter. esc means not now."),
        ("Fields below it", "tab reaches them; they may stay empty, and the report says so."),
    )

    def asking(self) -> Sequence[Widget]:
        """The phrase, the blanks, what is missing."""
        verb = self.choice("go")
        ask = f"To go on ({verb.label}), type   " if verb is not None else "Type   "
        fields: list[Widget] = [
            Lines([line(ask, (self.question.phrase, "bold"))], id="type"),
            Horizontal(
                Lines([line(" " * (len(ask) - 2), ("► ", "$accent"))], classes="mark"),
                ExactInput("phrase"),
                classes="field",
            ),
        ]
        for blank in self.question.blanks:
            label = Lines([line((f"{blank.label}  ".rjust(len(ask)), "$text-muted"))], classes="mark")
            field = ExactInput(f"blank-{blank.name}")
            field.placeholder = blank.hint
            fields.append(Horizontal(label, field, classes="field"))
        return [*fields, Lines(id="missing")]

    def asking_rows(self) -> int:
        """The line, the field, the blanks, what is missing."""
        return 3 + len(self.question.blanks)

    def hints(self) -> list[Hint]:
        """In a field there are only these."""
        tab: list[Hint] = [("tab", self.question.blanks[0].label)] if self.question.blanks else []
        later, verb = self.choice("later"), self.choice("go")
        enter: list[Hint] = (
            [("enter", verb.label if verb else "Take it")] if self._same() else [("", "type the line above")]
        )
        return [("esc", later.label if later else "Not now"), *enter, *tab]

    def _typed_text(self) -> str:
        return self.query_one("#phrase", Input).value

    def _same(self) -> bool:
        return self.open and self._typed_text() == self.question.phrase and self.read_to_its_end

    def refill(self) -> None:
        """And what is missing."""
        super().refill()
        if self.query("#missing"):
            told = missing(self._typed_text(), self.question.phrase)
            if not self.open:
                told = f"wait {brief(max(1.0, self.question.delay))}"
            elif not told and not self.read_to_its_end:
                told = READ_ON
            self.query_one("#missing", Lines).show([line((told or "enter takes it", "$text-muted"))])

    def on_input_changed(self) -> None:
        """Say what is missing."""
        self.refill()
        self.draw_frame()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Only the same text counts; a blank hands on to the next field."""
        if event.input.id != "phrase":
            self.query_one("#phrase", Input).focus()
        elif self._same():
            blanks = {b.name: self.query_one(f"#blank-{b.name}", Input).value.strip() for b in self.question.blanks}
            self.answer("go", typed=self._typed_text(), blanks={k: v for k, v in blanks.items() if v})
