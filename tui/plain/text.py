"""Words and lines of the sequential front end: what a screen reader says, one thing a line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from tui.core.clock import hm, span
from tui.core.front import Situation

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that move the cursor, turn the writing direction, or cannot be seen."""


def safe(text: str) -> str:
    """The text as one line in which nothing steers the terminal: such characters stand as `\\x1b`."""
    return "".join(_visible(char) for char in text)


def carried(text: str) -> bool:
    """Whether what `safe` shows is the text itself, so that it can be copied from the terminal."""
    return safe(text) == text


def lines_of(text: str) -> tuple[str, ...]:
    """A text of several lines, each safe to write."""
    return tuple(safe(line) for line in text.replace("\r\n", "\n").split("\n"))


def sentence(text: str) -> str:
    """The text with a full stop, unless it has an end of its own."""
    text = safe(text).strip()
    return text if not text or text[-1] in ".:?;" else f"{text}."


def small(text: str) -> str:
    """A label inside a sentence: its first letter small, unless it stands for a name (`SRV-DB01`, `MOC`)."""
    text = safe(text)
    return text if len(text) < 2 or not text[1].islower() else text[0].lower() + text[1:]


def number(text: str) -> int:
    """The number that was typed, 1 to 999; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def listed(parts: Iterable[str]) -> str:
    """Sentences in one line, empty ones left out."""
    return " ".join(sentence(part) for part in parts if part)


def header(situation: Situation, now: float) -> tuple[str, ...]:
    """The two lines at the head of each view: mode, way, scenario, clocks; outage and RTO."""
    first = listed((situation.way or situation.site, situation.scenario or "no scenario chosen", clocks(now)))
    drill = " Times are the simulated site's." if situation.lab_time else ""
    return f"[{situation.mode}] {first}", outage(situation, now) + drill


def clocks(now: float) -> str:
    """`02:51 UTC, 03:51 CET`; where local time is UTC, once."""
    local = datetime.fromtimestamp(now).astimezone()
    return hm(now) if not local.utcoffset() else f"{hm(now)}, {local:%H:%M} {local.tzname()}"


def outage(situation: Situation, now: float) -> str:
    """When the outage was declared, and how the RTO stands."""
    if not situation.declared:
        return "No outage declared."
    gone = now - situation.declared
    text = f"Declared {hm(situation.declared)}, {span(gone)} ago."
    if not situation.rto:
        return f"{text} RTO not set."
    left = situation.rto - gone
    rest = f"{span(left)} left" if left >= 0 else f"over by {span(-left)}"
    warning = "Warning: " if left < situation.rto * 0.2 else ""
    return f"{text} {warning}RTO {span(situation.rto)}: {rest}."


def _visible(char: str) -> str:
    if unicodedata.category(char) not in _UNSEEN:
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
