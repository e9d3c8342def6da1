"""What an answer binds to, and which answers count."""

from dataclasses import replace

import pytest

from tests.core.fake import NOW
from tui.core.action import PowerShell
from tui.core.question import Answer, Asks, Blank, Choice, Needs, Question, Shown, problem
from tui.core.verdict import Truth

GUARD = Shown("The VM is Off", Truth.SO, "HAM-N02: Off, read 3 s ago", NOW, "Off")
ASKED = Question(
    "s#1", "s", Asks.CONFIRM, "Import the key", ("Adds 1 key.",), guards=(GUARD,), mark="later",
    action=PowerShell("HAM-N01", "Import-MocKey"),
    choices=(Choice("go", "Import key", sends=True), Choice("later", "Not now"),
             Choice("skip", "Skip", needs=Needs.REASON), Choice("earlier", "Earlier", needs=Needs.TIME),
             Choice("undo", "Undo", refused="nothing made")),
)  # fmt: skip
TYPED = replace(ASKED, asks=Asks.TYPE, phrase="LIVE SRV-DB01")

CHANGES = {
    "text": replace(ASKED, action=PowerShell("HAM-N01", "Import-MocKey ")),
    "host": replace(ASKED, action=PowerShell("HAM-N02", "Import-MocKey")),
    "no action": replace(ASKED, action=None),
    "verdict": replace(ASKED, guards=(replace(GUARD, truth=Truth.UNREADABLE),)),
    "condition": replace(ASKED, guards=(replace(GUARD, condition="Running"),)),
    "guard gone": replace(ASKED, guards=()),
    "consequence": replace(ASKED, lines=("Adds 2 keys.",)),
    "phrase": TYPED,
    "step": replace(ASKED, step="t"),
    "choice": replace(ASKED, choices=ASKED.choices[:2]),
}
SAME = {
    "time": replace(ASKED, guards=(replace(GUARD, at=NOW + 99),)),
    "evidence": replace(ASKED, guards=(replace(GUARD, evidence="HAM-N02: Off, 214 GB free"),)),
    "delay": replace(ASKED, delay=9.0),
    "id": replace(ASKED, id="s#2"),
    "blanks": replace(ASKED, blanks=(Blank("w", "Witness"),)),
    "wrong": replace(ASKED, wrong="3 more characters."),
    "raw": replace(ASKED, raw="rpc error"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_answer_does_not_bind_to_anything_else(name):
    assert CHANGES[name].binding != ASKED.binding


@pytest.mark.parametrize("name", SAME)
def test_times_and_ages_do_not_unbind_an_answer(name):
    assert SAME[name].binding == ASKED.binding


def said(question, choice, **more):
    return problem(question, Answer("s#1", question.binding, choice, "m.weber", **more))


def test_what_may_be_taken():
    assert said(ASKED, "go") == said(ASKED, "later") == ""
    assert said(ASKED, "skip", reason=" 10 letters ") == ""
    assert said(TYPED, "go", typed="LIVE SRV-DB01") == said(TYPED, "later") == ""


@pytest.mark.parametrize("choice", ["undo", "nothing", ""])
def test_what_is_not_offered(choice):
    assert said(ASKED, choice) == "This choice is not offered."


def test_a_reason_says_how_much_is_missing():
    assert said(ASKED, "skip", reason="   go  ") == "8 more characters."


@pytest.mark.parametrize("typed", ["", "live srv-db01", "LIVE SRV-DB01 ", "LIVE  SRV-DB01", "DRILL SRV-DB01"])
def test_the_phrase_is_typed_as_it_is(typed):
    assert said(TYPED, "go", typed=typed) == f"{typed} is not LIVE SRV-DB01"


@pytest.mark.parametrize(
    ("text", "good"),
    [("02:31", True), ("23:59", True), ("24:00", False), ("2.31", False), ("", False), ("02:60", False),
     ("now", False), ("-1:00", False), ("๐๒:๓๑", False), (":", False), ("02:", False)],
)  # fmt: skip
def test_a_time_is_a_time(text, good):
    assert (said(ASKED, "earlier", reason=text) == "") is good


def test_an_answer_to_what_stood_before_is_not_taken():
    stale = Answer("s#1", CHANGES["text"].binding, "go", "m.weber")
    assert problem(ASKED, stale).startswith("What was shown has changed")
