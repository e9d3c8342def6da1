"""A wait in sentences: true for its own history, its deadline, and what it is about."""

from datetime import UTC, timedelta, timezone

import pytest

from tests.core.fake import NOW, plan, step
from tui.core.events import Began, Ended, Intended, Probed, Returned, Stamped
from tui.core.fold import fold
from tui.core.plan import Wait
from tui.core.waiting import sentences, then, waited

CET = timezone(timedelta(hours=1), "CET")


def wait_of(*points, unit="GB", total=187.0, now=None, deadline=7200.0, made=None, **more):
    """The wait of the step `calm` after these readings (seconds from its beginning, done)."""
    calm = step("calm", id="calm", wait=Wait(deadline, 30), **{"act": None, "undo": None, **more})
    whole = made or plan((calm, step("key")), goal="key")
    events = [Stamped(1, NOW, Began("calm", 1))]
    events += [Stamped(2 + n, NOW + at, Probed("calm", "goal", "Is it?", "running", "", done, total, unit))
               for n, (at, done) in enumerate(points)]  # fmt: skip
    return waited(whole, fold(events), calm, NOW + points[-1][0] if now is None else now)


STEADY = tuple((30 * n, 1.5 * n) for n in range(61))


def test_a_steady_wait_is_told_whole():
    assert list(sentences(wait_of(*STEADY), CET)) == [
        "48 %, 90 of 187 GB, 51 MB/s over the last 10 min, was 51 MB/s at the start.",
        "Done between 03:12 and 03:22 UTC (04:12 and 04:22 CET), in 28 to 38 min.",
        "Deadline 04:14 UTC. If it passes, you are asked; nothing is cancelled.",
        "Last read 02:44:00 UTC, next in 30 s.",
        "You may close this program: what is waited for goes on.",
    ]


def test_an_end_after_the_deadline_is_said():
    said = wait_of(*STEADY, deadline=1860.0).end(UTC)
    assert said == ("Done between 03:12 and 03:22 UTC, in 28 to 38 min.", "That is after the deadline.")
    assert wait_of(*STEADY, deadline=3600.0).end(UTC)[1] == "That may be after the deadline."


def test_too_early_gives_the_amount_and_no_end():
    told = list(sentences(wait_of((0, 0.0), (60, 4.0))))
    assert told[0].startswith("2 %, 4 of 187 GB")
    assert told[1] == "Too early for an estimate."


def test_what_stands_says_since_when_and_what_to_look_at():
    told = list(sentences(wait_of(*STEADY, (2400, 90.0), remedy="Look at the disks.")))
    assert told[1:3] == ["Warning: 48 % since 02:44 UTC, 10 min.", "Look at the disks."]
    assert not any("Done between" in text for text in told)


def test_once_the_deadline_has_passed_it_is_said_as_past():
    passed = wait_of(*STEADY, deadline=1500.0)
    assert passed.until() == "The deadline, 02:39 UTC, has passed. Nothing is cancelled."
    assert len(passed.end(UTC)) == 1


def test_an_end_on_another_day_names_it():
    slow = wait_of(*((30 * n, 0.05 * n) for n in range(61)))
    assert slow.end(UTC)[0].startswith("Done between Mon 23 Nov ")


@pytest.mark.parametrize(
    ("unit", "total", "told"),
    [("%", 100.0, "90 %, 3.0 % a min over the last 10 min"), ("readings", 300.0, "30 %, 90 of 300 readings, 3.0 read")],
)
def test_other_units_are_not_said_twice(unit, total, told):
    assert next(sentences(wait_of(*STEADY, unit=unit, total=total))).startswith(told)


def test_only_a_wait_that_reads_and_flies_nothing_may_be_closed():
    assert wait_of(*STEADY).closable
    assert not wait_of(*STEADY, act=step("key").act).closable


def test_what_was_read_before_the_command_went_out_is_no_wait():
    key = step("key", id="calm")
    sent = Intended("calm", 1, "HAM-N01", "set key yes", "d", "never", "shell", "command", 1, "nonce")
    reading = Probed("calm", "goal", "Is it?", "running", "", 1.0, 9.0, "GB")
    events = [Stamped(1, NOW, Began("calm", 1)), Stamped(2, NOW + 1, reading), Stamped(3, NOW + 9, sent)]
    assert waited(plan((key,), goal="key"), fold(events[:2]), key, NOW + 2) is not None
    assert waited(plan((key,), goal="key"), fold(events), key, NOW + 10) is None
    back = [Stamped(4, NOW + 20, Returned("calm", 1, "Z")), Stamped(5, NOW + 25, reading)]
    proving = waited(plan((key,), goal="key"), fold([*events, *back]), key, NOW + 26)
    assert proving is not None
    assert proving.since == NOW + 20
    done = Stamped(6, NOW + 30, Ended("calm", "done", "it is so"))
    assert waited(plan((key,), goal="key"), fold([*events, *back, done]), key, NOW + 31) is None


def test_what_comes_after_it_asks_or_only_reads():
    calm, reads = (
        step("calm", id="calm", act=None),
        step("reads", id="reads", act=None, gate=step("x").gate.__class__()),
    )
    assert then(plan((calm, step("key")), goal="key"), calm) == "step 2 asks you first."
    assert then(plan((calm, reads), goal="key"), calm) == "step 2 goes on by itself: it only reads."
    assert then(plan((calm,), (step("key"),), goal="key"), calm).startswith("a pause: you are asked")
    assert then(plan((calm,), goal="key"), calm) == ""
