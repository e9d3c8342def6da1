"""Plans: phases of lanes of steps, as frozen data that can be printed, compared and hashed before anything runs.

Phases are barriers; the lanes of one phase run side by side. In a plan of several VMs each VM has a lane of its own:
its steps' ids end in `@VM`, and within it facts are found under the names that a plan of one VM uses.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tui.core.action import Action, Copy, PowerShell
from tui.core.decision import Decision
from tui.core.facts import Facts, scoped, split
from tui.core.question import Blank
from tui.core.verdict import Probe


class Tier(StrEnum):
    """Friction by blast radius."""

    NONE = "none"
    CONFIRM = "confirm"
    TYPED = "type the name"


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands between a step and its act. `phrase` is typed after the mode word (`DRILL SRV-DB01`)."""

    tier: Tier = Tier.NONE
    verb: str = ""
    consequence: tuple[str, ...] = ()
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that is read right before acting (at most 60 s old) and must hold."""

    title: str
    probe: Probe
    broken: str = ""
    """What it means here when it does not hold."""
    follow: str = ""
    """What making the plan again would do, where the verdict says with which facts (`Verdict.instead`)."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How to wait for a goal, in site seconds: ask every `every`, until it held `dwell` times in a row."""

    deadline: float
    every: float = 5.0
    dwell: int = 1


@dataclass(frozen=True, slots=True)
class Shared:
    """Something that lanes share (a vault, a host): so many acts may use it `at_once`."""

    name: str
    at_once: int = 1


@dataclass(frozen=True, slots=True)
class Attest:
    """What only a person can say. Stands in the report as attested, with the proofs shown or their absence."""

    lines: Callable[[Facts], tuple[str, ...]]
    verb: str
    phrase: str
    blanks: tuple[Blank, ...] = ()
    proofs: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to make true. `act` yields data and runs nothing; without `act`, `attest`, `decide` it only reads."""

    id: str
    title: str
    host: str
    goal: Probe
    act: Callable[[Facts], Action] | None = None
    attest: Attest | None = None
    decide: Decision | None = None
    gate: Gate = Gate()
    guards: tuple[Guard, ...] = ()
    wait: Wait | None = None
    undo: Step | None = None
    undone_by: str = ""
    """The id of the later step that removes what this one made, where it has no undo of its own."""
    why: str = ""
    changes: str = ""
    way_back: str = ""
    """How it is undone, or that it is not."""
    proof: str = ""
    risk: str = "none"
    no_return: bool = False
    no_skip: str = ""
    """Why it cannot be skipped; empty: it can, with a reason."""
    leaves: str = ""
    """What is left over where this step was not done: named in the report."""
    remedy: str = ""
    """What to do when it fails."""
    remedy_script: str = ""
    usual: float = 5.0
    doubt: Probe | None = None
    """Read before "found done" after a crash: unless it is NOT SO, something else may have made the goal so."""
    expires_before: str = ""
    """Taken up again, this step's outcome counts no more until the step of this id was sent."""
    renew: Callable[[Facts], Mapping[str, str]] | None = None
    """What an expired step starts anew with (a new file name, say)."""
    uses: tuple[Shared, ...] = ()
    """What its act shares with other lanes; held from the last reading of the guards to the proof."""

    def preview(self, facts: Facts) -> Action | None:
        """The action as far as it is known; unknown values show as `<VM ID>`."""
        return None if self.act is None else self.act(Facts(facts.values, preview=True))


@dataclass(frozen=True, slots=True)
class Lane:
    """The steps of one VM in one phase. `facts` are the VM's own, in a plan of several (see `own_lane`)."""

    name: str
    steps: tuple[Step, ...]
    facts: Mapping[str, str] = field(default_factory=dict)


def own_lane(name: str, facts: Mapping[str, str], steps: Sequence[Step]) -> Lane:
    """A VM's lane among others: its steps get ids of their own, what they learn stays within it."""

    def own(step: Step) -> Step:
        undo = own(step.undo) if step.undo is not None else None
        return replace(step, id=scoped(step.id, name), undo=undo)

    return Lane(name, tuple(own(step) for step in steps), facts)


