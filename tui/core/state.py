"""Where a run stands: a fold over its events, and nothing else.

`Fold` alone knows what an event means. It is mutable, so 100,000 events cost 0.1 s (1.3 to 2.0 s when each made a new
state); what it gives out is frozen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from tui.core.action import Kind, Repeat
from tui.core.events import (
    AnsweredEvent,
    Asked,
    Began,
    Checked,
    Chosen,
    Ended,
    Event,
    Intended,
    Learned,
    Left,
    Noted,
    Outcome,
    Overridden,
    PhaseEnded,
    PlanMade,
    Probed,
    Queued,
    Returned,
    RunBegan,
    RunEnded,
    Said,
    Stamped,
    TakenUp,
    Told,
    UndoBegan,
    Withdrawn,
)
from tui.core.facts import scoped, split

V = TypeVar("V")
ERRORS_KEPT = 20_000
"""Characters of a flight's errors that the state keeps: some hundred lines."""


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

    def after(self, stamped: Stamped) -> RunState:
        """This state and one event more."""
        return fold((stamped,), self)


def fold(events: Iterable[Stamped], state: RunState | None = None) -> RunState:
    """The state after all these events."""
    folded = Fold(state)
    for stamped in events:
        folded.add(stamped)
    return folded.state


class _Rows(Generic[V]):
    """A mapping that is copied before the first write after it was given out, not at every write."""

    __slots__ = ("_kept", "_out")

    def __init__(self, kept: Mapping[str, V]) -> None:
        self._kept, self._out = kept, True

    def given_out(self) -> Mapping[str, V]:
        self._out = True
        return self._kept

    def get(self, key: str) -> V | None:
        return self._kept.get(key)

    def __len__(self) -> int:
        return len(self._kept)

    def mine(self) -> dict[str, V]:
        """To write into."""
        if self._out or not isinstance(self._kept, dict):
            self._kept, self._out = dict(self._kept), False
        return self._kept


class Fold:
    """The state while events come. What most events change is kept apart from the rest, which they leave alone."""

    def __init__(self, state: RunState | None = None) -> None:
        self._rest = state = state or RunState()
        self._steps, self._learned, self._asked = _Rows(state.steps), _Rows(state.learned), _Rows(state.asked_at)
        self._expected = _Rows(state.expected)
        self._first, self._last, self._events = state.first, state.last, state.events

    @property
    def state(self) -> RunState:
        """Where the run stands now. What is given out does not change any more."""
        if self._rest.events != self._events:
            self._rest = replace(
                self._rest, first=self._first, last=self._last, events=self._events, steps=self._steps.given_out(),
                learned=self._learned.given_out(), asked_at=self._asked.given_out(),
                expected=self._expected.given_out(),
            )  # fmt: skip
        return self._rest

    def add(self, stamped: Stamped) -> None:
        """One event more."""
        event, at, before = stamped.event, stamped.at, self._last
        self._first, self._last, self._events = self._first or at, at, self._events + 1
        if isinstance(event, Said | Began | Queued | Intended | Returned | Ended):
            known = self._steps.get(event.step)
            step = _apply_step(known or StepState(), event, at)
            if step is not known:
                self._steps.mine()[event.step] = step
            return
        if isinstance(event, Probed | Asked):
            self._unqueue(event.step)
        if not isinstance(event, Probed):
            self._apply(event, at, before)
        else:
            self._read(event, at)

    def _read(self, event: Probed, at: float) -> None:
        if event.truth == "so":
            self._expected.mine()[scoped(event.question, split(event.step)[1])] = AsExpected(at, event.evidence)
        if event.total:
            known = self._steps.get(event.step) or StepState()
            self._steps.mine()[event.step] = replace(known, course=Course.on(known.course, event, at))

    def _unqueue(self, step_id: str) -> None:
        """A step that reads or asks waits no more for what it shares."""
        known = self._steps.get(step_id)
        if known is not None and known.queued is not None:
            self._steps.mine()[step_id] = replace(known, queued=None)

    def _apply(self, event: Event, at: float, before: float) -> None:
        match event:
            case Learned():
                self._learned.mine().update(event.values)
            case Asked():
                if not self._asked:
                    self._rest = replace(self._rest, stood_since=at)
                self._asked.mine()[event.question] = at
            case AnsweredEvent() | Withdrawn():
                stood = max(0.0, at - self._rest.stood_since) if self._asked else 0.0
                self._asked.mine().pop(event.question, None)
                self._rest = replace(self._rest, waited=self._rest.waited + stood, stood_since=at)
            case TakenUp():
                self._asked = _Rows({})
                away = self._rest.away + max(0.0, at - before)
                holder = self._rest.holder.taken_by(event) if self._rest.holder is not None else None
                self._rest = replace(
                    self._rest, epoch=event.epoch, holder=holder, user=event.user, away=away, left=None
                )  # fmt: skip
            case _:
                self._rest = _apply_rest(self._rest, event, at)


