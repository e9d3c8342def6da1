"""Finished lines, shown as they are: no wrapping, no markup."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from screens.texts.line import joined


class Lines(Static):
    """Shows lines that some function made for its width. Never takes the focus."""

    DEFAULT_CSS = "Lines { height: auto; text-wrap: nowrap; text-overflow: clip; }"

    def __init__(self, rows: Sequence[Content] = (), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(joined(rows), id=id, classes=classes, markup=False)
        self.rows: Sequence[Content] = tuple(rows)

    def show(self, rows: Sequence[Content]) -> None:
        """Show these lines; nothing is drawn where nothing changed."""
        new = tuple(rows)
        if [(r.plain, r.spans) for r in new] != [(r.plain, r.spans) for r in self.rows]:
            resized = len(new) != len(self.rows)
            self.rows = new
            self.display = bool(new) or self.can_focus
            self.update(joined(new), layout=resized)
