"""One script to its records, one by one as they come."""

from __future__ import annotations

from collections.abc import Iterator

from tui.lab.cmdlet import HostFacts, LeaveScript, PSError
from tui.lab.reader.binder import bind
from tui.lab.reader.errors import INVOKE_EXPRESSION, LeaveBlock, RefusedError, ScriptError
from tui.lab.reader.execute import Runner
from tui.lab.reader.parser import parse
from tui.lab.reader.records import Record, error_shape, output_shape
from tui.lab.reader.session import Binder, Session
from tui.lab.values import Value


def read(
    script: str,
    host: HostFacts,
    binder: Binder = bind,
    variables: dict[str, Value] | None = None,
    framed: bool = True,
) -> Iterator[Record]:
    """Runs the script on the host. The last record is `Z`, or `X` where the script left early.

    The variables are taken as they are and changed; a frame gets a copy from its caller.
    """
    session = Session(host, binder, framed, {} if variables is None else variables)
    try:
        yield from _run(script, session)
    except RecursionError:
        yield from session.written
        yield Record("T", error_shape(RefusedError("a script that is nested too deep").error))
    except OverflowError:
        yield from session.written
        yield Record("T", error_shape(RefusedError("a date or number beyond what the lab computes with").error))
    except ScriptError as error:
        yield from session.written
        yield Record("T", error_shape(_leaving(error)))
    except RefusedError as refusal:
        yield from session.written
        yield Record("T", error_shape(refusal.error))
    except LeaveScript:
        yield from session.written
        yield Record("X", "exit")
        return
    except LeaveBlock as flow:
        yield from session.written
        if flow.keyword != "return":
            yield Record("X", flow.keyword)
            return
    yield Record("Z")


def _run(script: str, session: Session) -> Iterator[Record]:
    runner = Runner(session)
    for statement in parse(script):
        for value in runner.statement(statement):
            shaped = output_shape(value)
            yield from _waiting(session)
            yield Record("O", shaped)
        yield from _waiting(session)


def _waiting(session: Session) -> Iterator[Record]:
    written, session.written = session.written, []
    yield from written


def _leaving(error: ScriptError) -> PSError:
    """Invoke-Expression, which runs the frame, signs what the engine raised."""
    found = error.error
    if not error.engine:
        return found
    return PSError(found.message, found.id + INVOKE_EXPRESSION, found.category, found.target, found.hresult)
