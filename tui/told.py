"""A run's report and a runbook as text, in each form, with or without names: what the command line prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from tui.ahead import Ahead
from tui.core import redact
from tui.core import report as reports
from tui.core.fold import fold
from tui.core.journal import Recorded
from tui.core.plan import Plan
from tui.runbook import runbook, runbook_html, runbook_markdown


def report_text(recorded: Recorded, plan: Plan | None, then: Sequence[str], form: str, *, redacted: bool) -> str:
    """`form` is md, html or json."""
    events = recorded.events
    data = reports.report_data(events, fold(events), plan, torn=recorded.torn, afterwards=then)
    line, entries, hidden = reports.timeline(events, plan), reports.entries(events), tuple[str, ...]()
    if redacted:
        redactor = redact.Redactor(redact.names_in(events))
        data, line, entries = redactor.walk(data), redactor.walk(line), redactor.walk(entries)
        free = len(data["notes"]) + sum(bool(step["reason"]) for step in data["steps"])
        free += len(data["overridden"]) + sum(len(command["said"]) for command in data["commands"])
        hidden = redact.hidden(redactor, free)
    if form == "json":
        return _json({**({"redacted": list(hidden)} if hidden else {}), **data})
    return reports.html_of(data, line, entries, hidden) if form == "html" else reports.markdown_of(data, hidden)


def runbook_text(known: Ahead, made: float, form: str, *, redacted: bool) -> str:
    """`form` is md, html or json; `made` in epoch seconds."""
    book = runbook(known, made)
    if redacted:
        redactor = redact.Redactor((
            *redact.clusters_named((cluster.name, cluster.nodes) for cluster in known.site.clusters),
            *redact.facts_named(known.facts.values),
        ))  # fmt: skip
        book = redactor.walk(book)
        book = replace(book, hidden=redact.hidden(redactor, 0))
    if form == "json":
        return _json(asdict(book))
    return runbook_html(book) if form == "html" else runbook_markdown(book)


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
