"""The end of a run, told from its record: as title, data, Markdown and HTML. A fold over events, and nothing else."""

from tui.core.report.data import report_data
from tui.core.report.html import entries, html_of
from tui.core.report.left import left_over
from tui.core.report.markdown import markdown_of, report_markdown
from tui.core.report.timeline import timeline
from tui.core.report.view import report
from tui.core.report.words import outcome_line, title

__all__ = ["entries", "html_of", "left_over", "markdown_of", "outcome_line", "report", "report_data", "report_markdown",
           "timeline", "title"]  # fmt: skip
