"""Our recommendation: which scenario, because of what, and why not another."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from screens.texts.choices import Numbered
from screens.texts.footer import Hint
from screens.texts.line import block, line, muted, pad, visible, wrap
from screens.view import View
from screens.widgets.choices import Choices, Marked
from screens.widgets.lines import Lines
from tui.core.front import BACK, Recommendation

NONE_FITS = "None of our scenarios fits these answers. What speaks against each stands beside it."


class RecommendationScreen(View[str]):
    """Gives "use", "scenarios", "change" or BACK."""

    HELP_NAME = "Our recommendation"
    HELP_TEXT = (("What this screen is", "What we would do, and what it is drawn from. Nothing has been changed."),)

    def __init__(self, view: Recommendation) -> None:
        super().__init__()
        self._view = view

    def parts(self) -> Sequence[Widget]:
        """Reasons, then three choices."""
        found = [Numbered("scenarios", "Choose from all scenarios"), Numbered("change", "Change my answers")]
        if self._view.scenario is not None:
            found.insert(0, Numbered("use", "Use this"))
        return [VerticalScroll(Lines(id="why"), can_focus=False, id="upper"), Choices(found, found[0].key)]

    def heading(self) -> str:
        """What it is."""
        return "What happened?  Our recommendation"

    def hints(self) -> list[Hint]:
        """What enter takes."""
        choices = self.query_one(Choices)
        return [("enter", choices.label()), (f"1-{len(choices.choices)}", "Move"), ("esc", "Last question")]

    def refill(self) -> None:
        """The reasons for the width."""
        view, width, rows = self._view, self.width, list[Content]()
        if view.scenario is not None:
            rows += [
                line("  ", (visible(view.scenario.title), "bold")),
            ]
            rows += block(
                f"{view.scenario.summary} Usual time {view.scenario.usual}. Nothing has been changed so far.", width, 4
            )
        else:
            rows += block(NONE_FITS, width)
        for name, pairs in (("Because", view.because), ("Not this, because", view.not_this)):
            if pairs:
                rows += [Content(""), muted(f"  {name}"), *(row for a, b in pairs for row in _pair(a, b, width))]
        if view.afterwards:
            rows += [
                Content(""),
                muted("  Afterwards"),
                *(row for text in view.afterwards for row in block(text, width, 4)),
            ]
        self.query_one("#why", Lines).show([*rows, Content("")] if len(rows) < self.rows - 3 else rows)
        self.query_one("#upper").styles.max_height = self.rows - 3

    def on_marked_taken(self, event: Marked.Taken) -> None:
        """The choice."""
        self.finish(event.key)

    def action_back(self) -> None:
        """The last question."""
        self.finish(BACK)


def _pair(left: str, right: str, width: int) -> list[Content]:
    column = 48
    rights = wrap(right, width - column - 1)
    lefts = wrap(left, column - 5)
    count = max(len(rights), len(lefts))
    lefts, rights = lefts + [""] * (count - len(lefts)), rights + [""] * (count - len(rights))
    return [line(f"    {pad(a, column - 4)}", (b, "$text-muted")) for a, b in zip(lefts, rights, strict=True)]
