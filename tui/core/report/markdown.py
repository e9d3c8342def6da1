"""The report for people: the outcome first, then what is not proved, then everything that was done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui.core.clock import span
from tui.core.events import Stamped
from tui.core.plan import Plan
from tui.core.report.data import report_data
from tui.core.report.paper import block, bullets, plain, section, table
from tui.core.state import RunState

Data = dict[str, Any]


def report_markdown(
    events: Sequence[Stamped],
    state: RunState,
    plan: Plan | None,
    damage: str = "",
    torn: bool = False,
    afterwards: Sequence[str] = (),
) -> str:
    """The whole report. For the rest see `report_data`."""
    return markdown_of(report_data(events, state, plan, damage, torn, afterwards))


def markdown_of(data: Data, hidden: Sequence[str] = ()) -> str:
    """The report of `report_data`; `hidden` is what a redacted one says of itself."""
    parts = [
        f"# {plain(data['title'])}\n", *(f"{plain(line)}\n" for line in hidden), _head(data),
        section("Not proved", bullets(data["not_proved"])),
        section("Left over", *_left(data)),
        section("Next", bullets(data["next"])),
        section("Steps", _counts(data), _steps(data)),
        section("Said by a person, not by a host", _people(data)),
        section("Gone on in spite of", _overridden(data)),
        section("Time", _times(data), _marks(data)),
        section("Commands that were sent", *_commands(data)),
        section("Learned", table(("name", "value"), data["learned"].items())),
        section("Notes", table(("when", "by", "note"), [(n["at"], n["by"], n["text"]) for n in data["notes"]])),
        section("Prerequisites at the start", _checked(data)),
        section("Record", bullets(_record(data))),
    ]  # fmt: skip
    return "\n".join(part for part in parts if part)


def _head(data: Data) -> str:
    who = ", ".join(name for name in data["people"] if name)
    lines = [
        data["outcome"],
        data["rto"]["line"],
        f"{data['mode']} {data['site']}, scenario {data['scenario']}, run {data['run']}, by {who}.",
        f"Outage declared {data['declared']}." if data["declared"] else "No outage was declared.",
        "" if data["ended"] else "This run has not ended: azl-recover resume takes it up.",
        data["record"]["damage"],
    ]
    return "\n\n".join(plain(line) for line in lines if line) + "\n"


def _left(data: Data) -> list[str]:
    parts: list[str] = []
    for left in data["left_over"]:
        where = f" On {left['host']}:" if left["line"] else ""
        parts.append(plain(f"× {left['what']}{where}"))
        parts += [block(left["line"])] if left["line"] else []
    return parts


def _counts(data: Data) -> str:
    found = ", ".join(f"{number} {outcome}" for outcome, number in data["counts"].items())
    open_steps = sum(1 for step in data["steps"] if step["outcome"] == "not done")
    rest = f"; {open_steps} not done" if open_steps else ""
    return plain(f"{found or 'none ended'}{rest}; total {len(data['steps'])}.") if data["steps"] else ""


def _steps(data: Data) -> str:
    rows = [
        (f"{s['lane']} {s['number'] or 'back'}".strip(), s["title"], s["host"], s["outcome"], s["evidence"], s["ended"],
         span(s["seconds"]) if s["seconds"] is not None else "", str(s["attempts"]))
        for s in data["steps"]
    ]  # fmt: skip
    return table(("no.", "step", "host", "outcome", "value read", "ended", "took", "attempts"), rows)


def _people(data: Data) -> str:
    rows = [
        (s["outcome"], s["title"], s["by"], s["ended"], s["reason"] or s["evidence"]) for s in data["steps"] if s["by"]
    ]
    return table(("what", "step", "who", "when", "reason or words"), rows)


def _checked(data: Data) -> str:
    rows = [(check["title"], check["level"], check["evidence"]) for check in data["checked"]]
    return table(("check", "verdict", "read"), rows)


def _overridden(data: Data) -> str:
    rows = [(o["title"], o["evidence"], o["by"], o["at"], o["reason"]) for o in data["overridden"]]
    return table(("check", "read", "who", "when", "reason"), rows)


def _times(data: Data) -> str:
    times = data["times"]
    parts = [f"{name} {span(times[key])}" for key, name in (("machine", "machine"), ("you", "you"), ("away", "away"))]
    return plain(f"{', '.join(parts)}; total {span(times['total'])}, {data['first_entry']} to {data['last_entry']}.")


def _marks(data: Data) -> str:
    rows = [(m["letter"], m["at"], m["kind"], m["what"], m["who"]) for m in data["timeline"]["marks"]]
    return table(("point", "when", "what", "words", "who"), rows)


def _commands(data: Data) -> list[str]:
    parts: list[str] = []
    for number, sent in enumerate(data["commands"], 1):
        process = f"process {sent['process']}, shell {sent['shell']}, command {sent['command']}, nonce {sent['nonce']}"
        what = f"step {sent['step']}, attempt {sent['attempt']}"
        head = f"{number}. {sent['at']} to {sent['host']}, {what}: {sent['result']}."
        parts += [plain(head), block(sent["script"]), plain(f"{process}; SHA-256 of host and script {sent['digest']}.")]
        said = "\n".join(text for text in (*sent["said"], sent["error"]) if text)
        parts += [block(said)] if said else []
    return parts


def _record(data: Data) -> list[str]:
    lines = [data["record"]["line"]]
    if data["plan"]:
        lines.append(f"Plan {data['plan']['title']}, SHA-256 {data['plan']['digest']}.")
    lines.append(f"azl-recover {data['versions']['program'] or 'version not on record'}.")
    return [*lines, *data["versions"]["hosts"]]
