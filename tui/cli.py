"""The command line. No command imports what it does not need."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tui import __version__
from tui.core.errors import BadInput, RecoverError

EXIT_OK, EXIT_NOT_RECOVERED, EXIT_USAGE, EXIT_FAILED = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0 done, 1 not recovered, 2 wrong use, 3 could not be done, 130 interrupted."""
    from tui import commands

    options = parser().parse_args(arguments)
    try:
        return int(getattr(commands, f"run_{options.command}")(options))
    except BadInput as error:
        _say(error)
        return EXIT_USAGE
    except RecoverError as error:
        _say(error)
        return EXIT_FAILED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe went away: nothing to say to nobody
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("Interrupted. Nothing was sent after it.", file=sys.stderr)
        return 130


def _say(error: RecoverError) -> None:
    for line in error.lines():
        print(line, file=sys.stderr)


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(
        prog="azl-recover",
        description="Walks a person through getting virtual machines back on Azure Local.",
        epilog="Start here: azl-recover drill. It needs no site file, no network and no credential.",
    )
    top.add_argument("--version", action="version", version=f"azl-recover {__version__}")
    top.set_defaults(command="welcome")
    top.set_defaults(plain=False, ascii=False, runs=None)
    _front_end(top)
    commands = top.add_subparsers(metavar="COMMAND")
    _drill(commands)
    resume = _command(commands, "resume", "take up a run that was stopped, killed or cut off")
    resume.add_argument("run", nargs="?", help="its name or the beginning of it; without: the newest unfinished one")
    _front_end(resume)
    runs = _command(commands, "runs", "list all runs")
    _runs(runs)
    report = _command(commands, "report", "print a run's report")
    report.add_argument("run")
    _paper(report)
    _runs(report)
    _plan(commands)
    verify = _command(commands, "verify", "check a run's record, line by line (hash chain)")
    verify.add_argument("run")
    _runs(verify)
    scripts = _command(commands, "scripts", "print every script that checks and steps can send, one JSON object a line")
    scripts.add_argument("scenario", nargs="?", help="one scenario; without: all")
    _lab(commands)
    return top


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")
    made.set_defaults(command=name)
    return made


def _drill(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    drill = _command(commands, "drill", "rehearse on a simulated site on this computer")
    drill.add_argument("name", nargs="?", default="trusted-launch", help="which drill (default: trusted-launch)")
    drill.add_argument("--list", action="store_true", help="list the drills and end")
    drill.add_argument("--auto", action="store_true", help="an autopilot answers; prints one JSON object")
    drill.add_argument("--speed", type=_speed, metavar="X", help="how fast the site's time runs while it works")
    drill.add_argument("--seed", type=int, default=1, metavar="N", help="the site's seed (default: 1)")
    drill.add_argument("--https", action="store_true", help="speak WinRM over HTTPS (default: encrypted over HTTP)")
    _front_end(drill)


def _plan(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    plan = _command(commands, "plan", "print a runbook to follow on paper; asks no host")
    plan.add_argument("scenario", help="which one; a wrong name lists them")
    plan.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE",
        help="a value that is known, as often as you like: vm=SRV-DB01, target=AZL-HAM:HAM-N01,HAM-N02",
    )  # fmt: skip
    plan.add_argument("--drill", metavar="NAME", help="take the values of this drill's site")
    _paper(plan)


def _paper(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("md", "html", "json"), default="md", help="html prints well")
    command.add_argument("--redacted", action="store_true", help="without names of hosts, clusters, VMs and people")
    command.add_argument("--out", type=Path, metavar="FILE", help="write it there instead of to the terminal")


def _lab(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    lab = _command(commands, "lab", "the simulated site alone, for other clients")
    actions = lab.add_subparsers(metavar="ACTION", required=True)
    serve = actions.add_parser("serve", help="serve until interrupted")
    serve.set_defaults(command="lab_serve")
    serve.add_argument(
        "--ready", type=Path, metavar="FILE", help="write hosts, URLs, CA, user and password here (JSON)"
    )
    serve.add_argument("--seed", type=int, default=1, metavar="N")
    serve.add_argument("--speed", type=_speed, default=1.0, metavar="X")


def _front_end(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--plain",
        action="store_true",
        default=argparse.SUPPRESS,
        help="sequential text, for screen readers and bad terminals",
    )
    command.add_argument("--ascii", action="store_true", default=argparse.SUPPRESS, help="no signs beyond ASCII")
    _runs(command)


def _runs(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--runs",
        type=Path,
        metavar="PATH",
        default=argparse.SUPPRESS,
        help="where runs are kept (default: your data folder)",
    )


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= 100_000:
        raise argparse.ArgumentTypeError("a number above 0, at most 100000")
    return speed