def _apply_rest(state: RunState, event: Event, at: float) -> RunState:
    match event:
        case RunBegan():
            holder = Holder(event.machine, event.holder, event.epoch)
            return replace(state, began=event, epoch=event.epoch, holder=holder, user=event.user)
        case Told():
            return replace(state, told={**state.told, event.question: event})
        case Chosen():
            return replace(state, chosen=event)
        case Checked():
            return replace(state, checked={**state.checked, event.check: event})
        case Overridden():
            kept = tuple(o for o in state.overridden if o.check != event.check)
            return replace(state, overridden=(*kept, event))
        case PlanMade():
            return replace(state, plan=event)
        case PhaseEnded():
            return replace(state, phases_ended=(*state.phases_ended, event.phase))
        case UndoBegan():
            return replace(state, undoing=event.steps)
        case Noted():
            return replace(state, notes=(*state.notes, (at, event.by, event.text)))
        case Left():
            return replace(state, left=event)
        case RunEnded():
            return replace(state, ended=event)
    return state


def _apply_step(step: StepState, event: Event, at: float) -> StepState:
    match event:
        case Began():
            judged = step.outcome not in (None, Outcome.UNKNOWN)
            flight = None if judged else step.flight
            resend = step.resend or (judged and _end_unseen(step))
            return replace(
                step, outcome=None, attempts=event.attempt, began=step.began or at, flight=flight, resend=resend,
                queued=None, since=at,
            )  # fmt: skip
        case Queued():
            return replace(step, queued=event)
        case Intended():
            return replace(step, outcome=None, flight=Flight(event, at), queued=None, since=at)
        case Said() if step.flight is not None and step.flight.returned is None and event.stream in ("E", "T"):
            text = step.flight.text  # the record has all of it; without an end here, it would be copied at every line
            text = f"{text}\n{event.text}".strip() if len(text) < ERRORS_KEPT else text
            return replace(step, flight=replace(step.flight, errors=True, text=text))
        case Returned() if step.flight is not None:
            seen = event.end in (Kind.END, Kind.LEFT)
            return replace(step, flight=replace(step.flight, returned=event), resend=step.resend and not seen, since=at)
        case Ended():
            outcome = Outcome(event.outcome)
            return replace(
                step, outcome=outcome, evidence=event.evidence, by=event.by, reason=event.reason, ended=at,
                queued=None,
            )  # fmt: skip
    return step


def _seen_from(lane: str, learned: Mapping[str, str]) -> dict[str, str]:
    own = {split(name)[0]: value for name, value in learned.items() if lane and split(name)[1] == lane}
    return {**learned, **own}


def _end_unseen(step: StepState) -> bool:
    flight = step.flight
    if flight is None or not step.airborne or flight.intended.repeat != Repeat.NEVER:
        return False
    return flight.returned is None or flight.returned.end not in (Kind.END, Kind.LEFT)
