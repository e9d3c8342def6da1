"""A run of 20 VMs in three waves, as it stands at 03:04 UTC: the second wave is in work, two VMs need a person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from textual.pilot import Pilot

from screens.app import RecoveryApp
from screens.widgets.choices import Marked
from tests.screens.driving import running, until
from tests.screens.fake import NOW as BEGAN
from tests.screens.fake import YES, FakeSession, FrozenClock, guards, situation, step
from tui.core.action import PowerShell
from tui.core.engine import Asker, questions
from tui.core.engine.questions import Ways
from tui.core.events import (
    AnsweredEvent,
    Asked,
    Began,
    Ended,
    Event,
    Intended,
    PhaseEnded,
    Probed,
    Queued,
    Returned,
    Said,
)
from tui.core.facts import Facts
from tui.core.plan import Gate, Lane, Phase, Plan, Step, Tier, own_lane
from tui.core.question import Answer, Question

NOW = BEGAN + 13 * 60  # 03:04:00 UTC
TITLES = (
    "Read the VM ID of {}", "Find the files of {}", "Make a wrapping key for {}", "Copy its public half",
    "Export the key of {}, sealed", "Copy the sealed key", "Import the key of {}", "Make {} highly available",
    "Start {}, prove its heartbeat", "Check the disks of {}", "Remove the wrapping key of {}",
    "Delete files on HAM-N01", "Delete files on KEY-N01",
)  # fmt: skip
FIRST = ("SRV-DC01", "SRV-DC02")
SECOND = ("SRV-DB01", "SRV-DB02", "SRV-DB03", *(f"SRV-APP{n:02}" for n in range(1, 10)))
THIRD = tuple(f"SRV-WEB{n:02}" for n in range(1, 7))
HOSTS = {name: f"HAM-N0{1 + (name.startswith('SRV-DB') or name in ('SRV-APP05', 'SRV-APP07'))}" for name in SECOND}


def steps(vm: str) -> list[Step]:
    made = []
    for n, title in enumerate(TITLES, 1):
        host = "KEY-N01" if n in (5, 13) else HOSTS.get(vm, "HAM-N01")
        script = (
            f"Import-MocKey -name '{vm}'" if n == 7 else f"Start-ClusterGroup -Name '{vm}'" if n == 9 else f"do {n}"
        )
        gate = Gate(Tier.CONFIRM, "Import key", ("Adds 1 key to 1 vault: AZL-HAM. No VM is touched.",))
        if n == 9:
            gate = Gate(Tier.TYPED, "Start it", (f"Starts 1 VM on AZL-HAM: {vm}.",), vm)
        made.append(step(f"s{n}", title.format(vm), host, script, gate=gate, no_return=n == 9, usual=60.0 + n,
                         why=f"{vm} cannot start without it." if n == 7 else ""))  # fmt: skip
    return made


def wave(number: int, name: str, names: Sequence[str]) -> Phase:
    return Phase(f"Wave {number}: {name}", f"{name} run on AZL-HAM",
                 tuple(own_lane(vm, {"vm": vm}, steps(vm)) for vm in names))  # fmt: skip


def plan(second: Sequence[str] = SECOND) -> Plan:
    middle = (wave(1, "domain controllers", FIRST), wave(2, "databases, apps", second), wave(3, "web", THIRD))
    prepare = Phase(
        "Prepare", "the folders are there", (Lane("AZL-HAM", (step("folder", "Make C:\\azlr", "HAM-N01", "md"),)),)
    )
    clean = Phase(
        "Clean up", "nothing is left", (Lane("AZL-HAM", (step("rest", "Delete C:\\azlr", "HAM-N01", "rd"),)),)
    )
    return Plan(
        "trusted-launch", "20 VMs to AZL-HAM", YES,
        (prepare, *middle, clean), Facts(),
    )  # fmt: skip


def sid(vm: str, n: int) -> str:
    return f"s{n}@{vm}"


def came_to(session: FakeSession, vm: str, n: int, since: float) -> None:
    """The VM's steps before `n` are done; `n` began `since` seconds ago."""
    for m in range(1, n):
        session.commit(Began(sid(vm, m), 1), NOW - 720 + 20 * m)
        proof = f"{vm} on {HOSTS.get(vm, 'HAM-N01')}: Running, OkApplicationsHealthy" if m == 9 else "as it must be"
        hand = vm == "SRV-APP08" and m == 8
        session.commit(Ended(sid(vm, m), "by hand, proved" if hand else "done", proof), NOW - 710 + 20 * m)
    if n <= len(TITLES):
        session.commit(Began(sid(vm, n), 1), NOW - since)


