"""The end of a run, told from its record: as a title, as data, as Markdown. A fold over events, and nothing else."""

from tui.core.report.data import report_data
from tui.core.report.left import left_over
from tui.core.report.markdown import report_markdown
from tui.core.report.plans import plan_markdown
from tui.core.report.view import report
from tui.core.report.words import outcome_line, title

__all__ = ["left_over", "outcome_line", "plan_markdown", "report", "report_data", "report_markdown", "title"]
