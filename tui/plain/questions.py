"""The engine's questions as lines: everything that stands before the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.core.clock import hms
from tui.core.plan import Step
from tui.core.question import Asks, Choice, Question
from tui.core.verdict import Truth
from tui.core.waiting import Waited, how_far
from tui.plain.text import carried, lines_of, listed, safe, sentence

File = Callable[[Question], str]
"""Names a file that holds the question's command."""
_TITLES = {
    Asks.FAILURE: "It failed: ",
    Asks.UNKNOWN: "Its result is not known: ",
    Asks.BY_HAND: "By hand: ",
    Asks.OVERDUE: "You are asked: ",
    Asks.DECIDE: "Decide: ",
    Asks.PAUSE: "Pause. ",
}


def told(
    question: Question, step: Step | None, file: File = lambda _: "", *, wait: Waited | None = None,
    others: bool = False, rest: str = "",
) -> list[str]:  # fmt: skip
    """One fact a line. A gate's title was told when its step began.

    `wait` is what an overdue step waits for. `others`: somebody else changed what broke; `rest` is what did not break.
    """
    if question.asks is Asks.CONFIRM or (question.phrase and question.action is not None):
        return _gate(question, step, file)
    changed = question.asks is Asks.CHANGED
    lines = [
        "",
        *(_changed(question, others) if changed else [sentence(_TITLES.get(question.asks, "") + question.title)]),
    ]
    lines += [sentence(line) for line in how_far(wait)] if wait is not None else []
    lines += _values(question)
    lines += [sentence(line) for line in (*question.lines[len(question.guards) if changed else 0 :], rest) if line]
    lines += [sentence(f"It rests on: {page}") for page in question.sources]
    lines += _command(question, file)
    lines += [] if changed else _guards(question)
    if question.remedy:
        lines += [f"Remedy, on {safe(question.remedy_host)}:", *lines_of(question.remedy)]
    if question.raw:
        lines += ["What the host said:", *lines_of(question.raw)]
    return lines


def _changed(question: Question, others: bool) -> list[str]:
    """What broke, each with what was read before and now. Who did it is not claimed where it is not known."""
    who_has_it = any(question.title == guard.evidence for guard in question.guards)
    claim = "Something changed, not by this program" if others else "Not as this step needs it"
    lines = [listed(("" if who_has_it else claim, question.title))]
    for guard in question.guards:
        lines += [f"{hms(guard.was_at)}, read by this program: {sentence(guard.was)}"] if guard.was else []
        lines.append(f"{hms(guard.at)}, read by this program: {sentence(f'{guard.title}: {guard.evidence}')}")
    return [*lines, *(["Who: not known."] if others else [])]


def _values(question: Question) -> list[str]:
    """What a decision depends on; each step of the way back, its command unbroken on a line of its own."""
    if question.asks is Asks.DECIDE:
        return [sentence(f"Read: {what}: {value}") for what, value in question.values]
    back = enumerate(question.values, 1)
    return [line for n, (step, script) in back for line in (sentence(f"{n}. {step}"), *lines_of(script))]


def _gate(question: Question, step: Step | None, file: File) -> list[str]:
    lines = _command(question, file)
    lines.append(f"Changes: {listed(question.lines)}" if question.lines else "")
    if step is not None:
        lines.append(f"Undo: {sentence(step.way_back)}" if step.way_back else "")
        lines.append(f"Proof: {sentence(step.proof)}" if step.proof else "")
        lines.append("POINT OF NO RETURN: after this there is no way back." if step.no_return else "")
    return [line for line in (*lines, *_guards(question)) if line]


def _command(question: Question, file: File) -> list[str]:
    """The command as it is, never broken: what is copied from here is the real line."""
    if question.action is None:
        return []
    rows = question.action.shown.split("\n")
    head = "Command, one line:" if len(rows) == 1 else f"Command, {len(rows)} lines:"
    lines = [f"On: {safe(question.action.host)}.", head, *lines_of(question.action.shown)]
    if not all(carried(row) for row in rows):
        name = file(question)
        where = f"; the real one is in {safe(name)}" if name else ""
        lines.append(f"It holds characters that cannot be shown{where}.")
    return lines


def _guards(question: Question) -> list[str]:
    if not question.guards:
        return []
    holds = sum(guard.truth is Truth.SO for guard in question.guards)
    name = "Readings" if question.asks is Asks.RESUME else "Proofs" if question.action is None else "Guards"
    head = f"{name}, read {hms(question.guards[0].at)}: {holds} of {len(question.guards)} hold."
    return [head, *(sentence(f"{guard.title}: {guard.truth}: {guard.evidence}") for guard in question.guards)]


def numbered(question: Question) -> list[Choice]:
    """The choices that have a number; at a gate "by hand" is `h` instead."""
    gate = question.asks is Asks.CONFIRM
    return [choice for choice in question.choices if not (gate and choice.key == "hand")]


def choices(question: Question, more: Sequence[str] = ()) -> list[str]:
    """The numbered choices: in one line at a gate, else one a line."""
    rows = list(enumerate(numbered(question), 1))
    if question.asks is Asks.CONFIRM:
        picks = listed(f"{n} {choice.label}" for n, choice in rows)
        return [f"Question: {safe(rows[0][1].label)}? {picks} ({words(question, more)})"]
    return [*(listed(_choice(n, choice)) for n, choice in rows), f"({words(question, more)})"]


def _choice(number: int, choice: Choice) -> tuple[str, str]:
    note = f": not offered, {choice.refused}" if choice.refused else f": {choice.note}" if choice.note else ""
    return f"{number} {choice.label}{note}", choice.detail


def words(question: Question, more: Sequence[str] = ()) -> str:
    """The words that work besides numbers; `more` are those of a run of several VMs."""
    hand = ["h by hand"] if any(choice.key == "hand" for choice in question.offered()) else []
    return ", ".join([*hand, *more, "p plan", "n text note", "stop", "? help"])
