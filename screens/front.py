"""The front end's contract, kept by screens: one view a call, imported with its first showing.

All views take 100 ms to import, the first one 20.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from screens.welcome import WelcomeScreen

if TYPE_CHECKING:
    from screens.view import View
    from tui.core.clock import Clock
    from tui.core.front import (
        Board,
        Form,
        PlanView,
        Recommendation,
        Report,
        RunSession,
        Situation,
        Triage,
        Welcome,
        WelcomeChoice,
    )
    from tui.core.scenario import Scenario

T = TypeVar("T")


class Stage(Protocol):
    """What the front end needs of the app."""

    clock: Clock
    situation: Situation
    session: RunSession | None

    async def show(self, view: View[T]) -> T:
        """Put the view in place of the one before and wait for its result. Raises Leave."""
        ...


class TextualFront:
    """Shows views in the app, gives their answers. See `tui.core.front.FrontEnd`."""

    def __init__(self, app: Stage) -> None:
        self._app = app
        self.clock = app.clock

    def situation(self, situation: Situation) -> None:
        """What the header says from now on."""
        self._app.situation = situation

    async def welcome(self, view: Welcome) -> WelcomeChoice:
        """The first screen."""
        return await self._app.show(WelcomeScreen(view))

    async def triage(self, view: Triage) -> str:
        """One question of "What happened?"."""
        from screens.triage import TriageScreen

        return await self._app.show(TriageScreen(view))

    async def recommendation(self, view: Recommendation) -> str:
        """What we would take, and why."""
        from screens.recommendation import RecommendationScreen

        return await self._app.show(RecommendationScreen(view))

    async def scenarios(self, choices: Sequence[Scenario], fitting: str) -> str:
        """All scenarios."""
        from screens.scenarios import ScenariosScreen

        return await self._app.show(ScenariosScreen(choices, fitting))

    async def inputs(self, form: Form) -> str:
        """Values from what the hosts answer."""
        from screens.inputs import InputsScreen

        return await self._app.show(InputsScreen(form))

    async def prerequisites(self, board: Board) -> str:
        """What is true now."""
        from screens.prerequisites import PrerequisitesScreen

        return await self._app.show(PrerequisitesScreen(board))

    async def plan(self, view: PlanView) -> str:
        """The whole way before the first step."""
        from screens.plan import PlanScreen

        return await self._app.show(PlanScreen(view))

    async def run(self, session: RunSession) -> None:
        """Run and show it until it ends, or the person leaves."""
        from screens.fleet import FleetScreen
        from screens.run import RunScreen

        screen = FleetScreen(session) if session.plan.vms else RunScreen(session)
        self._app.session = session
        shown = asyncio.ensure_future(self._app.show(screen))
        try:
            await screen.ready.wait()
            going = asyncio.ensure_future(session.go(screen.ask))
            try:
                await asyncio.wait({going, shown}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not going.done():
                    going.cancel()
                    await asyncio.wait({going})
            if shown.done():
                going.cancelled() or going.exception()
                shown.result()  # raises Leave
            going.result()
            screen.finish(True)
        finally:
            self._app.session = None
            shown.cancel()

    async def report(self, view: Report) -> None:
        """The end of a run."""
        from screens.report import ReportScreen

        await self._app.show(ReportScreen(view))

    async def tell(self, title: str, lines: Sequence[str]) -> None:
        """Something that cannot wait for a view."""
        from screens.tell import TellScreen

        await self._app.show(TellScreen(title, lines))
