"""The frame that every view has: three rows at the top, one at the bottom."""

from __future__ import annotations

from collections.abc import Sequence

from screens.texts.footer import Hint, footer
from screens.widgets.lines import Lines


class HeaderBar(Lines):
    """Rows 1 to 3."""

    DEFAULT_CSS = "HeaderBar { height: 3; }"


class FooterBar(Lines):
    """Row 24."""

    DEFAULT_CSS = "FooterBar { height: 1; }"

    def tell(self, hints: Sequence[Hint], pinned: Sequence[Hint], width: int) -> None:
        """Show the keys that work now."""
        self.show([footer(hints, pinned, width)])
