"""The runbook as Markdown: for a wiki or a colleague. Every line to type stands unbroken in its block."""

from __future__ import annotations

from tui.core.report.paper import block, bullets, plain, section, table
from tui.runbook import words
from tui.runbook.model import Look, Part, Runbook, Task, Value

LINE = "______________________________"


def runbook_markdown(book: Runbook) -> str:
    """The whole document."""
    parts = [
        f"# {plain(book.title)}\n",
        *(f"{plain(line)}\n" for line in (*book.hidden, *words.head(book), words.NEVER_REAL, words.NO_SECRET)),
        section("What it is for", table(("what", "words"), book.about)),
        section("How to use this paper", bullets(words.HOW)),
        section("Values", *_values(book)),
        section("Before anything", *_look(book.first)),
        section("Prerequisites", "Each is only read. Tick it when the answer is as wanted.",
                *(part for n, check in enumerate(book.checks, 1) for part in _check(n, check))),
        *(_part(part) for part in book.parts),
        section("Afterwards", "\n".join(f"- [ ] {plain(line)}" for line in book.afterwards)),
    ]  # fmt: skip
    return "\n".join(part for part in parts if part)


def _values(book: Runbook) -> list[str]:
    parts = [table(("value", "as given"), book.known)]
    for value in book.values:
        parts += _value(value)
    return parts


def _value(value: Value) -> list[str]:
    parts = [f"**{plain(value.placeholder)}** = {plain(LINE)}", plain(value.comes_from)]
    return [*parts, *(_readings(value.look) if value.look else [])]


def _check(number: int, check: Look) -> list[str]:
    return [f"### [ ] {number} {plain(check.title)}", *_look(check, titled=True)]


def _look(look: Look, titled: bool = False) -> list[str]:
    lines = [
        "" if titled else f"**{plain(look.title)}**", *_readings(look),
        plain(f"Wanted: {look.wanted}") if look.wanted else "",
        plain(f"Otherwise: {look.otherwise}") if look.otherwise else "",
    ]  # fmt: skip
    return [line for line in lines if line]


def _readings(look: Look) -> list[str]:
    return [
        part for each in look.readings
        for part in (plain(words.on(each)), *([] if each.again else [block(each.script)]))
    ]  # fmt: skip


def _part(part: Part) -> str:
    body = [text for task in part.tasks for text in _task(task)]
    return section(f"Phase {part.number}: {plain(part.title)}", *body, plain(f"Phase complete: {part.reached}"))


def _task(task: Task) -> list[str]:
    parts = [f"**═══ {words.NO_RETURN} ═══**"] if task.no_return else []
    parts += [
        f"### {plain(words.name(task))}",
        plain(words.brief(task)),
        bullets(f"{name}: {text}" for name, text in words.rows(task)),
    ]
    if task.guards:
        parts += [f"Read first, at most 60 seconds before. All must hold ({len(task.guards)}):"]
        parts += [text for guard in task.guards for text in _look(guard)]
    parts += [bullets(task.by_hand)] if task.by_hand else []
    parts += [plain(f"{blank}: {LINE}") for blank in task.blanks]
    parts += [plain(f"Do this on {task.host}:"), block(task.script)] if task.script else []
    parts += ["Prove it:", *_look(task.prove)]
    parts += [plain(f"If it fails: {task.remedy}")] if task.remedy else []
    parts += [block(task.remedy_script)] if task.remedy_script else []
    parts += [plain(f"To take it back, on {task.back_host}:"), block(task.back_script)] if task.back_script else []
    return [*parts, f"[ ] **{plain(words.ticked(task))}** {plain(words.DONE)}"]
