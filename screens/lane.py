"""One VM of several: its steps and its live card, as in a run of one VM. Read-only; esc goes back to all VMs."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from screens.run import RunScreen
from screens.texts.fleet import waiting
from screens.texts.footer import Hint
from screens.texts.line import block
from screens.verdicts import STANDS
from tui.core.clock import hm, span
from tui.core.front import RunSession
from tui.core.standing import Row


class LaneScreen(RunScreen):
    """Gives True when the person wants its question."""

    HELP_NAME = "One VM of the run"
    HELP_TEXT = (
        ("What this screen is", "The step of now of one VM. The other VMs go on meanwhile."),
        ("What you can do now", "Nothing, while a step runs. When it asks, enter opens its question."),
        ("To see all VMs", "esc goes back to them, to the same row."),
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "question", "Open its question", id="question")]

    def __init__(self, session: RunSession, vm: str, row: Callable[[], Row | None], asks: Callable[[], bool]) -> None:
        """`row` is how it stands now."""
        super().__init__(session)
        self._vm, self._row, self._asks = vm, row, asks
        self._transcript.show_only(vm)

    @property
    def vm(self) -> str:
        """The VM that is shown."""
        return self._vm

    @property
    def waits(self) -> str:
        """Whether it asks."""
        return self._vm if self._asks() else ""

    def waits_for(self) -> str:
        """Its place in line."""
        row = self._row()
        waits = row.waits if row is not None else None
        return f"{waiting(waits)}. Its guards are read again before it acts." if waits is not None else ""

    def heading(self) -> str:
        """Its step; at its end, that it is through."""
        row = self._row()
        if row is None or not row.stand.through:
            return super().heading()
        return f"Run: {self._vm} is through, {row.count} steps, {span(row.took(self.moment()))}"

    def _end(self, width: int) -> list[Content]:
        row = self._row()
        if row is None or not row.stand.through:
            return super()._end(width)
        sign, word, _ = STANDS[row.stand]
        told = f"{self._vm} is through since {hm(row.ended)}: {sign} {word}. {row.said}"
        return [*block(told, width), *block("The other VMs of the wave go on. p shows its steps.", width)]

    def hints(self) -> list[Hint]:
        """Back, or its question."""
        others = f"! Asks you: {self.host.asks}." if self.host.asks else "Nothing to do now."
        first: Hint = ("enter", "Open its question…") if self._asks() else ("", others)
        return [first, ("esc", "All VMs"), ("c", "Copy"), ("l", "Log"), ("p", "Plan"), ("n", "Note")]

    def action_question(self) -> None:
        """Close it and open its question."""
        if self._asks():
            self.dismiss_with(True)

    def action_back(self) -> None:
        """Back to all VMs."""
        self.dismiss_with(False)

    def dismiss_with(self, asks: bool) -> None:
        """Close once."""
        if self.is_current:
            self.dismiss(asks)
