"""Taking a run up: the line that does it, what was read of what was in flight, and what that means."""

from __future__ import annotations

from pathlib import Path

from textual.content import Content

from screens.texts.line import block, hang, line
from screens.verdicts import as_read
from tui.core.clock import hms
from tui.core.facts import split
from tui.core.naming import named, sentence_case
from tui.core.plan import Plan, Step
from tui.core.question import Shown
from tui.core.verdict import Truth

PROCESS = ": its process is "
"""What stands in the title of a reading between the step and what became of its process."""
IN_WORDS = {
    "gone": "its process on {host} has ended",
    "yes": "its process on {host} still runs",
    "unreadable": "whether its process on {host} still runs cannot be read",
}


def resume_command(folder: Path, more: str = "") -> str:
    """The line that takes the run of this folder up again, wherever it is typed."""
    place = folder.absolute().parent
    runs = "" if place == _usual() else f" --runs {_quoted(str(place))}"
    return f"azl-recover resume {folder.name}{more}{runs}"


def take_up(folder: Path, width: int) -> list[Content]:
    """How it is taken up later; the line has a row of its own where it does not fit behind the words."""
    told, text = "Take it up later with:", resume_command(folder)
    if len(told) + 2 + len(text) <= width:
        return [line(f"{told}  {text}")]
    return [line(told), *block(text, width, 2)]


def _usual() -> Path:
    import platformdirs

    return platformdirs.user_data_path("azl-recover", appauthor=False) / "runs"


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path


def _step(shown: Shown, plan: Plan) -> tuple[Step | None, str]:
    """The step that a reading is about, and what was read of its process."""
    title, _, alive = shown.title.rpartition(PROCESS)
    steps = [*plan.steps(), *(step.undo for step in plan.steps() if step.undo is not None)]
    return next((step for step in steps if title and _title(step) == title), None), alive


def _title(step: Step) -> str:
    """The step as the reading names it: with its VM, in a plan of several."""
    vm = split(step.id)[1]
    return f"{vm}: {step.title}" if vm else step.title


def reading_rows(shown: Shown, plan: Plan, width: int) -> list[Content]:
    """`√ ok       Import the key: yes, AES 256, 02:58:11 UTC; its process on HAM-N01 has ended`."""
    word, style = as_read(shown.truth, shown.evidence, shown.condition)
    step, alive = _step(shown, plan)
    text = f"{shown.title}: {shown.evidence}, {hms(shown.at)}"
    if step is not None and alive in IN_WORDS:
        text = f"{_title(step)}: {shown.evidence}, {hms(shown.at)}; {IN_WORDS[alive].format(host=step.host)}"
    first, *rest = hang("", text, width, 13)
    return [line("  ", (word.ljust(10), style), first[12:]), *rest]


def would_be(shown: Shown, plan: Plan) -> str:
    """What going on would make of a step that was in flight; empty where that is not known."""
    step, alive = _step(shown, plan)
    if step is None:
        return ""
    name = sentence_case(named(plan, step.id)) if plan.number(step.id) else step.title
    if alive == "yes":
        return f"{name}: its process is waited for first. It is not sent again meanwhile."
    if alive == "unreadable" or shown.truth is Truth.UNREADABLE:
        return f"{name}: what became of it cannot be read. It is not sent again before you have said so."
    if shown.truth is Truth.SO:
        return f"{name} would be ≡ found done. It is not sent again."
    return f"{name} is not done: {shown.evidence.rstrip('.')}. It asks before it is sent."
