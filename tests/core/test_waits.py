"""Long waits: the end from the wait's own history, the deadline as a question, progress on record."""

import pytest

from tests.core.fake import NOW, FakeEstate, step
from tests.core.person import Person, desk, outcome
from tui.core.action import PowerShell
from tui.core.events import Asked, Outcome, Probed
from tui.core.fold import fold
from tui.core.plan import Wait
from tui.core.question import Asks
from tui.core.state import POINTS, Course
from tui.core.verdict import Progress, probe, running, so
from tui.core.waits import outlook


def course(*points, total=187.0, unit="GB"):
    return Course(total, unit, tuple((NOW + at, done) for at, done in points))


def test_a_steady_copy_ends_within_a_span_around_its_rate():
    """60 of 187 GB after 20 min at 0.05 GB/s: the rest of 127 GB takes 42 min, 15 % to either side."""
    seen = outlook(course(*((n * 60, n * 3.0) for n in range(21))), NOW + 1200)
    assert seen.share == pytest.approx(60 / 187)
    assert seen.rate == pytest.approx(0.05)
    assert seen.rate_at_first == pytest.approx(0.05)
    assert seen.earliest == pytest.approx(NOW + 1200 + 127 / 0.05 / 1.15)
    assert seen.latest == pytest.approx(NOW + 1200 + 127 / 0.05 / 0.85)
    assert (seen.why, seen.stalled) == ("", 0.0)


def test_a_copy_that_became_slow_has_a_later_latest():
    slow = course(*((n * 60, n * 6.0) for n in range(11)), *((600 + n * 60, 60 + n * 1.5) for n in range(1, 11)))
    seen = outlook(slow, NOW + 1200)
    assert seen.rate == pytest.approx(0.025)
    assert seen.rate_at_first == pytest.approx(0.1)
    assert seen.latest - NOW > 2 * (seen.earliest - NOW)


def test_too_early_says_so():
    seen = outlook(course((0, 0.0), (60, 4.0)), NOW + 60)
    assert seen.why == "Too early for an estimate."
    assert (seen.earliest, seen.latest) == (0.0, 0.0)


def test_far_enough_is_early_enough():
    assert outlook(course((0, 0.0), (60, 90.0)), NOW + 60).why == ""


def test_what_stands_gets_no_end_but_since_when():
    stands = course(*((n * 30, float(n)) for n in range(31)), (1500, 30.0))
    seen = outlook(stands, NOW + 1500)
    assert seen.stalled == NOW + 900
    assert "nothing moves" in seen.why


def test_a_long_history_is_thinned_and_keeps_its_ends():
    kept = None
    for n in range(10_000):
        kept = Course.on(kept, Probed("s", "goal", "?", "running", "", float(n), 10_000.0, "GB"), NOW + n)
    assert len(kept.points) <= POINTS
    assert kept.points[0] == (NOW, 0.0)
    assert kept.points[-1] == (NOW + 9_999, 9_999.0)


def test_another_total_begins_another_history():
    first = Course.on(None, Probed("s", "goal", "?", "running", "", 5.0, 10.0, "GB"), NOW)
    second = Course.on(first, Probed("s", "goal", "?", "running", "", 1.0, 99.0, "GB"), NOW + 1)
    assert second.points == ((NOW + 1, 1.0),)


def waits(total, every=30.0, deadline=600.0, **more):
    """A step that only reads: `gone` GB of `total` are done, one more at each reading."""

    def judge(_, replies):
        done = int(replies[0].values[0] or 0)
        if done >= total:
            return so(f"{done} GB")
        return running(f"{done} of {total} GB", Progress(done, total, "GB"))

    return step(
        id="copy", act=None, undo=None, wait=Wait(deadline, every),
        goal=probe("Is it copied?", lambda _: [PowerShell("HAM-N01", "get gone")], judge), **more,
    )  # fmt: skip


def moving(speed=1):
    """An estate where every reading finds `speed` GB more."""
    estate = FakeEstate({"gone": "0"})

    def goes_on(what, script):
        if script == "get gone":
            estate.world["gone"] = str(int(estate.world["gone"]) + speed)

    estate.hook = goes_on
    return estate


async def test_a_wait_keeps_its_history_and_ends_by_itself(tmp_path):
    here = desk(tmp_path, waits(10), estate=moving())
    state = await here.go(Person(here.clock))
    assert outcome(here, "copy") is Outcome.DONE
    assert state.step("copy").course.points[0] == (NOW, 1.0)
    assert [done for _, done in state.step("copy").course.points] == [float(n) for n in range(1, 10)]
    assert {event.unit for event in here.of(Probed) if event.step == "copy" and event.truth == "running"} == {"GB"}


async def test_the_deadline_is_a_question_and_cancels_nothing(tmp_path):
    here = desk(tmp_path, waits(30), estate=moving())
    person = Person(here.clock, overdue=["more"])
    state = await here.go(person)
    overdue = [question for question in person.asked if question.asks is Asks.OVERDUE]
    assert [question.title for question in overdue] == ["Set key: the deadline has passed"]
    assert "Nothing is cancelled" in overdue[0].lines[1]
    assert [choice.key for choice in overdue[0].offered()] == ["more", "skip", "stop"]
    assert state.step("copy").outcome is Outcome.DONE
    assert len(state.step("copy").course.points) == 29, "one history over both waits"


async def test_stopped_at_the_deadline_it_can_be_taken_up(tmp_path):
    here = desk(tmp_path, waits(30), estate=moving())
    state = await here.go(Person(here.clock, overdue=["stop"]))
    assert state.ended is None
    assert state.left is not None
    state = await here.go(Person(here.clock))
    assert state.step("copy").outcome is Outcome.DONE
    assert fold(here.events).step("copy").outcome is Outcome.DONE


async def test_an_overdue_wait_can_be_left_with_a_reason(tmp_path):
    here = desk(tmp_path, waits(300), estate=moving())
    state = await here.go(Person(here.clock, overdue=["skip"]))
    assert state.step("copy").outcome is Outcome.SKIPPED
    assert state.step("copy").reason
    assert [event.asks for event in here.of(Asked) if event.step == "copy"] == ["overdue"]