@dataclass(frozen=True, slots=True)
class Phase:
    """Steps between two pauses. `reached` says what is true when it is complete."""

    title: str
    reached: str
    lanes: tuple[Lane, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, in the order of the plan."""
        return tuple(step for lane in self.lanes for step in lane.steps)


@dataclass(frozen=True, slots=True)
class Marker:
    """The file on a host that says whose this run is. It guards every act from its making to its removal."""

    guard: Guard
    made_by: str
    """The step that makes it. What its own guards read of an earlier marker is read once more right before it acts."""
    removed_by: tuple[str, ...]
    """Ids of the steps."""
    at_removal: Guard
    """For the steps that remove it: also holds where it is gone, for a removal may have ended half-way."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do. `goal` is the whole goal: where it is so, nothing is made, not even a temporary key."""

    scenario: str
    title: str
    goal: Probe
    phases: tuple[Phase, ...]
    facts: Facts = field(default_factory=Facts)
    """What is known before the first step: the operator's answers."""
    marker: Marker | None = None
    keeps: Mapping[str, str] = field(default_factory=dict)
    """Facts that a plan made again must keep (where the run's files lie)."""

    def steps(self) -> Iterator[Step]:
        """All steps in order."""
        for phase in self.phases:
            yield from phase.steps

    def number(self, step_id: str) -> int:
        """The step's number as people say it, from 1, within its lane; 0 for a step that is not in the plan."""
        return numbers(step.id for step in self.steps()).get(step_id, 0)

    def lane(self, step_id: str) -> tuple[Step, ...]:
        """All steps of the lane, in all phases, to which a step (or the undo of one) belongs."""
        return tuple(step for step in self.steps() if split(step.id)[1] == split(step_id)[1])

    @property
    def vms(self) -> tuple[str, ...]:
        """The names of the lanes of a plan of several VMs, in order; empty for a plan of one."""
        return tuple(dict.fromkeys(own for step in self.steps() if (own := split(step.id)[1])))

    def facts_of(self, step_id: str) -> Facts:
        """What is known before the first step to a step of that id: the operator's answers, and its VM's own facts."""
        own = split(step_id)[1]
        lanes = (lane for phase in self.phases for lane in phase.lanes if own and lane.name == own)
        return next((self.facts.plus(lane.facts) for lane in lanes if lane.facts), self.facts)

    def step(self, step_id: str) -> Step | None:
        """The step of this id, or the undo of one."""
        for step in self.steps():
            if step.id == step_id:
                return step
            if step.undo is not None and step.undo.id == step_id:
                return step.undo
        return None

    @property
    def digest(self) -> str:
        """SHA-256 over what a person would read: ids, titles, hosts, gates and previewed texts."""
        rows = [
            [phase.title, s.id, s.title, s.host, s.gate.tier, s.gate.phrase, shown(s.preview(self.facts_of(s.id)))]
            for phase in self.phases
            for s in phase.steps
        ]
        return hashlib.sha256(json.dumps([self.scenario, self.title, rows]).encode()).hexdigest()


def numbers(step_ids: Iterable[str]) -> Mapping[str, int]:
    """From 1 within each lane, for the ids of a plan's steps in their order."""
    found: dict[str, int] = {}
    reached: dict[str, int] = {}
    for step_id in step_ids:
        own = split(step_id)[1]
        reached[own] = reached.get(own, 0) + 1
        found[step_id] = reached[own]
    return found


def named(step: Step) -> str:
    """The title, with the VM in whose lane it is."""
    vm = split(step.id)[1]
    return f"{vm}: {step.title}" if vm else step.title


def shown(action: Action | None) -> str:
    """An action as a person reads it; a step without one reads only."""
    return action.shown if isinstance(action, PowerShell | Copy) else ""
