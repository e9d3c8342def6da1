"""Waiting for a goal: asked again until it held often enough, something final was read, or the deadline passed."""

from __future__ import annotations

from tui.core.engine.ledger import Ledger
from tui.core.plan import Step, Wait
from tui.core.verdict import Truth, Verdict

UNDER_WAY = Wait(deadline=900, every=5)
"""For a goal that reads "running" where the step names no wait of its own."""


async def until_settled(ledger: Ledger, step: Step) -> Verdict:
    """The goal's verdict before an act: only "running" is waited for."""
    wait = step.wait or UNDER_WAY
    end = ledger.clock.wall() + wait.deadline
    while True:
        verdict = await ledger.probe(step, step.goal, "goal")
        if verdict.truth is not Truth.RUNNING or ledger.clock.wall() >= end:
            return verdict
        ledger.check()
        await ledger.clock.sleep(wait.every)


async def until_proved(ledger: Ledger, step: Step, wait: Wait | None) -> Verdict:
    """The goal's verdict after an act: SO when it held `dwell` times in a row.

    "Mixed" is final (half there will not become whole by waiting); all else is asked again until the deadline, which
    never cuts off readings that are all SO.
    """
    wait = wait or Wait(0)
    end = ledger.clock.wall() + wait.deadline
    held = 0
    while True:
        verdict = await ledger.probe(step, step.goal, "proof")
        held = held + 1 if verdict.truth is Truth.SO else 0
        if held >= wait.dwell or verdict.truth is Truth.MIXED:
            return verdict
        if verdict.truth is not Truth.SO and ledger.clock.wall() >= end:
            return verdict
        await ledger.clock.sleep(wait.every)
