"""The way back, and the ways in which a run could do harm: each was found by trying to break the promises."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.scenarios.test_crashes import at_event, at_return, die
from tests.scenarios.test_faults import Careful, recovers, sent, stopped_by, when
from tests.scenarios.world import WITNESS, Operator, World
from tui.core.action import Reach, Read, Reply
from tui.core.errors import ConnectionLost, Unreachable
from tui.core.events import Intended, Outcome
from tui.core.question import Answer, Asks, Question
from tui.core.state import RunState
from tui.lab.interference import Fate, Interference
from tui.remote.estate import RemoteEstate
from tui.scenarios import scenario


@pytest.fixture
def tl(tmp_path: Path) -> World:
    return World(scenario("trusted-launch"), tmp_path)


@pytest.fixture
def early(tmp_path: Path) -> World:
    return World(scenario("trusted-launch"), tmp_path, "started-too-early")


class Answers(Operator):
    """An operator with other answers to some questions, by step and kind (`choice` or (`choice`, reason))."""

    def __init__(self, world: World, **says: str) -> None:
        super().__init__(world.clock, WITNESS)
        self.says = says

    async def ask(self, question: Question) -> Answer:
        key = f"{question.step or question.id}:{question.asks}".replace(" ", "_")
        said = self.says.get(key.replace("-", "_").replace(":", "__"))
        answer = await super().ask(question)
        if said is None or not any(choice.key == said for choice in question.offered()):
            return answer
        typed = question.phrase if said == "go" else ""
        return replace(answer, choice=said, typed=typed, reason="I know why, and say so")


def vault(world: World) -> list[object]:
    return sorted(str(key) for key in world.ends()["vaults"]["AZL-HAM"])  # type: ignore[index]


async def undone(world: World, **says: str) -> RunState:
    """Go on to the pause after the import, and back from there."""
    pilot = Answers(world, **says)

    async def ask(question: Question) -> Answer:
        if question.asks is Asks.PAUSE:
            return replace(await Operator.ask(pilot, question), choice="undo")
        return await pilot.ask(question)

    return await world.run(ask)


async def test_the_way_back_leaves_the_site_as_it_was(tl: World) -> None:
    before, there = tl.ends(), files(tl)
    state = await undone(tl)
    assert state.ended is not None
    assert state.ended.outcome == "undone"
    assert state.ended.left_over == ()
    after = tl.ends()
    assert {name: after[name] for name in after if name != "files"} == {n: before[n] for n in before if n != "files"}
    new = [path for path in files(tl) if path not in there]
    assert [path for path in new if "azlr'" not in path] == []  # the empty folder C:\\azlr stays
    assert set(there) <= set(files(tl))


async def test_the_way_back_from_a_repair_puts_the_key_back_first(early: World) -> None:
    before = vault(early)
    state = await undone(early)
    assert state.ended is not None
    assert state.ended.left_over == ()
    assert vault(early) == before
    order = [s.event.step for s in early.events() if isinstance(s.event, Intended) and s.event.step.startswith("undo")]
    assert order.index("undo-remove-wrong-key") < order.index("undo-wrapping-key") < order.index("undo-folder-target")


async def test_what_opens_the_safety_export_stays_while_the_key_is_not_back(early: World) -> None:
    """The import of the safety export is skipped: wrapping key and export must not go, and both are named."""
    early.faults.inject("error-before", cmdlet="Import-MocKey", nth=2, times=9, text="no")
    state = await undone(early, undo_remove_wrong_key__failure="skip", undo_wrapping_key__changed="skip",
                         undo_folder_target__changed="skip")  # fmt: skip
    assert state.ended is not None
    left = " ".join(state.ended.left_over)
    assert "HAM-N02" in left
    assert "AZL-HAM" in left
    removed = [p for c, p in early.writes("Remove-MocKey") if "azl-" in str(p)]
    assert removed == []
    assert any("safety" in path for path in files(early))


def files(world: World) -> list[str]:
    return [str(path) for paths in world.ends()["files"].values() for path in paths]  # type: ignore[union-attr, attr-defined]


async def test_there_is_no_way_back_after_the_start(tl: World) -> None:
    """Once the start was sent, nothing offers to take the key of a running VM away."""
    tl.faults.inject("error-before", cmdlet="Set-VM", nth=2, text="no")
    question, _ = await stopped_by(tl)
    assert (question.step, question.asks) == ("autostart-back", Asks.FAILURE)
    assert next(c for c in question.choices if c.key == "undo").refused


async def test_an_attested_key_is_named_after_the_way_back(tl: World) -> None:
    tl.faults.inject("error-after", cmdlet="New-MocKey", text="late")
    state = await undone(tl, wrapping_key__unknown="attest")
    assert state.ended is not None
    assert any("wrapping key" in text or "1 key added" in text for text in state.ended.left_over)


# Is the source dead? ------------------------------------------------------------------------------------------------


class Blind(RemoteEstate):
    """Does not know the addresses of the source."""

    async def read(self, action: Read) -> Reply:
        if action.host.startswith("BER") and isinstance(action, Reach):
            raise Unreachable(f"The name of {action.host} is not known.", "Nothing was sent.")
        return await super().read(action)


async def test_a_name_that_is_not_known_is_no_silence(tl: World, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = tl.estate()[1]
    monkeypatch.setattr(World, "estate", lambda self, interference=None: (Blind(plain, self.clock), plain))
    question, _ = await stopped_by(tl)
    assert (question.step, question.asks) == ("source-dead", Asks.FAILURE)
    assert "cannot be asked" in question.lines[0]


async def test_a_source_that_was_read_and_then_goes_silent_is_not_dead(tl: World) -> None:
    tl.faults.apply_now(tl.site, "source-returns")
    for vm in tl.site.vms:
        if vm.cluster == "AZL-BER" and vm.state == "Running":
            vm.state = "Off"

    def silence() -> None:
        for node in ("BER-N01", "BER-N02"):
            tl.faults.apply_now(tl.site, "node-dies", host=node)

    question, state = await stopped_by(tl, fate=when("start", silence))
    assert state.step("source-dead").outcome is Outcome.DONE
    assert question.asks is Asks.CHANGED
    assert "nobody has said that it is dead" in " ".join(question.lines)
    assert "start" not in sent(tl)
    await recovers(tl)  # taken up, it asks anew, and a person says so
    assert any(s.event.step == "source-dead" for s in tl.events() if getattr(s.event, "phrase", "").endswith("IS DEAD"))


# Crashes and words --------------------------------------------------------------------------------------------------


def test_an_import_that_may_be_the_systems_own_key_is_not_found_done(tl: World) -> None:
    """The request never arrived; while the program was away somebody started the VM: a wrong key stands there."""
    number = [step.id for step in tl.plan().steps() if step.act is not None].index("import-key") + 1
    die(tl, at_return(number), Interference(nth=number, then=Fate.NEVER_ARRIVES))
    tl.faults.apply_now(tl.site, "vm-starts")
    pilot = Careful(tl.clock, WITNESS)
    state = asyncio.run(tl.run(pilot.ask))
    assert pilot.asked[-1].asks is Asks.UNKNOWN
    assert "Hyper-V wrote meanwhile" in pilot.asked[-1].lines[0]
    assert state.step("import-key").outcome is Outcome.UNKNOWN
    assert "start" not in sent(tl)


def test_by_hand_is_asked_again_after_a_crash(tl: World) -> None:
    class Leaves(Operator):
        async def ask(self, question: Question) -> Answer:
            if question.asks is Asks.BY_HAND:
                raise KeyboardInterrupt
            answer = await super().ask(question)
            return replace(answer, choice="hand") if question.id == "import-key#1" else answer

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(tl.run(Leaves(tl.clock, WITNESS).ask))
    pilot = tl.pilot()
    asyncio.run(tl.run(pilot.ask))
    assert any(q.asks is Asks.BY_HAND and q.step == "import-key" for q in pilot.asked)


async def test_a_step_that_others_need_cannot_be_skipped(tl: World) -> None:
    tl.faults.inject("error-before", cmdlet="Add-ClusterVirtualMachineRole", text="no")
    question, _ = await stopped_by(tl)
    assert next(c for c in question.choices if c.key == "skip").refused


async def test_one_lost_reading_at_the_end_is_not_the_end(tl: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Flaky(RemoteEstate):
        async def read(self, action: Read) -> Reply:
            over = tl.writes("Remove-Item") and len(tl.writes("Remove-Item")) == 2
            if over and not getattr(self, "lost", False) and "Get-ClusterParameter" in getattr(action, "script", ""):
                self.lost = True
                raise ConnectionLost("The connection broke.")
            return await super().read(action)

    plain = tl.estate()[1]
    monkeypatch.setattr(World, "estate", lambda self, interference=None: (Flaky(plain, self.clock), plain))
    pilot = tl.pilot()
    state = await tl.run(pilot.ask)
    assert any(q.id == "whole-goal" for q in pilot.asked)
    assert state.ended is not None
    assert state.ended.recovered


async def test_sent_again_and_not_sent_still_asks_to_type(tl: World) -> None:
    """The import was lost on its way; sent again, it did not leave; the third attempt is typed too."""
    phrases: list[str] = []

    class Seeing(Operator):
        async def ask(self, question: Question) -> Answer:
            if question.step == "import-key" and question.asks in (Asks.CONFIRM, Asks.TYPE):
                phrases.append(question.phrase)
            return await super().ask(question)

    class Twice(RemoteEstate):
        failed = 0

        async def send(self, prepared):  # type: ignore[no-untyped-def, override]
            if "Import-MocKey" in prepared.action.script and Twice.failed < 2:
                Twice.failed += 1
                await self.discard(prepared)
                raise (ConnectionLost if Twice.failed == 1 else Unreachable)("The connection broke.")
            async for record in super().send(prepared):
                yield record

    estate, transport = tl.estate()
    assert estate is not None
    original = World.estate
    World.estate = lambda self, interference=None: (Twice(transport, self.clock), transport)  # type: ignore[method-assign, assignment]
    try:
        await tl.run(Seeing(tl.clock, WITNESS).ask)
    finally:
        World.estate = original  # type: ignore[method-assign]
    assert phrases == ["", "DRILL SEND AGAIN", "DRILL SEND AGAIN"]


def test_a_run_that_was_taken_up_asks_about_the_source_again(tl: World) -> None:
    asyncio.run(tl.run(tl.pilot(decline_at="start").ask))
    pilot = tl.pilot()
    state = asyncio.run(tl.run(pilot.ask))
    assert sum(q.step == "source-dead" for q in pilot.asked) == 1
    assert state.ended is not None


def test_the_safety_export_is_taken_again_after_a_break(early: World) -> None:
    asyncio.run(early.run(early.pilot(decline_at="remove-wrong-key").ask))
    asyncio.run(early.run(early.pilot().ask))
    exports = [p for c, p in early.writes("Export-MocKey") if "safety" in str(p)]
    assert len(exports) == 2
    assert exports[0] != exports[1]


@pytest.mark.crash
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("variant", ["", "started-too-early"])
def test_every_event_of_the_way_back(variant: str, part: int, tmp_path: Path) -> None:
    """Killed at every event of a run that turns back, and taken up: it ends undone, with the vault as it was."""
    calm = World(scenario("trusted-launch"), tmp_path / "calm", variant)
    before = vault(calm)
    asyncio.run(undone(calm))
    for number in range(1 + part, len(calm.events()), 4):
        world = World(scenario("trusted-launch"), tmp_path / str(number), variant)
        die(world, at_event(number), asker=Turning(world))
        state = asyncio.run(world.run(Turning(world).ask))
        assert state.ended is not None, number
        assert (state.ended.outcome, state.ended.left_over) == ("undone", ()), number
        assert vault(world) == before, number
        assert world.sent_twice() == calm.sent_twice(), number  # the repair removes two keys of one name, on purpose


class Turning(Operator):
    """Turns back at the first pause."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock, WITNESS)

    def _decide(self, question: Question) -> str:
        return "undo" if question.asks is Asks.PAUSE else super()._decide(question)


