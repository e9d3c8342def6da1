"""The signs of the screens: each one cell, each with a word beside it, each with an ASCII twin."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.core.scenario import Level

TWINS = {
    "√": "v", "≡": "#", "●": "*", "○": "o", "»": ">", "–": "-", "►": ">", "▲": "^", "■": "X", "×": "x", "┃": "|",
    "┊": ":", "─": "-", "═": "=", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+", "█": "#", "░": ".", "…": "~",
    "→": ">", "←": "<", "↑": "^", "↓": "v", "▒": "%", "▓": "@", "▁": "_", "▔": "-", "▎": "|", "▊": "|",
}  # fmt: skip
"""Every sign that the program itself writes, and what stands for it where only ASCII can be shown."""

LEVELS = {
    Level.OK: ("√ ok", ""),
    Level.WARN: ("▲ warn", "$warning"),
    Level.STOP: ("■ stop", "$error"),
    Level.UNKNOWN: ("? unknown", "$warning"),
}
"""Sign, word and colour of a prerequisite's verdict."""

NOTICES = {
    "ok": LEVELS[Level.OK],
    "warn": LEVELS[Level.WARN],
    "stop": LEVELS[Level.STOP],
    "unknown": LEVELS[Level.UNKNOWN],
}


def twin(text: str) -> str:
    """The text in ASCII: signs by their twins, anything else that is not ASCII as `?`."""
    return "".join(char if char.isascii() else TWINS.get(char, "?") for char in text)


class AsciiFilter(LineFilter):
    """Shows twins on terminals that know ASCII alone."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments in ASCII; each sign stays one cell."""
        return [Segment(twin(text), style, control) for text, style, control in segments]
