"""How every VM stands: rows, counts, waves, and what needs a person, from the record alone."""

import pytest

from tests.core.fake import NOW
from tests.core.person import BEGAN, Desk, answer
from tests.core.test_lanes import VAULT, Wobbly, of_waves, vm_steps, wave
from tui.core.events import (
    AnsweredEvent,
    Asked,
    Began,
    Ended,
    Intended,
    Probed,
    Queued,
    Returned,
    Said,
    Stamped,
    TakenUp,
    UndoBegan,
    Withdrawn,
)
from tui.core.fleet import Fleet, counts, needs, short, short_said
from tui.core.fold import fold
from tui.core.plan import Lane, Phase, own_lane
from tui.core.question import Asks
from tui.core.standing import Stand, Waits
from tui.core.watch import Watch

NAMES = ("VM1", "VM2", "VM3", "VM4")
PLAN = of_waves(
    Phase("Prepare", "", (Lane("AZL-HAM", vm_steps("x", "x")),)),
    wave(NAMES, "a", "b"),
    Phase("Wave 2: web", "", (own_lane("VM9", {}, vm_steps("VM9", "a")),)),
)
A = "set-a@VM1"


def after(*events):
    """State and watch 1 s after the last of these events, which came 1 s apart."""
    stamped = [Stamped(n, NOW + n, event) for n, event in enumerate((BEGAN, *events))]
    watch = Watch()
    for one in stamped:
        watch.add(one)
    return fold(stamped), watch


def rows(*events, wave=0):
    state, watch = after(*events)
    fleet = Fleet(PLAN)
    return fleet.rows(state, watch, fleet.waves(state)[wave])


def sent(step=A, attempt=1):
    return Intended(step, attempt, "HAM-N01", "set", "d", "never", "sh", "co", 7, "no")


def asked(step=A, asks="confirm", phrase="", title="t"):
    return Asked(step, f"{step}#1", asks, title, "b", phrase)


GATE = (Began(A, 1), Probed(A, "goal", "q", "not so", "a-VM1 on HAM-N01: None"), asked())
FLIES = (*GATE, AnsweredEvent(A, f"{A}#1", "b", "go", "m.weber"), sent())


@pytest.mark.parametrize(
    ("events", "stand", "since"),
    [
        ((), Stand.NOT_YET, 0),
        (GATE[:2], Stand.READING, 1),
        (GATE, Stand.ASKS, 3),
        ((*GATE, Withdrawn(A, f"{A}#1")), Stand.READING, 4),
        ((*GATE[:2], Queued(A, "the vault", 4, 0)), Stand.WAITING, 3),
        (FLIES, Stand.RUNNING, 5),
        ((*FLIES, Said(A, "HAM-N01", "V", "Importing")), Stand.RUNNING, 5),
        ((*FLIES, Returned(A, 1, "Z")), Stand.PROVING, 5),
        ((*FLIES, Returned(A, 1, "Z"), Ended(A, "failed", "HAM-N01 refused")), Stand.FAILED, 7),
        ((*FLIES, Ended(A, "unknown", "lost"), asked(asks="unknown")), Stand.UNKNOWN, 7),
        ((*FLIES, Ended(A, "failed", "no"), asked(asks="by hand")), Stand.ASKS, 7),
        ((*GATE[:2], asked(asks="changed", title="VM1 is Off: not so")), Stand.CHANGED, 3),
        ((*FLIES, Ended(A, "declined", "")), Stand.DECLINED, 6),
        ((*FLIES, Ended(A, "done", "yes")), Stand.NOT_YET, 6),
    ],
)
def test_a_row_says_where_its_lane_stands_and_since_when(events, stand, since):
    row = rows(*events)[0]
    assert row.stand is stand
    assert row.since == (NOW + since if since else 0)
    assert row.took(NOW + since + 5) == (5 if since else 0)


