"""What a front end is: something that shows these views and gives these answers. It holds no logic of its own.

Three front ends keep this contract: the Textual screens, `--plain`, and the autopilot. One coroutine (`tui.wizard`)
leads through it, so none of them can know a way that the others do not.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tui.core.clock import Clock
    from tui.core.engine import Asker, Brake
    from tui.core.events import Stamped
    from tui.core.plan import Plan
    from tui.core.scenario import Field, Finding, Option, Scenario
    from tui.core.state import RunState


class Leave(Exception):
    """The person leaves the program. Nothing is in flight; what is on record can be taken up."""


BACK = "back"
"""What a view gives when the person goes back one step."""


@dataclass(frozen=True, slots=True)
class Situation:
    """The header of every view. Times are site time (epoch seconds); 0 = not set."""

    mode: str
    """DRILL or LIVE."""
    site: str
    scenario: str = ""
    way: str = ""
    """`AZL-BER > AZL-HAM`, once known."""
    run: str = ""
    declared: float = 0.0
    rto: float = 0.0
    lab_time: bool = False
    """Whether the clocks show a simulated site's time that may run faster than the wall."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run on the first screen. `problem` says why it cannot be taken up."""

    run: str
    title: str
    note: str
    at: float
    finished: bool
    outcome: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PracticeAge:
    """When a scenario was last rehearsed, in days; None = never. A drill counts for 30 days."""

    title: str
    yours: int | None
    anyone: int | None


@dataclass(frozen=True, slots=True)
class Welcome:
    """The first screen. `notices` are (level, text)."""

    unfinished: tuple[RunLine, ...] = ()
    earlier: tuple[RunLine, ...] = ()
    ages: tuple[PracticeAge, ...] = ()
    notices: tuple[tuple[str, str], ...] = ()
    can_start: bool = True
    story: tuple[str, ...] = ()
    """A drill's story: what has happened, in two or three lines."""


@dataclass(frozen=True, slots=True)
class WelcomeChoice:
    """`what` is "take up", "new" or "report"; the first and last name a run."""

    what: str
    run: str = ""


@dataclass(frozen=True, slots=True)
class TriageOption:
    """One answer to a question of "What happened?". `leads` says where it leads; `why` marks the one we would take."""

    key: str
    label: str
    leads: str = ""
    why: str = ""
    nowhere: str = ""
    """Why this answer goes nowhere yet."""


@dataclass(frozen=True, slots=True)
class Triage:
    """One question of "What happened?", with what was read and what was answered before."""

    number: int
    total: int
    question: str
    readings: tuple[str, ...]
    options: tuple[TriageOption, ...]
    answered: tuple[tuple[str, str, str], ...] = ()
    """(question, answer, `your answer` or `read 02:16 UTC`)."""
    upcoming: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Which scenario, why, and why not another. `scenario` is None where none fits."""

    scenario: Scenario | None
    because: tuple[tuple[str, str], ...]
    not_this: tuple[tuple[str, str], ...]
    afterwards: tuple[str, ...]


class Form(Protocol):
    """The inputs of a scenario, chosen one after the other from what the hosts answer."""

    scenario: Scenario

    @property
    def fields(self) -> tuple[Field, ...]:
        """What is asked, in this order."""
        ...

    @property
    def chosen(self) -> dict[str, str]:
        """Values by field name, so far; several joined with `, `."""
        ...

    def start(self, name: str, options: Sequence[Option]) -> tuple[str, ...]:
        """What is marked at first where several may be chosen: chosen before, else told, else recommended."""
        ...

    async def options(self, name: str) -> tuple[Option, ...]:
        """Ask the hosts for a field's values; empty where none answers (see `silence`)."""
        ...

    @property
    def silence(self) -> tuple[str, ...]:
        """Why hosts gave nothing at the last asking."""
        ...

    def choose(self, name: str, *values: str) -> None:
        """Take a value, or several where the field takes them; later fields are forgotten."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """A prerequisite on the board. `finding` is None while it was never read; `at` is when it was read."""

    check: str
    title: str
    finding: Finding | None = None
    at: float = 0.0
    reading: bool = False
    reason: str = ""
    """The override's reason, once given."""


