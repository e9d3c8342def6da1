"""Small fakes of what a front end gets: a frozen clock, a form, a board, a session in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from tui.core.action import PowerShell, Repeat
from tui.core.engine import Asker, Brake
from tui.core.events import Began, Chosen, Ended, Event, Intended, Noted, PlanMade, Probed, RunBegan, Said, Stamped
from tui.core.fold import fold
from tui.core.front import Row, Situation
from tui.core.plan import Gate, Guard, Lane, Phase, Plan, Step, Tier, Wait
from tui.core.question import Shown
from tui.core.scenario import Field, Finding, Level, Option, Scenario
from tui.core.state import RunState
from tui.core.verdict import Truth, probe, so

NOW = datetime(2026, 11, 22, 2, 51, 0, tzinfo=UTC).timestamp()
DECLARED = datetime(2026, 11, 22, 2, 14, 0, tzinfo=UTC).timestamp()
CET = timezone(timedelta(hours=1), "CET")
VM = "7f3c2a91-4d0e-4b6b-9a55-e1c8d2f00b17"
IMPORT = (
    f"Import-MocKey -name '{VM}' -importKeyFile 'C:\\azlr\\{VM}.json' -group AzureStackHostAttestation "
    "-keyvaultName AzureStackTvmKeyVault -type AES -size 256"
)
YES = probe("is it so?", lambda facts: (), lambda facts, replies: so("it is so"))


class FrozenClock:
    """Stands still; a test moves it."""

    def __init__(self, at: float = NOW) -> None:
        self.at = at
        self.mono = 1000.0

    def wall(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.mono

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


def situation(mode: str = "DRILL", **more: object) -> Situation:
    base = Situation(
        mode, "lab-berlin-hamburg", "Trusted Launch key restore", "AZL-BER > AZL-HAM", "1122-0214", DECLARED, 7200.0
    )
    return replace(base, **more)  # type: ignore[arg-type]


def blank(mode: str = "DRILL") -> Situation:
    return Situation(mode, "lab-berlin-hamburg")


def act(host: str, script: str, usual: float = 70.0) -> Callable[[object], PowerShell]:
    return lambda facts: PowerShell(host, script, Repeat.NEVER, True, 120.0, usual)


def step(step_id: str, title: str, host: str, script: str = "", **more: object) -> Step:
    base = Step(
        step_id,
        title,
        host,
        YES,
        act=act(host, script) if script else None,
        gate=Gate(Tier.CONFIRM, "Do it"),
        risk="low",
        usual=70.0,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def plan() -> Plan:
    undo = step("u7", "Remove the key", "HAM-N01", f"Remove-MocKey -name '{VM}'")
    first = (
        step("wrap", "Make the wrapping key", "HAM-N01", "New-MocKey -name 'wrap-srvdb01-0218'", undo=undo),
        step("pem", "Write its public half to a file", "HAM-N01", "Get-MocKeyPublicKey -name 'wrap-srvdb01-0218'"),
        step("copy1", "Copy that file to the backup vault's system", "KEY-N01", "Set-Content -Path 'C:\\azlr\\w.pem'"),
        step("id", "Read the VM ID of SRV-DB01", "HAM-N02", risk="none"),
        step("export", "Export the key, sealed", "KEY-N01", f"Export-MocKey -name '{VM}'"),
        step("copy2", "Copy the sealed key", "HAM-N01", f"Set-Content -Path 'C:\\azlr\\{VM}.json'"),
        step(
            "import",
            "Import the key of SRV-DB01 into the vault of AZL-HAM",
            "HAM-N01",
            IMPORT,
            undo=undo,
            risk="medium",
            why="SRV-DB01 cannot start without this key. Started before it, the system makes a wrong key.",
            changes="1 key added to 1 vault: AZL-HAM. No VM is touched.",
            way_back="can be undone until step 9: Remove-MocKey with this name",
            proof="Get-MocKey on HAM-N01 must list this name, AES 256",
            gate=Gate(
                Tier.CONFIRM,
                "Import key",
                ("Adds 1 key to 1 vault: AZL-HAM. No VM is touched.", "Can be undone until step 9."),
            ),
            guards=(Guard("No key of this name in the vault of AZL-HAM", YES),),
            no_skip="steps 8 and 9 need this key",
            remedy="Bring the MOC service group online, then retry:",
            remedy_script='Get-ClusterGroup -Name "ca-*" | Start-ClusterGroup',
        ),
    )
    second = (
        step(
            "ha",
            "Make SRV-DB01 highly available",
            "HAM-N02",
            "Add-ClusterVirtualMachineRole -VMName 'SRV-DB01'",
            undo=undo,
        ),
        step(
            "start",
            "Start SRV-DB01, prove its heartbeat",
            "HAM-N02",
            "Start-ClusterGroup -Name 'SRV-DB01'",
            no_return=True,
            risk="high",
            gate=Gate(
                Tier.TYPED,
                "Start it",
                (
                    "Starts 1 VM on AZL-HAM: SRV-DB01. Users reach it in about 3 min.",
                    "Cannot be undone: from here AZL-HAM has the newest data. Going back to AZL-BER loses what users "
                    "write from now on.",
                ),
                "SRV-DB01",
            ),
        ),
        step(
            "clean", "Remove the wrapping key and the key files", "HAM-N01", "Remove-MocKey -name 'wrap-srvdb01-0218'"
        ),
    )
    return Plan(
        "trusted-launch",
        "Trusted Launch key restore",
        YES,
        (
            Phase("Bring the key to AZL-HAM", "the key is on AZL-HAM", (Lane("SRV-DB01", first),)),
            Phase("Start SRV-DB01 and clean up", "SRV-DB01 runs on AZL-HAM", (Lane("SRV-DB01", second),)),
        ),
    )


def scenario(scenario_id: str = "trusted-launch", title: str = "Trusted Launch key restore") -> Scenario:
    return Scenario(
        scenario_id,
        title,
        "the VM has a key of its own and must run on another cluster",
        "Bring the key of SRV-DB01 from the backup vault to AZL-HAM, then start the VM there.",
        "the VM's files with VMGS and VMRS; its key in a backup vault",
        "1 key and 1 VM on the target; 1 temporary key and 2 files, removed",
        "a VM that Azure cannot manage",
        "25 to 40 min for one VM",
        "Microsoft, trusted-launch-vm-import-key, 21 Jul 2025",
        lambda site: (),
        lambda site, facts: (),
        lambda site, facts: plan(),
    )


class FakeForm:
    """Three fields; the last has two answers."""

    def __init__(self) -> None:
        self.scenario = scenario()
        self.chosen = {"vm": "SRV-DB01", "cluster": "AZL-HAM"}
        self.silence: tuple[str, ...] = ()
        self.fields = tuple(
            Field(name, label, gloss, lambda facts: (), lambda facts, answers: ())
            for name, label, gloss in (
                ("vm", "VM to bring back", ""),
                ("cluster", "Target cluster", ""),
                ("node", "Owner node", "The node on which the VM will start."),
            )
        )

    async def options(self, name: str) -> tuple[Option, ...]:
        if name != "node":
            return (Option(self.chosen.get(name, "SRV-DB01")),)
        return (
            Option("HAM-N01", "Up    free memory 214 GB   9 VMs"),
            Option("HAM-N02", "Up    free memory 388 GB   4 VMs", "more free memory; SRV-DB01 needs 64 GB"),
            Option("HAM-N03", "Paused", problem="it is paused"),
        )

    def choose(self, name: str, *values: str) -> None:
        self.chosen = {**self.chosen, name: ", ".join(values)}


class SeveralForm(FakeForm):
    """Its first field takes several values, in two waves; `start` marks those that are recommended."""

    def __init__(self) -> None:
        super().__init__()
        self.chosen = {}
        gloss = "They go side by side, wave after wave. A wave starts when all VMs before it run."
        many = Field("vm", "VMs to bring back", gloss, lambda facts: (), lambda facts, answers: (), many=True)
        self.fields = (many, *self.fields[1:])
        self.taken: list[tuple[str, ...]] = []

    async def options(self, name: str) -> tuple[Option, ...]:
        if name != "vm":
            return await super().options(name)
        first, second = "Wave 1: domain controllers", "Wave 2: databases, apps"
        return (
            Option("SRV-DC01", "Generation 2, 4 GB", "its host is down", group=first),
            Option("SRV-DB01", "Trusted Launch, 64 GB", "its host is down", group=second),
            Option("SRV-DC02", "Generation 2, 4 GB", "its host is down", group=first),
            Option("SRV-APP01", "Trusted Launch, 16 GB", group=second),
            Option("SRV-APP02", "Trusted Launch, 16 GB", problem="it has a checkpoint", group=second),
        )

    def start(self, name: str, options: Sequence[Option]) -> tuple[str, ...]:
        return tuple(option.value for option in options if option.recommended)

    def choose(self, name: str, *values: str) -> None:
        self.taken.append(values)
        self.chosen = {**self.chosen, name: ", ".join(values)}


class FakeBoard:
    """Six checks: a stop, a warning, two of a silent host."""

    def __init__(self) -> None:
        silent = Finding(Level.UNKNOWN, "HAM-N02 does not answer", "It is not known whether it is so.")
        self.reads = 0
        self.found = {
            "key": Finding(Level.OK, "KEY-N01: AES 256, 12 Nov 2026"),
            "agents": Finding(
                Level.STOP,
                "HAM-N02: mochostagent Stopped",
                "HAM-N02 cannot take the key. The import in step 7 would fail.",
                "Start the agent, then re-read. MOC = the service that keeps the keys.",
                "HAM-N02",
                "Start-Service mochostagent",
            ),
            "job": Finding(Level.WARN, "Repair 82 %, about 11 min", "the start may be slow; the data is not at risk"),
            "off": silent,
            "files": silent,
            "vm[0]": Finding(Level.OK, "[red]5 of 5[/] files in C:\\[x]"),
        }
        titles = (
            "Key in the backup vault",
            "MOC agents run on all nodes",
            "No storage job running",
            "SRV-DB01 on target is Off",
            "Files complete, VMGS and VMRS",
            "Files of SRV[0] \\ [b]all[/b]",
        )
        self.rows = tuple(Row(check, title) for check, title in zip(self.found, titles, strict=True))

    async def read(self, changed: Callable[[], None]) -> None:
        self.reads += 1
        self.rows = tuple(replace(row, finding=self.found[row.check], at=NOW) for row in self.rows)
        changed()

    def override(self, check: str, reason: str) -> str:
        self.rows = tuple(replace(row, reason=reason) if row.check == check else row for row in self.rows)
        return ""

    def missing(self) -> str:
        found = [(row, row.finding) for row in self.rows]
        if any(f is None for _, f in found):
            return "reading"
        stops = sum(f is not None and f.level is Level.STOP for _, f in found)
        need = sum(f is not None and f.level in (Level.WARN, Level.UNKNOWN) and not row.reason for row, f in found)
        return ", ".join([f"{stops} stops you"] * bool(stops) + [f"{need} need a reason"] * bool(need))


Script = Callable[["FakeSession", Asker], Awaitable[None]]


class FakeSession:
    """A run in memory; `script` plays the engine's part."""

    def __init__(
        self,
        script: Script,
        clock: FrozenClock,
        mode: str = "DRILL",
        folder: Path = Path("runs/1122-0214"),
        made: Plan | None = None,
    ) -> None:
        self.plan = made or plan()
        self.mode = mode
        self.folder = folder
        self.brake = Brake()
        self.clock = clock
        self.events: list[Stamped] = []
        self.files: list[tuple[str, str]] = []
        self.lefts: list[str] = []
        self._script = script
        self._followers: list[Callable[[Stamped], None]] = []
        self.commit(RunBegan("1122-0214", mode, "lab", "DR-PC3", "m.weber", "0.1.0", DECLARED, 7200.0))
        self.commit(Chosen("trusted-launch", {"vm": "SRV-DB01"}))
        rows = tuple((s.id, "", s.title, s.host) for s in self.plan.steps())
        self.commit(PlanMade(self.plan.digest, self.plan.title, rows))

    @property
    def state(self) -> RunState:
        return fold(self.events)

    def commit(self, event: Event, at: float | None = None) -> None:
        stamped = Stamped(len(self.events) + 1, self.clock.at if at is None else at, event)
        self.events.append(stamped)
        for follower in self._followers:
            follower(stamped)

    def follow(self, follower: Callable[[Stamped], None]) -> Callable[[], None]:
        self._followers.append(follower)
        return lambda: self._followers.remove(follower)

    async def go(self, asker: Asker) -> RunState:
        await self._script(self, asker)
        return self.state

    async def note(self, text: str) -> None:
        self.commit(Noted(text, "m.weber"))

    async def left(self, how: str) -> None:
        self.lefts.append(how)

    def script_file(self, step_id: str, script: str) -> Path:
        self.files.append((step_id, script))
        return self.folder / f"step-{self.plan.number(step_id):02d}.ps1"


