"""The words that stand in every runbook, whatever its form."""

from __future__ import annotations

from tui.runbook.model import Reading, Runbook, Task

HOW = (
    "Read the whole runbook once before the first step. Two people: one reads aloud, one types.",
    "Fill in the values first. A bare <value> is typed between single quotes: 'value'. Where it stands inside quotes "
    "already, or beside other letters, it takes no new ones. A ' in a value is typed twice.",
    "Never send a line that still shows < and >.",
    "Each line is one line in PowerShell on the host that is named, in a window run as administrator.",
    "Before each step make its readings again, not more than 60 seconds before. When one does not hold, do not send.",
    "After each step prove it, then write down the time in UTC and your name. Only what was read is done.",
    "The lines that read answer with JSON: look in it for the row of your VM.",
)
SPACES = "In the boxes a grey cell is one space. Where a line is broken on this page, nothing is typed."
NO_SECRET = "No line here carries a password, and no key leaves a vault unsealed."
NEVER_REAL = (
    "Nothing here has ever been run against Windows by those who wrote it: the lines follow the vendors' pages. "
    "Read each before you send it."
)
DONE = "done at __:__ UTC by ____________________"
NO_RETURN = "POINT OF NO RETURN"
AGAIN = "the same line as above in this step"


def head(book: Runbook) -> tuple[str, ...]:
    """What this paper is, how old, and by which plan."""
    made = f"Made {book.made[:16].replace('T', ' ')} UTC by azl-recover {book.version}." if book.made else ""
    return tuple(line for line in (made, f"Plan {book.digest}.", f"Source: {book.source}.") if line)


def on(reading: Reading) -> str:
    """`R3 on HAM-N01 and HAM-N02`."""
    return f"{reading.code} on {' and '.join(reading.hosts)}" + (f": {AGAIN}" if reading.again else "")


def name(task: Task) -> str:
    """`7 Import the key`, `SRV-DB01 7 Import the key`: how it is called in the program too."""
    return f"{ticked(task)} {task.title}"


def ticked(task: Task) -> str:
    """What stands beside the box: the number, with its VM where there are several."""
    return f"{task.lane} {task.number}" if task.lane else str(task.number)


def brief(task: Task) -> str:
    """Where, how risky, how long, and what the program would ask: one line."""
    return f"On {task.host}. Risk {task.risk}. Usual {task.usual}. The program asks: {task.asks}."


def rows(task: Task) -> tuple[tuple[str, str], ...]:
    """What is said of a step before its lines; only what there is to say."""
    named = (
        ("Why", task.why), ("Changes", " ".join(line.rstrip(".") + "." for line in task.changes)),
        ("Way back", task.way_back), ("If left out", f"stays: {task.leaves}" if task.leaves else ""),
    )  # fmt: skip
    return tuple((name, value) for name, value in named if value)
