"""The report as one HTML file: the outcome, what is not proved, the time as a picture, the steps, the whole record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tui.core.clock import iso, span
from tui.core.events import Stamped, to_data
from tui.core.report.drawing import drawing
from tui.core.report.page import Html, bullets, document, el, joined, pairs, said, script, section, table
from tui.core.report.timeline import Timeline

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record as a person reads it."""

    n: int
    at: str
    kind: str
    text: str


def entries(events: Iterable[Stamped]) -> tuple[Entry, ...]:
    """The whole record; what an event leaves empty is not told."""
    return tuple(_entry(stamped) for stamped in events)


def _entry(stamped: Stamped) -> Entry:
    data = to_data(stamped.event)
    kind = data.pop("kind")
    parts = [f"{name}: {value if isinstance(value, str) else _compact(value)}" for name, value in data.items() if value]
    return Entry(stamped.n, iso(stamped.at), kind, "; ".join(parts))


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def html_of(data: Data, line: Timeline, record: Sequence[Entry], hidden: Sequence[str] = ()) -> str:
    """The page of `report_data`; `hidden` is what a redacted one says of itself."""
    return document(
        data["title"],
        el("h1", data["title"]),
        bullets(hidden, "hidden"),
        el("p", data["outcome"].removeprefix(f"{data['title']}. "), class_="lead"),
        el("p", data["rto"]["line"]),
        _head(data),
        section("Not proved", bullets(data["not_proved"])),
        section("Left over", *map(_left, data["left_over"])),
        section("Next", bullets(data["next"])),
        section("Time", _times(data), drawing(line), _marks(data)),
        section("Steps", *_steps(data)),
        section("Gone on in spite of", _overridden(data)),
        section("Notes", table(("when", "by", "note"), [(_at(n["at"]), n["by"], n["text"]) for n in data["notes"]])),
        section("Prerequisites at the start", table(
            ("check", "verdict", "read"), [(c["title"], c["level"], c["evidence"]) for c in data["checked"]])),
        section("Learned", table(("name", "value"), list(data["learned"].items()))),
        section("Record", bullets([data["record"]["line"], *data["versions"]["hosts"]])),
        _record(record),
    )  # fmt: skip


def _head(data: Data) -> Html:
    return pairs((
        ("Run", f"{data['run']}, {data['mode']} {data['site']}"), ("Scenario", data["scenario"]),
        ("People", ", ".join(name for name in data["people"] if name)),
        ("Outage declared", _at(data["declared"]) or "no"),
        ("From, to", f"{_at(data['first_entry'])} to {_at(data['last_entry'])}"),
        ("Not finished", "" if data["ended"] else "azl-recover resume takes it up"),
        ("Damage", data["record"]["damage"]),
    ))  # fmt: skip


def _at(when: str) -> str:
    """`2026-11-22 02:14:05 UTC`."""
    return f"{when[:10]} {when[11:19]} UTC" if when else ""


def _left(left: Data) -> Html:
    where = f" On {left['host']}:" if left["line"] else ""
    return joined((el("p", f"× {left['what']}{where}", class_="on"), script(left["line"]) if left["line"] else ""))


def _times(data: Data) -> Html:
    times = data["times"]
    told = ", ".join(f"{name} {span(times[name])}" for name in ("machine", "you", "away"))
    return el("p", f"{told}; total {span(times['total'])}.")


def _marks(data: Data) -> Html:
    rows = [(m["letter"], m["at"][11:19], m["kind"], m["what"], m["who"]) for m in data["timeline"]["marks"]]
    return table(("", "UTC", "what", "decision point", "who"), rows, "marks")


def _steps(data: Data) -> list[Html]:
    """The steps at a glance, then each that something was sent for or that a person spoke on."""
    rows = [
        (f"{s['lane']} {s['number'] or 'back'}".strip(), s["title"], s["host"], s["outcome"], s["ended"][11:19],
         span(s["seconds"]) if s["seconds"] is not None else "") for s in data["steps"]
    ]  # fmt: skip
    glance = table(("no.", "step", "host", "outcome", "ended, UTC", "took"), rows)
    sent: dict[str, list[Data]] = {}
    for command in data["commands"]:
        sent.setdefault(command["step"], []).append(command)
    told = [_step(step, sent.get(step["id"], [])) for step in data["steps"] if step["outcome"] != "not done"]
    return [glance, *told]


def _step(step: Data, commands: Sequence[Data]) -> Html:
    number = f"{step['lane']} {step['number'] or 'back'}".strip()
    return el(
        "div", el("h3", f"{number} {step['title']}: {step['outcome']}"),
        pairs((
            ("Read", step["evidence"]), ("Who", step["by"]), ("Reason", step["reason"]),
            ("When", f"{_at(step['began'])} to {_at(step['ended'])}" if step["ended"] else _at(step["began"])),
            ("Attempts", str(step["attempts"]) if step["attempts"] > 1 else ""),
        )), *map(_command, commands), class_="step",
    )  # fmt: skip


def _command(command: Data) -> Html:
    words = "\n".join(text for text in (*command["said"], command["error"]) if text)
    process = f"process {command['process']}, shell {command['shell']}, command {command['command']}, "
    return joined((
        el("p", f"Sent to {command['host']}, {_at(command['at'])}: {command['result']}.", class_="on"),
        script(command["script"]), said(words) if words else "",
        el("p", f"{process}nonce {command['nonce']}; SHA-256 of host and script {command['digest']}.", class_="soft"),
    ))  # fmt: skip


def _overridden(data: Data) -> Html:
    rows = [(o["title"], o["evidence"], o["by"], _at(o["at"]), o["reason"]) for o in data["overridden"]]
    return table(("check", "read", "who", "when", "reason"), rows)


def _record(record: Sequence[Entry]) -> Html:
    rows = [(str(entry.n), entry.at[11:23], entry.kind, entry.text) for entry in record]
    body = table(("no.", "UTC", "entry", "what it says"), rows, "record")
    return el("details", el("summary", f"The whole record: {len(rows)} entries"), body) if rows else Html("")
