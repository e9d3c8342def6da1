"""The real pywinrm against the lab's server: NTLM with encryption, kept readers, and acts in shells of their own."""

import asyncio

import pytest

from tests.remote.wsman_lab import ACT, Lab, act, ask, endings_done, listeners_done
from tui.core.action import Kind
from tui.lab.wsman.shells import Quotas
from tui.remote import readers
from tui.remote.frame import COMMAND_LINE


async def test_reads_share_one_process(lab):
    for word in ("one", "two"):
        reply = await lab.estate.read(ask(word))
        assert reply.values == ([3, word],)
        assert reply.clean
    counts = lab.server.counts("node1")
    assert (counts.shells, counts.commands, counts.connections) == (1, 1, 1)
    assert counts.encrypted > 0
    assert lab.commands == [COMMAND_LINE]


async def test_a_read_is_two_requests(lab):
    await lab.estate.read(ask())
    before = lab.server.counts("node1").requests
    for n in range(5):
        assert (await lab.estate.read(ask(f"n{n}"))).clean
    assert lab.server.counts("node1").requests - before == 10


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
    replies = await asyncio.gather(*(lab.estate.read(ask(f"n{n}")) for n in range(40)))
    assert [reply.values[0][1] for reply in replies] == [f"n{n}" for n in range(40)]
    counts = lab.server.counts("node1")
    assert counts.shells == counts.commands == len(lab.commands) <= readers.MOST


async def begun(lab: Lab, count: int) -> None:
    """Wait until so many processes hold an answer."""
    async with asyncio.timeout(10):
        while sum(program.begun.is_set() for program in lab.programs) < count:  # noqa: ASYNC110 (a thread sets it)
            await asyncio.sleep(0.002)


async def test_no_more_than_three_readers_and_each_in_a_shell_of_its_own(lab, monkeypatch):
    monkeypatch.setattr(readers, "PATIENCE", 0.01)
    slow = [asyncio.create_task(lab.estate.read(ask(f"hold {n}"))) for n in range(5)]
    await begun(lab, 3)
    counts = lab.server.counts("node1")
    assert (counts.shells, counts.commands) == (3, 3)
    while not all(each.done() for each in slow):
        for program in lab.programs:
            program.release()
        await asyncio.sleep(0.002)
    assert [(await each).values[0][1] for each in slow] == [f"hold {n}" for n in range(5)]
    assert len(lab.commands) == 3


async def test_a_late_answer_of_a_cancelled_read_is_never_anothers(lab):
    await lab.estate.read(ask())
    late = asyncio.create_task(lab.estate.read(ask("hold")))
    await begun(lab, 1)
    late.cancel()
    answers = [asyncio.create_task(lab.estate.read(ask(f"n{n}"))) for n in range(8)]
    lab.programs[0].release()
    assert [(await each).values for each in answers] == [([2, f"n{n}"],) for n in range(8)]
    with pytest.raises(asyncio.CancelledError):
        await late


@pytest.mark.parametrize("quotas", [Quotas(operations=1), Quotas(shells=1), Quotas(processes=1)])
async def test_readers_live_within_the_quotas_of_a_host(monkeypatch, quotas):
    monkeypatch.setattr(readers, "READS", 2)
    monkeypatch.setattr(readers, "PATIENCE", 0.01)
    lab = Lab()
    await lab.start(quotas=quotas)
    try:
        for n in range(6):
            assert (await lab.estate.read(ask(f"n{n}"))).clean
            await endings_done()
        assert len(lab.commands) == 3
        assert lab.server.counts("node1").shells <= 1
        lab.programs.clear()
        slow = asyncio.create_task(lab.estate.read(ask("hold")))
        await begun(lab, 1)
        beside = asyncio.create_task(lab.estate.read(ask("beside")))
        if quotas.processes == 1:  # of one shell: a second one is allowed
            assert (await beside).clean
        lab.programs[0].release()
        assert (await slow).clean
        assert (await beside).clean
    finally:
        await lab.estate.close()
        await lab.server.close()


async def test_a_shell_asks_for_the_time_that_its_process_may_need(lab):
    await lab.estate.read(ask())
    await lab.estate.prepare(ACT)
    shells = lab.server._served["node1"].host.shells.shells.values()
    assert [shell.idle_seconds for shell in shells] == [900.0, 10_800.0]
