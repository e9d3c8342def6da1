"""The end of a campaign as text: a row a drill, the three counts, and each round that a person must look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.campaign.round import Round
from tests.campaign.verdict import FALSE_DONE, OTHER, OTHER_SITE, TWICE

COUNTED = ("product", "lab", "acts", "torn", "takeovers", "resumes")
OUTCOMES = ("recovered", "waits", "wrong")
HEADS = (
    "drill", "rounds", "product kills", "lab kills", "act under way", "torn lines", "takeovers",
    "resumes", "recovered", "waits for a person", "wrong",
)  # fmt: skip


def table(rounds: Sequence[Round]) -> list[str]:
    """The whole text, line by line."""
    names = sorted({one.order.drill for one in rounds})
    rows = [_row(name, [one for one in rounds if one.order.drill == name]) for name in names]
    widths = [max(map(len, column)) for column in zip(HEADS, *rows, _row("all", rounds), strict=True)]
    lines = [_aligned(row, widths) for row in (HEADS, *rows, _row("all", rounds))]
    lines[1:1] = lines[-1:-1] = ["-" * len(lines[0])]
    return [*lines, "", *_counts(rounds), *_waits(rounds)]


def told(one: Round, again: str) -> list[str]:
    """A round that is wrong, or where a person was needed: why, where it is kept, and how to play it again."""
    order = one.order
    why = [f"{wrong.kind}: {wrong.what}" for wrong in one.wrong]
    why += [f"waits for a person: {one.stuck}"] if one.stuck else []
    return [f"Round {order.number} of {order.drill}, seed {order.seed}:", *(f"  {text}" for text in why),
            f"  kept in {order.folder}", f"  again: {again}"]  # fmt: skip


def kills(rounds: Sequence[Round]) -> int:
    """Processes that were killed."""
    return sum(one.counts["product"] + one.counts["lab"] for one in rounds)


def _row(name: str, rounds: Sequence[Round]) -> tuple[str, ...]:
    counts = sum((one.counts for one in rounds), Counter[str]())
    outcomes = Counter(one.outcome for one in rounds)
    numbers = [len(rounds), *(counts[key] for key in COUNTED), *(outcomes[key] for key in OUTCOMES)]
    return (name, *map(str, numbers))


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (text.rjust(width) for text, width in zip(row, widths, strict=True))
    return "  ".join([first.strip().ljust(widths[0]), *rest])


def _counts(rounds: Sequence[Round]) -> list[str]:
    wrong = Counter(wrong.kind for one in rounds for wrong in one.wrong)
    ended = sum(not one.stuck for one in rounds)
    return [
        f"{kills(rounds)} kills in {len(rounds)} rounds. Rounds that came to their end: {ended}; "
        f"with another site state than without a kill: {wrong[OTHER_SITE]}.",
        f"`never` actions that took effect twice: {wrong[TWICE]}.",
        f'False "done": {wrong[FALSE_DONE]}.',
        *([f"Wrong in another way: {wrong[OTHER]}."] if wrong[OTHER] else []),
    ]


def _waits(rounds: Sequence[Round]) -> list[str]:
    words = Counter(word for one in rounds for word in one.words)
    stops = Counter(text for one in rounds for text in one.stops if text != one.stuck)
    return [
        *_listed("A person's word was needed, and given; the run went on from it:", words),
        *_listed("Stopped by itself, and went on when it was taken up once more:", stops),
    ]


def _listed(head: str, texts: Counter[str]) -> list[str]:
    lines = [f"  {times} x {text}" for text, times in sorted(texts.items())]
    return [head, *lines] if lines else []
