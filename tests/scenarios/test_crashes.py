"""Killed anywhere and resumed: the same site at the end, nothing marked `never` done twice, nothing falsely "done".

For every event, on a fresh site, the run is stopped dead when that event is on disk, and again with its line half
written. At an intent three times: the request never arrived; it arrived and was applied; it was applied while the
program was away. These speak the frame to the lab in this process: the same bytes, no network.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.scenarios.conftest import ONE_VM
from tests.scenarios.world import RUN, Killed, World
from tui.autopilot import Autopilot
from tui.core.events import Event, Intended, Outcome, Returned
from tui.core.journal import NAME
from tui.core.scenario import Scenario
from tui.core.state import RunState
from tui.lab.interference import Fate, Interference
from tui.lab.site import judge

SAMPLE = 9
"""In the suite of every change each n-th event is tried; the long matrix tries all."""


@dataclass(frozen=True)
class Reference:
    """An uninterrupted run: how many events, which site at the end, which intents."""

    events: int
    ends: dict[str, object]
    intents: tuple[str, ...]


_REFERENCES: dict[tuple[str, str], Reference] = {}


def reference(scenario: Scenario, variant: str, folder: Path) -> Reference:
    key = (scenario.id, variant)
    if key not in _REFERENCES:
        world = World(scenario, folder / "reference", variant)
        asyncio.run(world.run(world.pilot().ask))
        intents = tuple(s.event.step for s in world.events() if isinstance(s.event, Intended))
        _REFERENCES[key] = Reference(len(world.events()), world.ends(), intents)
    return _REFERENCES[key]


def at_event(number: int) -> Callable[[Event], str]:
    """Dies when the n-th event is on disk."""
    seen = 0

    def fate(_: Event) -> str:
        nonlocal seen
        seen += 1
        return "after" if seen == number else ""

    return fate


def at_return(number: int) -> Callable[[Event], str]:
    """Dies before the n-th result reaches the disk: the intent is there, and nothing after it."""
    seen = 0

    def fate(event: Event) -> str:
        nonlocal seen
        seen += isinstance(event, Returned)
        return "before" if isinstance(event, Returned) and seen == number else ""

    return fate


def die(
    world: World,
    fate: Callable[[Event], str],
    interference: Interference | None = None,
    asker: Autopilot | None = None,
) -> None:
    with pytest.raises(Killed):
        asyncio.run(world.run((asker or world.pilot()).ask, fate=fate, interference=interference))


def resume(world: World) -> RunState:
    return asyncio.run(world.run(world.pilot().ask))


def judged(world: World, state: RunState, expected: Reference) -> None:
    assert state.ended is not None
    assert state.ended.recovered
    assert world.ends() == expected.ends
    assert judge(world.site).recovered
    assert not world.sent_twice()
    for step in state.steps.values():  # promise 5: never done where the end of its frame was not seen
        if step.outcome is Outcome.DONE and step.flight is not None:
            assert step.flight.clean


def tear(journal: Path) -> None:
    """Half of the last line is all that reached the disk."""
    lines = journal.read_bytes().splitlines(keepends=True)
    whole = sum(map(len, lines[:-1]))
    os.truncate(journal, whole + len(lines[-1]) // 2)


@pytest.mark.parametrize(("scenario", "variant"), ONE_VM[:1])
@pytest.mark.parametrize("torn", [False, True], ids=["whole", "torn"])
def test_some_events(scenario: Scenario, variant: str, torn: bool, tmp_path: Path) -> None:
    expected = reference(scenario, variant, tmp_path)
    for number in range(1 + torn * 4, expected.events, SAMPLE * 2):
        killed_at(scenario, variant, number, torn, tmp_path, expected)


def killed_at(scenario: Scenario, variant: str, number: int, torn: bool, folder: Path, expected: Reference) -> None:
    world = World(scenario, folder / f"{number}-{torn}", variant)
    die(world, at_event(number))
    if torn:
        tear(world.folder / RUN / NAME)
    if number == 1 and torn:
        return  # the run never began: there is nothing to take up
    judged(world, resume(world), expected)


@pytest.mark.crash
@pytest.mark.parametrize("part", range(8))
@pytest.mark.parametrize("torn", [False, True], ids=["whole", "torn"])
@pytest.mark.parametrize(("scenario", "variant"), ONE_VM)
def test_every_event(scenario: Scenario, variant: str, torn: bool, part: int, tmp_path: Path) -> None:
    expected = reference(scenario, variant, tmp_path)
    for number in range(1 + part, expected.events, 8):
        killed_at(scenario, variant, number, torn, tmp_path, expected)


FATES = [Fate.NEVER_ARRIVES, Fate.APPLIED, Fate.APPLIES_LATER]
INTENTS = [
    pytest.param(
        scenario, variant, fate, id=f"{scenario.id}{'/' + variant if variant else ''}-{fate.name.lower()}",
        marks=[pytest.mark.crash] if variant else [],
    )
    for scenario, variant in ONE_VM
    for fate in FATES
]  # fmt: skip
"""The plain site in the suite of every change, the others in the long matrix."""


@pytest.mark.parametrize(("scenario", "variant", "fate"), INTENTS)
def test_every_intent(scenario: Scenario, variant: str, fate: Fate, tmp_path: Path) -> None:
    expected = reference(scenario, variant, tmp_path)
    for number, step in enumerate(expected.intents, 1):
        world = World(scenario, tmp_path / f"{number}", variant)
        interference = Interference(nth=number, then=fate)
        die(world, at_return(number), interference)
        if fate is Fate.APPLIES_LATER:
            naps = iter(range(100))
            held = interference

            def release(naps: object = naps, held: Interference = held) -> None:
                if next(naps) == 2:  # type: ignore[call-overload]
                    held.release()

            world.clock.on_sleep = release
        state = resume(world)
        judged(world, state, expected)
        outcome = state.step(step).outcome
        wanted = Outcome.DONE if fate is Fate.NEVER_ARRIVES else Outcome.FOUND_DONE
        assert outcome is wanted, f"{step}: {outcome}"
