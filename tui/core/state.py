"""Where a run stands: a fold over its events, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

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
    """The errors, as the host wrote them."""

    @property
    def clean(self) -> bool:
        """Its frame ended with `Z`, without `E` or `T`."""
        return self.returned is not None and self.returned.end == Kind.END and not self.errors


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

    @property
    def airborne(self) -> bool:
        """Whether an action of this attempt may have reached its host."""
        return self.flight is not None and (self.flight.returned is None or self.flight.returned.sent)


@dataclass(frozen=True, slots=True)
class RunState:
    """The whole run. Times are site time (epoch seconds)."""

    began: RunBegan | None = None
    epoch: int = 0
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
    asked_at: Mapping[str, float] = field(default_factory=dict)
    waited: float = 0.0
    """Seconds that questions stood: the person's time."""
    away: float = 0.0
    """Seconds in which no program had the run."""
    left: Left | None = None
    ended: RunEnded | None = None

    def step(self, step_id: str) -> StepState:
        """The step's state; an empty one for a step that has not begun."""
        return self.steps.get(step_id, StepState())

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
        return {**_seen_from(lane, self.learned), **extra}

    @property
    def in_flight(self) -> tuple[str, ...]:
        """Steps whose last action may have reached its host, and whose result nobody has judged yet."""
        return tuple(s for s, state in self.steps.items() if state.airborne and state.outcome is None)

    def after(self, stamped: Stamped) -> RunState:
        """This state and one event more."""
        state = replace(self, last=stamped.at, events=self.events + 1, first=self.first or stamped.at)
        return _apply(state, stamped.event, stamped.at, self.last)


def fold(events: Iterable[Stamped], state: RunState | None = None) -> RunState:
    """The state after all these events."""
    state = state or RunState()
    for stamped in events:
        state = state.after(stamped)
    return state


def _apply(state: RunState, event: Event, at: float, before: float) -> RunState:
    match event:
        case RunBegan():
            return replace(state, began=event, epoch=event.epoch, user=event.user)
        case TakenUp():
            away = state.away + max(0.0, at - before)
            return replace(state, epoch=event.epoch, user=event.user, away=away, asked_at={}, left=None)
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
        case Learned():
            return replace(state, learned={**state.learned, **event.values})
        case Asked():
            return replace(state, asked_at={**state.asked_at, event.question: at})
        case AnsweredEvent():
            asked = state.asked_at.get(event.question, at)
            rest = {q: t for q, t in state.asked_at.items() if q != event.question}
            return replace(state, asked_at=rest, waited=state.waited + max(0.0, at - asked))
        case Withdrawn():
            return replace(state, asked_at={q: t for q, t in state.asked_at.items() if q != event.question})
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
        case Began() | Intended() | Said() | Returned() | Ended():
            step = _apply_step(state.step(event.step), event, at)
            return replace(state, steps={**state.steps, event.step: step})
    return state


def _apply_step(step: StepState, event: Event, at: float) -> StepState:
    match event:
        case Began():
            judged = step.outcome not in (None, Outcome.UNKNOWN)
            flight = None if judged else step.flight
            resend = step.resend or (judged and _end_unseen(step))
            return replace(
                step, outcome=None, attempts=event.attempt, began=step.began or at, flight=flight, resend=resend,
            )  # fmt: skip
        case Intended():
            return replace(step, outcome=None, flight=Flight(event, at))
        case Said() if step.flight is not None and step.flight.returned is None and event.stream in ("E", "T"):
            text = f"{step.flight.text}\n{event.text}".strip()
            return replace(step, flight=replace(step.flight, errors=True, text=text))
        case Returned() if step.flight is not None:
            seen = event.end in (Kind.END, Kind.LEFT)
            return replace(step, flight=replace(step.flight, returned=event), resend=step.resend and not seen)
        case Ended():
            outcome = Outcome(event.outcome)
            return replace(
                step, outcome=outcome, evidence=event.evidence, by=event.by, reason=event.reason, ended=at,
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
