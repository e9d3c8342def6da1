"""What happens in a run, as frozen records: the journal keeps them, and state, screens and report are folds over them.

Every event is flat JSON data. `RunBegan` is the first of a run, `TakenUp` of each later process that goes on with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from operator import itemgetter
from typing import Any, ClassVar


class Outcome(StrEnum):
    """How a step ended. Distinct, and none hides another."""

    DONE = "done"
    ALREADY = "already so"
    FOUND_DONE = "found done"
    BY_HAND = "by hand, proved"
    ATTESTED = "attested"
    SKIPPED = "skipped"
    DECLINED = "declined"
    FAILED = "failed"
    UNKNOWN = "unknown"
    UNDONE = "undone"

    @property
    def settled(self) -> bool:
        """Whether the lane goes on to the next step after it."""
        return self not in (Outcome.DECLINED, Outcome.FAILED, Outcome.UNKNOWN)

    @property
    def ours(self) -> bool:
        """Whether this run made it so: only then is an undo offered."""
        return self in (Outcome.DONE, Outcome.FOUND_DONE)

    @property
    def stands(self) -> bool:
        """Whether its effect is there by this run or by somebody who said so; not what was so before."""
        return self.ours or self in (Outcome.BY_HAND, Outcome.ATTESTED)


@dataclass(frozen=True, slots=True)
class Event:
    """The base of all events."""

    kind: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class RunBegan(Event):
    """A run exists. `declared` is when the outage was declared (epoch seconds), `rto` in seconds, 0 = not set."""

    run: str
    mode: str
    site: str
    machine: str
    user: str
    version: str
    declared: float
    rto: float
    epoch: int = 1
    clusters: tuple[tuple[str, tuple[str, ...], bool], ...] = ()
    """The site as it was: (name, nodes, keeps key backups) of each cluster. The plan can be made again from it."""
    holder: str = ""
    """Which run folder of that machine has the run (`tui.core.hold.place`): a copy of it is another one."""


@dataclass(frozen=True, slots=True)
class TakenUp(Event):
    """Another process goes on with the run. `lost` says whether a half-written last line was dropped."""

    machine: str
    user: str
    epoch: int
    lost: bool = False
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Told(Event):
    """An answer to "What happened?"; `read` says that a host answered it, not the person."""

    question: str
    answer: str
    read: bool = False


@dataclass(frozen=True, slots=True)
class Chosen(Event):
    """The scenario and its inputs."""

    scenario: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checked(Event):
    """A prerequisite as it was when the person went on to the plan."""

    check: str
    title: str
    level: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Overridden(Event):
    """A warning or an unknown that the person goes on in spite of."""

    check: str
    title: str
    evidence: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class PlanMade(Event):
    """The plan and its hash; a later one replaces it, steps already done keep their ids."""

    digest: str
    title: str
    steps: tuple[tuple[str, str, str, str], ...]
    """(id, phase, title, host) of each step."""
    changed: Mapping[str, str] = field(default_factory=dict)
    """The facts, found in the run, with which it was made again; all of them, also those of earlier changes."""


@dataclass(frozen=True, slots=True)
class Began(Event):
    """A step begins or begins anew."""

    step: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Probed(Event):
    """A reading: `purpose` is goal, proof, guard, trace or whole goal."""

    step: str
    purpose: str
    question: str
    truth: str
    evidence: str
    done: float = 0.0
    total: float = 0.0
    unit: str = ""
    """How far what is under way has come, where its host says so; else empty."""


@dataclass(frozen=True, slots=True)
class Learned(Event):
    """What a step found out; the only way one step tells another something."""

    step: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked(Event):
    """A question stands."""

    step: str
    question: str
    asks: str
    title: str
    binding: str
    phrase: str = ""
    shown: str = ""
    """The command that the answer allows, as it was shown."""


@dataclass(frozen=True, slots=True)
class AnsweredEvent(Event):
    """A person's answer. `seconds` is how long the question stood."""

    kind: ClassVar[str] = "Answered"
    step: str
    question: str
    binding: str
    choice: str
    by: str
    typed: str = ""
    reason: str = ""
    blanks: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Withdrawn(Event):
    """A question stands no more, unanswered: another lane's answer turned the run."""

    step: str
    question: str


