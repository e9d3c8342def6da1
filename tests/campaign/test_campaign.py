"""The campaign itself: its judge sees what is wrong, its accidents are possible ones, and it leaves nothing."""

import asyncio
import json
import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaign import processes, record
from tests.campaign.__main__ import main
from tests.campaign.round import Order, Round
from tests.campaign.strike import Victim, strikes
from tests.campaign.table import table, told
from tests.campaign.verdict import FALSE_DONE, OTHER, OTHER_SITE, TWICE, Wrong, ending
from tests.scenarios.world import RUN, Killed, World
from tui.core.events import Ended, Event, Intended, Outcome, Returned
from tui.core.hold import place
from tui.core.journal import GENESIS, NAME, line_of, read_journal
from tui.drill import LABS
from tui.lab.serve import SITE
from tui.lab.site import Store
from tui.lab.site.world import Write
from tui.scenarios import scenario
from tui.wizard.runs import DRILL_FILE


@pytest.mark.crash
def test_fifty_kills_at_random_moments(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--kills", "50", "--seed", "50", "--minutes", "10"]) == 0
    said = capsys.readouterr().out
    assert int(said.splitlines()[-1].split()[0]) >= 50


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A run on record, and its site on disk as a lab keeps it."""
    monkeypatch.setattr(os, "fsync", lambda _file: None)
    world = World(scenario("trusted-launch"), tmp_path)
    asyncio.run(world.run(world.pilot().ask))
    (tmp_path / RUN / DRILL_FILE).write_text(json.dumps({"lab": "lab-1", "drill": "trusted-launch"}))
    saved(world)
    return world


def saved(world: World) -> None:
    store = Store(world.folder / LABS / "lab-1" / SITE)
    store.save(world.site.world)
    store.save_clock(world.site.clock.state())


def kinds(world: World, expected: dict[str, object] | None = None) -> Counter[str]:
    saved(world)
    return Counter(wrong.kind for wrong in ending(world.folder, expected).wrong)


def test_a_good_run_is_judged_good(world: World) -> None:
    came = ending(world.folder, world.ends())
    assert (came.ended, came.wrong, came.words) == (True, (), ())
    assert came.site == world.ends()


def test_an_act_that_took_effect_twice_is_seen(world: World) -> None:
    again = next(w for w in world.site.writes if w.cmdlet == "Import-MocKey")
    world.site.writes.append(again)
    assert kinds(world) == {TWICE: 1}
    world.site.writes[-1] = replace(again, effect=False)
    assert kinds(world) == {}


def test_a_change_without_an_intent_is_seen(world: World) -> None:
    first = world.site.writes[0]
    world.site.writes.append(Write(first.host, "Set-VM", {}, first.at, pid=1, effect=True))
    assert kinds(world) == {OTHER: 1}


def test_another_site_is_seen(world: World) -> None:
    expected = world.ends()
    world.site.vms[0].auto_start = "StartIfRunning"
    assert kinds(world, expected)[OTHER_SITE] == 1


def test_a_site_without_a_run_that_was_changed_is_seen(world: World) -> None:
    store = Store(world.folder / LABS / "lab-2" / SITE)
    store.save(world.site.world)
    store.save_clock(world.site.clock.state())
    assert kinds(world) == {OTHER: 1}


def test_a_run_that_says_recovered_on_a_site_that_is_not_is_seen(world: World) -> None:
    for vm in world.site.vms:
        vm.state = "Off"
    assert kinds(world) == {FALSE_DONE: 1}


def test_done_without_the_end_of_its_frame_is_seen(world: World) -> None:
    events = [stamped.event for stamped in world.events()]
    returned = next(n for n, event in enumerate(events) if isinstance(event, Returned))
    rewrite(world.folder / RUN / NAME, [replace(events[returned], end="lost") if n == returned else event
                                        for n, event in enumerate(events)])  # fmt: skip
    assert any(isinstance(event, Ended) and event.outcome == Outcome.DONE for event in events)
    assert kinds(world) == {FALSE_DONE: 1}


def test_a_damaged_record_is_seen(world: World) -> None:
    path = world.folder / RUN / NAME
    path.write_bytes(path.read_bytes().replace(b"Import-MocKey", b"Import-MocKez", 1))
    assert kinds(world)[OTHER] == 2  # the damage, and no run that can be taken up


def rewrite(path: Path, events: list[Event]) -> None:
    lines, before = [], GENESIS
    for n, event in enumerate(events, 1):
        line, before = line_of(n, 0.0, event, before)
        lines.append(line)
    path.write_bytes(b"".join(lines))


def test_a_line_is_torn_within_unless_it_is_an_intent(world: World) -> None:
    path, events = world.folder / RUN / NAME, [stamped.event for stamped in world.events()]
    intent = next(n for n, event in enumerate(events) if isinstance(event, Intended))
    rewrite(path, events[: intent + 1])
    assert not record.tear(path.parent, 0.5)
    assert len(read_journal(path).events) == intent + 1
    rewrite(path, events[:intent])
    assert record.tear(path.parent, 0.0)
    torn = read_journal(path)
    assert (torn.torn, len(torn.events)) == (True, intent - 1)
    assert not record.tear(path.parent, 0.5)  # a torn line is not torn again


def test_a_copy_is_another_folder_of_the_same_name(world: World) -> None:
    folder = world.folder / RUN
    before, content = place(folder), (folder / NAME).read_bytes()
    record.copy(folder, world.folder.parent / f"{world.folder.name}-aside")
    assert place(folder) != before
    assert (folder / NAME).read_bytes() == content


async def test_what_reaches_the_record_is_counted_from_the_watch_on(tmp_path: Path) -> None:
    world = World(scenario("trusted-launch"), tmp_path)

    def at_third_intent(event: Event) -> str:
        seen.append(isinstance(event, Intended))
        return "after" if sum(seen) == 3 else ""

    seen: list[bool] = []
    with pytest.raises(Killed):
        await world.run(world.pilot().ask, fate=at_third_intent)
    watch = record.Watch(tmp_path)
    assert watch.look() == record.Grown()
    await world.run(world.pilot().ask)
    new = [stamped.event for stamped in world.events()][len(seen) :]
    assert watch.look() == record.Grown(len(new), sum(isinstance(event, Intended) for event in new))


def test_the_same_seed_draws_the_same_strikes() -> None:
    drawn = [strikes(random.Random(f"1/{n}"), 1) for n in range(200)]
    assert drawn == [strikes(random.Random(f"1/{n}"), 1) for n in range(200)]
    assert drawn[0] != drawn[1]
    alone = [strike for several in drawn for strike in several if strike.victim is Victim.LAB]
    assert alone
    assert not any(strike.torn or strike.copied for strike in alone)


def test_what_is_left_running_is_ended_and_named(tmp_path: Path) -> None:
    code = "import sys; print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(tmp_path / "runs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as left:
        assert left.stdout is not None
        left.stdout.readline()
        [named] = processes.sweep(tmp_path)
        assert named.endswith(str(tmp_path / "runs"))
        assert left.wait() != 0
    assert processes.sweep(tmp_path) == []


def test_the_table_counts_and_a_wrong_round_can_be_played_again(tmp_path: Path) -> None:
    good = Round(Order(0, "a", "7/0", 1, tmp_path), Counter(product=9, lab=1, acts=4, torn=2, takeovers=1, resumes=8))
    asked = Round(replace(good.order, number=1), Counter(product=3), words=["import-key: not known"], stops=["a"])
    bad = Round(
        replace(good.order, number=2, drill="b"), Counter(lab=2), wrong=[Wrong(TWICE, "2 times: Import-MocKey")]
    )
    lines = table([good, asked, bad])
    rows = [line.split() for line in lines]
    assert ["a", "2", "12", "1", "4", "2", "1", "8", "1", "1", "0"] in rows
    assert ["b", "1", "0", "2", "0", "0", "0", "0", "0", "0", "1"] in rows
    assert ["all", "3", "12", "3", "4", "2", "1", "8", "1", "1", "1"] in rows
    assert "`never` actions that took effect twice: 1." in lines
    assert "  1 x import-key: not known" in lines
    assert lines[-1] == "  1 x a"
    said = told(bad, "python -m tests.campaign --seed 7 --round 2")
    assert said[1] == "  never, twice: 2 times: Import-MocKey"
    assert said[-1] == "  again: python -m tests.campaign --seed 7 --round 2"
