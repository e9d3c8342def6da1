"""The crash campaign: product and lab are killed at random moments of every drill, and each run is taken up to its end.

    python -m tests.campaign [--kills 1000] [--seed N] [--minutes 60] [--drill NAME] [--round N]

A real product process plays over WinRM on loopback against a lab that is a process of its own. Each round is judged
against the same drill on the same site where nobody disturbed it. The same seed draws the same strikes; what they hit
also depends on how fast the machine is. Exit code 0 where nothing is wrong, 1 where something is, 130 interrupted.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.campaign import processes
from tests.campaign.round import Interrupted, Order, Round, play, uninterrupted
from tests.campaign.table import kills, table, told
from tui.lab import drills
from tui.lab.site import make_site

SIDE_BY_SIDE = 2
SITES = 3
"""Kinds of site, by their seed: for each, an uninterrupted run of each drill is played first."""


@dataclass(slots=True)
class Campaign:
    """Plays rounds in `folder` until there were enough kills, or the time is over."""

    seed: int
    names: Sequence[str]
    folder: Path
    rounds: list[Round] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    _expected: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def play(self, wanted: int, until: float, only: int | None = None) -> None:
        """`wanted` kills, but no round is begun after `until` (monotonic seconds); or `only` one round."""
        pending: set[Future[Round]] = set()
        number = only or 0
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            try:
                while True:
                    while len(pending) < SIDE_BY_SIDE and self._more(number, wanted, until, only):
                        pending.add(pool.submit(self.round, number))
                        number += 1
                    if not pending:
                        return
                    done, pending = wait(pending, return_when=FIRST_COMPLETED)
                    for future in done:
                        self._ended(future.result())
            finally:
                self.stop.set()

    def round(self, number: int) -> Round:
        """One round; its number and the campaign's seed say all about it."""
        order = self._order(number, self.names[number % len(self.names)])
        return play(order, self._end_state(order), self.stop)

    def again(self, order: Order) -> str:
        """The command that plays just this round."""
        drill = f" --drill {order.drill}" if len(self.names) == 1 else ""
        return f"python -m tests.campaign --seed {self.seed}{drill} --round {order.number}"

    def _order(self, number: int, drill: str) -> Order:
        folder = self.folder / f"round-{number:04d}"
        folder.mkdir()
        lanes = len(make_site(1, drills.drill(drill).variant).world.story.lost)
        return Order(number, drill, f"{self.seed}/{number}", 1 + number // len(self.names) % SITES, folder, lanes)

    def _end_state(self, order: Order) -> dict[str, Any]:
        """How this drill on this site ends where nobody disturbs it; played once, others wait for it."""
        key = order.drill, order.site
        with self._lock:
            if key not in self._expected:
                folder = self.folder / f"undisturbed-{order.drill}-{order.site}"
                folder.mkdir()
                undisturbed = Order(-1, order.drill, "", order.site, folder)
                self._expected[key] = uninterrupted(undisturbed, self.stop)
            return self._expected[key]

    def _more(self, number: int, wanted: int, until: float, only: int | None) -> bool:
        if only is not None:
            return number == only
        return kills(self.rounds) < wanted and time.monotonic() < until

    def _ended(self, played: Round) -> None:
        self.rounds.append(played)
        made = f"{played.counts['product']} + {played.counts['lab']} kills"
        print(f"round {played.order.number:4} {played.order.drill:26} {made:15} {played.outcome}", flush=True)
        if played.wrong or played.stuck:
            print("\n".join(told(played, self.again(played.order))), flush=True)
        else:
            shutil.rmtree(played.order.folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play, print the table, and leave no process."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=1000, metavar="N", help="processes to kill (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--minutes", type=float, default=60.0, metavar="N", help="no round is begun after that")
    parser.add_argument("--drill", default="", metavar="NAME", help="this one only")
    parser.add_argument("--round", type=int, metavar="N", help="just this round")
    given = parser.parse_args(arguments)
    names = [drills.drill(given.drill).name] if given.drill else [each.name for each in drills.all_drills()]
    campaign = Campaign(given.seed, names, Path(tempfile.mkdtemp(prefix="azl-campaign-")))
    print(f"Seed {given.seed}, in {campaign.folder}", flush=True)
    began, code = time.monotonic(), 0
    try:
        campaign.play(given.kills, began + given.minutes * 60, given.round)
    except (KeyboardInterrupt, Interrupted):
        code = 130
    finally:
        for text in processes.sweep(campaign.folder):
            print(text)
    print(*table(campaign.rounds), sep="\n")
    minutes = (time.monotonic() - began) / 60
    short = "" if given.round is not None or kills(campaign.rounds) >= given.kills else f" of {given.kills}"
    print(f"{kills(campaign.rounds)}{short} kills in {minutes:.1f} minutes.{' Interrupted.' if code else ''}")
    if not any(each.wrong or each.stuck for each in campaign.rounds):
        shutil.rmtree(campaign.folder)
    return code or int(any(each.wrong for each in campaign.rounds))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like ctrl+c: nothing is left behind
    sys.exit(main())
