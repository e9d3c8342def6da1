"""How every VM of a run stands, side by side: what the screens, the text mode and a report show of several lanes.

Pure: a plan, its state and what a `Watch` saw in the record go in, frozen rows come out. Words and widths are the
front ends' own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from tui.core.events import Outcome
from tui.core.facts import split
from tui.core.plan import Phase, Plan, Step, numbers
from tui.core.question import Asks
from tui.core.standing import COUNTED, WORST, Need, Row, Stand, Waits, Wave
from tui.core.state import RunState, StepState
from tui.core.watch import Seen, Watch


class Fleet:
    """One plan's VMs. Made once for a plan: `rows`, `waves` and the rest read a state."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._numbers = numbers(step.id for step in plan.steps())
        self._lanes = {vm: tuple(s for s in plan.steps() if split(s.id)[1] == vm) for vm in plan.vms}
        owned = {phase.title: _lanes(phase) for phase in plan.phases}
        self._owned = {title: lanes for title, lanes in owned.items() if lanes}
        """By phase, its VMs' steps."""
        self._waves: tuple[RunState, tuple[Wave, ...]] | None = None

    def rows(self, state: RunState, watch: Watch, wave: Wave | None = None) -> tuple[Row, ...]:
        """Every VM of a wave, or of the plan, in the plan's order."""
        if wave is None:
            return tuple(self._row(vm, steps, state, watch) for vm, steps in self._lanes.items())
        lanes = self._owned[wave.phase]
        return tuple(self._row(vm, lanes[vm], state, watch) for vm in wave.vms)

    def waves(self, state: RunState) -> tuple[Wave, ...]:
        """Every wave, in order. Kept for the state they were made of: a view asks for them several times."""
        if self._waves is None or self._waves[0] is not state:
            made = (self._wave(n, title, lanes, state) for n, (title, lanes) in enumerate(self._owned.items(), 1))
            self._waves = state, tuple(made)
        return self._waves[1]

    def wave(self, state: RunState) -> Wave | None:
        """The wave in work, just complete, or next; None while the run does what all VMs share, or goes back."""
        if state.undoing or state.ended is not None:
            return None
        phases = self.plan.phases
        here = max((n for n, p in enumerate(phases) if any(s.id in state.steps for s in p.steps)), default=-1)
        shared = here < 0 or phases[here].title not in self._owned
        if shared and all(settled(state.step(step.id)) for phase in phases[: here + 1] for step in phase.steps):
            here = min(here + 1, len(phases) - 1)  # what all share is through: the wave after it is next
        return next((wave for wave in self.waves(state) if wave.phase == phases[here].title), None)

    def _wave(self, number: int, title: str, lanes: Mapping[str, Sequence[Step]], state: RunState) -> Wave:
        vms = tuple(lanes)
        known = {vm: [state.step(step.id) for step in steps] for vm, steps in lanes.items()}
        through = tuple(vm for vm in vms if all(settled(step) for step in known[vm]))
        skipped = tuple(vm for vm in through if any(step.outcome is Outcome.SKIPPED for step in known[vm]))
        began = [step.began for steps in known.values() for step in steps if step.began]
        ended = max((step.ended for steps in known.values() for step in steps), default=0.0)
        usual = max((sum(step.usual for step in steps) for steps in lanes.values()), default=0.0)
        name = re.sub(r"^Wave \d+\W*", "", title) or title
        return Wave(number, name, title, vms, through, skipped, min(began, default=0.0),
                    ended if len(through) == len(vms) else 0.0, usual)  # fmt: skip

    def _row(self, vm: str, steps: Sequence[Step], state: RunState, watch: Watch) -> Row:
        seen, count = watch.of(vm), len(self._lanes[vm])
        step = next((step for step in steps if not settled(state.step(step.id))), None)
        if step is None:
            return self._through(vm, steps, state)
        known = state.step(step.id)
        stand = _stand(known, seen)
        busy = stand in (Stand.RUNNING, Stand.PROVING) and known.flight is not None
        queued = known.queued if stand is Stand.WAITING else None
        return Row(
            vm, self._numbers[step.id], count, step.id, short(step.title, vm), step.host, stand,
            known.flight.at if busy and known.flight else seen.since, usual=step.usual if busy else 0.0,
            said=short_said(seen.said, vm), cause=_cause(stand, known, seen, vm),
            waits=Waits(queued.shared, queued.at_once, watch.place(step.id)) if queued is not None else None,
            progress=known.course.percent if known.waits and known.course is not None else "",
            phrase=seen.asked.phrase if stand is Stand.ASKS and seen.asked is not None else "",
            no_return=step.no_return,
        )  # fmt: skip

    def _through(self, vm: str, steps: Sequence[Step], state: RunState) -> Row:
        known = [state.step(step.id) for step in steps]
        outcomes = [step.outcome for step in known]
        hand = next((s.id for s, k in zip(steps, known, strict=True) if k.outcome is Outcome.BY_HAND), "")
        proof = next((s for s in reversed(steps) if s.no_return), steps[-1])
        skipped = Outcome.SKIPPED in outcomes
        stand = Stand.SKIPPED if skipped else Stand.HAND if hand else Stand.DONE
        what = next((s for s, k in zip(steps, known, strict=True) if k.outcome is Outcome.SKIPPED), proof)
        said = state.step(what.id).reason if skipped else state.step(proof.id).evidence
        return Row(
            vm, self._numbers[steps[-1].id], len(self._lanes[vm]), "", short(what.title, vm), proof.host, stand,
            min((step.began for step in known if step.began), default=0.0), max(step.ended for step in known),
            sum(step.usual for step in steps), short_said(said, vm), hand=self._numbers.get(hand, 0),
        )  # fmt: skip


