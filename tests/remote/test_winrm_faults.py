"""The real pywinrm against the lab's server: what breaks on the wire, and what it then means."""

import asyncio

import pytest

from tests.remote.wsman_lab import ACT, PASSWORD, act, ask
from tui.core.action import Kind, PowerShell, Reach
from tui.core.errors import ConnectionLost, EstateError, SignInRefused, Unreachable
from tui.lab.wsman.verdict import Verdict
from tui.remote.connections import IDLE


async def test_a_shell_that_the_host_lost_is_opened_anew(lab):
    await lab.estate.read(ask())
    lab.server.restart("node1")
    assert (await lab.estate.read(ask())).clean


async def test_a_connection_dropped_while_idle_is_made_anew_for_a_read(lab):
    await lab.estate.read(ask())
    lab.server.drop_connections("node1")
    assert (await lab.estate.read(ask())).clean


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
        await asyncio.to_thread(lab.winrm.open, "node1", own_shell=True)
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