def test_a_row_names_step_host_usual_and_what_the_host_said_last():
    (row, *others) = rows(*FLIES, Said(A, "HAM-N01", "V", "VM1 on HAM-N01: 2 of 3"), Said(A, "HAM-N01", "E", "bad"))
    assert (row.vm, row.number, row.count, row.title, row.host, row.usual) == ("VM1", 1, 2, "Set a-VM1", "HAM-N01", 5.0)
    assert row.said == "ERROR: bad"
    assert rows(*FLIES)[0].said == "no output yet"
    assert rows(*GATE)[0].usual == 0, "nothing runs while it asks"
    assert [other.stand for other in others] == [Stand.NOT_YET] * 3


def test_the_place_in_line_moves_up():
    waiting = [Queued(f"set-a@{vm}", "the vault", 1, n) for n, vm in enumerate(NAMES[:3])]
    began = [Began(f"set-a@{vm}", 1) for vm in NAMES]
    places = [row.waits for row in rows(*began, *waiting)]
    assert places == [Waits("the vault", 1, 1), Waits("the vault", 1, 2), Waits("the vault", 1, 3), None]
    first_left = rows(*began, *waiting, Probed("set-a@VM1", "guard", "q", "so", "e"))
    assert [row.waits.place if row.waits else 0 for row in first_left] == [0, 1, 2, 0]
    assert after(*began, *waiting, TakenUp("DR-PC3", "j", 2))[1].place("set-a@VM3") == 0


def through(vm, outcome="done", evidence="yes"):
    first, last = f"set-a@{vm}", f"set-b@{vm}"
    return (Began(first, 1), Ended(first, "done", "yes"), Began(last, 1),
            Ended(last, outcome, evidence, "m.weber", "nobody on call" if outcome == "skipped" else ""))  # fmt: skip


def test_a_vm_that_is_through_says_how_and_in_what_time():
    done, hand, skipped, _ = rows(
        *through("VM1", evidence="VM1 on HAM-N02: Running"), *through("VM2", "by hand, proved"),
        *through("VM3", "skipped"),
    )  # fmt: skip
    assert (done.stand, done.number, done.said, done.usual) == (Stand.DONE, 2, "Running", 10.0)
    assert (done.took(NOW + 999), done.ended) == (3, NOW + 4)
    assert (hand.stand, hand.hand) == (Stand.HAND, 2)
    assert (skipped.stand, skipped.said) == (Stand.SKIPPED, "nobody on call")


@pytest.mark.parametrize(
    ("asks", "title", "cause"),
    [
        ("overdue", "Set a-VM1: the deadline has passed", "the deadline has passed"),
        ("by hand", "Set a-VM1", "you do it by hand"),
        ("decide", "How does VM1 get back?", "How does VM1 get back?"),
        ("confirm", "Set a-VM1", ""),
    ],
)
def test_a_question_that_is_no_gate_says_what_it_is_about(asks, title, cause):
    row = rows(Began(A, 1), asked(asks=asks, title=title))[0]
    assert (row.stand, row.cause) == (Stand.ASKS, cause)


def test_counts_are_in_one_order_and_say_what_there_is():
    made = rows(*through("VM1"), Began("set-a@VM2", 1), sent("set-a@VM2"), Began("set-a@VM3", 1), asked("set-a@VM3"))
    assert counts(made) == ((1, "done"), (1, "running"), (1, "asks you"), (1, "not yet"))


def test_the_worst_stands_first_and_one_cause_is_one_row():
    failed = [
        event
        for n, vm in enumerate(("VM3", "VM1"))
        for event in (Began(f"set-{'ab'[n]}@{vm}", 1),
                      Ended(f"set-{'ab'[n]}@{vm}", "failed", f"HAM-N02 does not answer after {n + 10} s."))
    ]  # fmt: skip
    done = Ended("set-a@VM1", "done", "")
    made = rows(Began("set-a@VM2", 1), asked("set-a@VM2", "type the name", "LIVE VM2"), done, *failed)
    first, second = needs(made)
    assert (first.stand, first.vms, first.title) == (Stand.FAILED, ("VM3", "VM1"), "")
    assert first.cause == "HAM-N02 does not answer after 10 s."
    assert (second.stand, second.vms, second.phrase) == (Stand.ASKS, ("VM2",), "LIVE VM2")


