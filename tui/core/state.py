"""Where a run stands, as frozen records: what the events of its journal come to (`tui.core.fold`), and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.core.action import Kind
from tui.core.events import (
    Checked,
    Chosen,
    Intended,
    Left,
    Outcome,
    Overridden,
    PlanMade,
    Probed,
    Queued,
    Returned,
    RunBegan,
    RunEnded,
    TakenUp,
    Told,
)
from tui.core.facts import split


@dataclass(frozen=True, slots=True)
class Flight:
    """An action of which the intent is on record. `returned` is None while nothing came back."""

    intended: Intended
    at: float
    returned: Returned | None = None
    errors: bool = False
    """Whether the host wrote an error (`E`, `T`) meanwhile."""
    text: str = ""
    """The errors, as the host wrote them; from `ERRORS_KEPT` characters on no more."""

    @property
    def clean(self) -> bool:
        """Its frame ended with `Z`, without `E` or `T`."""
        return self.returned is not None and self.returned.end == Kind.END and not self.errors


POINTS = 240
"""Readings of one wait that are kept: at 30 s between two, two hours; then every second one goes."""


@dataclass(frozen=True, slots=True)
class Course:
    """How something under way went: (site time, done) of its readings, oldest first."""

    total: float
    unit: str
    points: tuple[tuple[float, float], ...]

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(1.0, self.points[-1][1] / self.total) if self.total else 0.0

    @property
    def percent(self) -> str:
        """`63 %`; 100 only when all of it is done."""
        return f"{int(self.share * 100 + 1e-9)} %"

    @classmethod
    def on(cls, course: Course | None, event: Probed, at: float) -> Course:
        """One reading more; from the start again where it is about something else."""
        same = course is not None and (course.total, course.unit) == (event.total, event.unit)
        points = course.points if course is not None and same else ()
        thinned = points[::2] if len(points) >= POINTS else points
        return cls(event.total, event.unit, (*thinned, (at, event.done)))


@dataclass(frozen=True, slots=True)
class StepState:
    """What is known of one step."""

    outcome: Outcome | None = None
    evidence: str = ""
    by: str = ""
    reason: str = ""
    began: float = 0.0
    ended: float = 0.0
    attempts: int = 0
    flight: Flight | None = None
    """The last action sent; settled once `outcome` says so."""
    resend: bool = False
    """A `never` action went out in an earlier attempt and its end was not seen: only a typed answer repeats it."""
    queued: Queued | None = None
    """What its act waits for, while it does."""

    course: Course | None = None
    """How far what it waits for has come, where the host tells."""
    since: float = 0.0
    """When this attempt began, sent its command, or had it back: from then on its goal is waited for."""

    @property
    def waits(self) -> bool:
        """Whether its goal was read as under way, with how far that is, since then."""
        return self.outcome is None and self.course is not None and self.course.points[-1][0] >= self.since

    @property
    def airborne(self) -> bool:
        """Whether an action of this attempt may have reached its host."""
        return self.flight is not None and (self.flight.returned is None or self.flight.returned.sent)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose the run is: a machine, one run folder on it, and the epoch since which it is."""

    machine: str
    place: str
    epoch: int
    before: str = ""
    """The machine that had it before."""

    def taken_by(self, event: TakenUp) -> Holder:
        """The same where the same folder goes on; else the new one."""
        same = (event.machine, event.holder) == (self.machine, self.place)
        return self if same else Holder(event.machine, event.holder, event.epoch, self.machine)


@dataclass(frozen=True, slots=True)
class AsExpected:
    """When a reading was last as it must be, and what it read."""

    at: float
    evidence: str


@dataclass(frozen=True, slots=True)
class RunState:
    """The whole run. Times are site time (epoch seconds)."""

    began: RunBegan | None = None
    epoch: int = 0
    holder: Holder | None = None
    user: str = ""
    first: float = 0.0
    last: float = 0.0
    events: int = 0
    told: Mapping[str, Told] = field(default_factory=dict)
    chosen: Chosen | None = None
    checked: Mapping[str, Checked] = field(default_factory=dict)
    overridden: tuple[Overridden, ...] = ()
    plan: PlanMade | None = None
    steps: Mapping[str, StepState] = field(default_factory=dict)
    learned: Mapping[str, str] = field(default_factory=dict)
    phases_ended: tuple[str, ...] = ()
    undoing: tuple[str, ...] = ()
    notes: tuple[tuple[float, str, str], ...] = ()
    """(when, by, text)."""
    expected: Mapping[str, AsExpected] = field(default_factory=dict)
    """By question, within each lane."""
    asked_at: Mapping[str, float] = field(default_factory=dict)
    stood_since: float = 0.0
    """While questions stand: since when time counts that is not in `waited` yet."""
    waited: float = 0.0
    """Seconds in which at least one question stood: the person's time."""
    away: float = 0.0
    """Seconds in which no program had the run."""
    left: Left | None = None
    ended: RunEnded | None = None

    def step(self, step_id: str) -> StepState:
        """The step's state; an empty one for a step that has not begun."""
        return self.steps.get(step_id, StepState())

    def settled(self, step_id: str) -> bool:
        """Whether the step has an outcome after which its lane goes on."""
        outcome = self.step(step_id).outcome
        return outcome is not None and outcome.settled

    def facts(self, lane: str = "") -> Mapping[str, str]:
        """Learned values, and per step `sent:ID` (an intent is on record) and `outcome:ID`, as a lane sees them.

        Its own has its local names, and goes before what all share; what belongs to other lanes keeps their names.
        """
        extra: dict[str, str] = {}
        for scoped_id, state in self.steps.items():
            local, own = split(scoped_id)
            step_id = local if own == lane else scoped_id
            if state.airborne:
                extra[f"sent:{step_id}"] = "yes"
                extra[f"sent_at:{step_id}"] = str(state.flight.at if state.flight else state.began)
            if state.outcome is not None:
                extra[f"outcome:{step_id}"] = state.outcome
                if state.by:
                    extra[f"by:{step_id}"] = state.by
        if self.holder is not None:
            extra |= {"holder": f"{self.holder.machine} {self.holder.place}".strip(), "epoch": str(self.holder.epoch)}
        return {**_seen_from(lane, self.learned), **extra}

    def persons_time(self, now: float) -> float:
        """`waited`, and how long questions stand by now."""
        return self.waited + (max(0.0, now - self.stood_since) if self.asked_at else 0.0)

    @property
    def in_flight(self) -> tuple[str, ...]:
        """Steps whose last action may have reached its host, and whose result nobody has judged yet."""
        return tuple(s for s, state in self.steps.items() if state.airborne and state.outcome is None)


def _seen_from(lane: str, learned: Mapping[str, str]) -> dict[str, str]:
    own = {split(name)[0]: value for name, value in learned.items() if lane and split(name)[1] == lane}
    return {**learned, **own}
