"""What somebody else changed in the run: another machine took it, a VM was moved, a key appeared."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.fake import until
from tests.scenarios.world import RUN, WITNESS, Killed, Operator, World
from tui.core.events import Asked, Ended, Event, Intended, Learned, Outcome, PlanMade
from tui.core.question import Answer, Asks, Question
from tui.lab.site import judge
from tui.lab.site.files import Files
from tui.scenarios import scenario


class Meanwhile(Operator):
    """Before the gate of one step is answered, `does` happens, once. Follows what can be followed."""

    def __init__(self, world: World, step: str, does) -> None:
        super().__init__(world.clock, WITNESS)
        self._step, self._does = step, does

    async def ask(self, question: Question) -> Answer:
        if self._does is not None and question.step == self._step and question.asks in (Asks.CONFIRM, Asks.TYPE):
            does, self._does = self._does, None
            await does()
        return await super().ask(question)

    def _decide(self, question: Question) -> str:
        if question.asks is Asks.CHANGED:
            offered = [choice.key for choice in question.offered()]
            return "follow" if "follow" in offered else "stop"
        return super()._decide(question)


@pytest.fixture
def tl(tmp_path: Path) -> World:
    return World(scenario("trusted-launch"), tmp_path)


# Takeover -----------------------------------------------------------------------------------------------------------


async def taken_over_at(world: World, step: str, machine: str = "DR-PC4") -> tuple[Meanwhile, list[str], object]:
    """The first machine stands at a gate; a copy of its folder goes on elsewhere to the end; then the first answers."""
    copy = world.folder / "copy"
    sent: list[str] = []

    async def elsewhere() -> None:
        copy.mkdir()
        shutil.copytree(world.folder / RUN, copy / RUN)
        state = await world.run(world.pilot().ask, machine=machine, root=copy)
        assert state.ended is not None
        assert state.ended.recovered
        sent.extend(w.cmdlet for w in world.site.writes)

    pilot = Meanwhile(world, step, elsewhere)
    state = await world.run(pilot.ask)
    return pilot, sent, state


@pytest.mark.parametrize("step", ["wrapping-key", "import-key"])
@pytest.mark.parametrize("machine", ["DR-PC4", "DR-PC3"], ids=["another-machine", "a-copy-on-the-same"])
async def test_the_first_machine_stops_before_its_next_act_and_says_who_has_the_run(
    tl: World, step: str, machine: str
) -> None:
    pilot, sent, state = await taken_over_at(tl, step, machine)
    last = pilot.asked[-1]
    assert last.asks is Asks.CHANGED
    assert [w.cmdlet for w in tl.site.writes] == sent, "nothing was sent after the takeover"
    assert state.ended is None
    assert judge(tl.site).recovered
    assert not tl.sent_twice()
    assert "marker" in " ".join(last.lines)


async def test_where_the_other_machine_did_all_of_it_nothing_is_left_to_send(tl: World) -> None:
    _, sent, state = await taken_over_at(tl, "cluster-role")
    assert [w.cmdlet for w in tl.site.writes] == sent
    assert state.step("cluster-role").outcome is Outcome.ALREADY
    assert not tl.sent_twice()


async def test_while_the_marker_stands_the_first_machine_is_told_who_has_the_run(tl: World) -> None:
    copy = tl.folder / "copy"

    async def elsewhere() -> None:
        copy.mkdir()
        shutil.copytree(tl.folder / RUN, copy / RUN)
        await tl.run(tl.pilot(decline_at="cluster-role").ask, machine="DR-PC4", root=copy)

    pilot = Meanwhile(tl, "import-key", elsewhere)
    state = await tl.run(pilot.ask)
    last = pilot.asked[-1]
    assert last.title == "DR-PC4 has this run, since epoch 2"
    assert [choice.key for choice in last.choices] == ["read", "stop"]
    assert state.ended is None
    assert [w.cmdlet for w in tl.site.writes].count("Import-MocKey") == 1
    recovered = await tl.run(tl.pilot().ask, machine="DR-PC4", root=copy)
    assert recovered.ended is not None
    assert recovered.ended.recovered
    assert judge(tl.site).recovered


async def test_taking_over_asks_before_it_writes_the_marker_and_going_on_in_the_same_folder_does_not(tl: World) -> None:
    await tl.run(tl.pilot(decline_at="import-key").ask)
    before = len(tl.site.writes)
    await tl.run(tl.pilot(decline_at="import-key").ask)
    assert len(tl.site.writes) == before, "the same folder goes on: its marker stands"
    copy = tl.folder / "copy"
    copy.mkdir()
    shutil.copytree(tl.folder / RUN, copy / RUN)
    pilot = tl.pilot(decline_at="import-key")
    state = await tl.run(pilot.ask, machine="DR-PC4", root=copy)
    resumed = next(q for q in pilot.asked if q.asks is Asks.RESUME)
    assert any("taken over here from DR-PC3" in line for line in resumed.lines)
    gate = next(q for q in pilot.asked if q.step == "folder-target" and q.asks is Asks.CONFIRM)
    assert gate.lines[0] == "Takes this run over: DR-PC3 stops before its next act."
    assert state.holder is not None
    assert (state.holder.machine, state.holder.epoch) == ("DR-PC4", 3)


async def copied(world: World, ask, machine: str = "DR-PC4"):
    """A copy of the run's folder goes on, as another machine's."""
    copy = world.folder / "copy"
    shutil.copytree(world.folder / RUN, copy / RUN)
    return await world.run(ask, machine=machine, root=copy)


class Back(Meanwhile):
    """Goes back where it has answered "Not now", at the gates of `later`."""

    def __init__(self, world: World, *later: str, step: str = "", does=None) -> None:
        super().__init__(world, step, does)
        self._later = later

    def _gate(self, question: Question) -> str:
        return "later" if question.step in self._later else "go"

    def _decide(self, question: Question) -> str:
        if question.asks is Asks.DECLINED:
            return "undo" if any(choice.key == "undo" for choice in question.offered()) else "stop"
        return "go" if question.asks is Asks.GO_BACK else super()._decide(question)


async def test_before_the_marker_was_made_the_first_machine_is_shown_who_has_the_run(tl: World) -> None:
    async def elsewhere() -> None:
        await copied(tl, tl.pilot(decline_at="import-key").ask)
        before.extend(tl.site.writes)

    class Sees(Meanwhile):
        def _gate(self, question: Question) -> str:
            return "later" if any("DR-PC4" in guard.evidence for guard in question.guards) else "go"

    before: list[object] = []
    pilot = Sees(tl, "folder-target", elsewhere)
    await tl.run(pilot.ask)
    shown = [guard.evidence for q in pilot.asked for guard in q.guards]
    assert shown == ["HAM-N02: no mark", "DR-PC4 has this run, since epoch 2"]
    assert tl.site.writes == before


async def test_a_run_that_is_going_back_can_be_taken_over(tl: World) -> None:
    state = await tl.run(Back(tl, "import-key", "undo-wrapping-key").ask)
    assert state.undoing
    pilot = Back(tl)
    state = await copied(tl, pilot.ask)
    assert [q.step for q in pilot.asked][:3] == ["", "folder-target", "undo-wrapping-key"]
    assert state.ended is not None
    assert state.ended.outcome == "undone"
    assert state.ended.left_over == ()


async def test_who_does_not_take_the_run_over_cannot_go_back_either(tl: World) -> None:
    await tl.run(tl.pilot(decline_at="import-key").ask)
    before = list(tl.site.writes)
    pilot = Back(tl, "folder-target")
    state = await copied(tl, pilot.ask)
    assert state.undoing
    assert state.ended is None
    assert tl.site.writes == before


@pytest.mark.parametrize("step", ["remove-folder-target", "undo-folder-target"])
async def test_the_marker_guards_its_own_removal(tl: World, step: str) -> None:
    async def elsewhere() -> None:
        pilot = Back(tl, step) if step.startswith("undo") else tl.pilot(decline_at=step)
        await copied(tl, pilot.ask)
        before.extend(tl.site.writes)

    before: list[object] = []
    pilot = Back(tl, *(["import-key"] if step.startswith("undo") else []), step=step, does=elsewhere)
    await tl.run(pilot.ask)
    assert before
    assert tl.site.writes == before
    assert pilot.asked[-1].title == "DR-PC4 has this run, since epoch 2"


async def test_a_removal_of_the_marker_that_ended_half_way_is_tried_again(tl: World) -> None:
    marker = rf"C:\azlr\{RUN}\run.txt"

    class Half(Operator):
        async def ask(self, question: Question) -> Answer:
            if question.step == "remove-folder-target" and question.asks is Asks.FAILURE:
                Files(tl.site, "HAM-N02").remove(marker)
            return await super().ask(question)

    tl.faults.inject("error-before", cmdlet="Remove-Item", text="The file is in use.")
    state = await tl.run(Half(tl.clock, WITNESS).ask)
    assert state.ended is not None
    assert state.ended.outcome == "recovered"
    assert state.ended.left_over == ()


# The plan follows ---------------------------------------------------------------------------------------------------


async def test_a_vm_that_was_moved_is_followed_to_its_node(tl: World) -> None:
    async def moves() -> None:
        tl.clock.person += 61.0
        tl.faults.apply_now(tl.site, "vm-moves", node="HAM-N01")

    pilot = Meanwhile(tl, "cluster-role", moves)
    state = await tl.run(pilot.ask)
    changed = next(q for q in pilot.asked if q.asks is Asks.CHANGED)
    off = next(g for g in changed.guards if g.title == "The VM is Off")
    assert off.evidence == "HAM-N01, Off; the plan has it on HAM-N02"
    assert off.was == "HAM-N02: Off"
    assert 0 < off.was_at < off.at
    assert state.ended is not None
    assert state.ended.recovered
    hosts = {s.event.step: s.event.host for s in tl.events() if isinstance(s.event, Intended)}
    assert hosts["import-key"] == "HAM-N02"
    assert hosts["cluster-role"] == hosts["start"] == hosts["autostart-back"] == "HAM-N01"
    assert hosts["remove-folder-target"] == "HAM-N02", "the run's files stayed where they were"
    plans = [s.event for s in tl.events() if isinstance(s.event, PlanMade)]
    assert len(plans) == 2
    assert plans[0].digest != plans[1].digest
    assert plans[1].changed["owner"] == "HAM-N01"
    assert judge(tl.site).recovered


async def test_the_gate_asks_again_after_the_plan_changed(tl: World) -> None:
    async def moves() -> None:
        tl.clock.person += 61.0
        tl.faults.apply_now(tl.site, "vm-moves", node="HAM-N01")

    await tl.run(Meanwhile(tl, "start", moves).ask)
    asked = [s.event for s in tl.events() if isinstance(s.event, Asked) and s.event.step == "start"]
    assert [event.asks for event in asked] == ["type the name", "changed", "type the name"]
    assert asked[0].binding != asked[2].binding


async def test_a_changed_plan_is_made_again_when_the_run_is_taken_up(tl: World) -> None:
    async def moves() -> None:
        tl.clock.person += 61.0
        tl.faults.apply_now(tl.site, "vm-moves", node="HAM-N01")

    pilot = Meanwhile(tl, "cluster-role", moves)
    pilot.policy = pilot.policy.__class__(decline_at="start")
    state = await tl.run(pilot.ask)
    assert state.ended is None
    state = await tl.run(tl.pilot().ask)
    assert state.ended is not None
    assert state.ended.recovered
    assert [e.host for s in tl.events() if isinstance(e := s.event, Intended) and e.step == "start"] == ["HAM-N01"]


async def test_a_key_that_appeared_is_repaired_by_a_plan_with_two_steps_more(tl: World) -> None:
    async def starts() -> None:
        tl.clock.person += 61.0
        tl.faults.apply_now(tl.site, "vm-starts")

    pilot = Meanwhile(tl, "import-key", starts)
    state = await tl.run(pilot.ask)
    sent = [s.event.step for s in tl.events() if isinstance(s.event, Intended)]
    assert sent.index("safety-export") < sent.index("remove-wrong-key") < sent.index("import-key")
    assert state.ended is not None
    assert state.ended.recovered
    verdict = judge(tl.site)
    assert verdict.recovered, verdict.reasons


async def test_in_a_wave_only_the_lane_of_the_moved_vm_follows(tmp_path: Path) -> None:
    world = World(scenario("trusted-launch"), tmp_path, "wave")

    async def moves() -> None:
        world.clock.person += 61.0
        world.faults.apply_now(world.site, "vm-moves", node="HAM-N01", vm="SRV-DB01")

    state = await world.run(Meanwhile(world, "cluster-role@SRV-DB01", moves).ask)
    assert state.ended is not None
    assert state.ended.recovered
    (plan,) = [s.event for s in world.events() if isinstance(s.event, PlanMade)][1:]
    assert plan.changed["owner@SRV-DB01"] == "HAM-N01"
    starts = {s.event.step: s.event.host for s in world.events() if isinstance(s.event, Intended)}
    assert starts["start@SRV-DB01"] == "HAM-N01"
    assert len({e.step for s in world.events() if isinstance(e := s.event, Intended) and "start@" in e.step}) == 6


# A long wait --------------------------------------------------------------------------------------------------------


async def test_a_repair_that_began_meanwhile_is_waited_for_with_its_progress(tl: World) -> None:
    class Begins(Operator):
        async def ask(self, question: Question) -> Answer:
            if question.id.startswith("pause:Bring"):
                tl.faults.apply_now(tl.site, "repair-runs", minutes=20.0)
            return await super().ask(question)

    state = await tl.run(Begins(tl.clock, WITNESS).ask)
    calm = state.step("storage-calm")
    assert calm.outcome is Outcome.DONE
    assert calm.course is not None
    assert calm.course.unit == "GB"
    assert len(calm.course.points) > 10
    assert calm.ended - calm.began > 1_100
    assert state.ended is not None
    assert state.ended.recovered


# A decision ---------------------------------------------------------------------------------------------------------


def import_by_somebody(world: World) -> None:
    """Somebody imports the VM's key, the right one, into the target's vault."""
    site = world.site
    lost = site.world.story.lost[0]
    backup = next(key for key in site.cluster("AZL-KEY").keys if key.name == lost.vm)
    site.cluster("AZL-HAM").keys.append(replace(backup, made_by="Import-MocKey"))


class Decides(Meanwhile):
    """Takes one branch of a decision."""

    branch = "keep"

    def _decide(self, question: Question) -> str:
        if question.asks is Asks.DECIDE:
            return self.branch
        return super()._decide(question)


def appears(world: World):
    async def does() -> None:
        world.clock.person += 61.0
        import_by_somebody(world)

    return does


async def test_a_decision_shows_every_value_and_branch(tl: World) -> None:
    pilot = Decides(tl, "import-key", appears(tl))
    await tl.run(pilot.ask)
    question = next(q for q in pilot.asked if q.asks is Asks.DECIDE)
    assert question.title == "Which key shall SRV-DB01 have?"
    assert dict(question.values)["Key in the vault of AZL-HAM"].startswith("AES 256")
    assert dict(question.values)["Hyper-V on HAM-N02"] == "no error that names the VM"
    assert [choice.key for choice in question.choices] == ["replace", "keep", "read", "stop"]
    assert all(choice.detail for choice in question.choices[:2])
    assert question.mark == "replace"
    assert question.lines[0].startswith("We would take 1: ")


async def test_a_key_that_is_kept_is_started_on_a_persons_word_alone(tl: World) -> None:
    pilot = Decides(tl, "import-key", appears(tl))
    state = await tl.run(pilot.ask)
    typed = next(q for q in pilot.asked if q.step == "import-key" and q.phrase)
    assert typed.phrase == "DRILL SRV-DB01 HAS ITS KEY"
    assert state.step("import-key").outcome is Outcome.ATTESTED
    assert state.step("import-key").by == "autopilot"
    assert tl.writes("Import-MocKey") == []
    assert tl.writes("Remove-MocKey") == [("Remove-MocKey", p) for c, p in tl.writes("Remove-MocKey")
                                          if str(p["name"]).startswith("azl-")]  # fmt: skip
    gate = next(q for q in pilot.asked if q.step == "start" and q.phrase)
    assert any("attested by autopilot" in guard.evidence for guard in gate.guards)
    assert state.ended is not None
    assert state.ended.recovered
    assert judge(tl.site).recovered


async def test_a_decision_stands_when_the_run_is_taken_up(tl: World) -> None:
    pilot = Decides(tl, "import-key", appears(tl))
    pilot.policy = replace(pilot.policy, decline_at="start")
    await tl.run(pilot.ask)
    again = Decides(tl, "", None)
    state = await tl.run(again.ask)
    assert not any(q.asks is Asks.DECIDE for q in again.asked)
    assert tl.writes("Import-MocKey") == []
    assert state.ended is not None
    assert state.ended.recovered


@pytest.mark.parametrize("kind", [PlanMade, Learned, Ended])
async def test_killed_while_a_decision_is_put_on_record_the_run_never_takes_the_other_branch(
    tl: World, kind: type[Event]
) -> None:
    def fate(event: Event) -> str:
        match event:
            case PlanMade(changed=facts):
                now = "kept" in facts.values()
            case Learned(values=facts):
                now = "decision:which-key" in facts
            case _:
                now = getattr(event, "step", "") == "which-key"
        return "after" if isinstance(event, kind) and now else ""

    with pytest.raises(Killed):
        await tl.run(Decides(tl, "import-key", appears(tl)).ask, fate=fate)
    state = await tl.run(Decides(tl, "", None).ask)
    assert tl.writes("Import-MocKey") == []
    assert state.step("import-key").outcome is Outcome.ATTESTED
    assert state.ended is not None
    assert state.ended.recovered


async def test_two_lanes_that_decide_at_once_both_get_what_was_chosen(tmp_path: Path) -> None:
    world = World(scenario("trusted-launch"), tmp_path, "wave")
    vault, backup = world.site.cluster("AZL-HAM").keys, world.site.cluster("AZL-KEY").keys
    lost = [one.vm for one in world.site.world.story.lost[:2]]
    vault += [replace(key, made_by="Import-MocKey") for key in backup if key.name in lost]
    standing: list[str] = []

    class Both(Decides):
        async def ask(self, question: Question) -> Answer:
            if question.asks is Asks.DECIDE:
                standing.append(question.step)
                await until(lambda: len(standing) == 2)
            return await super().ask(question)

    await world.run(Both(world, "", None).ask)
    plan = [s.event for s in world.events() if isinstance(s.event, PlanMade)][-1]
    kept = {name.replace("target_key", "which-key") for name, value in plan.changed.items() if value == "kept"}
    assert kept == set(standing)
    assert len(kept) == 2
    assert not any(p["name"] in lost for _, p in world.writes("Remove-MocKey"))


async def test_where_a_value_is_not_known_nothing_is_recommended(tl: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tl.faults.inject("error-before", cmdlet="Get-WinEvent", text="The RPC server is unavailable.", times=99)
    pilot = Meanwhile(tl, "import-key", appears(tl))
    await tl.run(pilot.ask)
    question = next(q for q in pilot.asked if q.asks is Asks.DECIDE)
    assert question.mark == ""
    assert question.lines[0].startswith("We do not recommend one: ")
    assert pilot.stuck
