"""Every view with its data, by name: for the pictures, for the walk with the keyboard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from screens.app import RecoveryApp
from screens.asking import QuestionView
from tests.screens.driving import running as opening
from tests.screens.driving import until
from tests.screens.fake import (
    COPIED,
    IMPORT,
    NOW,
    VM,
    YES,
    FakeBoard,
    FakeForm,
    FakeSession,
    FrozenClock,
    SeveralForm,
    blank,
    flying,
    guards,
    plan,
    repair,
    repairing,
    scenario,
    situation,
    until_import,
)
from tui.core.action import PowerShell
from tui.core.decision import Branch, Decision, Weighed
from tui.core.engine import Asker, questions
from tui.core.engine.guards import Broken
from tui.core.engine.questions import Ways
from tui.core.events import Ended, Overridden, Probed, RunEnded
from tui.core.front import (
    FrontEnd,
    PlanView,
    PracticeAge,
    Recommendation,
    Report,
    RunLine,
    Situation,
    Triage,
    TriageOption,
    Welcome,
)
from tui.core.plan import Attest, Guard, Marker, Step
from tui.core.question import Asks, Blank, Question, Shown
from tui.core.report import title
from tui.core.verdict import Truth, not_so, running, so

AGES = (
    PracticeAge("Trusted Launch key restore", 47, 12),
    PracticeAge("Same-cluster restore", 9, 9),
    PracticeAge("Failover to Azure", None, 61),
)
WELCOME = Welcome(
    (
        RunLine(
            "1122-0214",
            "SRV-DB01 to AZL-HAM",
            "In flight: Import-MocKey on HAM-N01. Its result is not known yet.",
            NOW - 60,
            False,
        ),
    ),
    (RunLine("1010-0900", "SRV-DB01 to AZL-HAM", "", NOW - 86400 * 40, True, "recovered; 1 skipped"),),
    AGES,
)
FIRST = Welcome(
    ages=(PracticeAge("All scenarios", None, None),),
    notices=(
        (
            "stop",
            "runs/ cannot be written: read-only file system. Nothing can be started. Choose a folder: --runs PATH.",
        ),
    ),
    can_start=False,
)
TRIAGE = Triage(
    2,
    4,
    "Is its original cluster, AZL-BER, alive?",
    (
        "Read at 02:16:20 UTC   BER-N01 no answer   BER-N02 no answer",
        "That proves: cannot be reached from here. It does not prove: dead.",
    ),
    (
        TriageOption("alive", "It is alive", "restore in place, the VM keeps its Azure link."),
        TriageOption("lost", "It is lost for good", "restore on AZL-HAM. You will show two proofs before the start."),
        TriageOption(
            "unknown",
            "I do not know",
            "restore on AZL-HAM, guarded as if AZL-BER could come back.",
            "nobody has been there",
        ),
    ),
    (("Which VM is missed?", "SRV-DB01", "your answer"),),
    (
        ("Is the VM Trusted Launch?", "its own key protects it; read for you"),
        ("Is it replicated to Azure?", "read for you"),
    ),
)
RECOMMENDATION = Recommendation(
    scenario(),
    (("AZL-BER does not answer", "read   02:16:20 UTC"), ("Its key is in the backup vault", "read   KEY-N01")),
    (("Restore in place", "AZL-BER does not answer"), ("Failover to Azure (ASR)", "no Trusted Launch support")),
    ("SRV-DB01 runs, but Azure cannot manage it (Microsoft, 18 Mar 2025).",),
)
OTHERS = (scenario("same", "Same-cluster restore"), scenario(), scenario("asr", "Failover to Azure (ASR)"))
ACTION = PowerShell("HAM-N01", IMPORT, changes=True)
IMPORT_STEP = plan().step("import")
START_STEP = plan().step("start")
assert IMPORT_STEP is not None
assert START_STEP is not None
ATTEST = questions.attest(
    Step(
        "dead",
        "Two copies? Is AZL-BER dead?",
        "",
        START_STEP.goal,
        attest=Attest(
            lambda facts: (),
            "AZL-BER is dead",
            "AZL-BER IS DEAD",
            (Blank("who", "Who saw it", "a name"), Blank("when", "When", "HH:MM")),
        ),
    ),
    (
        "SRV-DB01 last ran on AZL-BER. If it still runs there and starts here too, both copies write and one set of "
        "data is lost. No tool can merge them.",
        "Stands in the report as: attested. It is not proved.",
    ),
    (
        Shown("From this network: BER-N01, BER-N02", Truth.SO, "no answer", NOW - 20),
        Shown("From Azure, another path", Truth.UNREADABLE, "Azure could not be asked", NOW - 18),
    ),
    "LIVE",
    1,
)
RAW = 'Import-MocKey : rpc error: code = Unavailable desc = "dial tcp [10.20.0.40]:55000\\x"\nline 2\nline 3\nline 4'
CALM_STEP = repair(3540.0).step("calm")
assert CALM_STEP is not None
WAY_BACK = (
    (
        "Remove the key of SRV-DB01 from the vault of AZL-HAM",
        "HAM-N01",
        f"Remove-MocKey -name '{VM}' -group AzureStackHostAttestation",
    ),
    ("Delete the sealed key", "HAM-N01", f"Remove-Item -Path 'C:\\azlr\\{VM}.json'"),
    ("Delete the sealed key", "KEY-N01", f"Remove-Item -Path 'C:\\azlr\\{VM}.json'"),
    ("Delete the public half", "KEY-N01", "Remove-Item -Path 'C:\\azlr\\wrap-srvdb01-0218.pem'"),
    ("Delete the public half", "HAM-N01", "Remove-Item -Path 'C:\\azlr\\wrap-srvdb01-0218.pem'"),
    ("Remove the wrapping key", "HAM-N01", "Remove-MocKey -name 'wrap-srvdb01-0218'"),
    ("Delete the folder", "HAM-N01", "Remove-Item -Path 'C:\\azlr' -Recurse"),
    ("Let SRV-DB01 start by itself again", "HAM-N02", "Set-VM -Name 'SRV-DB01' -AutomaticStartAction 'Start'"),
)


def decide(unread: bool = False) -> Question:
    """A decision of three branches, one of them not possible; with `unread`, none is recommended."""
    branches = (
        Branch("replace", "Replace it by the backup's key", "export it for safety, remove it, import the backup's",
               "2 steps more. The safety export stays until you say, after the heartbeat, that it may go."),
        Branch("keep", "Keep it", "somebody imported the right key before this run, and you can say who",
               "Nothing is imported. You type that SRV-DB01 has its key; it stands in the report as said by you."),
        Branch("none", "Start without a key", "", refused="SRV-DB01 is Trusted Launch"),
    )  # fmt: skip
    weighed = Weighed(
        (("Key in the vault of AZL-HAM", "AES 256"),
         ("Hyper-V on HAM-N02", "not read" if unread else "no error that names the VM")),
        branches, "" if unread else "replace",
        "1 value could not be read." if unread
        else "a safety export is kept, so nothing is lost if that key was the right one.",
        ("Whether a key is the right one cannot be read. A start with a wrong one fails, and can be repaired.",),
    )  # fmt: skip
    page = "Microsoft, trusted-launch-vm-import-key, 21 Jul 2025: a VM started before the import gets a new key."
    decision = Decision("Which key shall SRV-DB01 have?", lambda facts: (), lambda facts, read: weighed, (page,))
    return questions.decide(IMPORT_STEP, decision, weighed, 1)


QUESTIONS: dict[str, Question] = {
    "gate": questions.gate(IMPORT_STEP, ACTION, guards(), "DRILL", 1, False),
    "typed": questions.gate(
        START_STEP, PowerShell("HAM-N02", "Start-ClusterGroup -Name 'SRV-DB01'"), guards(), "LIVE", 1, False
    ),
    "attest": ATTEST,
    "failure": questions.failure(
        IMPORT_STEP,
        "HAM-N01 refused Import-MocKey after 12 s: MOC does not answer.",
        not_so("0 keys of this name"),
        RAW,
        1,
        Ways(),
        True,
    ),
    "unknown": questions.unknown(
        IMPORT_STEP, "The connection went after the command was sent.", so("1 key, AES 256"), "", 1, runs=False
    ),
    "changed": questions.changed(
        IMPORT_STEP,
        [
            Broken(
                Shown(
                    "The VM is Off",
                    Truth.NOT_SO,
                    "HAM-N01, Off; the plan has it on HAM-N02",
                    NOW - 9,
                    was="HAM-N02: Off",
                    was_at=NOW - 202,
                ),
                "Somebody else works on the same VM, or the cluster moved it.",
                "what follows for this VM is done where it is now",
                {"owner": "HAM-N01"},
            )
        ],
        1,
        Ways(),
        can_follow=True,
    ),
    "changed_first": questions.changed(
        IMPORT_STEP,
        [
            Broken(
                Shown("No key of this name in the vault of AZL-HAM", Truth.NOT_SO, "1 key, AES 256", NOW - 9),
                "A key of its name is there, and this run did not import it.",
            ),
            Broken(Shown("The VM is Off", Truth.UNREADABLE, "HAM-N02 does not answer", NOW - 9), ""),
        ],
        1,
        Ways(),
        can_follow=False,
    ),
    "taken": questions.taken(
        IMPORT_STEP,
        Shown(
            "This machine has the run",
            Truth.NOT_SO,
            "DR-PC4 has this run, since epoch 2",
            NOW - 9,
            was="DR-PC3, epoch 1",
            was_at=NOW - 202,
        ),
        1,
    ),
    "decide": decide(),
    "decide_open": decide(unread=True),
    "overdue": questions.overdue(CALM_STEP, running("AZL-HAM: Repair Running 63 %"), 1),
    "go_back": questions.going_back(
        [(f"{title}, on {host}", script) for title, host, script in WAY_BACK],
        ("1 file on KEY-N01: the public half of the wrapping key, no secret",),
    ),
    "paper": questions.paper(
        tuple(plan().steps())[6:], {s.id: f"Step {n}: {s.title}" for n, s in enumerate(plan().steps(), 1)}, ""
    ),
    "by_hand": questions.by_hand(IMPORT_STEP, ACTION, "Still not so: 0 keys. Nothing is recorded as done.", 1),
    "declined": questions.declined(IMPORT_STEP, 1, Ways()),
    "pause": questions.pause(
        plan().phases[0],
        plan().phases[1],
        ("Key of SRV-DB01: in the vault of AZL-HAM, AES 256", "SRV-DB01: HAM-N02: Off"),
        Ways(),
    ),
    "resume": questions.resume(
        (
            "The program was away for 6 min; the record has 214 entries.",
            "  1 Make the wrapping key: done",
            "? 7 Import the key of SRV-DB01 into the vault of AZL-HAM: sent 02:51:02 UTC, no result judged yet",
        ),
        (Shown(f"{IMPORT_STEP.title}: its process is gone", Truth.SO, "yes, AES 256", NOW - 2),),
        "at step 8: Make SRV-DB01 highly available",
        paper=True,
    ),
}

Lead = Callable[[FrontEnd], Awaitable[object]]


async def running_import(session: FakeSession, asker: Asker) -> None:
    """A command is in flight and does not come back."""
    until_import(session)
    flying(session)
    await never()


def waits(points: Sequence[tuple[float, float]]) -> Callable[[FakeSession, Asker], Awaitable[None]]:
    """A wait that only reads is under way, with this history."""

    async def script(session: FakeSession, asker: Asker) -> None:
        repairing(session, points)
        await never()

    return script


WAITS = {
    "waiting": COPIED,
    "waiting_early": ((90.0, 0.0), (60.0, 1.0), (30.0, 3.0), (8.0, 4.0)),
    "waiting_stalled": (*((3600.0 - 30 * n, 1.0 * n) for n in range(101)), (300.0, 100.0), (8.0, 100.0)),
}
"""Waits by name: (seconds ago, GB of 187)."""


async def never() -> None:
    """Waits for ever."""
    await asyncio.Event().wait()


def asking(question: Question, eager: bool) -> Callable[[FakeSession, Asker], Awaitable[None]]:
    """An engine that asks one question, and keeps the answer."""

    async def script(session: FakeSession, asker: Asker) -> None:
        if session.plan.step("calm") is not None:
            repairing(session, COPIED)
        else:
            until_import(session)
        if question.asks is Asks.CHANGED:
            for title in ("The files are there", "MOC agents run on all nodes"):
                session.commit(Probed("import", "guard", title, "so", "as it must be"), NOW - 9)
        if question.asks.value == "failure":
            session.commit(Ended("import", "failed", "refused"))
        session.answers.append(await asker(replace(question, delay=0.0) if eager else question))  # type: ignore[attr-defined]

    return script


def session_of(name: str, clock: FrozenClock, folder: Path = Path("runs/1122-0214"), eager: bool = True) -> FakeSession:
    """A session whose engine asks this question, or runs."""
    mode = "LIVE" if name in ("typed", "attest") else "DRILL"
    script = asking(QUESTIONS[name], eager) if name in QUESTIONS else running_import
    if name in WAITS:
        script = waits(WAITS[name])
    session = FakeSession(script, clock, mode, folder, PLANS.get(name))
    session.answers = []  # type: ignore[attr-defined]
    return session


def report() -> Report:
    """A run that recovered, with a skip, an override and something left over."""
    session = session_of("run", FrozenClock())
    until_import(session)
    session.commit(Overridden("job", "Storage job Repair", "82 %", "Users wait since 02:09", "m.weber"))
    session.commit(Ended("import", "by hand, proved", "AES 256", "m.weber"))
    session.commit(Ended("dead", "attested", "no witness named: not proved", "m.weber"))
    session.commit(Ended("start", "skipped", "", "m.weber", "nobody on call until 06"))
    left = "1 file on KEY-N01: the public half of the wrapping key, no secret"
    session.commit(RunEnded("recovered", True, "SRV-DB01 on HAM-N02: Running, OkApplicationsHealthy", (left,)))
    return Report(
        session.state,
        session.plan,
        title(session.state),
        "# Report\n\ntext [x]",
        Path("runs/1122-0214/report.md"),
        ("Keep SRV-DB01 Off on AZL-BER before it is switched on again.",),
        (
            (
                left,
                "KEY-N01",
                "Remove-Item -Path C:\\azlr\\wrap-srvdb01-0218.pem",
            ),
        ),
        "391 entries, chain whole",
        Path("runs/1122-0214/report.html"),
    )


VIEWS: dict[str, tuple[Situation, Lead]] = {
    "welcome": (blank(), lambda front: front.welcome(WELCOME)),
    "welcome_first": (blank("LIVE"), lambda front: front.welcome(FIRST)),
    "triage": (situation(scenario="", way=""), lambda front: front.triage(TRIAGE)),
    "recommendation": (situation(scenario="", way=""), lambda front: front.recommendation(RECOMMENDATION)),
    "scenarios": (situation(scenario="", way=""), lambda front: front.scenarios(OTHERS, "trusted-launch")),
    "inputs": (situation(), lambda front: front.inputs(FakeForm())),
    "inputs_several": (situation(), lambda front: front.inputs(SeveralForm())),
    "prerequisites": (situation(lab_time=True), lambda front: front.prerequisites(FakeBoard())),
    "plan": (situation(), lambda front: front.plan(PlanView(plan(), lambda: Path("plan.md"), lambda: 540.0))),
    "report": (situation(), lambda front: front.report(report())),
    "tell": (
        situation("LIVE"),
        lambda front: front.tell(
            "The record cannot be kept",
            ("The disk is full.", "Nothing more is sent.", "Make room, then take the run up."),
        ),
    ),
}
RUNS = ("run", *WAITS, *QUESTIONS)
WAITING = (*WAITS, "overdue")
MARK = Guard("This machine has the run", YES)
PLANS = {
    **dict.fromkeys(WAITS, repair()),
    "overdue": repair(3540.0),
    "taken": replace(plan(), marker=Marker(MARK, "wrap", (), MARK)),
}
"""Plans other than the usual one."""


@asynccontextmanager
async def opened(
    name: str,
    size: tuple[int, int] = (80, 24),
    folder: Path = Path("runs/1122-0214"),
    ascii_only: bool = False,
    eager: bool = True,
) -> AsyncIterator[tuple[RecoveryApp, Pilot[int], list[object]]]:
    """The app with this view open, ready to be used."""
    clock = FrozenClock()
    if name in VIEWS:
        where, lead = VIEWS[name]
        async with opening(lead, where, size=size, clock=clock, ascii_only=ascii_only) as found:
            await found[1].pause()
            yield found
        return
    folder = Path("/srv/azl/runs/1122-0214") if name in WAITING else folder  # its line to take up names the place
    session = session_of(name, clock, folder, eager)
    async with opening(
        lambda front: front.run(session), situation(session.mode), size=size, clock=clock, ascii_only=ascii_only
    ) as (app, pilot, results):
        results.append(session)
        if name in QUESTIONS and eager:
            await until(pilot, lambda: isinstance(app.screen, QuestionView) and app.screen.open)
            assert isinstance(app.screen, QuestionView)
            app.screen.opened()
        await pilot.pause()
        yield app, pilot, results
