"""What each command does. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from argparse import Namespace
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.core.errors import BadInput, JournalDamaged
from tui.core.front import FrontEnd

if TYPE_CHECKING:
    from tui.core.clock import Clock
    from tui.drill import Stage
    from tui.wizard.runs import Found

Wizard = Callable[[FrontEnd], Awaitable[int]]


def runs_folder(options: Namespace) -> Path:
    """Where runs are kept."""
    if options.runs is not None:
        return Path(options.runs)
    import platformdirs

    return platformdirs.user_data_path("azl-recover", appauthor=False) / "runs"


def site_file() -> Path:
    """Where the platform expects the operator's site file."""
    import platformdirs

    return platformdirs.user_config_path("azl-recover", appauthor=False) / "site.toml"


def run_welcome(options: Namespace) -> int:
    """LIVE, if there is a site file; else three lines."""
    path = site_file()
    if not path.exists():
        print(f"No site file: {path}", file=sys.stderr)
        print("Rehearse without one, on a simulated site on this computer: azl-recover drill", file=sys.stderr)
        print("Live sites come with a later version; this one only rehearses.", file=sys.stderr)
        return 2
    from tui.live import desk
    from tui.wizard import wizard

    made = desk(path, runs_folder(options))
    return front_end(options, lambda front: wizard(front, made), made.clock)


def run_drill(options: Namespace) -> int:
    """Rehearse."""
    from tui.lab import drills

    if options.list:
        for drill in drills.all_drills():
            print(f"{drill.name:28}{drill.title}")
        return 0
    from tui.drill import fresh

    stage = fresh(writable(runs_folder(options)), drills.drill(options.name), options.seed, https=options.https)
    if options.auto:
        return asyncio.run(_auto(stage, options.speed if options.speed is not None else 200.0))
    return _rehearse(options, stage, options.speed)


def _rehearse(options: Namespace, stage: Stage, speed: float | None, take_up: str = "") -> int:
    from tui.drill import play
    from tui.wizard.runs import open_run, sizes

    before = sizes(stage.runs)

    async def played(front: FrontEnd) -> int:
        code, _ = await play(front, stage, speed, take_up)
        return code

    code = front_end(options, played, stage.clock)
    for name, size in sizes(stage.runs).items():
        if size != before.get(name) and not options.plain:
            print(_parting(open_run(stage.runs / name), options))
    return code


def _parting(run: Found, options: Namespace) -> str:
    """What a person finds in the terminal once the screens are gone."""
    from tui.wizard.runs import line_of

    line, where = line_of(run), f" --runs {options.runs}" if options.runs is not None else ""
    if line.finished:
        return f"Run {line.run}: {line.note}. Its report: azl-recover report {line.run}{where}"
    return f"Run {line.run} {line.note}.\nTake it up: azl-recover resume {line.run}{where}"


async def _auto(stage: Stage, speed: float) -> int:
    """One JSON object on standard output; 0 only if the site itself says that it is recovered."""
    from tui.autopilot import Autopilot
    from tui.drill import play
    from tui.wizard.runs import open_run

    began = time.monotonic()
    pilot = Autopilot(stage.clock, stage.drill.witness)
    code, lab = await play(pilot, stage, speed, paced=False)
    judged = await lab.judge()
    await lab.stop()
    state = open_run(pilot.reports[-1].saved.parent).state if pilot.reports and pilot.reports[-1].saved else None
    reasons = [*judged.reasons, *filter(None, [pilot.stuck])]
    print(json.dumps({
        "recovered": judged.recovered, "seconds": round(time.monotonic() - began, 2),
        "steps": sum(1 for step in state.steps.values() if step.outcome) if state else 0,
        "run": state.began.run if state and state.began else "", "reasons": reasons,
    }))  # fmt: skip
    return 0 if judged.recovered and code == 0 else 1


def run_resume(options: Namespace) -> int:
    """Take up a run where its record ends."""
    from tui.drill import earlier
    from tui.wizard.runs import find_run

    runs = runs_folder(options)
    found = find_run(runs, options.run)
    if found.problem:
        raise JournalDamaged(found.problem, "It can be read, not taken up.", f"azl-recover verify {found.folder.name}")
    if found.mode != "DRILL":
        raise BadInput(f"Run {found.folder.name} is of a live site.", "Live sites come with a later version.")
    return _rehearse(options, earlier(runs, found), None, found.folder.name)


