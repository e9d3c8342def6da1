"""How every reading is asked: one script, a short deadline, one true or false where that is all there is."""

from __future__ import annotations

from typing import LiteralString

from tui.core.action import PowerShell, Reply
from tui.core.errors import EstateError
from tui.remote.powershell import render

READ_DEADLINE = 30.0
"""Seconds for one reading."""
SILENCE = 90.0
"""Seconds for asking a port that may not answer: a ping and a connection that both run into their time, some 25 s, and
the other questions to the same host before it."""


def ask(host: str, script: str) -> PowerShell:
    """A read-only script for a host."""
    return PowerShell(host, script, deadline=READ_DEADLINE, usual=1.0)


def truth_of(reply: Reply) -> bool:
    """One true or false. Raises EstateError for anything else."""
    if len(reply.values) == 1 and isinstance(reply.values[0], bool):
        return reply.values[0]
    raise EstateError("The host answered something that is not true or false.", raw=repr(reply.values))


def host_time(host: str) -> PowerShell:
    """The host's clock, UTC, as 'o'."""
    return ask(host, render("(Get-Date).ToUniversalTime().ToString('o')"))


def port_from(host: str, target: str, port: int) -> PowerShell:
    """Whether `target` answers on a TCP port, asked from another host. One true or false, and a warning."""
    template: LiteralString = "Test-NetConnection -ComputerName «target» -Port «port» -InformationLevel Quiet"
    return PowerShell(host, render(template, target=target, port=port), deadline=SILENCE, usual=25.0)
