"""The report of a run folder, as front ends show it and as a file beside the record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tui.core.fold import fold
from tui.core.front import Report
from tui.core.journal import NAME, read_as_far
from tui.core.plan import Plan
from tui.core.report.data import report_data
from tui.core.report.doubts import chain
from tui.core.report.html import entries, html_of
from tui.core.report.left import left_over
from tui.core.report.markdown import markdown_of
from tui.core.report.timeline import timeline
from tui.core.report.words import title

FILE, PAGE = "report.md", "report.html"


def report(folder: Path, plan: Plan | None, afterwards: Sequence[str] = ()) -> Report:
    """Read the record as far as it is whole, and write both files beside it where that can be. Raises nothing."""
    recorded, damage = read_as_far(folder / NAME)
    state = fold(recorded.events)
    broken = damage.happened if damage is not None else ""
    data = report_data(recorded.events, state, plan, broken, recorded.torn, afterwards)
    text = markdown_of(data)
    page = html_of(data, timeline(recorded.events, plan), entries(recorded.events))
    return Report(
        state, plan, title(state), text, _save(folder / FILE, text), tuple(afterwards), left_over(state, plan),
        chain(state, broken, recorded.torn), _save(folder / PAGE, page),
    )  # fmt: skip


def _save(path: Path, text: str) -> Path | None:
    try:
        path.write_text(text, "utf-8", errors="backslashreplace")
    except OSError:
        return None
    return path
