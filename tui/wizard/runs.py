"""The runs folder: one folder a run, with its journal, its plan, its report."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.core.clock import hm
from tui.core.errors import BadInput, JournalDamaged
from tui.core.folder import NAME
from tui.core.front import PracticeAge, RunLine

if TYPE_CHECKING:  # who has no runs yet sees the first screen 30 ms sooner
    from tui.core.journal import Recorded
    from tui.core.scenario import Scenario
    from tui.core.state import RunState

DRILL_FILE = "drill.json"
"""Which lab a drill's run belongs to. Never ports or credentials."""
FRESH_DAYS = 30
"""Days that a drill counts (Hyper-V's own rule for test failovers: once a month)."""


def new_run_id(at: float) -> str:
    """`20261122-021400-3f9a`: UTC date and time, and 4 random hex digits."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y%m%d-%H%M%S-") + secrets.token_hex(2)


@dataclass(frozen=True, slots=True)
class Found:
    """A run folder and what its journal says. `problem` where it cannot be taken up."""

    folder: Path
    state: RunState
    recorded: Recorded | None
    problem: str = ""

    @property
    def mode(self) -> str:
        """DRILL or LIVE."""
        return self.state.began.mode if self.state.began else ""


def all_runs(root: Path) -> list[Found]:
    """Every run below `root`, newest first. A damaged journal is a run with a problem, not an error."""
    return [open_run(folder) for folder in folders(root)]


def folders(root: Path) -> list[Path]:
    """The folder of every run below `root`, newest first, unread."""
    if not root.is_dir():
        return []
    found = (path for path in root.iterdir() if (path / NAME).is_file())
    return sorted(found, key=lambda path: path.name, reverse=True)


def sizes(root: Path) -> dict[str, int]:
    """Bytes of each run's record by its name: a run in which something happened has grown."""
    return {folder.name: (folder / NAME).stat().st_size for folder in folders(root)}


def open_run(folder: Path) -> Found:
    """Read a run without holding it."""
    from tui.core.fold import fold
    from tui.core.journal import read_journal
    from tui.core.state import RunState

    try:
        recorded = read_journal(folder / NAME)
    except JournalDamaged as error:
        return Found(folder, RunState(), None, error.happened)
    state = fold(recorded.events)
    unplanned = "" if state.chosen is not None else "It ended before its plan was on record; nothing was sent."
    return Found(folder, state, recorded, unplanned)


def find_run(root: Path, name: str | None) -> Found:
    """The run of this name (or its unique beginning); without a name the newest unfinished one. Raises BadInput."""
    if name is not None:
        return open_run(folder_of(root, name))
    for run in map(open_run, folders(root)):
        if run.state.ended is None and not run.problem:
            return run
    raise BadInput(f"No unfinished run in {root}.", "There is nothing to take up.", "See them all: azl-recover runs")


def folder_of(root: Path, name: str) -> Path:
    """The folder of the run of this name (or its unique beginning), unread. Raises BadInput."""
    there = folders(root)
    hits = [path for path in there if path.name == name] or [path for path in there if path.name.startswith(name)]
    if len(hits) != 1:
        what = "no run" if not hits else f"{len(hits)} runs"
        raise BadInput(f"{what} in {root} for {name!r}.".capitalize(), "", "See them all: azl-recover runs")
    return hits[0]


def line_of(run: Found) -> RunLine:
    """A run as the first screen shows it."""
    state = run.state
    subject = state.chosen.values.get("vm", "") if state.chosen else ""
    title = (state.plan.title if state.plan else subject) or run.folder.name
    if run.problem:
        return RunLine(run.folder.name, run.folder.name, "", 0.0, finished=False, problem=run.problem)
    if state.ended is not None:
        return RunLine(run.folder.name, title, f"{state.ended.outcome}, {hm(state.last)}", state.last, True,
                       state.ended.outcome)  # fmt: skip
    return RunLine(run.folder.name, title, _standing(state), state.last, finished=False)


def _standing(state: RunState) -> str:
    settled = sum(1 for step in state.steps.values() if step.outcome is not None and step.outcome.settled)
    total = len(state.plan.steps) if state.plan else 0
    text = f"stopped {hm(state.last)} after step {settled} of {total}"
    flights = state.in_flight
    if flights:
        flight = state.step(flights[0]).flight
        host = flight.intended.host if flight else ""
        text += f". In flight: {flights[0]} on {host}; its result is not known yet"
    return text


def ages(runs: list[Found], scenarios: tuple[Scenario, ...], person: str, now: float) -> tuple[PracticeAge, ...]:
    """When each scenario was last rehearsed to its end."""
    rows: list[PracticeAge] = []
    for scenario in scenarios:
        good = [run.state for run in runs if _rehearsed(run.state, scenario.id)]
        mine = [state for state in good if state.user == person]
        rows.append(PracticeAge(scenario.title, _age(mine, now), _age(good, now)))
    return tuple(rows)


def _rehearsed(state: RunState, scenario_id: str) -> bool:
    return bool(
        state.began and state.began.mode == "DRILL" and state.chosen and state.chosen.scenario == scenario_id
        and state.ended and state.ended.recovered
    )  # fmt: skip


def _age(states: list[RunState], now: float) -> int | None:
    return min((int((now - state.last) // 86_400) for state in states), default=None)


def lab_of(run: Found) -> dict[str, Any]:
    """The drill file of a run. Raises BadInput where it has none."""
    try:
        data = json.loads((run.folder / DRILL_FILE).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(
            f"Run {run.folder.name} names no lab.", "A drill can only go on where its simulated site is.",
            "Start a new one: azl-recover drill",
        ) from error  # fmt: skip
    assert isinstance(data, dict)
    return data