def run_runs(options: Namespace) -> int:
    """A line a run."""
    from tui.wizard.runs import all_runs, line_of

    root = runs_folder(options)
    runs = all_runs(root)
    if not runs:
        print(f"No runs in {root}.")
    for run in runs:
        line = line_of(run)
        print(f"{run.folder.name}  {run.mode:5}  {line.title}  {line.problem or line.note}")
    return 0


def run_report(options: Namespace) -> int:
    """The report of a run, also of an unfinished one."""
    from tui.scenarios import all_scenarios
    from tui.told import report_text
    from tui.wizard.record import afterwards, plan_of
    from tui.wizard.runs import find_run

    found = find_run(runs_folder(options), options.run)
    if found.recorded is None:
        raise JournalDamaged(found.problem, "", f"azl-recover verify {found.folder.name}")
    plan = plan_of(found.state, all_scenarios())
    scenario = next((s for s in all_scenarios() if plan is not None and s.id == plan.scenario), None)
    then = afterwards(found.state.ended, scenario) if scenario is not None else ()
    return _deliver(report_text(found.recorded, plan, then, options.format, redacted=options.redacted), options.out)


def run_plan(options: Namespace) -> int:
    """A runbook for paper: no site, no network."""
    from tui.ahead import Given, chosen
    from tui.scenarios import all_scenarios
    from tui.told import runbook_text

    before, wrong = Given(), tuple[str, ...]()
    if options.drill is not None:
        from tui.drillvalues import drill_values
        from tui.lab.drills import drill

        try:
            before = drill_values(drill(options.drill), options.scenario)
        except BadInput as error:
            wrong = error.lines()[:2]
    known = chosen(options.scenario, all_scenarios(), options.set, before, wrong)
    return _deliver(runbook_text(known, time.time(), options.format, redacted=options.redacted), options.out)


def _deliver(text: str, out: Path | None) -> int:
    """To a file, or to standard output in UTF-8, whatever the terminal's encoding."""
    data = (text.rstrip("\n") + "\n").encode("utf-8", "backslashreplace")
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        return 0
    try:
        out.write_bytes(data)
    except OSError as error:
        raise BadInput(
            f"{out} cannot be written: {error.strerror}.", "Nothing was saved.", "Name another file."
        ) from error
    print(f"Saved: {out}", file=sys.stderr)
    return 0


def run_verify(options: Namespace) -> int:
    """The hash chain of a record."""
    from tui.core.journal import NAME, read_journal
    from tui.wizard.runs import find_run

    found = find_run(runs_folder(options), options.run)
    recorded = read_journal(found.folder / NAME)
    print(f"{found.folder.name}: {len(recorded.events)} entries, chain whole.")
    if recorded.torn:
        print("The last line is incomplete: power was lost while writing. Nothing else is missing.")
    return 0


def run_scripts(options: Namespace) -> int:
    """Every script that the program can send, rendered with a drill's values."""
    from tui.catalogue import scripts
    from tui.scenarios import all_scenarios

    names = [scenario.id for scenario in all_scenarios()]
    if options.scenario is not None and options.scenario not in names:
        raise BadInput(f"There is no scenario {options.scenario!r}.", f"There are: {', '.join(names)}.")
    for line in scripts([options.scenario] if options.scenario else names):
        print(json.dumps(line, ensure_ascii=False))
    return 0


def run_lab_serve(options: Namespace) -> int:
    """The simulated site alone, until interrupted."""
    from tui.lab.serve import serve_until_interrupted

    return serve_until_interrupted(options.ready, seed=options.seed, speed=options.speed)


def writable(runs: Path) -> Path:
    """The runs folder, made if need be. Raises JournalUnwritable where nothing could be recorded."""
    probe = runs / ".writable"
    try:
        runs.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        from tui.core.journal import unwritable

        raise unwritable(runs, error) from error
    return runs


def front_end(options: Namespace, wizard: Wizard, clock: Clock) -> int:
    """Run the wizard in the front end that was asked for."""
    if options.plain:
        from tui.plain import run_plain

        return run_plain(wizard, clock)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput(
            "This is no terminal: standard input or output is a file or a pipe.",
            "The screens need one.",
            "Use text mode, which does not: add --plain. Or let the autopilot do it: azl-recover drill --auto",
        )
    from screens.app import run_app

    return run_app(wizard, clock, ascii_only=options.ascii)
