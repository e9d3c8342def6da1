"""What became of a round, read from the disk when nothing of it runs any more: the record, and the site itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.scenarios.world import NEVER
from tui.core.errors import JournalDamaged
from tui.core.events import AnsweredEvent, Ended, Intended, Outcome, Stamped
from tui.core.fold import Fold, fold
from tui.core.journal import NAME, read_journal
from tui.core.state import RunState
from tui.drill import LABS
from tui.lab.serve import SITE
from tui.lab.site import Site, Store, judge, load_site, summary
from tui.wizard.runs import folders, lab_of, open_run

OTHER_SITE, TWICE, FALSE_DONE, OTHER = "another site state", "never, twice", 'false "done"', "other"
"""Kinds of wrong; the first three are those that a campaign counts."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that must not be."""

    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How a round came out. `site` is its end state, equal for two rounds that came to the same end."""

    ended: bool
    wrong: tuple[Wrong, ...]
    words: tuple[str, ...] = ()
    """What a person's word was needed for: the steps whose result nobody could have known otherwise."""
    site: dict[str, Any] = field(default_factory=dict)


def ending(runs: Path, expected: dict[str, Any] | None = None) -> Ending:
    """Judge the run below `runs`, and its site against the `expected` end state, where it came to its end."""
    damage = [Wrong(OTHER, str(error)) for error in map(_damage, folders(runs)) if error is not None]
    begun = [folder for folder in folders(runs) if open_run(folder).state.chosen is not None]
    if damage or len(begun) != 1:
        return Ending(False, (*damage, Wrong(OTHER, f"{len(begun)} runs that can be taken up, not 1")))
    events, lab = read_journal(begun[0] / NAME).events, str(lab_of(open_run(begun[0]))["lab"])
    state, site = fold(events), _site(runs / LABS / lab)
    assert site is not None  # a run begins when its site stands
    wrong = [*_twice(site), *_unrecorded(site, events), *_false_done(events), *_strays(runs / LABS, lab)]
    if state.ended is not None:
        wrong += [*_ended(state, site), *_differs(summary(site), expected)]
    return Ending(state.ended is not None, tuple(wrong), tuple(_words(events)), summary(site))


def _damage(folder: Path) -> JournalDamaged | None:
    try:
        read_journal(folder / NAME)
    except JournalDamaged as error:
        return error
    return None


def _site(lab: Path) -> Site | None:
    return load_site(Store(lab / SITE))


def _twice(site: Site) -> Iterator[Wrong]:
    done = Counter(f"{w.cmdlet} {sorted(w.parameters.items())}" for w in site.writes if w.effect and w.cmdlet in NEVER)
    for text, times in done.items():
        if times > 1:
            yield Wrong(TWICE, f"{times} times: {text}")


def _unrecorded(site: Site, events: Sequence[Stamped]) -> Iterator[Wrong]:
    """Promise 1: what changed the site came from a process whose intent is on record."""
    intended = {(s.event.host, s.event.pid) for s in events if isinstance(s.event, Intended)}
    for write in site.writes:
        if write.effect and (write.host, write.pid) not in intended:
            yield Wrong(OTHER, f"no intent on record for {write.cmdlet} on {write.host}, process {write.pid}")


def _false_done(events: Sequence[Stamped]) -> Iterator[Wrong]:
    """Promise 5: never done where the end of its frame was not seen."""
    known = Fold()
    for stamped in events:
        known.add(stamped)
        match stamped.event:
            case Ended(step=step, outcome=Outcome.DONE):
                flight = known.state.step(step).flight
                if flight is not None and not flight.clean:
                    yield Wrong(FALSE_DONE, f"{step}, line {stamped.n}")


def _ended(state: RunState, site: Site) -> Iterator[Wrong]:
    assert state.ended is not None
    judged = judge(site)
    if not state.ended.recovered:
        yield Wrong(OTHER, f"the run ended as {state.ended.outcome}: {state.ended.evidence}")
    elif not judged.recovered:
        yield Wrong(FALSE_DONE, f"the run says recovered, the site: {'; '.join(judged.reasons)}")


def _differs(site: dict[str, Any], expected: dict[str, Any] | None) -> Iterator[Wrong]:
    for key in expected or {}:
        if expected is not None and site[key] != expected[key]:
            yield Wrong(OTHER_SITE, f"{key}: {json.dumps(site[key])}; expected {json.dumps(expected[key])}")


def _strays(labs: Path, lab: str) -> Iterator[Wrong]:
    """A lab whose run never began, because the product was killed before: nothing may have changed there."""
    for folder in labs.iterdir():
        other = _site(folder) if folder.name != lab else None
        if other is not None and any(write.effect for write in other.writes):
            yield Wrong(OTHER, f"a site without a run was changed: {folder.name}")


def _words(events: Sequence[Stamped]) -> Iterator[str]:
    for stamped in events:
        match stamped.event:
            case AnsweredEvent(step=step, choice="attest"):
                yield f"{step}: whether this run's command did it is not known"