def until_import(session: FakeSession) -> None:
    """The first six steps are done; the seventh has begun."""
    for n, known in enumerate(session.plan.steps()):
        if known.id == "import":
            break
        session.commit(Began(known.id, 1), NOW - 400 + 60 * n)
        session.commit(Ended(known.id, "done", "SHA-256 3f9ac04e equal on both"), NOW - 370 + 60 * n)
    session.commit(Began("import", 1), NOW - 50)


def flying(session: FakeSession) -> None:
    """Import is in flight for 41 s."""
    session.commit(
        Intended("import", 1, "HAM-N01", IMPORT, "d" * 64, "never", "shell", "command", 4711, "nonce"), NOW - 41
    )
    session.commit(Said("import", "HAM-N01", "V", f"Importing key [x] {VM}"), NOW - 34)


def guards() -> Sequence[Shown]:
    return (
        Shown("No key of this name in the vault of AZL-HAM", Truth.SO, "0 found", NOW - 4, "0"),
        Shown("SRV-DB01 is Off on HAM-N02", Truth.SO, "Off", NOW - 4, "Off"),
    )


def repair(deadline: float = 5940.0) -> Plan:
    """The plan of one VM with a wait that only reads before the start."""
    made = plan()
    calm = step(
        "calm", "Wait until no storage job runs", "HAM-N01", wait=Wait(deadline, 30), risk="none",
        why="During a repair a start is slow, and no node may restart.", proof="Get-StorageJob lists none",
        remedy="Look at the storage pool and its disks (Get-PhysicalDisk). A repair goes on by itself.",
    )  # fmt: skip
    first, second = made.phases
    steps = second.lanes[0].steps
    lane = Lane("SRV-DB01", (steps[0], calm, *steps[1:]))
    return replace(made, phases=(first, replace(second, lanes=(lane,))))


def repairing(session: FakeSession, points: Sequence[tuple[float, float]], total: float = 187.0) -> None:
    """The wait has begun and was read at these times before now: (seconds ago, GB)."""
    for n, known in enumerate(session.plan.steps()):
        if known.id == "calm":
            break
        session.commit(Began(known.id, 1), NOW - 4000 + 60 * n)
        session.commit(Ended(known.id, "done", "as it must be"), NOW - 3970 + 60 * n)
    session.commit(Began("calm", 1), NOW - points[0][0])
    for ago, done in points:
        text = f"AZL-HAM: Repair Running {done / total * 100:.0f} %"
        session.commit(
            Probed("calm", "goal", "Does no storage job run?", "running", text, done, total, "GB"), NOW - ago
        )


COPIED = tuple((3600.0 - 30 * n, 118.0 / 120 * n) for n in range(120))
"""An hour of a steady repair, read every 30 s."""
