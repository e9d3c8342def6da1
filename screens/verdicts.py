"""How outcomes and verdicts are shown: sign, word and colour. Apart from the signs, which the first screen needs."""

from __future__ import annotations

from tui.core.events import Outcome
from tui.core.standing import Stand
from tui.core.verdict import Truth

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
