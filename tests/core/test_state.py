"""The state is a fold over events: flights, what may be sent again, and whose time it was."""

import pytest

from tests.core.fake import NOW
from tests.core.person import BEGAN
from tui.core.events import (
    AnsweredEvent,
    Asked,
    Began,
    Ended,
    Intended,
    Learned,
    Left,
    Noted,
    Outcome,
    Overridden,
    Probed,
    Queued,
    Returned,
    Said,
    Stamped,
    TakenUp,
    Withdrawn,
)
from tui.core.fold import ERRORS_KEPT, Fold, fold
from tui.core.state import RunState


def intended(attempt=1, repeat="never"):
    return Intended("s", attempt, "HAM-N01", "set", "d", repeat, "sh", "co", 7, "no")


def after(*events, every=1.0):
    return fold(Stamped(n, NOW + (n - 1) * every, event) for n, event in enumerate(events, 1))


def test_nothing_yet():
    assert fold(()) == RunState()
    assert RunState().step("s").outcome is None
    assert RunState().in_flight == ()


def test_folding_in_two_parts_is_folding_at_once():
    events = [Stamped(n, NOW + n, e) for n, e in enumerate((BEGAN, Began("s", 1), intended(), Returned("s", 1, "Z")))]
    assert fold(events) == fold(events[2:], fold(events[:2]))


def test_a_flight_from_intent_to_outcome():
    events = [BEGAN, Began("s", 1), intended(), Returned("s", 1, "Z"), Ended("s", "done", "yes")]
    assert [after(*events[:n]).in_flight for n in range(1, 6)] == [(), (), ("s",), ("s",), ()]
    state = after(*events)
    assert state.step("s").flight is not None
    assert state.step("s").flight.clean
    held = {"holder": "DR-PC3", "epoch": "1"}
    assert state.facts() == {"sent:s": "yes", "sent_at:s": str(NOW + 2), "outcome:s": "done", **held}


@pytest.mark.parametrize(("stream", "clean"), [("E", False), ("T", False), ("W", True), ("V", True), ("~", True)])
def test_an_error_makes_a_flight_unclean(stream, clean):
    state = after(Began("s", 1), intended(), Said("s", "h", stream, "text"), Returned("s", 1, "Z"))
    flight = state.step("s").flight
    assert flight is not None
    assert flight.clean is clean
    assert flight.text == ("" if clean else "text")


@pytest.mark.parametrize("end", ["X", "lost", "deadline", "not sent"])
def test_only_an_end_is_clean(end):
    flight = after(Began("s", 1), intended(), Returned("s", 1, end)).step("s").flight
    assert flight is not None
    assert not flight.clean


def test_what_was_not_sent_is_not_in_flight():
    state = after(Began("s", 1), intended(), Returned("s", 1, "not sent", "x", sent=False))
    assert state.in_flight == ()
    assert "sent:s" not in state.facts()


@pytest.mark.parametrize(
    ("end", "repeat", "resend"),
    [("lost", "never", True), ("deadline", "never", True), (None, "never", True), ("lost", "safe", False),
     ("Z", "never", False), ("X", "never", False), ("not sent", "never", False)],
)  # fmt: skip
def test_a_never_action_whose_end_was_not_seen_asks_before_it_goes_again(end, repeat, resend):
    returned = [] if end is None else [Returned("s", 1, end, sent=end != "not sent")]
    events = [Began("s", 1), intended(repeat=repeat), *returned, Ended("s", "failed", ""), Began("s", 2)]
    state = after(*events)
    assert state.step("s").resend is resend
    assert state.step("s").flight is None
    assert after(*events, Ended("s", "declined", ""), Began("s", 3)).step("s").resend is resend
    assert not after(*events, intended(2), Returned("s", 2, "Z")).step("s").resend
    assert after(*events, intended(2), Returned("s", 2, "not sent", sent=False)).step("s").resend is resend


def test_beginning_anew_keeps_a_flight_that_nobody_judged():
    assert after(Began("s", 1), intended(), Began("s", 2)).step("s").flight is not None
    unknown = after(Began("s", 1), intended(), Ended("s", "unknown", ""), Began("s", 2))
    assert unknown.step("s").flight is not None
    assert unknown.step("s").outcome is None


def test_the_persons_time_and_the_absence_are_counted_apart():
    asked, answered = Asked("s", "q", "confirm", "t", "b"), AnsweredEvent("s", "q", "b", "go", "m.weber")
    taken = TakenUp("DR-PC3", "j.brandt", 2)
    state = after(BEGAN, asked, answered, Noted("x", "m.weber"), taken, every=10)
    assert (state.waited, state.away) == (10, 10)
    assert (state.first, state.last, state.user, state.epoch) == (NOW, NOW + 40, "j.brandt", 2)