def needs(rows: Sequence[Row]) -> tuple[Need, ...]:
    """What needs a person, worst first, then as it came; VMs with the same cause are one."""
    found: dict[tuple[Stand, str], list[Row]] = {}
    for row in sorted((row for row in rows if row.stand.needs_you), key=lambda r: (WORST.index(r.stand), r.since)):
        local = split(row.step)[0]
        cause = re.sub(r"\b[\d.,]+ (s|min|ms)\b", "", row.cause) if row.stand in WORST[:3] else local
        found.setdefault((row.stand, cause), []).append(row)
    return tuple(_need(stand, together) for (stand, _), together in found.items())


def counts(rows: Sequence[Row]) -> tuple[tuple[int, str], ...]:
    """`(5, "done"), (4, "running"), (2, "ask you")`, what there is none of left out."""
    found = Counter(row.stand for row in rows)
    sums = ((sum(found[stand] for stand in stands), word) for word, stands in COUNTED)
    return tuple((count, "ask you" if word == Stand.ASKS and count > 1 else word) for count, word in sums if count)


def settled(known: StepState) -> bool:
    """Whether the lane goes on to its next step."""
    return known.outcome is not None and known.outcome.settled


def short(title: str, vm: str) -> str:
    """`Import the key of SRV-DB01` on that VM's own row: `Import the key`."""
    name = re.escape(vm)
    text = re.sub(rf"\s+(?:of|for|on)\s+{name}(?![\w.-])|\s+{name}(?![\w.-])(?:'s)?|^{name}\b:?\s+", "", title)
    return text[:1].upper() + text[1:] if text else title


def short_said(said: str, vm: str) -> str:
    """`SRV-DB01 on HAM-N02: Running` on that VM's own row: `Running`."""
    return re.sub(rf"^{re.escape(vm)}(?:\s+on\s+[\w.-]+)?:\s+", "", said.strip())


def _need(stand: Stand, rows: Sequence[Row]) -> Need:
    first = rows[0]
    same = len({row.title for row in rows}) == 1
    one = len(rows) == 1
    return Need(stand, tuple(row.vm for row in rows), first.title if same else "", first.cause,
                first.phrase if one else "", first.no_return)  # fmt: skip


def _stand(known: StepState, seen: Seen) -> Stand:
    asked = Asks(seen.asked.asks) if seen.asked is not None else None
    if asked in (Asks.CHANGED, Asks.BY_HAND):
        return Stand.CHANGED if asked is Asks.CHANGED else Stand.ASKS
    if known.outcome in (Outcome.FAILED, Outcome.UNKNOWN, Outcome.DECLINED):
        return Stand(str(known.outcome))
    if asked is not None:
        return Stand.ASKS
    if known.queued is not None:
        return Stand.WAITING
    if known.flight is not None and known.airborne:
        return Stand.RUNNING if known.flight.returned is None else Stand.PROVING
    if known.waits:
        return Stand.WAITING
    return Stand.READING if known.attempts else Stand.NOT_YET


def _cause(stand: Stand, known: StepState, seen: Seen, vm: str) -> str:
    """Why a person is needed, without the VM's name."""
    if stand in (Stand.FAILED, Stand.UNKNOWN):
        return short_said(short(known.evidence, vm), vm)
    asked = seen.asked
    if asked is not None and asked.asks == Asks.DECIDE:
        return asked.title
    if asked is not None and stand is Stand.CHANGED:
        return short(asked.title, vm)
    if asked is not None and stand is Stand.ASKS:
        return {Asks.OVERDUE: "the deadline has passed", Asks.BY_HAND: "you do it by hand"}.get(Asks(asked.asks), "")
    return ""


def _lanes(phase: Phase) -> dict[str, tuple[Step, ...]]:
    """The steps of each VM, in the order of the plan; none of what all share."""
    lanes: dict[str, tuple[Step, ...]] = {}
    for step in phase.steps:
        if own := split(step.id)[1]:
            lanes[own] = (*lanes.get(own, ()), step)
    return lanes