@dataclass(frozen=True, slots=True)
class Queued(Event):
    """A step's act waits until other lanes leave something that they share; `ahead` of it wait so many."""

    step: str
    shared: str
    at_once: int
    ahead: int


@dataclass(frozen=True, slots=True)
class Intended(Event):
    """Committed before the action is handed over: what, where, and which process will carry it."""

    step: str
    attempt: int
    host: str
    shown: str
    digest: str
    repeat: str
    shell: str
    command: str
    pid: int
    nonce: str
    language: str = ""
    engine: str = ""


@dataclass(frozen=True, slots=True)
class Said(Event):
    """What a host wrote, one record a line. `stream` is the frame's kind."""

    step: str
    host: str
    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class Returned(Event):
    """The action's frame ended (`Z`, `X`), or did not (`lost`, `deadline`, `not sent`); `error` says what was met."""

    step: str
    attempt: int
    end: str
    error: str = ""
    sent: bool = True


@dataclass(frozen=True, slots=True)
class CutShort(Event):
    """The person had the process of an act ended: what it had not done yet, it will not do."""

    step: str
    host: str
    pid: int
    by: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Ended(Event):
    """A step ended. `by` names the person for what a person did or said."""

    step: str
    outcome: str
    evidence: str
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PhaseEnded(Event):
    """A phase is complete; what is true now."""

    phase: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoBegan(Event):
    """The person chose to go back; these undo steps follow, in this order. None: the way is forward again."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Noted(Event):
    """A person's note into the record."""

    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Left(Event):
    """The program was left: `after the command`, `at once`, or by a lost terminal."""

    how: str


@dataclass(frozen=True, slots=True)
class RunEnded(Event):
    """Nothing more will be done. `recovered` is the whole goal's verdict; `left_over` names what is still there."""

    outcome: str
    recovered: bool
    evidence: str
    left_over: tuple[str, ...] = ()


EVENTS: Mapping[str, type[Event]] = {
    (cls.kind or cls.__name__): cls
    for cls in (
        RunBegan, TakenUp, Told, Chosen, Checked, Overridden, PlanMade, Began, Probed, Learned, Asked, AnsweredEvent,
        Withdrawn, Queued, Intended, Said, Returned, CutShort, Ended, PhaseEnded, UndoBegan, Noted, Left, RunEnded,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stamped:
    """An event as it stands in the record: its number from 1 and when (site time, epoch seconds)."""

    n: int
    at: float
    event: Event


def to_data(event: Event) -> dict[str, Any]:
    """The event as JSON data, its kind first."""
    return {"kind": event.kind or type(event).__name__, **asdict(event)}


_NAMES = {cls: frozenset(f.name for f in fields(cls)) for cls in EVENTS.values()}
_PLAIN = {
    cls: itemgetter(*(f.name for f in fields(cls)))
    for cls in EVENTS.values()
    if len(fields(cls)) > 1 and not any("tuple" in str(f.type) for f in fields(cls))
}
"""Takes all fields of an event at once, where none of them is a list in JSON: half the time of one by one."""


def from_data(data: Mapping[str, Any]) -> Event:
    """The event that `to_data` wrote. Raises KeyError or TypeError for what is none."""
    cls = EVENTS[data["kind"]]
    values = _PLAIN.get(cls)
    if values is not None and data.keys() >= _NAMES[cls]:
        return cls(*values(data))
    return cls(**{name: _frozen(value) for name, value in data.items() if name in _NAMES[cls]})


def _frozen(value: Any) -> Any:  # noqa: ANN401 - JSON data
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
