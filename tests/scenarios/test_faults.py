"""Every fault: what the person sees, and that the run never says done when it is not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.scenarios.world import CLUSTERS, WITNESS, Operator, World, chosen
from tui.core.action import PowerShell, Prepared, Record
from tui.core.errors import ConnectionLost, DeadlinePassed, EstateError, NoHandshake, SignInRefused, Unreachable
from tui.core.events import Began, Event, Intended, Outcome
from tui.core.facts import Facts
from tui.core.front import Row
from tui.core.question import Answer, Asks, Question
from tui.core.scenario import Level
from tui.core.state import RunState
from tui.lab.interference import Fate, Interference
from tui.lab.site import judge
from tui.remote.estate import RemoteEstate
from tui.scenarios import scenario
from tui.wizard.board import SiteBoard


@pytest.fixture
def tl(tmp_path: Path) -> World:
    """The Trusted Launch restore, nothing wrong yet."""
    return World(scenario("trusted-launch"), tmp_path)


def when(step: str, do: Callable[[], object]) -> Callable[[Event], str]:
    """Something happens on the site when a step begins for the first time."""
    done: list[object] = []

    def fate(event: Event) -> str:
        if isinstance(event, Began) and event.step == step and not done:
            done.append(do())
        return ""

    return fate


class Careful(Operator):
    """Stops at the first question that a fault raises, so that a test can read it."""

    def _decide(self, question: Question) -> str:
        if question.asks in (Asks.FAILURE, Asks.UNKNOWN, Asks.CHANGED):
            return "stop"
        return super()._decide(question)


async def stopped_by(world: World, **how: object) -> tuple[Question, RunState]:
    """The question at which a careful person stops."""
    pilot = Careful(world.clock, WITNESS)
    state = await world.run(pilot.ask, **how)  # type: ignore[arg-type]
    assert state.ended is None
    return pilot.asked[-1], state


def sent(world: World) -> list[str]:
    return [stamped.event.step for stamped in world.events() if isinstance(stamped.event, Intended)]


async def recovers(world: World) -> None:
    """Taken up after the cause is gone, it ends recovered."""
    state = await world.run(world.pilot().ask)
    assert state.ended is not None
    assert state.ended.recovered
    assert judge(world.site).recovered, judge(world.site).reasons
    assert not world.sent_twice()


async def row(world: World, check: str, name: str, **options: object) -> Row:
    """A prerequisite after something happened on the site."""
    known = chosen(world.scenario.id, "")
    world.faults.apply_now(world.site, name, **options)
    estate, _ = world.estate()
    board = SiteBoard(world.scenario.checks(CLUSTERS, Facts(known)), Facts(known), estate, world.clock)
    await board.read(lambda: None)
    await estate.close()
    return next(row for row in board.rows if row.check == check)


# Prerequisites ----------------------------------------------------------------------------------------------------

STOPS = [
    ("moc", "service-stops", {}, "HAM-N02: mochostagent Stopped", "Start-Service -Name 'mochostagent'"),
    ("moc", "moc-offline", {"cluster": "AZL-HAM"}, "MOC cloud agent group Offline", "ca-*"),
    ("csv", "csv-full", {}, "needed", ""),
    ("files", "file-cut", {}, "missing or empty: guest state", ""),
    ("files", "file-missing", {"end": ".vmrs"}, "missing or empty: runtime state", ""),
    ("clocks", "clock-off", {}, "HAM-N02 is 10 min ahead", "w32tm"),
    ("updates", "update-runs", {}, "UpdateInProgress", ""),
    ("nodes", "node-drains", {}, "HAM-N02: Paused", "Resume-ClusterNode"),
    ("source-copy", "source-returns", {}, "AZL-BER is not dead", ""),
]


@pytest.mark.parametrize(("check", "name", "options", "evidence", "remedy"), STOPS, ids=[s[1] for s in STOPS])
async def test_what_stops(
    tl: World, check: str, name: str, options: dict[str, object], evidence: str, remedy: str
) -> None:
    found = (await row(tl, check, name, **options)).finding
    assert found is not None
    assert found.level is Level.STOP, found
    assert evidence in found.evidence
    assert found.means
    assert found.remedy
    assert remedy in found.remedy_script


WARNS = [
    ("storage-jobs", "repair-runs", "Repair Running"),
    ("nodes", "witness-offline", "2 of 2 Up"),
    ("checkpoints", "checkpoint-appears", "1 found"),
    ("moc-versions", "moc-old", "1.2.20"),
    ("target-key", "key-appears", "of unknown origin"),
]


@pytest.mark.parametrize(("check", "name", "evidence"), WARNS, ids=[w[1] for w in WARNS])
async def test_what_warns(tl: World, check: str, name: str, evidence: str) -> None:
    found = (await row(tl, check, name)).finding
    assert found is not None
    assert found.level is Level.WARN, found
    assert evidence in found.evidence


async def test_a_start_before_the_key_is_explained(tmp_path: Path) -> None:
    early = World(scenario("trusted-launch"), tmp_path, "started-too-early")
    found = (await row(early, "target-key", "witness-offline")).finding
    assert found is not None
    assert found.learned == {"target_key": "present"}
    assert "Hyper-V wrote:" in found.means
    assert "key protector" in found.means
    titles = [step.title for step in early.plan().steps()]
    assert "Safety export of the key that is there" in titles


# Between guard and act --------------------------------------------------------------------------------------------

CHANGED = [
    ("import-key", "key-appears", "a key of this name is there"),
    ("import-key", "vm-starts", "a key of this name is there"),
    ("cluster-role", "vm-moves", "HAM-N01, Off; the plan has it on HAM-N02"),
    ("cluster-role", "source-returns", "AZL-BER is not dead"),
    ("start", "source-returns", "AZL-BER is not dead"),
    ("start", "repair-runs", "Repair"),
    ("start", "key-disappears", "0 keys of this name"),
]


@pytest.mark.parametrize(("step", "name", "words"), CHANGED, ids=[f"{c[0]}-{c[1]}" for c in CHANGED])
async def test_a_broken_guard_sends_nothing(tl: World, step: str, name: str, words: str) -> None:
    options = {"cluster": "AZL-HAM"} if name == "key-disappears" else {}
    question, _ = await stopped_by(tl, fate=when(step, lambda: tl.faults.apply_now(tl.site, name, **options)))
    assert question.step == step
    assert question.asks is Asks.CHANGED
    text = " ".join(question.lines)
    assert words in text
    assert "Nothing was sent." in text
    assert question.mark == "read"
    assert step not in sent(tl)
    assert not tl.site.split_brain


async def test_an_agent_that_stops_before_the_import(tl: World) -> None:
    question, _ = await stopped_by(tl, fate=when("import-key", lambda: tl.faults.apply_now(tl.site, "service-stops")))
    assert question.asks is Asks.FAILURE
    assert "cannot be read" in question.lines[0]
    assert "import-key" not in sent(tl)


async def test_a_key_that_appears_between_guard_and_act_is_never_done(tl: World) -> None:
    tl.faults.inject("key-appears", cmdlet="Import-MocKey")
    question, state = await stopped_by(tl)
    assert question.asks is Asks.UNKNOWN
    assert "Already Exists" in " ".join(question.lines)
    assert state.step("import-key").outcome is Outcome.UNKNOWN
    assert "start" not in sent(tl)


async def test_a_guard_that_aged_is_read_again(tl: World) -> None:
    """The person takes 61 s over the gate; meanwhile the VM is moved: the act is not sent."""

    class Slow(Careful):
        async def ask(self, question: Question) -> Answer:
            if question.step == "cluster-role" and question.asks is Asks.CONFIRM:
                tl.clock.person += 61
                tl.faults.apply_now(tl.site, "vm-moves")
            return await super().ask(question)

    pilot = Slow(tl.clock, WITNESS)
    await tl.run(pilot.ask)
    assert pilot.asked[-1].asks is Asks.CHANGED
    assert "cluster-role" not in sent(tl)


# The act itself ---------------------------------------------------------------------------------------------------


async def test_moc_unavailable_before_the_effect(tl: World) -> None:
    tl.faults.inject("moc-unavailable-before", cmdlet="Import-MocKey")
    question, state = await stopped_by(tl)
    assert question.asks is Asks.FAILURE
    assert question.mark == ""  # no choice is marked: the first one sends again
    assert "code = Unavailable" in question.lines[0]
    assert "0 keys of this name" in question.lines[1]
    assert "ca-*" in question.remedy
    assert next(c for c in question.choices if c.key == "skip").refused
    assert state.step("import-key").outcome is Outcome.FAILED
    await recovers(tl)


async def test_moc_unavailable_after_the_effect_is_unknown(tl: World) -> None:
    tl.faults.inject("moc-unavailable-after", cmdlet="Import-MocKey")
    question, state = await stopped_by(tl)
    assert question.asks is Asks.UNKNOWN
    assert "Whether this run's command did it is not known" in question.lines[1]
    assert state.step("import-key").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(("name", "asks"), [("leave-before", Asks.FAILURE), ("leave-after", Asks.UNKNOWN)])
async def test_a_script_that_was_left_is_no_success(tl: World, name: str, asks: Asks) -> None:
    tl.faults.inject(name, cmdlet="Import-MocKey")
    question, _ = await stopped_by(tl)
    assert question.asks is asks
    assert "left before its end" in question.lines[0]


async def test_a_file_cut_short_is_copied_again(tl: World) -> None:
    tl.faults.inject("written-half", cmdlet="Set-Content", on="KEY-N01", nth=2)
    question, _ = await stopped_by(tl)
    assert (question.step, question.asks) == ("copy-public-key", Asks.FAILURE)
    assert "SHA-256" in question.lines[1]
    await recovers(tl)


async def test_an_altered_export_is_refused_by_the_target(tl: World) -> None:
    tl.faults.inject("written-altered")
    question, state = await stopped_by(tl)
    assert question.asks is Asks.FAILURE
    assert question.step in ("export-key", "import-key")
    assert state.step("start").outcome is None
    assert not judge(tl.site).recovered


async def test_a_start_that_fails_says_what_hyper_v_wrote(tl: World) -> None:
    tl.faults.apply_now(tl.site, "start-fails")
    question, state = await stopped_by(tl)
    assert (question.step, question.asks) == ("start", Asks.FAILURE)
    assert "Hyper-V wrote" in question.lines[1]
    assert "Never start it again before you know why" in question.lines[2]
    assert state.step("start").outcome is Outcome.FAILED


async def test_a_heartbeat_that_flaps_is_not_healthy(tl: World) -> None:
    tl.faults.apply_now(tl.site, "heartbeat-flaps")
    question, state = await stopped_by(tl)
    assert (question.step, question.asks) == ("start", Asks.FAILURE)
    assert state.step("start").outcome is Outcome.FAILED


# The connection ---------------------------------------------------------------------------------------------------


async def test_lost_before_it_arrived_asks_to_type_before_it_is_sent_again(tl: World) -> None:
    pilot = tl.pilot()
    state = await tl.run(pilot.ask, interference=Interference(then=Fate.NEVER_ARRIVES, text="Import-MocKey"))
    failed = next(q for q in pilot.asked if q.asks is Asks.FAILURE)
    assert "broke" in failed.lines[0]
    assert "0 keys of this name" in failed.lines[1]
    assert any(q.phrase == "DRILL SEND AGAIN" for q in pilot.asked)
    assert state.ended is not None
    assert judge(tl.site).recovered


async def test_lost_after_the_effect_is_unknown(tl: World) -> None:
    question, state = await stopped_by(tl, interference=Interference(then=Fate.APPLIED, text="Import-MocKey"))
    assert question.asks is Asks.UNKNOWN
    assert state.step("import-key").outcome is Outcome.UNKNOWN
    assert [w[0] for w in tl.writes("Import-MocKey")] == ["Import-MocKey"]


class Refusing(RemoteEstate):
    """An estate that fails, as told, for the act whose script holds a text: once for its sending; twice for its
    process, which is tried while the gate is on the screen, and once more after the answer."""

    def fail(self, text: str, prepare: EstateError | None = None, send: EstateError | None = None) -> None:
        self._text, self._prepare, self._send = text, [prepare] * 2 if prepare is not None else [], send

    async def prepare(self, action: PowerShell) -> Prepared:
        if self._prepare and self._text in action.script:
            raise self._prepare.pop()
        return await super().prepare(action)

    async def send(self, prepared: Prepared) -> AsyncIterator[Record]:
        if self._send is not None and self._text in prepared.action.script:
            error, self._send = self._send, None
            await self.discard(prepared)
            raise error
        async for record in super().send(prepared):
            yield record


NOT_SENT = [
    SignInRefused("HAM-N02 refused the account.", "Nothing was sent.", "Check user and password."),
    NoHandshake("HAM-N02 started PowerShell, but it did not answer in its frame.", "Nothing was sent.", "Look."),
    Unreachable("No connection to HAM-N02.", "Nothing was sent.", "Look."),
]


async def failing(world: World, monkeypatch: pytest.MonkeyPatch, **how: EstateError) -> tuple[Question, RunState]:
    plain = World.estate

    def estate(self: World, interference: Interference | None = None) -> tuple[RemoteEstate, object]:
        _, transport = plain(self, interference)
        made = Refusing(transport, self.clock)
        made.fail("Import-MocKey", **how)
        return made, transport

    monkeypatch.setattr(World, "estate", estate)
    found = await stopped_by(world)
    monkeypatch.setattr(World, "estate", plain)
    return found


@pytest.mark.parametrize("error", NOT_SENT, ids=[type(e).__name__ for e in NOT_SENT])
async def test_what_was_never_sent_may_be_tried_again(
    tl: World, monkeypatch: pytest.MonkeyPatch, error: EstateError
) -> None:
    question, _ = await failing(tl, monkeypatch, prepare=error)
    assert question.asks is Asks.FAILURE
    assert question.lines[0] == error.happened
    assert "Nothing was sent." in question.lines[1]
    assert tl.writes("Import-MocKey") == []
    await recovers(tl)


@pytest.mark.parametrize("kind", [ConnectionLost, DeadlinePassed])
async def test_what_may_have_been_sent_is_read_before_anything_else(
    tl: World, monkeypatch: pytest.MonkeyPatch, kind: type[EstateError]
) -> None:
    question, state = await failing(tl, monkeypatch, send=kind("No end of the answer from HAM-N02."))
    assert question.asks is Asks.FAILURE
    assert "No end of the answer" in question.lines[0]
    assert "0 keys of this name" in question.lines[1]
    assert state.step("import-key").outcome is Outcome.FAILED
    await recovers(tl)
