"""The signs of the screens: each one cell, each with a word beside it, each with an ASCII twin."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.core.events import Outcome
from tui.core.scenario import Level
from tui.core.standing import Stand
from tui.core.verdict import Truth

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

OUTCOMES = {
    Outcome.DONE: ("√", "done", ""),
    Outcome.ALREADY: ("=", "already so", ""),
    Outcome.FOUND_DONE: ("≡", "found done", ""),
    Outcome.BY_HAND: ("h", "by hand", ""),
    Outcome.ATTESTED: ("@", "attested", ""),
    Outcome.SKIPPED: ("»", "skipped", "$warning"),
    Outcome.DECLINED: ("–", "declined", "$text-muted"),
    Outcome.FAILED: ("×", "failed", "$error"),
    Outcome.UNKNOWN: ("?", "unknown", "$warning"),
    Outcome.UNDONE: ("√", "undone", ""),
}
"""Sign, word and colour of how a step ended."""

STANDS = {
    Stand.NOT_YET: ("○", "not yet", "$text-muted"),
    Stand.READING: ("~", "reading", ""),
    Stand.WAITING: ("~", "waiting", ""),
    Stand.RUNNING: ("●", "running", ""),
    Stand.PROVING: ("●", "proving", ""),
    Stand.ASKS: ("!", "asks you", "$accent"),
    Stand.DECLINED: ("–", "declined", "$warning"),
    Stand.CHANGED: ("▲", "changed", "$warning"),
    Stand.UNKNOWN: ("?", "unknown", "$warning"),
    Stand.FAILED: ("×", "failed", "$error"),
    Stand.DONE: ("√", "done", ""),
    Stand.HAND: ("h", "done", ""),
    Stand.SKIPPED: ("»", "skipped", "$warning"),
}
"""Sign, word and colour of how a VM stands among others."""

TRUTHS = {
    Truth.SO: ("√ ok", ""),
    Truth.NOT_SO: ("■ not so", "$error"),
    Truth.RUNNING: ("~ running", ""),
    Truth.MIXED: ("▲ mixed", "$warning"),
    Truth.UNREADABLE: ("? unknown", "$warning"),
}
"""Sign, word and colour of a guard or a proof as it was read."""

WORD_OF = ("attested", "said by", "not proved")
"""How the evidence of a guard begins that holds by a person's word alone."""


def as_read(truth: Truth, evidence: str, condition: str = "") -> tuple[str, str]:
    """Sign and word of a guard or a proof, and colour. What holds by somebody's word alone never shows `√`."""
    if truth is not Truth.SO or not (condition.startswith("attested") or evidence.startswith(WORD_OF)):
        return TRUTHS[truth]
    return ("▲ not proved" if "not proved" in evidence else "@ attested"), "$warning"


def twin(text: str) -> str:
    """The text in ASCII: signs by their twins, anything else that is not ASCII as `?`."""
    return "".join(char if char.isascii() else TWINS.get(char, "?") for char in text)


class AsciiFilter(LineFilter):
    """Shows twins on terminals that know ASCII alone."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments in ASCII; each sign stays one cell."""
        return [Segment(twin(text), style, control) for text, style, control in segments]
