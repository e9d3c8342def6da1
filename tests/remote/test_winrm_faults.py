"""The real pywinrm against the lab's server: what breaks on the wire, and what it then means."""

import asyncio

import pytest

from tests.remote.wsman_lab import ACT, PASSWORD, act, ask, endings_done
from tui.core.action import Kind, PowerShell, Reach
from tui.core.errors import ConnectionLost, EstateError, SignInRefused, Unreachable
from tui.lab.wsman.verdict import Verdict
from tui.remote import readers
from tui.remote.connections import IDLE


@pytest.mark.parametrize("readers_before", [1, 3])
@pytest.mark.parametrize("lost", ["restart", "expire"])
async def test_shells_that_the_host_lost_are_opened_anew(lab, monkeypatch, lost, readers_before):
    monkeypatch.setattr(readers, "PATIENCE", 0.001)
    slow = [asyncio.create_task(lab.estate.read(ask("hold"))) for _ in range(readers_before)]
    while sum(program.begun.is_set() for program in lab.programs) < readers_before:  # noqa: ASYNC110 (a thread sets it)
        await asyncio.sleep(0.002)
    for program in lab.programs:
        program.release()
    await asyncio.gather(*slow)
    getattr(lab.server, lost)("node1")
    assert (await lab.estate.read(ask())).clean
    await endings_done()
    assert lab.server.counts("node1").shells == 1


async def test_a_process_that_ended_is_started_anew(lab):
    await lab.estate.read(ask())
    lab.programs[0].output.exit(1)
    assert (await lab.estate.read(ask())).clean
    assert len(lab.commands) == 2


async def test_a_read_whose_process_ends_each_time_gives_up(lab):
    with pytest.raises(ConnectionLost) as caught:
        await lab.estate.read(ask("die"))
    assert caught.value.means == "It only reads: nothing was changed."
    assert lab.seen == ["die"] * 3
    await endings_done()
    assert lab.server.counts("node1").shells == 0


async def test_a_connection_dropped_while_idle_is_made_anew_for_a_read(lab):
    await lab.estate.read(ask())
    lab.server.drop_connections("node1")
    assert (await lab.estate.read(ask())).clean
    await endings_done()
    assert lab.server.counts("node1").shells == 1


async def test_after_a_minutes_rest_a_read_takes_a_new_connection_to_the_same_process(lab):
    await lab.estate.read(ask())
    lab.clock.ahead += IDLE + 1
    lab.server.drop_connections("node1")
    assert (await lab.estate.read(ask())).clean
    assert len(lab.commands) == 1


async def test_a_frame_that_could_not_be_read_is_never_repeated_by_itself(lab):
    prepared = await lab.estate.prepare(ACT)
    lab.verdicts = [("send", "azlx", Verdict.BAD_REQUEST)]
    with pytest.raises(Unreachable) as caught:
        await act(lab, prepared)
    assert not caught.value.sent
    assert lab.seen == []
    assert (await act(lab, prepared))[-1].kind is Kind.END
    assert lab.seen == ["act"]


async def test_after_a_long_gate_the_frame_takes_a_new_connection(lab):
    prepared = await lab.estate.prepare(ACT)
    lab.clock.ahead += IDLE + 1
    lab.server.drop_connections("node1")
    assert (await act(lab, prepared))[-1].kind is Kind.END
    assert lab.seen == ["act"]


@pytest.mark.parametrize("verdict", [Verdict.DROP_AFTER, Verdict.DROP_BEFORE, Verdict.GARBAGE, Verdict.TRUNCATED])
async def test_a_frame_or_answer_that_is_lost_is_unknown(lab, verdict):
    for operation in ("send", "receive"):
        prepared = await lab.estate.prepare(ACT)
        lab.verdicts = [(operation, "azlx", verdict)]
        if (operation, verdict) == ("send", Verdict.GARBAGE):
            assert (await act(lab, prepared))[-1].kind is Kind.END  # pywinrm does not read the reply to Send
            continue
        with pytest.raises(ConnectionLost) as caught:
            await act(lab, prepared)
        assert len(caught.value.lines()) == 3
        assert PASSWORD not in caught.value.raw
        await lab.estate.discard(prepared)
    assert lab.server.counts("node1").shells == 0


@pytest.mark.parametrize("verdict", [Verdict.DROP_AFTER, Verdict.BAD_REQUEST, Verdict.GARBAGE, Verdict.TRUNCATED])
@pytest.mark.parametrize("operation", ["create", "command", "send", "receive"])
async def test_a_read_gets_over_one_fault_anywhere(lab, operation, verdict):
    lab.verdicts = [(operation, "", verdict)]
    assert (await lab.estate.read(ask())).values == ([4, "read"],)
    assert not lab.verdicts


@pytest.mark.parametrize("operation", ["create", "command"])
async def test_a_start_that_is_lost_sent_nothing(lab, operation):
    lab.verdicts = [(operation, "", Verdict.DROP_BEFORE)] * 3
    with pytest.raises(Unreachable) as caught:
        await lab.estate.prepare(ACT)
    assert not caught.value.sent
    assert lab.server.counts("node1").shells == 0


async def test_a_wrong_password(lab):
    lab.connect(lab.server.ports["node1"], "wrong-pl4nted")
    with pytest.raises(SignInRefused) as caught:
        await lab.estate.prepare(ACT)
    assert "wrong-pl4nted" not in " ".join([*caught.value.lines(), caught.value.raw])


async def test_no_clear_text_after_a_session_that_failed_half_way(lab):
    lab.verdicts = [("authenticate", "", Verdict.DROP_BEFORE)]
    with pytest.raises(EstateError):
        await asyncio.to_thread(lab.winrm.open, "node1", reader=False)
    assert (await lab.estate.read(ask())).clean
    assert not any(one.protocol.transport.encryption is None for one in lab.winrm._connections._spare["node1"])


async def test_nobody_there(lab):
    lab.server.silence("node1")
    with pytest.raises(Unreachable) as caught:
        await lab.estate.read(ask())
    assert "127.0.0.1" in caught.value.happened
    reply = await lab.estate.read(Reach("node1", (5985,)))
    assert reply.values == ({"port": 5985, "open": False},)
    await lab.server.listen("node1")
    assert (await lab.estate.read(Reach("node1", (5985,)))).values[0]["open"]


async def test_a_host_that_the_site_does_not_have(lab):
    with pytest.raises(Unreachable, match="no host node9"):
        await lab.estate.read(PowerShell("node9", "x"))


async def test_close_gives_shell_and_connections_back(lab):
    await lab.estate.read(ask())
    await lab.estate.prepare(ACT)
    await lab.estate.close()
    assert lab.server.counts("node1").shells == 0
    assert lab.winrm._connections._spare == {}
