"""When a round is struck, whom, and what else the accident does: drawn from a seed before it is played."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Victim(StrEnum):
    """Who is killed."""

    PRODUCT = "product"
    LAB = "lab"
    BOTH = "both"


class Moment(StrEnum):
    """What is waited for."""

    SECONDS = "seconds"
    """Since the product was started: also before it has read its record."""
    EVENTS = "events"
    """So many lines that reached the record since then."""
    ACT = "act"
    """The so-manyth intent since then is on disk: its act is on its way."""


@dataclass(frozen=True, slots=True)
class Strike:
    """One accident. `count` in the moment's unit; `delay` are seconds after it."""

    victim: Victim
    moment: Moment
    count: float
    delay: float
    torn: float = 0.0
    """How much of the record's last line stays, as power loss leaves it (0: the line is whole)."""
    copied: bool = False
    """Whether the run's folder is copied and the run goes on in the copy, as on another machine."""


VICTIMS = {Victim.PRODUCT: 16, Victim.LAB: 2, Victim.BOTH: 2}
MOMENTS = {Moment.EVENTS: 10, Moment.ACT: 6, Moment.SECONDS: 4}
TORN, COPIED = 0.25, 0.12
"""Shares of the kills of the product."""
KILLS = (8, 20)
"""Strikes in a round at least and at most, where it does not come to its end before."""
ACT_TAKES = 0.1
"""Seconds in which an act over WinRM is sent, carried out and answered: a strike falls anywhere in them."""


def strikes(chance: Random, lanes: int) -> list[Strike]:
    """The strikes of a round. With more lanes more happens between two of them."""
    return [strike(chance, lanes) for _ in range(chance.randint(*KILLS))]


def strike(chance: Random, lanes: int) -> Strike:
    """One strike: a run of one VM has about 200 events and 12 acts, and takes three seconds once it has begun."""
    victim, moment = _draw(chance, VICTIMS), _draw(chance, MOMENTS)
    count = {
        Moment.SECONDS: chance.uniform(0.2, 2.0),
        Moment.EVENTS: float(chance.randint(1, 20 + 8 * lanes)),
        Moment.ACT: float(chance.randint(1, 1 + lanes)),
    }[moment]
    torn = chance.random() if chance.random() < TORN else 0.0
    copied = chance.random() < COPIED
    mine = victim is not Victim.LAB
    return Strike(victim, moment, count, chance.uniform(0, ACT_TAKES), torn * mine, copied and mine)


def _draw(chance: Random, weights: dict[T, int]) -> T:
    return chance.choices(list(weights), list(weights.values()))[0]
