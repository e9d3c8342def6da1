"""A site without a network and without waiting, a run on it, and ways to stop that run dead."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

from tests.lab.test_site import START, CachedKeys
from tui.autopilot import Autopilot
from tui.catalogue import SITE as CLUSTERS
from tui.core.engine import Asker, Engine
from tui.core.events import Chosen, Event, RunBegan, Stamped, TakenUp
from tui.core.facts import Facts
from tui.core.hold import place
from tui.core.journal import NAME, Journal, read_journal
from tui.core.plan import Plan
from tui.core.question import Answer, Asks, Question
from tui.core.scenario import Scenario, Site
from tui.core.state import RunState
from tui.lab.clock import LabClock
from tui.lab.faults import Faults
from tui.lab.inprocess import InProcess
from tui.lab.interference import Fate, Interference
from tui.lab.site import Site as LabSite
from tui.lab.site import make_site, summary
from tui.remote.estate import RemoteEstate
from tui.wizard.board import SiteBoard
from tui.wizard.form import SiteForm

RUN = "20261122-021400-3f9a"
WITNESS = {"witness": "j.brandt, on site", "saw": "both nodes without power, 02:31 UTC"}
NEVER = ("New-MocKey", "Import-MocKey", "Remove-MocKey", "Add-ClusterVirtualMachineRole", "Start-ClusterGroup")


class Killed(BaseException):
    """The process dies here: nothing after it happens."""


class SiteClock:
    """The site's time jumps; the person's time stands still unless a test moves it."""

    def __init__(self, site: LabSite) -> None:
        self._site = site
        self.person = 0.0
        self.on_sleep: Callable[[], None] = lambda: None

    def wall(self) -> float:
        return self._site.clock.now().timestamp()

    def monotonic(self) -> float:
        return self.person

    async def sleep(self, seconds: float) -> None:
        self._site.clock.skip(seconds)
        self.on_sleep()
        await asyncio.sleep(0)


class Operator(Autopilot):
    """The autopilot, and what only a person decides: sends again what did not arrive, and says what it knows."""

    def _gate(self, question: Question) -> str:
        return "go" if question.phrase.endswith("SEND AGAIN") else super()._gate(question)

    def _decide(self, question: Question) -> str:
        if question.asks is Asks.FAILURE:
            return self._again(question, "retry", 2)
        return super()._decide(question)


class MortalJournal(Journal):
    """Dies as told: `fate(event)` says "before" (it never reaches the disk) or "after" (it has just reached it)."""

    fate: Callable[[Event], str] = staticmethod(lambda _event: "")

    async def commit(self, event: Event) -> Stamped:
        fate = self.fate(event)
        if fate == "before":
            raise Killed
        stamped = await super().commit(event)
        if fate == "after":
            raise Killed
        return stamped


@dataclass
class World:
    """One site, and any number of runs on it. `folder` holds the runs."""

    scenario: Scenario
    folder: Path
    variant: str = ""
    site: LabSite = field(init=False)
    faults: Faults = field(init=False)
    clock: SiteClock = field(init=False)

    def __post_init__(self) -> None:
        self.site = make_site(1, self.variant, keys=CachedKeys(), clock=LabClock(START, instant=True))
        self.faults = Faults()
        self.clock = SiteClock(self.site)

    @property
    def clusters(self) -> Site:
        return replace(CLUSTERS, groups=self.site.world.story.groups)

    def estate(self, interference: Interference | None = None) -> tuple[RemoteEstate, InProcess]:
        transport = InProcess(self.site, self.faults, interference=interference)
        return RemoteEstate(transport, self.clock), transport

    def plan(self, run: str = RUN, changed: Mapping[str, str] | None = None) -> Plan:
        known = chosen(self.scenario.id, self.variant)
        facts = Facts({**known, "run": run, "machine": "DR-PC3", "epoch": "1"}).plus(changed or {})
        return self.scenario.plan(CLUSTERS, facts)

    def pilot(self, kind: type[Autopilot] = Operator, decline_at: str | None = None) -> Autopilot:
        return kind(self.clock, WITNESS, decline_at=decline_at)

    def began(self, run: str) -> RunBegan:
        return RunBegan(
            run, "DRILL", "lab", "DR-PC3", "tester", "0", self.clock.wall(), 7200.0, clusters=CLUSTERS.record()
        )

    async def run(
        self,
        asker: Asker,
        *,
        run: str = RUN,
        fate: Callable[[Event], str] | None = None,
        interference: Interference | None = None,
        machine: str = "DR-PC3",
        root: Path | None = None,
    ) -> RunState:
        """Begin the run, or take it up where its record ends; `root` holds its folder where that is a copy."""
        folder = (root or self.folder) / run
        estate, transport = self.estate(interference)
        again = (folder / NAME).exists()
        journal = MortalJournal.take_up(folder, self.clock) if again else MortalJournal.create(folder, self.clock)
        if fate is not None:
            journal.fate = fate  # type: ignore[method-assign]
        try:
            past = journal.state
            engine: Engine | None = None
            try:
                if again and past.began is not None:
                    await journal.commit(
                        TakenUp(machine, "tester", past.epoch + 1, journal.recorded.torn, place(folder))
                    )
                else:
                    await journal.commit(replace(self.began(run), holder=place(folder)))
                    known = {**chosen(self.scenario.id, self.variant), "run": run, "machine": "DR-PC3", "epoch": "1"}
                    await journal.commit(Chosen(self.scenario.id, known))
                known_plan = journal.state.plan
                plan = self.plan(run, known_plan.changed if known_plan is not None else None)
                engine = Engine(plan, journal, estate, self.clock, asker, "DRILL", replan=partial(self.plan, run))
                return await engine.run()
            except Killed:
                if interference is None or interference.then is not Fate.APPLIES_LATER:
                    transport.client_dies()
                raise
        finally:
            journal.close()
            await estate.close()

    def events(self, run: str = RUN) -> tuple[Stamped, ...]:
        return read_journal(self.folder / run / NAME).events

    def ends(self) -> dict[str, object]:
        return summary(self.site)

    def writes(self, *cmdlets: str) -> list[tuple[str, Mapping[str, object]]]:
        """Changing calls that arrived at the site: (cmdlet, parameters)."""
        return [(w.cmdlet, w.parameters) for w in self.site.writes if not cmdlets or w.cmdlet in cmdlets]

    def sent_twice(self) -> list[str]:
        """Calls of `never` cmdlets that took effect more than once with the same parameters."""
        done = [
            f"{w.cmdlet} {sorted(w.parameters.items())}" for w in self.site.writes if w.cmdlet in NEVER and w.effect
        ]
        return sorted({text for text in done if done.count(text) > 1})


@cache
def chosen(scenario_id: str, variant: str) -> dict[str, str]:
    """Inputs and findings as the autopilot takes them, read once for each kind of site."""
    from tui.scenarios import scenario

    world = World(scenario(scenario_id), Path("unused"), variant)

    async def choose() -> dict[str, str]:
        estate, _ = world.estate()
        told = {"source": "AZL-BER", "target": "AZL-HAM", **({} if variant == "wave" else {"vm": "SRV-DB01"})}
        form = SiteForm(world.scenario, world.clusters, estate, told)
        for each in form.fields:
            options = await form.options(each.name)
            best = [o.value for o in options if o.recommended] or [options[0].value]
            form.choose(each.name, *(best if each.many else best[:1]))
        board = SiteBoard(world.scenario.checks(CLUSTERS, form.facts), form.facts, estate, world.clock)
        await board.read(lambda: None)
        await estate.close()
        return dict(form.facts.plus(board.learned()).values)

    with ThreadPoolExecutor(1) as aside:  # a loop of its own: a test's loop may be running here
        return aside.submit(lambda: asyncio.run(choose())).result()


def answer(question: Question, choice: str, **more: str) -> Answer:
    """An answer as a person gives it."""
    return Answer(question.id, question.binding, choice, "tester", seconds=3.0, **more)  # type: ignore[arg-type]
