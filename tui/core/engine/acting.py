"""One action on its way: intent on disk, then the script, then what came back."""

from __future__ import annotations

from contextlib import aclosing

from tui.core.action import Kind, Prepared
from tui.core.engine.ledger import Ledger
from tui.core.errors import DeadlinePassed, EstateError
from tui.core.events import Intended, Returned, Said
from tui.core.plan import Step

LONGEST_LINE = 4_000
"""Characters of one record that go into the journal; the rest is cut with `…`."""


async def carry(ledger: Ledger, step: Step, prepared: Prepared, attempt: int) -> None:
    """Commit the intent, hand the script over once, put all that comes back on record. Raises no EstateError."""
    action, ids = prepared.action, prepared.ids
    await ledger.commit(
        Intended(
            step.id, attempt, action.host, action.shown, action.digest, action.repeat,
            ids.shell, ids.command, ids.pid, ids.nonce, ids.language, ids.engine,
        )
    )  # fmt: skip
    end, error, sent = "lost", "", True
    try:
        async with aclosing(ledger.estate.send(prepared)) as records:  # type: ignore[type-var]
            async for record in records:
                if record.kind in (Kind.END, Kind.LEFT):
                    end = record.kind
                elif record.kind is not Kind.BEGUN:
                    await ledger.commit(Said(step.id, action.host, record.kind, cut(record.text)))
    except EstateError as met:
        error = "\n".join(met.lines())
        sent = met.sent
        end = "deadline" if isinstance(met, DeadlinePassed) else ("lost" if sent else "not sent")
    await ledger.commit(Returned(step.id, attempt, end, error, sent))


def cut(text: str) -> str:
    """A record's text as long as the journal takes it."""
    return text if len(text) <= LONGEST_LINE else text[:LONGEST_LINE] + "…"
