"""The text of the help: the same keys, signs and words on every screen, after what is special to this one."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from screens.texts.footer import Hint
from screens.texts.line import hang, line

KEYS = (
    ("enter", "take the marked choice"),
    ("↑↓ 1-9", "move the mark; home, end, pgup, pgdn too"),
    ("esc", "back, close, not now: never sends, never stops"),
    ("letters", "c copy   l log   p plan   r re-read   n note   h by hand"),
    ("", "w save   g guards   e error text   o override   / search"),
    ("ctrl+p", "all actions, typed by name; also in a text field"),
    ("ctrl+q", "stop or leave, asks first; ctrl+c the same"),
)
SIGNS = (
    "√ done   = already so   ≡ found done   h by hand   @ attested",
    "● now    ○ not yet      ~ waiting      » skipped   – declined",
    "× failed ■ stop         ▲ warn         ? unknown   – not offered",
    "► the mark              ! asks you     ▲ not proved",
)
WORDS = (
    ("VM ID", "the VM's own number; its key carries it as a name"),
    ("wrapping key", "a temporary key that seals the VM's key on its way"),
    ("vault, MOC", "where the cluster keeps keys; the service that does it"),
    ("guard", "a condition that is read again right before a command is sent"),
    ("RTO", "the time in which the VM shall be back, counted from the declaration"),
    ("CSV", "the cluster's shared volume, where the VM's files lie"),
)
COPYING = (
    "c sends one line to your terminal's clipboard (OSC 52) and writes a file. macOS Terminal takes no such text; tmux "
    "needs: set -s set-clipboard on. Some terminals take ctrl+p or ctrl+q themselves: ctrl+c opens Stop too."
)


def help_lines(special: Sequence[tuple[str, str]], hints: Sequence[Hint], width: int) -> list[Content]:
    """What this screen is; keys; signs; words."""
    rows: list[Content] = []
    for name, text in special:
        rows += hang(name, text, width, 27)
    now = "   ".join(f"{key} {text}" for key, text in hints if key)
    rows += [*(hang("Keys that work there now", now, width, 27) if now else []), Content("")]
    for n, (key, text) in enumerate(KEYS):
        rows += hang("", text, width, 20) if not key else _key("Keys" if not n else "", key, text, width)
    rows.append(Content(""))
    rows += [line(("  Signs    " if not n else " " * 11, "$text-muted"), text) for n, text in enumerate(SIGNS)]
    rows.append(Content(""))
    for n, (word, text) in enumerate(WORDS):
        rows += _key("Words" if not n else "", word, text, width, 25)
    return [*rows, Content(""), *hang("Copying", COPYING, width, 11)]


def _key(head: str, key: str, text: str, width: int, column: int = 20) -> list[Content]:
    first, *rest = hang("", text, width, column)
    return [line((f"  {head}".ljust(11), "$text-muted"), (key.ljust(column - 11), "bold"), first[column:]), *rest]
