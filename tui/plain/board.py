"""The prerequisites in lines: each row once as it is read, reasons for what is not ok, remedies to copy."""

from __future__ import annotations

from tui.core.clock import hms
from tui.core.front import BACK, Board, Row
from tui.core.scenario import Level
from tui.plain.talk import Pick, Talk
from tui.plain.text import lines_of, number, safe, sentence

KEYS = {
    "r": "reads again",
    "o": "N and a reason goes on although row N is not ok",
    "c": "N shows the remedy of row N",
    "b": "back",
}


async def prerequisites(talk: Talk, board: Board) -> str:
    """ "plan" (only when nothing is missing) or BACK."""
    shown = _Rows(talk, board)
    again = not any(row.finding for row in board.rows)
    while True:
        if again:
            talk.say("Reading the prerequisites. Nothing is changed by it.")
            await talk.wait_for(board.read(shown.changed))
            shown.changed()
        again = False
        missing = board.missing()
        talk.say(f"Prerequisites: {sentence(missing or 'nothing is missing')}")
        picks = (Pick("plan", "See the plan", refused=missing), Pick("r", "Read again"))
        text = await talk.choose(picks, "r" if missing else "plan", KEYS)
        word, _, rest = text.partition(" ")
        if word == "plan":
            return "plan"
        if word == "b":
            return BACK
        again = word == "r"
        if word == "o":
            talk.say(_override(board, rest))
        elif word in ("c", "remedy"):
            talk.say(*_remedy(board, rest))


class _Rows:
    """Tells a row when it was read, and again only when what was read is another."""

    def __init__(self, talk: Talk, board: Board) -> None:
        self._talk = talk
        self._board = board
        self._told: dict[str, str] = {}

    def changed(self) -> None:
        for n, row in enumerate(self._board.rows, 1):
            if row.finding is None or row.reading:
                continue
            lines = _row(n, row)
            if self._told.get(row.check) != lines[0]:
                self._told[row.check] = lines[0]
                self._talk.say(f"{lines[0]} Read {hms(row.at)}.", *lines[1:])


def _row(n: int, row: Row) -> list[str]:
    finding = row.finding
    assert finding is not None
    lines = [f"{n} {finding.level}: {safe(row.title)}: {sentence(finding.evidence)}"]
    if finding.level is not Level.OK:
        lines += [f"Means: {sentence(finding.means)}"] if finding.means else []
        lines += [f"Remedy: {sentence(finding.remedy)}"] if finding.remedy else []
    if row.reason:
        lines.append(f"You go on although: {sentence(row.reason)}")
    return lines


def _override(board: Board, rest: str) -> str:
    which, _, reason = rest.strip().partition(" ")
    row = _numbered(board, which)
    if row is None or row.finding is None:
        return "Type o, the number of a row that was read, and your reason."
    if row.finding.level not in (Level.WARN, Level.UNKNOWN):
        return f"Row {which} reads {row.finding.level}: " + (
            "it needs no reason."
            if row.finding.level is Level.OK
            else "a stop cannot be overridden. c shows its remedy."
        )
    wrong = board.override(row.check, reason.strip())
    return sentence(wrong) if wrong else f"Recorded for {safe(row.title)}: {sentence(reason)}"


def _remedy(board: Board, rest: str) -> list[str]:
    row = _numbered(board, rest.strip())
    if row is None or row.finding is None or not (row.finding.remedy or row.finding.remedy_script):
        return ["This row has no remedy."]
    finding = row.finding
    lines = [sentence(finding.remedy)] if finding.remedy else []
    if finding.remedy_script:
        lines += [f"On {safe(finding.remedy_host)}, one line:", *lines_of(finding.remedy_script)]
    return lines


def _numbered(board: Board, text: str) -> Row | None:
    n = number(text)
    return board.rows[n - 1] if 1 <= n <= len(board.rows) else None
