"""What is asked of each of several VMs, as one row and one verdict."""

import pytest

from tui.core.action import Kind, PowerShell, Record, Reply
from tui.core.facts import Facts
from tui.core.scenario import Check, Finding, Level
from tui.core.verdict import Probe, Truth, Verdict, not_so, so, unreadable
from tui.steps.wanted import all_of, of_each, wanted

VMS = '[{"name": "A", "group": "Wave 1", "vm_id": "a"}, {"name": "B", "group": "Wave 2", "vm_id": "b"}]'
TWO = Facts({"vm": "A, B", "vms": VMS, "owner@B": "HAM-N01"})
FINE = Finding(Level.OK, "as it must be")


def reads(facts):
    return (PowerShell("HAM-N01", f"get {facts.get('vm_id')}"),)


def replies(*values):
    return [Reply((Record(Kind.OUTPUT, value), Record(Kind.END)), Kind.END, 0.0) for value in values]


def test_one_vm_is_asked_as_it_is():
    one = Facts({"vm": "A", "vm_id": "a"})
    check = Check("x", "X", reads, lambda f, a: FINE)
    assert of_each(wanted(one), check) is check
    assert [vm.get(one, "vm_id") for vm in wanted(one)] == ["a"]


def test_each_has_its_own_facts_and_what_was_learned_of_it():
    first, second = wanted(TWO)
    assert (first.name, first.wave, first.get(TWO, "vm")) == ("A", "Wave 1", "A")
    assert second.get(TWO, "owner") == "HAM-N01"
    assert first.among(TWO).known("owner") is None


def judged(*levels, learned=None):
    """A check of which each VM's own reply chooses the finding."""
    return of_each(wanted(TWO), Check("x", "X", reads, lambda f, answers: levels[answers[0].values[0]]))


@pytest.mark.parametrize(
    ("first", "second", "level", "evidence"),
    [
        (FINE, FINE, Level.OK, "2 of 2: as it must be"),
        (FINE, Finding(Level.OK, "other"), Level.OK, "2 of 2: each as it must be"),
        (FINE, Finding(Level.STOP, "Running"), Level.STOP, "1 of 2; B: Running"),
        (Finding(Level.WARN, "old"), Finding(Level.STOP, "Running"), Level.STOP, "0 of 2; A: old; B: Running"),
        (Finding(Level.UNKNOWN, "silent"), Finding(Level.UNKNOWN, "silent"), Level.UNKNOWN, "none of 2: silent"),
        (Finding(Level.WARN, "old"), Finding(Level.UNKNOWN, "silent"), Level.UNKNOWN, "0 of 2; A: old; B: silent"),
    ],
)
def test_the_worst_verdict_counts_and_names_who_is_not_well(first, second, level, evidence):
    check = judged(first, second)
    assert [read.script for read in check.reads(TWO)] == ["get a", "get b"]
    found = check.judge(TWO, replies(0, 1))
    assert (found.level, found.evidence) == (level, evidence)


def test_what_is_learned_of_a_vm_is_its_own():
    keys = Finding(Level.WARN, "1 found", learned={"target_key": "present"})
    assert judged(FINE, keys).judge(TWO, replies(0, 1)).learned == {"target_key@B": "present"}


@pytest.mark.parametrize(
    ("first", "second", "truth", "evidence"),
    [
        (so("on"), so("on"), Truth.SO, "2 of 2: A, B"),
        (so("on"), not_so("Off"), Truth.MIXED, "1 of 2; B: Off"),
        (not_so("Off"), not_so("Off"), Truth.NOT_SO, "none of 2: Off"),
        (so("on"), unreadable("silent"), Truth.UNREADABLE, "1 of 2; B: silent"),
        (not_so("Off"), unreadable("silent"), Truth.UNREADABLE, "0 of 2; A: Off; B: silent"),
    ],
)
def test_a_whole_goal_is_so_only_when_each_is(first, second, truth, evidence):
    def judge(_, answers) -> Verdict:
        return (first, second)[answers[0].values[0]]

    verdict = all_of(wanted(TWO), Probe("On?", reads, judge), "All on?").judge(TWO, replies(0, 1))
    assert verdict.truth is truth
    assert verdict.evidence == evidence
