"""HTML in which nothing that came from outside can become markup: text is escaped unless it was made here."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from tui.core.report.paper import seen
from tui.core.report.style import CSS

SPACE = '<span class="sp"> </span>'


class Html(str):
    """Text that is markup already. Only this module and drawings make it."""


def text(value: str) -> Html:
    """Plain text: escaped, unseen characters as `\\u202e`; line breaks stay."""
    return Html(html.escape("".join(char if char == "\n" else seen(char) for char in value.replace("\r\n", "\n"))))


def el(tag: str, *children: str, **attributes: str) -> Html:
    """An element. Children that are not `Html` are text; `class_` is class, `stroke_width` is stroke-width."""
    inner = "".join(child if isinstance(child, Html) else text(child) for child in children)
    names = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{text(value)}"' for name, value in attributes.items() if value
    )
    return Html(f"<{tag}{names}>{inner}</{tag}>")


def joined(parts: Iterable[str]) -> Html:
    """Several after one another."""
    return Html("\n".join(part if isinstance(part, Html) else text(part) for part in parts if part))


def section(head: str, *parts: str, id_: str = "", class_: str = "") -> Html:
    """A section with its heading, left out where it has no content."""
    body = joined(parts)
    return el("section", el("h2", head), body, id_=id_, class_=class_) if body else Html("")


def bullets(lines: Iterable[str], class_: str = "") -> Html:
    """A list."""
    items = [el("li", line) for line in lines]
    return el("ul", *items, class_=class_) if items else Html("")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], class_: str = "") -> Html:
    """A table with its heads; nothing without rows."""
    body = [el("tr", *(el("td", cell) for cell in row)) for row in rows]
    if not body:
        return Html("")
    top = el("thead", el("tr", *(el("th", head, scope="col") for head in heads))) if any(heads) else Html("")
    return el("table", top, el("tbody", *body), class_=class_)


def pairs(rows: Iterable[tuple[str, str]]) -> Html:
    """Names with what they mean."""
    items = [el("dt", name) + el("dd", value) for name, value in rows if value]
    return el("dl", Html("".join(items))) if items else Html("")


def script(line: str) -> Html:
    """A line to type. Its spaces can be seen; copied, it is the line and nothing else."""
    shown = Html(SPACE.join(text(word) for word in line.split(" ")))
    return el("pre", el("code", shown), class_="script")


def said(words: str) -> Html:
    """What a host wrote, as it stands."""
    return el("pre", words, class_="said")


def document(title: str, *parts: str) -> Html:
    """One file: no script, no picture from elsewhere, no font but the reader's."""
    head = el(
        "head",
        Html('<meta charset="utf-8">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark">'),
        el("title", title),
        el("style", Html(CSS)),
    )
    return Html(f'<!DOCTYPE html>\n<html lang="en">{head}{el("body", el("main", joined(parts)))}</html>\n')
