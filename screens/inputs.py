"""Inputs: one value after the other, chosen from what the hosts answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from screens.texts.choices import Item
from screens.texts.footer import Hint
from screens.texts.inputs import field_rows, option_items
from screens.texts.line import block, cut, muted, rule, visible
from screens.texts.notice import notice
from screens.texts.several import several_items
from screens.view import View
from screens.widgets.choices import Marked
from screens.widgets.lines import Lines
from tui.core.clock import hms, span
from tui.core.front import BACK, Form
from tui.core.scenario import Field, Option, grouped


class InputsScreen(View[str]):
    """Gives "done" or BACK. The first field without a value is the one in work; tab opens a later one again."""

    HELP_NAME = "Inputs"
    HELP_TEXT = (
        ("What this screen is", "Values for the plan, picked from what the hosts answered. Nothing is changed."),
        ("If a host is silent", "r reads again. A value is never corrected silently."),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "reread", "Re-read", id="reread", tooltip="Ask the hosts again"),
        Binding("space", "tick", "Mark or not", id="tick", tooltip="Take the marked value too, or not"),
        Binding("a", "all", "All", id="all", tooltip="Take every value that has no problem, or none"),
        Binding("tab", "field(1)", "Next field", show=False),
        Binding("shift+tab", "field(-1)", "Field before", show=False),
    ]

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form
        self._options: tuple[Option, ...] = ()
        self._notes: dict[str, str] = {}
        self._started = False
        """Whether `_ticked` is this field's: read again, it stays."""
        self._ticked: set[str] = set()
        """What will be taken, where the field takes several."""
        self._at = ""
        self._reading = False
        self._read_at = 0.0
        self._since = 0.0

    def parts(self) -> Sequence[Widget]:
        """Fields, then the options of the one in work."""
        return [
            Lines(id="fields"),
            VerticalScroll(Marked(column=2), can_focus=False, id="list"),
            Lines(id="gloss"),
        ]

    def on_mount(self) -> None:
        """Read for the first open field."""
        self._to(self._open() or self._form.fields[-1].name)

    def _open(self) -> str:
        return next((f.name for f in self._form.fields if f.name not in self._form.chosen), "")

    def _to(self, name: str) -> None:
        self._at, self._options, self._started = name, (), False
        self.background(self._read())

    async def _read(self) -> None:
        self._reading, self._since = True, self.host.clock.monotonic()
        self.refill()
        self._options = await self._form.options(self._at)
        self._reading, self._read_at = False, self.moment()
        self._put()
        self.refill()
        self.draw_frame()

    @property
    def _field(self) -> Field:
        """The field in work."""
        return next(field for field in self._form.fields if field.name == self._at)

    @property
    def _taken(self) -> list[str]:
        """What enter takes of a field that takes several, in the order shown."""
        return [o.value for o in grouped(self._options) if o.value in self._ticked]

    def _put(self) -> None:
        chosen = self._form.chosen.get(self._at)
        offered = [o for o in self._options if not o.problem]
        if self._field.many:
            self._put_several(grouped(offered))
            return
        wanted = [o.value for o in offered if o.value == chosen] or [o.value for o in offered if o.recommended]
        mark = wanted[0] if wanted else offered[0].value if len(offered) == 1 else ""
        self.query_one(Marked).put(self._items(), mark)

    def _put_several(self, offered: Sequence[Option]) -> None:
        if not self._started:
            self._ticked = set(self._form.start(self._at, self._options))
        mark = None if self._started and self.query_one(Marked).mark else offered[0].value if offered else ""
        self._started, self._ticked = True, self._ticked & {option.value for option in offered}
        self.query_one(Marked).put(self._items(), mark)

    def _items(self) -> list[Item]:
        if self._field.many:
            return several_items(self._options, self._ticked, self.width)
        return option_items(self._options, self.width)

    def heading(self) -> str:
        """How far it is."""
        return f"Inputs: {len(self._form.chosen)} of {len(self._form.fields)} chosen"

    def hints(self) -> list[Hint]:
        """What enter takes."""
        mark = self.query_one(Marked).mark
        if self._at and self._field.many and self._options:
            count = len(self._taken)
            several: list[Hint] = [("enter", f"Take {count}")] if count else [("", "Take at least one.")]
            return [*several, ("space", "Mark"), ("a", "All"), ("↑↓", "Move"), ("tab", "Next field"),
                    ("r", "Re-read"), ("esc", "Back")]  # fmt: skip
        take: list[Hint] = [("enter", f"Take {cut(visible(mark), 20)}")] if mark else []
        if not take and self._options:
            take = [("", "Nothing is marked.")]
        return [*take, ("↑↓", "Move"), ("tab", "Next field"), ("r", "Re-read"), ("esc", "Back")]

    def tick(self) -> None:
        """How long the reading takes."""
        if self._reading:
            self.refill()

    def refill(self) -> None:
        """Fields above, options, the gloss."""
        if not self._at:
            return
        field = self._field
        when = (
            f"Picked from what the hosts answered at {hms(self._read_at)}." if self._read_at else "The hosts are asked."
        )
        rows = [muted(f"  {when}"), Content("")]
        rows += field_rows(self._form.fields, self._form.chosen, self._notes, self._at, self.width)
        rows += [Content(""), rule(f"{field.label}: {self._state()}", self.width)]
        if not self._reading:
            rows += [row for text in self._form.silence for row in notice("stop", f"{text} r reads again.", self.width)]
        self.query_one("#fields", Lines).show(rows)
        marked = self.query_one(Marked)
        if self._reading:
            marked.put([])
        else:
            marked.put(self._items())
        gloss = [Content(""), *block(field.gloss, self.width)] if field.gloss else []
        self.query_one("#gloss", Lines).show(gloss)
        self.query_one("#list").styles.max_height = max(3, self.rows - len(rows) - len(gloss))

    def _state(self) -> str:
        if self._reading:
            return f"reading, {span(self.host.clock.monotonic() - self._since)}"
        count = len(self._options)
        answers = f"{count} answer{'s' if count != 1 else ''}"
        return f"{answers}, {len(self._taken)} marked" if self._field.many else answers

    def on_marked_taken(self, event: Marked.Taken) -> None:
        """Take the value; the next field without one is read."""
        if self._reading:
            return
        if self._field.many:
            self._take_several()
            return
        self._notes[self._at] = next((o.note for o in self._options if o.value == event.key), "")
        self._form.choose(self._at, event.key)
        self._go_on()

    def _take_several(self) -> None:
        taken = self._taken
        if taken:
            self._notes[self._at] = ", ".join(taken) if len(taken) > 1 else ""
            self._form.choose(self._at, *taken)
            self._go_on()

    def _go_on(self) -> None:
        following = self._open()
        if following:
            self._to(following)
        else:
            self.finish("done")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Marks are for fields that take several."""
        several = bool(self._at) and self._field.many and not self._reading
        return super().check_action(action, parameters) and (action not in ("tick", "all") or several)

    def action_tick(self) -> None:
        """Take the marked value too, or not."""
        self._ticked ^= {self.query_one(Marked).mark} - {""}
        self.refill()
        self.draw_frame()

    def action_all(self) -> None:
        """All without a problem; where all are marked, none."""
        good = {option.value for option in self._options if not option.problem}
        self._ticked = set() if self._ticked >= good else good
        self.refill()
        self.draw_frame()

    def action_reread(self) -> None:
        """Ask again; the old answers stay until the new ones are there."""
        if not self._reading:
            self.background(self._read())

    def action_field(self, by: int) -> None:
        """Another field, as far as the values before it are chosen."""
        names = [f.name for f in self._form.fields]
        reachable = [n for i, n in enumerate(names) if all(m in self._form.chosen for m in names[:i])]
        self._to(reachable[(reachable.index(self._at) + by) % len(reachable)])

    def action_back(self) -> None:
        """Back to the scenario."""
        self.finish(BACK)