async def test_half_a_witness_is_none(tl: World) -> None:
    """What was seen, and by nobody: the start's gate and the record say that it is not proved."""
    pilot = Operator(tl.clock, {"saw": "no power in the rack, 02:12 UTC"})
    state = await tl.run(pilot.ask)
    gate = next(q for q in pilot.asked if q.step == "start" and q.asks is Asks.TYPE)
    silent = next(g for g in gate.guards if "no running copy" in g.title)
    assert silent.evidence.startswith("not proved: only the word of")
    assert "not proved, without witness" in state.step("source-dead").evidence


async def test_a_key_of_the_systems_own_is_not_taken_for_one_imported_on_paper(early: World) -> None:
    await early.run(early.pilot(decline_at="export-key").ask)
    says = ["import-key", "enough"]

    class OnPaper(Operator):
        async def ask(self, question: Question) -> Answer:
            usual = await super().ask(question)
            if question.asks is Asks.RESUME and len(says) == 2:
                return replace(usual, choice="paper")
            return replace(usual, choice=says.pop(0), reason="02:31") if question.asks is Asks.PAPER else usual

    pilot = OnPaper(early.clock, WITNESS)
    state = await early.run(pilot.ask)
    second = [q for q in pilot.asked if q.asks is Asks.PAPER][1]
    assert second.lines[0].startswith("Not recorded: Import the key of SRV-DB01.")
    assert state.step("import-key").outcome is Outcome.DONE
    assert state.ended is not None
    assert state.ended.recovered
