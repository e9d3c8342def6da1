"""Going back is shown whole before it begins; what was done on paper is read before it is recorded."""

from tests.core.fake import FakeEstate, holds, step
from tests.core.person import Person, desk
from tui.core.events import Began, Intended, Outcome, UndoBegan
from tui.core.plan import Guard
from tui.core.question import Asks


def failing(**faults):
    return FakeEstate(faults={f"set {key} yes": value for key, value in faults.items()})


async def test_the_whole_way_back_is_shown_before_any_of_it(tmp_path):
    here = desk(tmp_path, step("a"), step("b", undo=None, changes="1 file on HAM-N01"), step("c"), step("key"),
                estate=failing(key=["error"]))  # fmt: skip
    person = Person(here.clock, failure=["undo"])
    state = await here.go(person)
    (question,) = [q for q in person.asked if q.asks is Asks.GO_BACK]
    assert question.values == (("Remove c, on HAM-N01", "del c"), ("Remove a, on HAM-N01", "del a"))
    assert "Stays: 1 file on HAM-N01." in question.lines
    assert question.mark == "later"
    kinds = [type(e).__name__ for e in here.of(UndoBegan, Intended)]
    assert kinds.index("UndoBegan") == 4, "nothing was taken back before the answer"
    assert state.ended.outcome == "undone"
    assert here.estate.world == {"b": "yes"}


async def test_not_now_goes_on_where_the_run_was(tmp_path):
    here = desk(tmp_path, step("a"), step("key"), estate=failing(key=["error"]))
    person = Person(here.clock, failure=["undo"], go_back=["later"])
    state = await here.go(person)
    assert here.of(UndoBegan) == []
    assert state.step("set-key").outcome is Outcome.DONE
    assert state.ended.recovered
    assert here.estate.sent.count("set a yes") == 1


async def test_a_step_done_on_paper_is_read_and_recorded_with_its_time(tmp_path):
    here = desk(tmp_path, step("a"), step("b"), step("key"), estate=failing(a=["error"]))
    await here.go(Person(here.clock))  # stops at the failure
    here.estate.world |= {"a": "yes", "b": "yes"}  # by hand, while the program was away
    person = Person(here.clock, resume=["paper", "go"], done_on_paper=["set-a", "set-b", "enough"])
    state = await here.go(person)
    offered = [[c.key for c in q.offered()] for q in person.asked if q.asks is Asks.PAPER]
    assert offered == [
        ["set-a", "set-b", "set-key", "enough"], ["set-b", "set-key", "enough"], ["set-key", "enough"],
    ]  # fmt: skip
    for name in ("set-a", "set-b"):
        assert state.step(name).outcome is Outcome.BY_HAND
        assert (state.step(name).by, state.step(name).reason) == ("m.weber", "02:31")
    assert state.step("set-key").outcome is Outcome.DONE
    assert here.estate.sent == ["set a yes", "set key yes"]


async def test_what_does_not_read_so_is_not_recorded_and_asked_for_again(tmp_path):
    here = desk(tmp_path, step("a"), step("key"), estate=failing(a=["error"]))
    await here.go(Person(here.clock))
    person = Person(here.clock, resume=["paper", "go"], done_on_paper=["set-a", "enough"])
    state = await here.go(person)
    second = [q for q in person.asked if q.asks is Asks.PAPER][1]
    assert second.lines == ("Not recorded: Set a is not so. Read now: a on HAM-N01: None.",)
    assert state.step("set-a").outcome is Outcome.DONE, "the program did it, after its gate"
    assert here.estate.sent == ["set a yes"] * 2 + ["set key yes"]


async def test_a_command_in_flight_is_not_offered_as_done_on_paper(tmp_path):
    here = desk(tmp_path, step("a"), step("key"), estate=failing(a=["killed after"]))
    await here.until_killed(Person(here.clock))
    person = Person(here.clock, resume=["paper", "go"])
    await here.go(person)
    (question,) = [q for q in person.asked if q.asks is Asks.PAPER]
    assert [c.key for c in question.offered()] == ["set-key", "enough"]


async def test_a_hint_of_paper_does_not_weaken_the_guards_of_what_follows(tmp_path):
    guarded = step("key", guards=(Guard("The VM is Off", holds("vm", None)),))
    here = desk(tmp_path, step("a"), guarded, estate=failing(a=["error"]))
    await here.go(Person(here.clock))
    here.estate.world |= {"a": "yes", "vm": "Running"}
    person = Person(here.clock, resume=["paper", "go"], done_on_paper=["set-a", "enough"])
    state = await here.go(person)
    assert person.kinds[-1] == "changed"
    assert state.ended is None
    assert [e.step for e in here.of(Began)][-1] == "set-key"


async def test_what_comes_before_is_entered_first(tmp_path):
    here = desk(tmp_path, step("a"), step("b"), step("key"), estate=failing(a=["error"]))
    await here.go(Person(here.clock))
    here.estate.world["b"] = "yes"
    person = Person(here.clock, resume=["paper", "go"], done_on_paper=["set-b", "enough"])
    state = await here.go(person)
    second = [q for q in person.asked if q.asks is Asks.PAPER][1]
    assert second.lines == ("Not recorded: Set b. Before it comes: Set a. Enter that first.",)
    assert state.step("set-b").outcome is Outcome.ALREADY
