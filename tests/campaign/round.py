"""One round: a drill is played, struck at its moments, taken up again, until its run ends or a person is needed."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.campaign import processes, record
from tests.campaign.player import COULD_NOT
from tests.campaign.strike import Moment, Strike, Victim, strikes
from tests.campaign.verdict import OTHER, Ending, Wrong, ending
from tui.wizard.runs import Found, all_runs

LOOK = 0.003
"""Seconds between two looks at what is waited for; an event takes about 10 ms."""
LONGEST = 120.0
"""Seconds of one leg; a wave that nobody disturbs takes ten on two cores."""
TRIES = 2
"""How often a run is taken up that stops by itself, before a person is needed: the second time it may read better."""
MOST = 80
"""Legs of a round."""


class Interrupted(Exception):
    """The campaign is being stopped."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which round. `seed` draws its strikes, `site` makes its site."""

    number: int
    drill: str
    seed: str
    site: int
    folder: Path
    lanes: int = 1


@dataclass(slots=True)
class Round:
    """What happened in a round, and how it came out."""

    order: Order
    counts: Counter[str] = field(default_factory=Counter)
    """Kills of `product` and `lab`; `acts` that were on their way then; `torn`, `takeovers`, `resumes`."""
    wrong: list[Wrong] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """What a person's word was needed for."""
    stops: list[str] = field(default_factory=list)
    """Why it stopped by itself though its site was there; taken up once more, it may go on."""
    stuck: str = ""
    """The question at which it stayed."""

    @property
    def outcome(self) -> str:
        """recovered, waits for a person, or wrong."""
        if self.wrong:
            return "wrong"
        return "waits" if self.words or self.stuck else "recovered"


@dataclass(frozen=True, slots=True)
class Leg:
    """One sitting of the product: None where it was killed, else its exit code; and what it said last."""

    code: int | None
    said: str = ""


def play(order: Order, expected: dict[str, Any], stop: threading.Event) -> Round:
    """Play a round to its end. Raises Interrupted where the campaign stops. Leaves no process."""
    played = Round(order)
    try:
        _legs(played, strikes(Random(order.seed), order.lanes), stop)
    finally:
        left = processes.sweep(order.folder)
    came: Ending = ending(order.folder / "runs", expected)
    played.wrong += [*came.wrong, *(Wrong(OTHER, text) for text in left)]
    played.words += came.words
    if not came.ended and not played.stuck and not played.wrong:
        played.wrong.append(Wrong(OTHER, "the run did not end"))
    return played


def uninterrupted(order: Order, stop: threading.Event) -> dict[str, Any]:
    """The end state of the same drill and site where nobody disturbs it. Raises AssertionError where it is not good."""
    played = Round(order)
    try:
        _legs(played, [], stop)
    finally:
        left = processes.sweep(order.folder)
    came = ending(order.folder / "runs")
    bad = [*played.wrong, *came.wrong, *came.words, *left, *filter(None, [played.stuck])]
    assert came.ended, bad
    assert not bad, bad
    return came.site


def _legs(played: Round, ahead: list[Strike], stop: threading.Event) -> None:
    runs, stopped = played.order.folder / "runs", 0
    coming: Iterator[Strike] = iter(ahead)
    for number in range(MOST):
        strike = next(coming, None) if not stopped else None
        lab_before = played.counts["lab"]
        played.counts["resumes"] += _begun(runs) is not None
        leg = _leg(played, strike, number, stop)
        if leg is None:
            played.wrong.append(Wrong(OTHER, f"leg {number} did not end within {LONGEST:.0f} s"))
            return
        if leg.code is None:
            assert strike is not None
            _after(played, strike, number)
        elif leg.code not in (0, COULD_NOT):
            played.wrong.append(Wrong(OTHER, f"the product broke in leg {number}: {leg.said}"))
            return
        if (run := _begun(runs)) is not None and run.state.ended is not None:
            return
        if leg.code is not None and played.counts["lab"] == lab_before:  # with its site gone, it could only stop
            stopped += 1
            played.stops.append(leg.said)
            if stopped == TRIES:
                _stays(played, leg)
                return
            continue
        stopped = 0
    played.wrong.append(Wrong(OTHER, f"no end within {MOST} legs"))


def _stays(played: Round, leg: Leg) -> None:
    if leg.code == COULD_NOT:
        played.wrong.append(Wrong(OTHER, f"it cannot be taken up: {leg.said}"))
    played.stuck = leg.said


def _leg(played: Round, strike: Strike | None, number: int, stop: threading.Event) -> Leg | None:
    """Play until the product ends or is killed. None: it did neither in time."""
    order, runs = played.order, played.order.folder / "runs"
    watch, log = record.Watch(runs), order.folder / f"leg-{number:02d}.log"
    command = [sys.executable, "-m", "tests.campaign.player", str(runs), order.drill, str(order.site)]
    with log.open("wb") as out:
        product = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    began = time.monotonic()
    try:
        while product.poll() is None and time.monotonic() - began < LONGEST:
            if stop.is_set():
                raise Interrupted
            if strike is not None and _due(strike, watch, time.monotonic() - began):
                hit = _hit(played, strike, product)
                if Victim.PRODUCT in hit:
                    return Leg(None)
                strike = None if hit else strike  # a lab that does not stand yet is struck when it does
            time.sleep(LOOK)
        if product.poll() is None:
            return None
    finally:
        product.kill()
        product.wait()
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return Leg(product.returncode, lines[-1] if lines else "")


def _due(strike: Strike, watch: record.Watch, seconds: float) -> bool:
    if strike.moment is Moment.SECONDS:
        return seconds >= strike.count
    grown = watch.look()
    return strike.count <= (grown.events if strike.moment is Moment.EVENTS else grown.intents)


def _hit(played: Round, strike: Strike, product: subprocess.Popen[bytes]) -> set[Victim]:
    """Kill; gives who was killed: nobody where they had ended just before, or were not there yet."""
    time.sleep(strike.delay)
    counts, hit = played.counts, set[Victim]()
    if strike.victim is not Victim.LAB:
        product.kill()
        if product.wait() >= 0:
            return hit
        counts["product"] += 1
        hit.add(Victim.PRODUCT)
    if strike.victim is not Victim.PRODUCT and (killed := processes.kill(processes.labs(played.order.folder))):
        counts["lab"] += killed
        hit.add(Victim.LAB)
    run = _begun(played.order.folder / "runs") if hit else None
    counts["acts"] += run is not None and bool(run.state.in_flight)
    return hit


def _after(played: Round, strike: Strike, number: int) -> None:
    """What else the accident does to the run's folder, now that nobody writes there."""
    run = _begun(played.order.folder / "runs")
    if run is None:
        return
    if strike.torn:
        played.counts["torn"] += record.tear(run.folder, strike.torn)
    if strike.copied:
        record.copy(run.folder, played.order.folder / f"copied-{number:02d}")
        played.counts["takeovers"] += 1


def _begun(runs: Path) -> Found | None:
    """The run that began; one that was killed before its plan was on record sent nothing, and another one begins."""
    return next((run for run in all_runs(runs) if not run.problem), None)
