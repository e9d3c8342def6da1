"""What a healthy reading of a drill's site gives: its inputs and findings, read in this process, without a network."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tui.ahead import Given
from tui.catalogue import SITE
from tui.core.clock import SystemClock
from tui.core.errors import BadInput
from tui.lab.drills import Drill
from tui.lab.faults import Faults
from tui.lab.inprocess import InProcess
from tui.lab.site import make_site
from tui.remote.estate import RemoteEstate
from tui.scenarios import scenario
from tui.wizard.board import SiteBoard
from tui.wizard.form import SiteForm


def drill_values(drill: Drill, scenario_id: str) -> Given:
    """Inputs as recommended, and what the prerequisites learn. Raises BadInput for a drill of another scenario."""
    if drill.scenario != scenario_id:
        raise BadInput(
            f"Drill {drill.name} is of scenario {drill.scenario}, not {scenario_id}.", "",
            f"azl-recover plan {drill.scenario} --drill {drill.name}",
        )  # fmt: skip
    return asyncio.run(_read(drill))


async def _read(drill: Drill) -> Given:
    told = {"source" if name == "original" else name: value for name, value in drill.told.items()}
    clock = SystemClock()
    lab = make_site(1, drill.variant)
    site = replace(SITE, groups=lab.world.story.groups)
    estate = RemoteEstate(InProcess(lab, Faults()), clock)
    try:
        form = SiteForm(scenario(drill.scenario), site, estate, told)
        for each in form.fields:
            options = await form.options(each.name)
            best = [option.value for option in options if option.recommended] or [options[0].value]
            form.choose(each.name, *(best if each.many else best[:1]))
        board = SiteBoard(form.scenario.checks(site, form.facts), form.facts, estate, clock)
        await board.read(lambda: None)
    finally:
        await estate.close()
    return Given({**form.facts.values, **board.learned()}, SITE.clusters)
