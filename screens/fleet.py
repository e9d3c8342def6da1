"""The run of several VMs: one row a VM, what needs a person, and what the hosts say of the marked one.

A question of one VM never opens by itself: it waits in its row until the person opens it. What is asked of the whole
run, and of the steps that all VMs share, rises as in a run of one VM.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from screens.asked import Standing, withdraw
from screens.lane import LaneScreen
from screens.questions import queued_view
from screens.run import RunScreen, label_of
from screens.texts.fleet import FOLD, Columns, head, items, need_rows, wave_rows
from screens.texts.footer import Hint
from screens.texts.header import against_usual
from screens.texts.line import Part, muted, rule, visible
from screens.widgets.choices import Marked
from screens.widgets.lines import Lines
from tui.core.events import Stamped
from tui.core.facts import split
from tui.core.fleet import Fleet, needs
from tui.core.front import RunSession
from tui.core.question import Answer, Question
from tui.core.standing import Row, Wave
from tui.core.watch import Watch

NEEDS = 5
"""Rows that "Needs you" has at least at 80x24, its head included."""
HEARD = 4
"""Rows from which on the transcript is worth showing."""


class FleetScreen(RunScreen):
    """Side by side while a wave is in work; otherwise the run screen of one step."""

    AUTO_FOCUS = "Marked"
    REST = 0.25
    HELP_NAME = "Run of several VMs"
    HELP_TEXT = (
        ("What this screen is", "Every VM of the wave with what it does now. They go on side by side."),
        ("What you can do now", "enter opens the marked VM: its question, or its steps. tab marks the next that asks."),
        ("If several ask", "Answer in any order. An answer changes one VM; the others go on meanwhile."),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next_that_asks(1)", "Next that needs you", id="next", tooltip="Mark the next VM that asks"),
        Binding("shift+tab", "next_that_asks(-1)", show=False),
    ]

    def __init__(self, session: RunSession) -> None:
        super().__init__(session)
        self._made = Fleet(session.plan)
        self._watch = Watch()
        for stamped in session.events:
            self._watch.add(stamped)
        self._standing: dict[str, Standing] = {}
        self._rows: tuple[Row, ...] = ()
        self._wave: Wave | None = None
        self._marked = ""

    @property
    def _fleet(self) -> Fleet:
        """The VMs of the plan as it is now: it may be made again on the way."""
        if self._made.plan is not self.session.plan:
            self._made = Fleet(self.session.plan)
        return self._made

    @property
    def vm(self) -> str:
        """The marked VM; empty while the run does what all share."""
        return self._marked if self._wave is not None else ""

    @property
    def waits(self) -> str:
        """The question of the whole run, else those of the VMs."""
        standing = list(self._standing.values())
        if self._waits or not standing:
            return self._waits
        return label_of(self.session, standing[0].question) if len(standing) == 1 else f"{len(standing)} VMs"

    def parts(self) -> Sequence[Widget]:
        """The table above; the parts of a run of one VM for the rest of the time."""
        return [
            Lines(id="waves"),
            VerticalScroll(Marked(), can_focus=False, id="list"),
            Lines(id="needs"),
            *super().parts(),
        ]

    def _follow(self, stamped: Stamped) -> None:
        self._watch.add(stamped)
        super()._follow(stamped)

    async def ask(self, question: Question) -> Answer:
        """One VM's question waits in its row; withdrawn, it goes, and its view with it."""
        if not split(question.step)[1] or self.session.state.undoing:
            return await super().ask(question)
        standing = Standing(question, asyncio.get_running_loop().create_future())
        self._standing[question.id] = standing
        self.redraw()
        try:
            return await standing.answered
        finally:
            if self._standing.get(question.id) is standing:
                del self._standing[question.id]
            withdraw(standing.view)
            self.redraw()

    def heading(self) -> str:
        """`Run: wave 2 of 3, 12 VMs side by side, 2 need you`."""
        if self._wave is None:
            return super().heading()
        count = sum(row.stand.needs_you for row in self._rows)
        asks = f", {count} need{'s' if count == 1 else ''} you" if count else ""
        waves = len(self._fleet.waves(self.session.state))
        return f"Run: wave {self._wave.number} of {waves}, {len(self._rows)} VMs side by side{asks}"

    def right(self) -> Part:
        """The wave against its usual time."""
        if self._wave is None:
            return super().right()
        wave = self._wave
        return against_usual("wave", self.moment() - wave.began, wave.usual) if wave.began and not wave.ended else ""

    def hints(self) -> list[Hint]:
        """What enter opens."""
        if self._wave is None:
            return super().hints()
        row = next((row for row in self._rows if row.vm == self._marked), None)
        opens: list[Hint] = []
        if row is not None:
            opens = [("enter", f"Open {visible(row.vm)}{'…' if self._of(row.vm) else ''}")]
        asks = [row for row in self._rows if row.stand.needs_you and row.vm != self._marked]
        tab: list[Hint] = [("tab", "Next that asks")] if asks else []
        first: list[Hint] = [("", "Nothing to do now.")] if not any(r.stand.needs_you for r in self._rows) else []
        return [*first, *opens, *tab, ("l", "Log"), ("p", "Plan"), ("n", "Note"), ("↑↓", "Move")]

    def refill(self) -> None:
        """The table, or the step that all share."""
        if not self.query("#needs") or not self.query("#card"):
            return
        state = self.session.state
        self._wave = self._fleet.wave(state)
        for part in ("#waves", "#list", "#needs"):
            self.query_one(part).display = self._wave is not None
        self.query_one("#upper").display = self._wave is None
        if self._wave is None:
            self._transcript.show_only("")
            self._room_below(True)
            super().refill()
            return
        self._rows = self._fleet.rows(state, self._watch, self._wave)
        self._fill(self._wave)

    def _fill(self, wave: Wave) -> None:
        waves = self._fleet.waves(self.session.state)
        columns = Columns.of(self._rows, self.width)
        top = [*wave_rows(waves, wave, self._rows, self.width), head(columns, self.width)]
        if self._told:
            top[0] = muted(f"  {self._told}")
        below = self.rows - len(top) - min(len(self._rows), FOLD)
        asked = need_rows(needs(self._rows), self._rows, self.width, max(NEEDS, below // 3))
        roomy = self.rows - len(top) - len(asked) - 2 * HEARD
        marked = self.query_one(Marked)
        self._mark(marked)
        table = items(self._rows, self._marked, self.moment(), columns, max(FOLD, roomy))
        marked.put(table, self._marked)
        self.query_one("#waves", Lines).show(top)
        gap = [Content("")] if self.width >= 110 else []
        self.query_one("#needs", Lines).show([*gap, *asked, *gap])
        room = self.rows - len(top) - len(asked) - 2 * len(gap)
        self.query_one("#list").styles.max_height = max(4, room)
        self._transcript.show_only(self._marked)
        title = f"What the hosts say ── {visible(self._marked)} only ── l for all"
        self.query_one("#said-rule", Lines).show([rule(title, self.width)])
        self._room_below(room - len(table) >= HEARD)
        if self.focused is None and self.is_current:
            self.set_focus(marked)

    def _mark(self, marked: Marked) -> None:
        """The mark stays on its VM; it starts on the first that asks."""
        names = [row.vm for row in self._rows]
        self._marked = marked.mark or self._marked
        if self._marked not in names:
            asks = [row.vm for row in self._rows if row.stand.needs_you]
            self._marked = (asks or names)[0]

    def _room_below(self, enough: bool) -> None:
        self.query_one("#said-rule").display = enough
        self._transcript.display = enough

    def _of(self, vm: str) -> Standing | None:
        return next((standing for standing in self._standing.values() if standing.vm == vm), None)

    def on_marked_taken(self, event: Marked.Taken) -> None:
        """Open the VM: its question if it asks, else its steps."""
        self.open_vm(event.key)

    def open_vm(self, vm: str) -> None:
        """Its question; it opens as it stands now. Without one, its lane, from which its question can be opened."""
        standing = self._of(vm)
        if not self.is_current:
            return
        if standing is not None:
            self.app.push_screen(queued_view(standing, self.session), standing.given)
            return

        def closed(asks: bool | None) -> None:
            if asks:
                self.call_later(self.open_vm, vm)

        lane = LaneScreen(self.session, vm, lambda: self._row_of(vm), lambda: self._of(vm) is not None)
        self.app.push_screen(lane, closed)

    def _row_of(self, vm: str) -> Row | None:
        """How it stands now, whether or not the table is on the screen."""
        rows = self._fleet.rows(self.session.state, self._watch, self._fleet.wave(self.session.state))
        return next((row for row in rows if row.vm == vm), None)

    def action_next_that_asks(self, by: int) -> None:
        """Move the mark, round and round."""
        names = [row.vm for row in self._rows]
        asks = [row.vm for row in self._rows if row.stand.needs_you]
        if asks and self._wave is not None:
            at = names.index(self._marked)
            order = names[at + 1 :] + names[:at] if by > 0 else names[:at][::-1] + names[at + 1 :][::-1]
            following = next((vm for vm in order if vm in asks), self._marked)
            self.query_one(Marked).move_to(following)
