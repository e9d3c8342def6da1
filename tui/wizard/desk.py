"""What the wizard has before it: the site, the way to it, the clock, the person, and where runs are kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.core.action import Estate
    from tui.core.clock import Clock
    from tui.core.events import Stamped
    from tui.core.scenario import Scenario, Site


@dataclass(frozen=True, slots=True)
class Story:
    """What a drill supplies: its story, what was told, when the outage was declared, and its par."""

    drill: str
    title: str
    lines: tuple[str, ...]
    scenario: str
    told: Mapping[str, str] = field(default_factory=dict)
    declared_ago: float = 0.0
    """Seconds between the declaration and the wizard's start."""
    rto: float = 0.0
    lab: str = ""
    """The lab's folder, as a name below the runs folder."""
    labs: str = ""
    """Where this computer keeps the labs: a run folder that was copied elsewhere still finds its own."""
    witness: str = ""
    """What somebody on site has seen: the story's, for the gate that asks for it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """`mode` is DRILL or LIVE; nothing can turn one into the other."""

    mode: str
    site: Site
    estate: Estate
    clock: Clock
    runs: Path
    person: str
    machine: str
    version: str
    scenarios: tuple[Scenario, ...]
    story: Story | None = None
    notices: tuple[tuple[str, str], ...] = ()
    can_start: bool = True
    follow: Callable[[Stamped], None] | None = None
    """Called with each committed event of a run: a drill paces its site by the questions."""
    connect: Callable[[str], Awaitable[Desk]] | None = None
    """Gives the desk with the site of a run (empty: of a new one), once that stands: the first screen need not wait,
    and a drill's run goes on where its own lab is, never on another."""
