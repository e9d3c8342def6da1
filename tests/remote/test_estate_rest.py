"""Reach, copies, and whether the process of an earlier act still runs."""

import hashlib

import pytest

from tests.remote.fakes import ACT, HELLO, Item, estate
from tui.core.action import Alive, Copy, Ids, Reach
from tui.core.errors import EstateError, Unreachable


async def test_reach():
    it, transport = estate()
    transport.opens = {5985: True, 445: False}
    reply = await it.read(Reach("node1"))
    assert reply.values == ({"port": 5985, "open": True}, {"port": 445, "open": False})
    assert reply.clean
    transport.opens = {5985: True, 445: Unreachable("no such name", "x", "y")}
    with pytest.raises(Unreachable):
        await it.read(Reach("node1"))


def copy(expected: str = "") -> Copy:
    return Copy("node1", "C:\\a", "node2", "D:\\b", expected, deadline=9.0, usual=3.0)


async def test_a_copy_becomes_the_write_of_what_its_source_holds():
    it, transport = estate(([HELLO], ['{n} B\n{n} O "104,105"\n{n} Z\n']))
    digest = hashlib.sha256(b"hi").hexdigest()
    action = await it.resolve(copy(digest.upper()))
    assert transport.pipes[0].script == "(Get-Content -LiteralPath 'C:\\a' -Encoding Byte -ReadCount 0) -join ','"
    assert action.script == "Set-Content -LiteralPath 'D:\\b' -Encoding Byte -Value ([byte[]](104,105))"
    assert (action.host, action.deadline, action.usual, action.changes) == ("node2", 9.0, 3.0, True)
    assert digest in action.shown
    assert await it.resolve(ACT) is ACT


async def test_a_source_that_changed_is_not_copied():
    it, _ = estate(([HELLO], ['{n} B\n{n} O "104,105"\n{n} Z\n']))
    with pytest.raises(EstateError, match="changed") as caught:
        await it.resolve(copy("0" * 64))
    assert len(caught.value.lines()) == 3


def process(*, age: float) -> list[Item]:
    minutes, seconds = divmod(int(age), 60)
    row = '[{\\"id\\":4242,\\"name\\":\\"powershell\\",\\"started\\":\\"2030-01-01T00:00:00.1234567+01:00\\",'
    row += f'\\"now\\":\\"2030-01-01T00:{minutes:02d}:{seconds:02d}.1234567+01:00\\"}}]'
    return ["{n} B\n{n} O ", f'"{row}"\n', "{n} Z\n"]


@pytest.mark.parametrize(
    ("answer", "alive"),
    [
        (process(age=600), Alive.YES),
        (process(age=545), Alive.YES),
        (process(age=30), Alive.GONE),
        (['{n} B\n{n} O "[]"\n{n} Z\n'], Alive.GONE),
        (["{n} B\n{n} Z\n"], Alive.UNREADABLE),
        (['{n} B\n{n} O "[{}]"\n{n} Z\n'], Alive.UNREADABLE),
        (['{n} B\n{n} O "[]"\n{n} E {"m":"denied"}\n{n} Z\n'], Alive.UNREADABLE),
        (['{n} B\n{n} O "[{\\"started\\":null,\\"now\\":\\"x\\"}]"\n{n} Z\n'], Alive.UNREADABLE),
        (["{n} B\n{n} X\n"], Alive.UNREADABLE),
        ([], Alive.UNREADABLE),
    ],
)
async def test_alive_by_the_hosts_own_clock(answer, alive):
    it, transport = estate(([HELLO], answer))
    since = transport.clock.wall() - 600
    assert await it.alive(Ids("node1", "s", "c", 4242, "n"), since) is alive
    assert "-Id 4242 " in transport.pipes[0].script


async def test_end_names_the_process_by_its_ids():
    it, transport = estate()
    await it.end(Ids("node1", "S", "C", 1, "n"))
    assert transport.ended == [("node1", "S", "C")]
