"""The gate of an act without a way back: the phrase, mode word included, is typed letter by letter."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from screens.gate import READ_ON, GateView
from screens.texts.footer import Hint
from screens.texts.gate import NO_WITNESS, missing, of_enter
from screens.texts.header import brief
from screens.texts.line import cut, line
from screens.widgets.lines import Lines
from tui.core.front import RunSession
from tui.core.question import Question

AGAIN = 1.5
"""Seconds after which a second enter counts for itself: a key held down or hit twice does not."""


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
        if isinstance(gate, TypedGateView):
            gate.noted(event)
        await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()

    def action_paste(self) -> None:
        """Nothing: the phrase is typed."""


class TypedGateView(GateView):
    """Blanks first (a witness, a time), then the phrase. Enter in a blank goes on; only in the phrase it sends."""

    AUTO_FOCUS = "ExactInput"
    BINDINGS: ClassVar[list[BindingType]] = [
        # priority: the focus has moved before the next key is handed out, so no letter lands in the field before
        Binding("enter", "on", show=False, priority=True),
        Binding("tab", "field(1)", show=False, priority=True),
        Binding("shift+tab", "field(-1)", show=False, priority=True),
        Binding("ctrl+n", "later", "Not now", id="later", priority=True,
                tooltip="Answer not now; then skip, by hand and stop are offered"),
    ]  # fmt: skip
    HELP_NAME = "Type the name"
    HELP_TEXT = (
        ("What this screen is", "One decision without a way back: the command above is sent, or it is not."),
        ("What you can do now", "Type the phrase shown, with its capitals, then enter. esc means not now."),
        ("Fields above it", "enter goes from one to the next; they may stay empty, and the report says so."),
    )

    def __init__(self, question: Question, session: RunSession) -> None:
        super().__init__(question, session)
        self._entered = 0.0
        """When enter was pressed last, in Textual's time."""
        self._warned: float | None = None
        """When it was said that no witness is named; another key after it lifts the wait."""

    def asking(self) -> Sequence[Widget]:
        """The blanks, the phrase, what is missing."""
        verb = self.choice("go")
        ask = f"To go on ({verb.label}), type   " if verb is not None else "Type   "
        return [
            *(self._field(f"blank-{blank.name}", blank.hint) for blank in self.question.blanks),
            Lines([line(ask, (self.question.phrase, "bold"))], id="type"),
            self._field("phrase"),
            Lines(id="missing"),
        ]

    def _field(self, name: str, hint: str = "") -> Widget:
        field = ExactInput(name)
        field.placeholder = hint
        field.value = self.drafts.get(name, "")
        return Horizontal(Lines(id=f"mark-{name}", classes="mark"), field, classes="field")

    def _marks(self) -> None:
        """The names of the fields; the mark stands before the one with the focus."""
        verb = self.choice("go")
        column = len(f"To go on ({verb.label}), type   ") if verb is not None else len("Type   ")
        names = {f"blank-{blank.name}": blank.label for blank in self.question.blanks}
        for field in self.query(ExactInput):
            name = cut(names.get(str(field.id), ""), column - 3)
            mark = ("► ", "$accent") if field is self._field_here() else "  "
            self.query_one(f"#mark-{field.id}", Lines).show([line((name.rjust(column - 3), "$text-muted"), " ", mark)])

    def _field_here(self) -> ExactInput | None:
        """The field with the focus; the first one before any has it."""
        fields = list(self.query(ExactInput))
        return next((field for field in fields if field is self.focused), fields[0] if fields else None)

    def asking_rows(self) -> int:
        """The blanks, the line, the field, what is missing."""
        return 3 + len(self.question.blanks)

    def hints(self) -> list[Hint]:
        """In a field there are only these."""
        later, verb = self.choice("later"), self.choice("go")
        not_now = later.label if later else "Not now"
        back: Hint = ("esc", "All VMs") if self.queued else ("esc", not_now)
        if not self._in_phrase():
            return [back, ("enter or tab", "Next field"), ("shift+tab", "Field before")]
        take: Hint = ("enter", verb.label if verb else "Take it") if self._same() else ("", "type the line above")
        above: list[Hint] = [("tab", "Fields above")] if self.question.blanks else []
        return [back, take, *above, *([("ctrl+n", not_now)] if self.queued else [])]

    def _in_phrase(self) -> bool:
        field = self._field_here()
        return field is not None and field.id == "phrase"

    def _typed_text(self) -> str:
        return self.query_one("#phrase", Input).value

    def _same(self) -> bool:
        return self.open and self._typed_text() == self.question.phrase and self.read_to_its_end

    def refill(self) -> None:
        """And what is missing."""
        super().refill()
        if self.query("#missing"):
            self._marks()
            self.query_one("#missing", Lines).show([line(self._told_of_enter())])

    def _told_of_enter(self) -> tuple[str, str]:
        """What enter does in the field with the focus, and its colour."""
        if not self.open:
            return f"wait {brief(max(1.0, self.question.delay))}", "$text-muted"
        if not self.read_to_its_end:
            return READ_ON, "$warning"
        field = self._field_here()
        if field is not None and field.id != "phrase":
            return of_enter(self._names(), str(field.id)), "$text-muted"
        told = missing(self._typed_text(), self.question.phrase)
        if not told and self._warned is not None and not self._blanks():
            return NO_WITNESS, "$warning"
        return f"{told}; enter does nothing yet" if told else "enter takes it", "$text-muted"

    def _names(self) -> dict[str, str]:
        """Labels of the fields by their ids, in order."""
        return {**{f"blank-{b.name}": b.label for b in self.question.blanks}, "phrase": "the line to type"}

    def _blanks(self) -> dict[str, str]:
        """What was filled in."""
        found = {b.name: self.query_one(f"#blank-{b.name}", Input).value.strip() for b in self.question.blanks}
        return {name: text for name, text in found.items() if text}

    def noted(self, event: events.Key) -> None:
        """A key that counts reached a field: when enter came, or that it was another one."""
        if event.key == "enter":
            self._entered = event.time
        else:
            self._other_key()

    def _other_key(self) -> None:
        if self._warned is not None:
            self._warned = -inf

    def on_descendant_focus(self) -> None:
        """Enter means something else in another field."""
        self.refill()
        super().on_descendant_focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is missing. Blanks are kept; the phrase is typed anew each time it is asked."""
        if event.input.id != "phrase":
            self.drafts[str(event.input.id)] = event.value
        self.refill()
        self.draw_frame()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where esc goes back to the other VMs, "not now" has a key of its own."""
        return super().check_action(action, parameters) and (action != "later" or self.queued)

    def action_later(self) -> None:
        """Not now."""
        if self.open:
            self.answer("later")

    def action_field(self, by: int) -> None:
        """The next field, round and round."""
        fields = list(self.query(ExactInput))
        here = self._field_here()
        if here is not None:
            self._other_key()
            self.set_focus(fields[(fields.index(here) + by) % len(fields)])

    def action_on(self) -> None:
        """Enter in a blank goes to the next field; in the phrase it is the field's, after the letters before it."""
        if self._in_phrase():
            raise SkipAction
        if self.open:
            self.action_field(1)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Only the same text counts. Where no witness is named, that is said first."""
        if event.input.id != "phrase" or not self._same():
            return
        blanks = self._blanks()
        if self.question.blanks and not blanks and not self._said_so():
            self.refill()
            return
        self.answer("go", typed=self._typed_text(), blanks=blanks)

    def _said_so(self) -> bool:
        """Whether enter came after the amber line was read: some time after it, or after another key."""
        said = self._warned is not None and self._entered - self._warned >= AGAIN
        if not said:
            self._warned = self._entered
        return said
