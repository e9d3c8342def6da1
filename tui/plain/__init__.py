"""The sequential front end, `--plain`: for screen readers and terminals that cannot move a cursor."""

from tui.plain.front import PlainFront
from tui.plain.main import LEFT, run_plain

__all__ = ["LEFT", "PlainFront", "run_plain"]