def test_questions_of_the_same_step_are_one_row():
    made = rows(*(event for vm in NAMES[:3] for event in (Began(f"set-a@{vm}", 1), asked(f"set-a@{vm}"))))
    (need,) = needs(made)
    assert (need.vms, need.phrase) == (("VM1", "VM2", "VM3"), "")


def test_waves_say_how_far_they_are():
    fleet = Fleet(PLAN)
    state, _ = after(*through("VM1"), *through("VM2", "skipped"), Began("set-a@VM3", 1))
    first, second = fleet.waves(state)
    assert (first.number, first.name, first.vms, first.through, first.skipped) == (
        1, "Wave 1", NAMES, ("VM1", "VM2"), ("VM2",),
    )  # fmt: skip
    assert (first.complete, first.whole, first.began, first.ended, first.usual) == (False, 1, NOW + 1, 0.0, 10.0)
    assert (second.name, second.vms, second.began) == ("web", ("VM9",), 0.0)
    state, _ = after(*(event for vm in NAMES for event in through(vm)))
    assert (fleet.waves(state)[0].complete, fleet.waves(state)[0].ended) == (True, NOW + 16)


def test_the_wave_in_work_is_the_one_begun_last():
    fleet = Fleet(PLAN)
    assert fleet.wave(after()[0]) is None
    assert fleet.wave(after(Began("set-x", 1))[0]) is None, "what all VMs share is no wave"
    assert fleet.wave(after(Began("set-x", 1), Ended("set-x", "done", ""))[0]).number == 1
    assert fleet.wave(after(Began("set-x", 1), Began("set-a@VM2", 1))[0]).number == 1
    assert fleet.wave(after(Began("set-a@VM2", 1), Began("set-a@VM9", 1))[0]).number == 2
    assert fleet.wave(after(Began("set-a@VM2", 1), UndoBegan(("unset-a@VM2",)))[0]) is None


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Import the key of SRV-DB01 into the vault of AZL-HAM", "Import the key into the vault of AZL-HAM"),
        ("Make SRV-DB01 highly available", "Make highly available"),
        ("Start SRV-DB01, prove its heartbeat", "Start, prove its heartbeat"),
        ("Copy SRV-DB01's key", "Copy key"),
        ("Read SRV-DB011", "Read SRV-DB011"),
        ("SRV-DB01 is Off on HAM-N02: not so", "Is Off on HAM-N02: not so"),
    ],
)
def test_on_its_own_row_a_title_needs_no_name(title, shown):
    assert short(title, "SRV-DB01") == shown


def test_on_its_own_row_evidence_needs_no_name():
    assert short_said("SRV-DB01 on HAM-N02: Running, OK", "SRV-DB01") == "Running, OK"
    assert short_said("HAM-N02: Off", "SRV-DB01") == "HAM-N02: Off"


async def test_a_real_run_of_lanes_ends_with_every_vm_through(tmp_path):
    plan = of_waves(wave(["VM1", "VM2", "VM3"], "a", "b", uses=(VAULT,)))
    here = Desk(tmp_path / "run", plan, Wobbly(faults={"set b-VM2 yes": ["error"]}))
    fleet, seen = Fleet(plan), set()

    async def person(question):
        events = here.events
        watch = Watch()
        for stamped in events:
            watch.add(stamped)
        made = fleet.rows(fold(events), watch)
        if question.step:
            assert next(row for row in made if row.step == question.step).stand.needs_you
        seen.update(row.stand for row in made)
        return answer(question, {Asks.FAILURE: "retry"}.get(question.asks, "end" if not question.step else "go"))

    state = await here.go(person)
    assert {row.stand for row in fleet.rows(state, Watch())} == {Stand.DONE}
    assert {Stand.ASKS, Stand.FAILED} <= seen
