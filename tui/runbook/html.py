"""The runbook as one HTML file: to print, to keep on a stick, to read on any screen."""

from __future__ import annotations

from tui.core.report.page import Html, bullets, document, el, joined, pairs, script, section, table
from tui.runbook import words
from tui.runbook.model import Look, Part, Reading, Runbook, Task, Value

TICK = Html('<span class="tick"></span>')
BLANK = Html('<span class="blank"></span>')
WIDE = Html('<span class="blank wide"></span>')


def runbook_html(book: Runbook) -> str:
    """The whole document."""
    return document(
        book.title,
        el("h1", book.title),
        bullets(book.hidden, "hidden"),
        el("p", el("strong", words.NEVER_REAL)),
        *(el("p", line, class_="soft") for line in words.head(book)),
        section("What it is for", pairs(book.about)),
        section("How to use this paper", bullets((*words.HOW, words.SPACES, words.NO_SECRET))),
        section("Values", table(("value", "as given"), book.known), *map(_value, book.values), class_="page"),
        section("Before anything", _look(book.first)),
        section("Prerequisites", "Each is only read. Tick it when the answer is as wanted.",
                *(_check(n, check) for n, check in enumerate(book.checks, 1))),
        *map(_part, book.parts),
        section("Afterwards", *(el("p", TICK, line) for line in book.afterwards)),
        section("Notes", *(el("p", Html('<span class="blank" style="width:100%"></span>')) for _ in range(8))),
    )  # fmt: skip


def _value(value: Value) -> Html:
    head = el("p", el("strong", value.placeholder), " = ", WIDE)
    return el("div", head, el("p", value.comes_from, class_="soft"),
              _readings(value.look.readings) if value.look else Html(""), class_="value")  # fmt: skip


def _check(number: int, check: Look) -> Html:
    return el("div", el("h3", TICK, f"{number} {check.title}"), *_told(check), class_="check")


def _look(look: Look) -> Html:
    return el("div", el("p", el("strong", look.title)), *_told(look), class_="look")


def _told(look: Look) -> tuple[Html, ...]:
    return (
        _readings(look.readings),
        el("p", el("strong", "Wanted: "), look.wanted) if look.wanted else Html(""),
        el("p", el("strong", "Otherwise: "), look.otherwise) if look.otherwise else Html(""),
    )


def _readings(readings: tuple[Reading, ...]) -> Html:
    return joined(joined((el("p", words.on(each), class_="on"), Html("") if each.again else script(each.script)))
                  for each in readings)  # fmt: skip


def _part(part: Part) -> Html:
    return section(
        f"Phase {part.number}: {part.title}", *map(_task, part.tasks),
        el("p", TICK, f"Phase complete: {part.reached}", class_="reached"), class_="page",
    )  # fmt: skip


def _task(task: Task) -> Html:
    warning = el("p", f"{words.NO_RETURN}: after step {words.ticked(task)} there is no way back", class_="no-return")
    return el(
        "div",
        warning if task.no_return else Html(""),
        el("h3", words.name(task)),
        el("p", words.brief(task)),
        pairs(words.rows(task)),
        *_first(task.guards),
        bullets(task.by_hand),
        *(el("p", f"{blank}: ", WIDE) for blank in task.blanks),
        _do(f"Do this on {task.host}", task.script),
        el("h4", "Prove it"),
        _look(task.prove),
        el("p", el("strong", "If it fails: "), task.remedy) if task.remedy else Html(""),
        script(task.remedy_script) if task.remedy_script else Html(""),
        _back(task),
        _done(task),
        class_="step",
        id_=task.id,
    )


def _first(guards: tuple[Look, ...]) -> tuple[Html, ...]:
    if not guards:
        return ()
    head = el("h4", "Read first, at most 60 seconds before; all must hold")
    return (head, *(el("div", el("p", TICK, el("strong", g.title)), *_told(g), class_="look") for g in guards))


def _do(head: str, line: str) -> Html:
    return joined((el("h4", head), Html(script(line).replace('"script"', '"script do"', 1)))) if line else Html("")


def _back(task: Task) -> Html:
    if not task.back_script:
        return Html("")
    return joined((el("h4", f"To take it back, on {task.back_host}"), script(task.back_script)))


def _done(task: Task) -> Html:
    return el("p", TICK, f"{words.ticked(task)} done at ", BLANK, " : ", BLANK, " UTC by ", WIDE, class_="done")
