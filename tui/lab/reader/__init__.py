"""The lab's PowerShell: reads the text that it received, and refuses what it does not know."""

from __future__ import annotations

from tui.lab.reader.host import PowerShellHost
from tui.lab.reader.read import read
from tui.lab.reader.records import Record

__all__ = ["PowerShellHost", "Record", "read"]