def sends(session: FakeSession, vm: str, n: int, since: float, said: str = "") -> None:
    found = session.plan.step(sid(vm, n))
    assert found is not None
    action = found.preview(Facts())
    assert action is not None
    shown = action.shown
    came_to(session, vm, n, since + 5)
    session.commit(Intended(sid(vm, n), 1, found.host, shown, "d" * 64, "never", "sh", "co", 4711, "no"), NOW - since)
    if said:
        session.commit(Said(sid(vm, n), found.host, "V", said), NOW - since + 3)


def first_wave(session: FakeSession) -> None:
    session.commit(Began("folder", 1), NOW - 1200)
    session.commit(Ended("folder", "done", "C:\\azlr is there"), NOW - 1190)
    session.commit(PhaseEnded("Prepare"), NOW - 1190)
    for vm in FIRST:
        came_to(session, vm, 14, 0)
    session.commit(PhaseEnded("Wave 1: domain controllers"), NOW - 360)


def second_wave(session: FakeSession) -> None:
    """As in the storyboard: 5 through, 4 running, 1 waiting; the two that ask are left to the asker."""
    first_wave(session)
    for vm in ("SRV-DB01", "SRV-DB02", "SRV-APP01", "SRV-APP08", "SRV-APP09"):
        came_to(session, vm, 14, 0)
    sends(session, "SRV-APP02", 9, 38)
    session.commit(Returned(sid("SRV-APP02", 9), 1, "Z"), NOW - 30)
    session.commit(Probed(sid("SRV-APP02", 9), "proof", "Does it run?", "running", "NoContact"), NOW - 20)
    sends(session, "SRV-APP03", 8, 12)
    sends(session, "SRV-APP04", 7, 44, "Importing key c0a1f6d2-77b3-4d0e-9b6b-55e1c8d2f00b")
    sends(session, "SRV-APP05", 6, 9, "2,048 of 3,112 bytes")
    came_to(session, "SRV-APP06", 5, 60)
    session.commit(Queued(sid("SRV-APP06", 5), "KEY-N01", 4, 1), NOW - 51)
    came_to(session, "SRV-APP07", 7, 300)
    session.commit(Ended(sid("SRV-APP07", 7), "failed", "HAM-N02 does not answer on port 5985."), NOW - 240)
    came_to(session, "SRV-DB03", 9, 130)
    session.commit(Probed(sid("SRV-DB03", 9), "guard", "SRV-DB03 is Off", "so", "SRV-DB03 on HAM-N02: Off"), NOW - 121)


def gate(vm: str, n: int, mode: str = "LIVE") -> Question:
    found = plan().step(sid(vm, n))
    assert found is not None
    action = found.preview(Facts())
    assert isinstance(action, PowerShell)
    return replace(questions.gate(found, action, guards(), mode, 1, False), delay=0.0)


def failed(vm: str, n: int = 7, what: str = "HAM-N02 does not answer on port 5985.") -> Question:
    found = plan().step(sid(vm, n))
    assert found is not None
    return replace(questions.failure(found, what, None, "", 1, Ways(), True), delay=0.0)


async def put(session: FakeSession, asker: Asker, question: Question, at: float = 0.0) -> Answer:
    """The engine's part of a question: on record before it is asked, its answer after."""
    shown = question.action.shown if question.action is not None else ""
    session.commit(Asked(question.step, question.id, question.asks, question.title, question.binding, question.phrase,
                         shown), at or None)  # fmt: skip
    answer = await asker(question)
    session.answers.append(answer)  # type: ignore[attr-defined]
    session.commit(AnsweredEvent(question.step, question.id, question.binding, answer.choice, answer.by, answer.typed))
    return answer


async def side_by_side(session: FakeSession, asker: Asker) -> None:
    """Two VMs ask, the others go on for ever."""
    second_wave(session)
    await asyncio.gather(
        put(session, asker, failed("SRV-APP07"), NOW - 240), put(session, asker, gate("SRV-DB03", 9), NOW - 120),
        asyncio.Event().wait(),
    )  # fmt: skip


Script = Callable[[FakeSession, Asker], Awaitable[None]]


def session_of(script: Script, clock: FrozenClock, made: Plan | None = None, *before: Event) -> FakeSession:
    session = FakeSession(script, clock, "LIVE", made=made or plan())
    session.answers = []  # type: ignore[attr-defined]
    for event in before:
        session.commit(event)
    return session


@asynccontextmanager
async def opened(
    script: Script = side_by_side, size: tuple[int, int] = (80, 24), made: Plan | None = None
) -> AsyncIterator[tuple[RecoveryApp, Pilot[int], FakeSession]]:
    """The app on a run of several VMs."""
    clock = FrozenClock(NOW)
    session = session_of(script, clock, made)
    where = situation("LIVE", rto=14400.0)
    async with running(lambda front: front.run(session), where, size=size, clock=clock) as (app, pilot, _):
        await until(pilot, lambda: not getattr(app.screen_stack[1], "_stale", False))
        await pilot.pause()
        for table in app.screen.query(Marked):
            table.move_to("SRV-DB03")
        await pilot.pause()
        yield app, pilot, session
