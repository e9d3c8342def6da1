"""The real pywinrm against the lab's server: NTLM with encryption, pooled and own shells."""

import asyncio
import threading

import pytest

from tests.remote.wsman_lab import ACT, act, ask, listeners_done
from tui.core.action import Kind, Reach
from tui.core.errors import Unreachable
from tui.core.secret import Secret
from tui.remote import shells
from tui.remote.frame import COMMAND_LINE
from tui.remote.transport import Host


async def test_reads_share_one_shell_and_leave_no_process(lab):
    for word in ("one", "two"):
        reply = await lab.estate.read(ask(word))
        assert reply.values == ([3, word],)
        assert reply.clean
    counts = lab.server.counts("node1")
    assert (counts.shells, counts.commands, counts.connections) == (1, 0, 1)
    assert counts.encrypted > 0
    assert lab.commands == [COMMAND_LINE] * 2


async def test_an_act_has_a_shell_of_its_own_which_goes_with_it(lab):
    await lab.estate.read(ask())
    prepared = await lab.estate.prepare(ACT)
    assert (prepared.ids.pid, prepared.ids.language) == (7, "FullLanguage")
    assert lab.server.counts("node1").shells == 2
    assert prepared.ids.shell
    assert prepared.ids.command
    assert lab.seen == ["read"]
    assert [record.kind for record in await act(lab, prepared)] == [Kind.BEGUN, Kind.OUTPUT, Kind.END]
    await listeners_done()
    assert lab.server.counts("node1").shells == 1


async def test_a_long_script_goes_in_parts_and_arrives_whole(lab):
    reply = await lab.estate.read(ask("x" * 450_000))
    assert reply.values[0][0] == 450_000


async def test_many_at_once_never_share_a_connection(lab):
    replies = await asyncio.gather(*(lab.estate.read(ask(f"n{n}")) for n in range(12)))
    assert [reply.values[0][1] for reply in replies] == [f"n{n}" for n in range(12)]
    counts = lab.server.counts("node1")
    assert (counts.shells, counts.commands) == (1, 0)


async def test_no_more_than_four_processes_in_the_pooled_shell(lab):
    pipes = [lab.winrm.open for _ in range(shells.SIDE_BY_SIDE)]
    opened = await asyncio.gather(*(asyncio.to_thread(each, "node1", own_shell=False) for each in pipes))
    assert lab.server.counts("node1").commands == 4
    fifth = threading.Event()

    def open_fifth() -> None:
        lab.winrm.open("node1", own_shell=False).close()
        fifth.set()

    task = asyncio.create_task(asyncio.to_thread(open_fifth))
    await lab.estate.read(Reach("node1", (5985,)))
    assert not fifth.is_set()
    for pipe in opened:
        await asyncio.to_thread(pipe.close)
        await asyncio.to_thread(pipe.close)
    await task


async def test_the_pooled_shell_is_replaced(lab, monkeypatch):
    monkeypatch.setattr(shells, "COMMANDS", 2)
    for n in range(5):
        await lab.estate.read(ask(f"n{n}"))
    assert lab.server.counts("node1").shells == 1
    assert len(lab.seen) == 5


async def test_a_failure_that_came_while_waiting_is_shared():
    class Dead:
        def ask(self, *_: object) -> str:
            raise AssertionError("not asked again")

    several = shells.HostShells(Host("n", "a", "u", Secret("")), Dead())  # type: ignore[arg-type]
    several._failures, several._failure = 1, Unreachable("No connection.")
    with pytest.raises(Unreachable, match="No connection"):
        several._ready(0)
