"""One command of a pipeline: found, its arguments computed and bound, then run as objects come."""

from __future__ import annotations

from collections.abc import Iterator

from tui.lab import tables
from tui.lab.cmdlet import Call, Cmdlet, CmdletError, PSError
from tui.lab.reader import binder
from tui.lab.reader import syntax as s
from tui.lab.reader.errors import ScriptError, engine_error, refused
from tui.lab.reader.execute import Runner
from tui.lab.reader.language import LANGUAGE
from tui.lab.reader.session import CommonStreams, Prepared, Word
from tui.lab.values import Value

ALIASES = {
    "%": "ForEach-Object", "foreach": "ForEach-Object", "?": "Where-Object", "where": "Where-Object",
    "select": "Select-Object", "sort": "Sort-Object", "measure": "Measure-Object", "group": "Group-Object",
    "echo": "Write-Output", "write": "Write-Output", "sleep": "Start-Sleep", "gc": "Get-Content",
    "cat": "Get-Content", "type": "Get-Content", "gci": "Get-ChildItem", "dir": "Get-ChildItem",
    "ls": "Get-ChildItem", "gi": "Get-Item", "ni": "New-Item", "ri": "Remove-Item", "rm": "Remove-Item",
    "del": "Remove-Item", "cp": "Copy-Item", "copy": "Copy-Item", "gps": "Get-Process", "ps": "Get-Process",
    "gsv": "Get-Service", "gcm": "Get-Command", "gmo": "Get-Module", "iex": "Invoke-Expression",
}  # fmt: skip
"""Aliases that every Windows PowerShell has."""


def run_command(runner: Runner, node: s.Command, flow: Iterator[Value] | None) -> Iterator[Value]:
    """Finds and binds at once, so that nothing of a pipeline runs before all of it is known; then lazily runs."""
    name = ALIASES.get(node.name.lower(), node.name)
    words = [_word(runner, argument) for argument in node.arguments]
    piped = flow is not None
    language = LANGUAGE.get(name.lower())
    if language:
        prepared = binder.bind(language.name, words, piped)
        if not piped:
            prepared.call()  # fails where a required parameter is missing
        streams = CommonStreams(runner.session, prepared.common)
        parameters = dict(prepared.parameters())
        given = "InputObject" in parameters
        items = iter([parameters.pop("InputObject")]) if given else flow or iter(())
        return language.run(runner, parameters, items, streams)
    canonical, cmdlet = _site_cmdlet(runner, name)
    return _flow(runner, cmdlet, runner.session.bind(canonical, words, piped), flow)


def _word(runner: Runner, argument: s.Argument) -> Word:
    if argument.value is None:
        return Word(argument.name, True, False)
    return Word(argument.name, runner.value(argument.value), True)


def _site_cmdlet(runner: Runner, name: str) -> tuple[str, Cmdlet]:
    offered = runner.session.host.cmdlets
    for own, cmdlet in offered.items():
        if own.lower() == name.lower():
            return own, cmdlet
    canonical = tables.known(name)
    if canonical == "Invoke-Expression":
        raise refused("Invoke-Expression inside a script")
    raise engine_error(
        f"The term '{name}' is not recognized as a name of a cmdlet, function, script file, or executable program."
        "\nCheck the spelling of the name, or if a path was included, verify that the path is correct and try again.",
        "CommandNotFoundException",
        "ObjectNotFound",
        name,
    )


def _flow(runner: Runner, cmdlet: Cmdlet, prepared: Prepared, flow: Iterator[Value] | None) -> Iterator[Value]:
    streams = CommonStreams(runner.session, prepared.common)
    if flow is None:
        yield from _call(cmdlet, prepared.call(), streams)
        return
    for item in flow:
        call = prepared.call_with(item)
        if isinstance(call, PSError):
            streams.error(call)
        else:
            yield from _call(cmdlet, call, streams)


def _call(cmdlet: Cmdlet, call: Call, streams: CommonStreams) -> Iterator[Value]:
    try:
        yield from cmdlet(call, streams)
    except CmdletError as error:
        raise ScriptError(error.error) from error
