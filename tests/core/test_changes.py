"""Who changed it: said of somebody else only where nothing of this run can have done it."""

from dataclasses import replace

from tests.core.fake import NOW, plan, step
from tui.core.changes import by_others, is_marker, rest
from tui.core.engine import questions
from tui.core.engine.guards import Broken
from tui.core.engine.questions import Ways
from tui.core.events import Began, Ended, Intended, Probed, Returned, Stamped, UndoBegan
from tui.core.fold import fold
from tui.core.plan import Guard, Marker
from tui.core.question import Shown
from tui.core.verdict import Truth

WAS = Shown("The VM is Off", Truth.NOT_SO, "HAM-N01: Running", NOW + 100, was="HAM-N02: Off", was_at=NOW + 10)


def changed(*shown):
    return questions.changed(step("key"), [Broken(one, "") for one in shown], 1, Ways(), can_follow=False)


def state(*events):
    return fold([Stamped(n, NOW + at, event) for n, (at, event) in enumerate(events, 1)])


def sent(step_id):
    return Intended(step_id, 1, "HAM-N01", "x", "d", "never", "shell", "command", 1, "nonce")


def test_what_was_as_expected_and_is_not_now_was_changed_by_others():
    assert by_others(state((0, Began("set-key", 1))), changed(WAS))


def test_what_was_never_as_expected_is_nobodys_change():
    assert not by_others(state(), changed(replace(WAS, was="", was_at=0.0)))
    assert not by_others(state(), changed(WAS, replace(WAS, title="Another", was="")))


def test_what_cannot_be_read_is_no_change():
    assert not by_others(state(), changed(replace(WAS, truth=Truth.UNREADABLE)))


def test_a_proved_act_of_this_run_did_what_it_says():
    done = ((20, sent("a")), (30, Returned("a", 1, "Z")), (40, Ended("a", "done", "it is so")))
    assert by_others(state(*done), changed(WAS))


def test_an_act_that_failed_or_is_not_known_may_have_done_it():
    for outcome in ("failed", "unknown"):
        assert not by_others(state((20, sent("a")), (40, Ended("a", outcome, "?"))), changed(WAS))
    assert by_others(state((5, sent("a")), (6, Ended("a", "failed", "?"))), changed(WAS)), "that was before"


def test_its_own_earlier_attempt_may_have_done_it():
    own = ((20, sent("set-key")), (30, Returned("set-key", 1, "Z")), (40, Began("set-key", 2)))
    assert not by_others(state(*own, (50, Ended("set-key", "done", ""))), changed(WAS))


def test_an_act_in_the_lane_of_another_vm_did_not_do_it():
    own = questions.changed(replace(step("key"), id="key@SRV-A"), [Broken(WAS, "")], 1, Ways(), can_follow=False)
    assert by_others(state((20, sent("key@SRV-B")), (40, Ended("key@SRV-B", "failed", ""))), own)
    assert not by_others(state((20, sent("folder")), (40, Ended("folder", "failed", ""))), own)


def test_going_back_changes_things_itself():
    assert not by_others(state((20, UndoBegan(("undo-a",)))), changed(WAS))


def test_the_rest_counts_what_holds_in_the_last_attempt():
    def probed(title, truth="so"):
        return Probed("set-key", "guard", title, truth, "")

    events = [Began("set-key", 1), probed("Old"), Began("set-key", 2), probed("A"), probed("B"),
              probed("The VM is Off", "not so")]  # fmt: skip
    stamped = [Stamped(n, NOW + n, event) for n, event in enumerate(events)]
    told = "Everything else is as planned: 2 of 3 values are as this step needs them."
    assert rest(stamped, changed(WAS)) == told
    assert rest(stamped[:3], changed(WAS)) == ""


def test_the_marker_is_known_by_its_guard():
    whole = plan((step("key"),), goal="key")
    marker = Guard("Whose this run is", whole.goal)
    marked = replace(whole, marker=Marker(marker, "set-key", (), marker))
    question = questions.taken(step("key"), replace(WAS, title=marker.title), 1)
    assert is_marker(marked, question)
    assert not is_marker(whole, question)
    assert not is_marker(marked, changed(WAS))