class Board(Protocol):
    """The prerequisites, read live."""

    rows: tuple[Row, ...]

    async def read(self, changed: Callable[[], None]) -> None:
        """Read every check side by side; `changed` is called as rows fill."""
        ...

    def override(self, check: str, reason: str) -> str:
        """Record a reason for a warning or an unknown; gives what is wrong with it, or an empty text."""
        ...

    def missing(self) -> str:
        """What is missing before the plan, for the title; empty when nothing is."""
        ...


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan before its first step. `save` writes it as Markdown and gives the path."""

    plan: Plan
    save: Callable[[], Path]
    board_age: Callable[[], float]
    """Seconds since the prerequisites were read."""


class RunSession(Protocol):
    """A run as a front end sees it."""

    mode: str
    folder: Path
    brake: Brake

    @property
    def plan(self) -> Plan:
        """The plan as it is now: it may be made again in the run, to follow what somebody else changed."""
        ...

    @property
    def state(self) -> RunState:
        """Where the run stands."""
        ...

    @property
    def events(self) -> Sequence[Stamped]:
        """All events so far."""
        ...

    def follow(self, follower: Callable[[Stamped], None]) -> Callable[[], None]:
        """Call with each committed event from now on; gives back how to stop it."""
        ...

    def go(self, asker: Asker) -> Awaitable[RunState]:
        """Run (once). Ends when the run ended or the person stopped."""
        ...

    async def note(self, text: str) -> None:
        """A note into the record."""
        ...

    async def left(self, how: str) -> None:
        """Put on record that the program is left while something is in flight."""
        ...

    def script_file(self, step: str, script: str) -> Path:
        """Write a command into the run's folder, for who cannot copy from the terminal; gives its path."""
        ...


@dataclass(frozen=True, slots=True)
class Report:
    """The end of a run. `markdown` is the whole report."""

    state: RunState
    plan: Plan | None
    title: str
    markdown: str
    saved: Path | None
    next_steps: tuple[str, ...] = ()
    left_over: tuple[tuple[str, str, str], ...] = ()
    """(what, host, line that removes it)."""
    chain: str = ""
    """What `verify` would say."""
    page: Path | None = None
    """The same for a browser and for paper."""

    @property
    def files(self) -> str:
        """Where it lies: `runs/1122-0214/report.md and report.html`; empty where it could not be saved."""
        kept = [path for path in (self.saved, self.page) if path is not None]
        return " and ".join([str(path) if not n else path.name for n, path in enumerate(kept)])


class FrontEnd(Protocol):
    """Shows views, gives answers. Any method may raise `Leave`. BACK is given where a text is returned."""

    clock: Clock

    def situation(self, situation: Situation) -> None:
        """What the header says from now on."""
        ...

    async def welcome(self, view: Welcome) -> WelcomeChoice: ...
    async def triage(self, view: Triage) -> str:
        """An option's key, BACK, or "scenarios"."""
        ...

    async def recommendation(self, view: Recommendation) -> str:
        """ "use", "scenarios", "change" or BACK."""
        ...

    async def scenarios(self, choices: Sequence[Scenario], fitting: str) -> str:
        """A scenario's id, or BACK."""
        ...

    async def inputs(self, form: Form) -> str:
        """ "done" or BACK."""
        ...

    async def prerequisites(self, board: Board) -> str:
        """ "plan" (only when nothing is missing) or BACK."""
        ...

    async def plan(self, view: PlanView) -> str:
        """ "begin" or BACK."""
        ...

    async def run(self, session: RunSession) -> None:
        """Start the session with an asker of its own and show it until it ends."""
        ...

    async def report(self, view: Report) -> None: ...

    async def tell(self, title: str, lines: Sequence[str]) -> None:
        """Say something that cannot wait for a view (an error's three lines); returns when it was read."""
        ...
