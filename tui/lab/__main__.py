"""`python -m tui.lab --folder F`: one lab, until it is stopped or nobody asks it anything."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tui.core.errors import RecoverError
from tui.lab.serve import IDLE, Order, serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 after a clean end, 2 where the lab could not start (the reason is on standard error)."""
    parser = argparse.ArgumentParser(prog="python -m tui.lab", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where its site lies, or will lie")
    parser.add_argument(
        "--ready", type=Path, metavar="FILE", help="write hosts, CA, user and password here when it is up"
    )
    parser.add_argument("--drill", default="", metavar="NAME", help="the drill whose site it makes")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the seed of a new site (default: 1)")
    parser.add_argument("--speed", type=_speed, metavar="X", help="site seconds in one second")
    parser.add_argument("--idle", type=_speed, default=IDLE, metavar="SECONDS", help="ends after so long unasked")
    parser.add_argument("--https", action="store_true", help="its drill is played over HTTPS")
    given = parser.parse_args(arguments)
    try:
        serve(Order(given.folder, given.drill, given.seed, given.speed, given.ready, given.idle, given.https))
    except RecoverError as error:
        print("\n".join(error.lines()), file=sys.stderr)
        return 2
    return 0


def _speed(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise ValueError
    return value


if __name__ == "__main__":
    sys.exit(main())