def test_questions_that_stand_together_take_the_persons_time_once():
    """Q1 from 0 to 20 s, Q2 from 10 to 40 s, nothing for 10 s, Q3 from 50 to 60 s, when it is withdrawn."""
    asked = [Asked("s", q, "confirm", "t", "b") for q in ("q1", "q2", "q3")]
    q1, q2 = (AnsweredEvent("s", q, "b", "go", "m.weber") for q in ("q1", "q2"))
    began = Began("s", 1)
    events = [asked[0], asked[1], q1, began, q2, asked[2], Withdrawn("s", "q3"), began]
    assert after(*events[:2], every=10).persons_time(NOW + 15) == 15
    assert after(*events[:3], every=10).persons_time(NOW + 30) == 30
    assert after(*events[:5], every=10).waited == 40
    assert after(*events, every=10).waited == 50
    assert after(*events, every=10).persons_time(NOW + 999) == 50


@pytest.mark.parametrize(
    ("then", "waits"),
    [
        (Said("s", "h", "O", "text"), True),
        (Learned("s", {"a": "b"}), True),
        (Began("other", 1), True),
        (Probed("other", "guard", "q", "so", "e"), True),
        (Probed("s", "guard", "q", "so", "e"), False),
        (Asked("s", "q", "changed", "t", "b"), False),
        (intended(), False),
        (Ended("s", "failed", ""), False),
        (Began("s", 2), False),
    ],
)
def test_a_step_waits_for_what_it_shares_until_it_reads_asks_acts_or_ends(then, waits):
    queued = Queued("s", "the vault", 1, 2)
    state = after(Began("s", 1), queued, then)
    assert state.step("s").queued == (queued if waits else None)


def test_a_question_that_stood_when_the_program_ended_is_absence_not_waiting():
    asked = Asked("s", "q", "confirm", "t", "b")
    state = after(BEGAN, asked, Left("at once"), TakenUp("m", "u", 2), every=10)
    assert (state.waited, state.away, state.left) == (0, 10, None)


def test_a_clock_that_went_back_takes_no_time_away():
    events = [Stamped(1, NOW, BEGAN), Stamped(2, NOW - 99, TakenUp("m", "u", 2))]
    assert fold(events).away == 0


def test_the_last_word_on_a_check_counts():
    rows = [Overridden("c", "t", "e", reason, "m.weber") for reason in ("first reason", "second reason")]
    assert [o.reason for o in after(*rows).overridden] == ["second reason"]


def test_learned_values_add_up():
    state = after(Learned("a", {"x": "1", "y": "1"}), Learned("b", {"x": "2"}), Ended("s", "attested", "e", by="K"))
    assert state.facts() == {"x": "2", "y": "1", "outcome:s": "attested", "by:s": "K"}
    assert state.step("s").outcome is Outcome.ATTESTED


def test_a_state_that_was_given_out_stays_as_it_was():
    folded, given = Fold(), []
    events = [BEGAN, Began("s", 1), Learned("s", {"x": "1"}), Asked("s", "q", "confirm", "t", "b"), intended()]
    events += [Learned("s", {"x": "2"}), AnsweredEvent("s", "q", "b", "go", "m.weber"), Ended("s", "done", "yes")]
    for n, event in enumerate(events, 1):
        folded.add(Stamped(n, NOW + n - 1, event))
        given.append(folded.state)
    assert given == [after(*events[:n]) for n in range(1, len(events) + 1)]
    assert folded.state is folded.state


def test_one_event_more_is_the_fold_of_all():
    state = RunState()
    events = [
        Stamped(n, NOW + n, e) for n, e in enumerate((BEGAN, Began("s", 1), intended(), Learned("s", {"x": "1"})))
    ]
    for stamped in events:
        state = fold((stamped,), state)
    assert state == fold(events)


def test_a_host_that_writes_errors_without_end_does_not_fill_the_state():
    state = after(Began("s", 1), intended(), *(Said("s", "h", "E", f"{n:04} {'x' * 94}") for n in range(1_000)))
    flight = state.step("s").flight
    assert flight is not None
    assert flight.text.startswith("0000 xxx")
    assert ERRORS_KEPT <= len(flight.text) < ERRORS_KEPT + 100
    assert not fold([Stamped(1, NOW, Returned("s", 1, "Z"))], state).step("s").flight.clean
