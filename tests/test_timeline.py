"""The time of a run as a picture: whose it was, which step stood when, and marks whose letters never overlap."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.core.fake import NOW, FakeEstate, plan, step
from tests.core.person import BEGAN, Desk, Person
from tui.core.events import AnsweredEvent, Asked, Began, Ended, Stamped, TakenUp
from tui.core.fold import fold
from tui.core.plan import Lane, Phase
from tui.core.report import report_data, timeline
from tui.core.report.drawing import LABEL, LEFT, RIGHT, drawing, placed
from tui.core.report.scale import AWAY_AT_MOST, scale
from tui.core.report.timeline import Bar, letter


def stamped(*pairs):
    return tuple(Stamped(n, NOW + at, event) for n, (at, event) in enumerate(pairs, 1))


def asked(question, step_id="set-key"):
    return Asked(step_id, question, "confirm", "Set key", "b")


def answered(question, step_id="set-key"):
    return AnsweredEvent(step_id, question, "b", "go", "m.weber")


def spans(line, kind):
    return [(bar.begin - NOW, bar.end - NOW) for row in line.rows if row.kind == kind for bar in row.bars]


EVENTS = stamped(
    (0, BEGAN), (10, Began("set-key", 1)), (20, asked("q1")), (50, answered("q1")),
    (60, Ended("set-key", "failed", "no")), (70, asked("q2")),
    (100, TakenUp("DR-PC4", "j.brandt", 2)), (110, Began("set-key", 2)),
    (130, Ended("set-key", "done", "yes")),
)  # fmt: skip


def test_every_second_is_somebodys():
    line = timeline(EVENTS, plan((step(),)))
    assert spans(line, "you") == [(20, 50)]
    assert spans(line, "away") == [(70, 100)]
    assert spans(line, "machine") == [(0, 20), (50, 70), (100, 130)]
    assert spans(line, "steps") == [(10, 60), (110, 130)]
    assert [(mark.letter, mark.kind) for mark in line.marks] == [("A", "answer"), ("B", "failure"), ("C", "resume")]


async def test_it_adds_up_to_the_times_of_the_report(tmp_path):
    here = Desk(
        tmp_path / "r", plan((step("a"), step()), goal="key"), FakeEstate(faults={"set key yes": ["killed after"]})
    )
    await here.until_killed(Person(here.clock))
    here.clock.advance(360)
    await here.go(Person(here.clock))
    data = report_data(here.events, fold(here.events), here.plan)
    line = timeline(here.events, here.plan)
    sums = {row.kind: sum(bar.end - bar.begin for bar in row.bars) for row in line.rows if row.kind != "steps"}
    assert sums == {kind: pytest.approx(data["times"][kind]) for kind in ("machine", "you", "away")}
    assert sums["away"] == 360


def test_questions_of_two_lanes_at_one_time_count_once():
    events = stamped((0, BEGAN), (10, asked("a")), (20, asked("b")), (30, answered("a")), (40, answered("b")))
    assert spans(timeline(events, None), "you") == [(10, 40)]


def test_one_row_a_lane():
    two = (Lane("SRV-DB01", (step("a"),)), Lane("SRV-WEB01", (step("b"),)))
    made = replace(plan((step(),)), phases=(Phase("Both", "Both are there.", two),))
    events = stamped(
        (0, BEGAN), (1, Began("set-a", 1)), (2, Began("set-b", 1)), (5, Ended("set-b", "done", "yes")),
        (9, Ended("set-a", "done", "yes")), (10, Began("unset-b", 1)),
    )  # fmt: skip
    rows = [row for row in timeline(events, made).rows if row.kind == "steps"]
    assert [row.name for row in rows] == ["SRV-DB01", "SRV-WEB01"]
    assert [[bar.label for bar in row.bars] for row in rows] == [["1"], ["2", "back"]]


def test_letters_of_one_level_never_overlap():
    events = stamped((0, BEGAN), *((at, event) for n in range(60) for at in (n * n / 9,)
                                   for event in (asked(f"q{n}"), answered(f"q{n}"))))  # fmt: skip
    line = timeline(events, None)
    along = scale(line.begin, line.end, (), LEFT, RIGHT)
    levels = placed(line.marks, along)
    for level in set(levels):
        places = [along.x(mark.at) for mark, found in zip(line.marks, levels, strict=True) if found == level]
        assert all(after - before >= LABEL for before, after in pairwise(places))
    assert len(line.marks) == 60
    assert line.marks[-1].letter == "BH"


def test_a_long_absence_is_drawn_short_and_nothing_else_is_lost():
    along = scale(0, 1000, (Bar(100, 900),), 0, 100)
    assert along.x(900) - along.x(100) == pytest.approx(100 * AWAY_AT_MOST)
    assert along.x(0) == 0
    assert along.x(1000) == pytest.approx(100)
    assert along.x(50) == pytest.approx(22)
    assert not [at for at in along.ticks(5) if 100 < at < 900]


def test_ticks_are_round_and_apart():
    along = scale(NOW + 7, NOW + 3000, (), 0, 600)
    ticks = list(along.ticks(50))
    assert {at % 300 for at in ticks} == {0}
    assert all(along.x(b) - along.x(a) >= 50 for a, b in pairwise(ticks))


@pytest.mark.parametrize("events", [(), EVENTS[:1], stamped((0, BEGAN), (0, BEGAN))])
def test_a_record_of_one_moment_has_no_picture(events):
    assert drawing(timeline(events, None)) == ""


def test_the_picture_is_well_formed_and_keeps_hostile_names():
    hostile = stamped((0, BEGAN), (5, replace(asked("q"), title="<script>&\"'")), (9, answered("q")))
    root = ET.fromstring(drawing(timeline(hostile, None)))
    assert root.tag == "svg"
    assert any("<script>" in (node.text or "") for node in root.iter("title"))
    assert not list(root.iter("script"))


def test_letters():
    assert [letter(n) for n in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
