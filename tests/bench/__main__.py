"""Runs every measurement, side by side with what a user would otherwise have: one table, and why one falls short."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable

from tests.bench import first_frame, journal, lanes, reads, transcript
from tests.bench.figure import HEAD, Figure

FIGURES: dict[str, Callable[[], list[Figure]]] = {
    "first-frame": first_frame.main,
    "journal": journal.main,
    "transcript": transcript.main,
    "lanes": lanes.main,
}


def main() -> int:
    """Those that were named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Figures, side by side.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(FIGURES)}, reads; without: all")
    names = parser.parse_args().names or [*FIGURES, "reads"]
    unknown = set(names) - {*FIGURES, "reads"}
    if unknown:
        parser.error(f"no measurement {', '.join(sorted(unknown))}")
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start")
    print(HEAD)
    for name in names:
        for figure in FIGURES[name]() if name in FIGURES else ():
            print("\n".join(figure.lines()), flush=True)
    if "reads" in names:
        print()
        reads.main()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
