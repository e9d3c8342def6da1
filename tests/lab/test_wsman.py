"""The lab's WinRM server, judged by pywinrm: a client that we did not write."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
import spnego
import winrm
import xmltodict  # type: ignore[import-untyped]
from winrm.exceptions import (
    InvalidCredentialsError,
    WinRMOperationTimeoutError,
    WinRMTransportError,
    WSManFaultError,
)
from winrm.protocol import Protocol

from tui.lab.wsman.faults import ABORTED, BAD_PARAMETER, BROKEN_PIPE, MAX_OPERATIONS, MAX_SHELLS, NO_SHELL
from tui.lab.wsman.http import Limits
from tui.lab.wsman.process import Output
from tui.lab.wsman.server import HostBinding, WsmanServer
from tui.lab.wsman.shells import Quotas
from tui.lab.wsman.userfile import VARIABLE, Credentials, UserFile
from tui.lab.wsman.verdict import Verdict

ACCOUNT = Credentials("LAB\\operator", "p@ss wörd")
HOST = "node01"
SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
IDENTIFY = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">'
    "<s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>"
)


class Program:
    """echo, env, cat (leaves with 7 at the end of its input), count (from a thread) and wait."""

    def __init__(self, command: str, arguments: tuple[str, ...], env: Mapping[str, str], out: Output) -> None:
        self.command, self.out = command, out
        self.terminated = 0
        match command:
            case "echo":
                out.stdout(" ".join(arguments).encode())
                out.stderr(b"warned")
                out.exit(3)
            case "env":
                out.stdout(env[arguments[0]].encode())
                out.exit(0)
            case "big":
                out.stdout(b"x" * int(arguments[0]))
                out.exit(0)
            case "count":
                threading.Thread(target=self._count, args=(int(arguments[0]),)).start()

    def _count(self, last: int) -> None:
        for number in range(last):
            self.out.stdout(b"%d\n" % number)
        self.out.exit(0)

    def feed(self, data: bytes, end: bool) -> None:
        self.out.stdout(data)
        if end:
            self.out.exit(7)

    def terminate(self) -> None:
        self.terminated += 1
        self.out.exit(-1073741510)


class Lab:
    """A server, its programs, and the clients to close."""

    def __init__(self, **options: Any) -> None:
        self.programs: list[Program] = []
        self.clients: list[Protocol] = []
        self.asked: list[tuple[str, str]] = []
        self.verdicts: dict[str, list[Verdict]] = {}
        """For each operation, what is ordered for its next calls."""
        self.server = WsmanServer([HostBinding(HOST, self.launch)], ACCOUNT, faults=self.judge, **options)

    def launch(
        self, host: str, command: str, arguments: tuple[str, ...], environment: Mapping[str, str], output: Output
    ) -> Program:
        assert host == HOST
        self.programs.append(Program(command, arguments, environment, output))
        return self.programs[-1]

    def judge(self, host: str, operation: str, text: str) -> Verdict:
        self.asked.append((operation, text))
        ordered = self.verdicts.get(operation)
        return ordered.pop(0) if ordered else Verdict.PASS

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.ports[HOST]}/wsman"

    def client(self, encryption: Any = "always", **options: Any) -> Protocol:
        wanted: dict[str, Any] = {
            "username": ACCOUNT.user,
            "password": ACCOUNT.password,
            "ca_trust_path": None,
            "proxy": None,
        }
        wanted |= {"operation_timeout_sec": 5, "read_timeout_sec": 6} | options
        made = Protocol(self.endpoint, transport="ntlm", message_encryption=encryption, **wanted)
        self.clients.append(made)
        return made

    async def close(self) -> None:
        for client in self.clients:
            client.transport.close_session()
        await self.server.close()


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    made = Lab()
    await made.server.start()
    yield made
    await made.close()


@pytest.fixture
async def small() -> AsyncIterator[Lab]:
    """A host with room for two shells, two programs in each, and three commands in all."""
    made = Lab(quotas=Quotas(shells=2, processes=2, operations=3))
    await made.server.start()
    yield made
    await made.close()


in_thread = asyncio.to_thread


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(3):
        while not condition():  # noqa: ASYNC110 (the server has no event for these)
            await asyncio.sleep(0.001)


def code(caught: pytest.ExceptionInfo[WSManFaultError]) -> int | None:
    return caught.value.wsman_fault_code


def hurry(client: Protocol) -> None:
    """Give up reading after 50 ms; the constructor takes whole seconds only."""
    client.transport.__dict__["read_timeout_sec"] = 0.05


def run(client: Protocol, command: str, *arguments: str) -> tuple[bytes, bytes, int]:
    shell = client.open_shell()
    ident = client.run_command(shell, command, arguments)
    result = client.get_command_output(shell, ident)
    client.cleanup_command(shell, ident)
    client.close_shell(shell)
    return result


def start_with_id(client: Protocol, shell: str, ident: str, command: str) -> str:
    """Command with an id of our own, as one sends it who wants to find it again after a lost reply."""
    header = client.build_wsman_header(f"{SHELL}/Command", f"{SHELL}/cmd", shell)
    line = {"@CommandId": ident, "rsp:Command": command}
    envelope = {"env:Envelope": {**header, "env:Body": {"rsp:CommandLine": line}}}
    reply = client.send_message(xmltodict.unparse(envelope)).decode()
    found = re.search(r"<rsp:CommandId>([^<]+)<", reply)
    assert found
    return found[1]


def signal(client: Protocol, shell: str, ident: str, name: str) -> None:
    header = client.build_wsman_header(f"{SHELL}/Signal", f"{SHELL}/cmd", shell)
    body = {"rsp:Signal": {"@CommandId": ident, "rsp:Code": f"{SHELL}/signal/{name}"}}
    client.send_message(xmltodict.unparse({"env:Envelope": {**header, "env:Body": body}}))


# --- login and encryption


@pytest.mark.parametrize("encryption", ["always", "never"])
async def test_a_command_runs_and_cleans_up(lab: Lab, encryption: str) -> None:
    result = await in_thread(run, lab.client(encryption), "echo", "one", "zwei ü")
    assert result == ("one zwei ü".encode(), b"warned", 3)
    counts = lab.server.counts()
    assert (counts.shells, counts.commands) == (0, 0)
    assert counts.encrypted == (5 if encryption == "always" else 0)


@pytest.mark.parametrize("user", ["LAB\\operator", "operator", ".\\operator", "NODE01\\operator", "operator@LAB"])
async def test_the_account_by_each_of_its_names(lab: Lab, user: str) -> None:
    assert (await in_thread(run, lab.client(username=user), "echo"))[2] == 3


@pytest.mark.parametrize(("user", "password"), [(ACCOUNT.user, "wrong"), ("LAB\\stranger", ACCOUNT.password)])
@pytest.mark.parametrize("encryption", ["always", "never"])
async def test_wrong_credentials_are_401(lab: Lab, encryption: str, user: str, password: str) -> None:
    client = lab.client(encryption, username=user, password=password)
    with pytest.raises(InvalidCredentialsError):
        await in_thread(client.open_shell)
    assert lab.server.counts().shells == 0


async def test_scheme_ntlm_is_accepted_too(lab: Lab) -> None:
    client = spnego.client(ACCOUNT.user, ACCOUNT.password, protocol="ntlm")
    with requests.Session() as session:

        def step(token: bytes | None) -> requests.Response:
            text = base64.b64encode(client.step(token) or b"").decode()
            return session.post(lab.endpoint, headers={"Authorization": f"NTLM {text}"}, timeout=5)

        challenge = await in_thread(step, None)
        assert challenge.status_code == 401
        scheme, token = challenge.headers["WWW-Authenticate"].split(" ")
        assert scheme == "NTLM"
        assert (await in_thread(step, base64.b64decode(token))).status_code == 200


async def test_two_servers_with_two_passwords_share_the_process(lab: Lab) -> None:
    other = WsmanServer([HostBinding("node02", lab.launch)], Credentials("LAB\\operator", "second"))
    port = (await other.start())["node02"]
    client = lab.client(password="second")
    client.transport.endpoint = f"http://127.0.0.1:{port}/wsman"
    shell = await in_thread(client.open_shell)
    await in_thread(lab.client().open_shell)
    await in_thread(client.close_shell, shell)
    await other.close()
    assert (await in_thread(run, lab.client(), "echo"))[2] == 3


def test_the_user_file_is_private_and_goes_away() -> None:
    users = UserFile(ACCOUNT, [HOST])
    users.open()
    path = Path(os.environ[VARIABLE])
    with users.in_place():
        assert ACCOUNT.password in path.read_text(encoding="utf-8")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    users.close()
    assert not path.parent.exists()
    assert VARIABLE not in os.environ
    assert ACCOUNT.password not in repr(ACCOUNT)
    with pytest.raises(ValueError, match="colon"):
        Credentials("LAB\\operator", "a:b")


async def test_anyone_may_identify(lab: Lab) -> None:
    headers = {"WSMANIDENTIFY": "unauthenticated", "Content-Type": "application/soap+xml"}
    reply = await in_thread(requests.post, lab.endpoint, data=IDENTIFY, headers=headers, timeout=5)
    assert reply.status_code == 200
    assert "Microsoft Corporation" in reply.text
    assert "26100" not in reply.text
    assert b"26100" in await in_thread(lab.client().send_message, IDENTIFY)


# --- commands


async def test_output_streams_as_it_comes(lab: Lab) -> None:
    client = lab.client()
    shell = await in_thread(client.open_shell)
    ident = await in_thread(client.run_command, shell, "cat")
    for text in (b"one", "zwei ü".encode(), bytes(range(256)) * 800):
        await in_thread(client.send_command_input, shell, ident, text)
        got = b""
        while len(got) < len(text):
            out, err, _, done = await in_thread(client.get_command_output_raw, shell, ident)
            assert (err, done) == (b"", False)
            got += out
        assert got == text
    await in_thread(client.send_command_input, shell, ident, b"last", True)
    assert await in_thread(client.get_command_output, shell, ident) == (b"last", b"", 7)
    with pytest.raises(WSManFaultError) as caught:
        await in_thread(client.send_command_input, shell, ident, b"late")
    assert code(caught) == BROKEN_PIPE.code
    await in_thread(client.cleanup_command, shell, ident)
    with pytest.raises(WSManFaultError) as caught:
        await in_thread(client.get_command_output, shell, ident)
    assert code(caught) == BAD_PARAMETER.code


async def test_output_of_a_thread_is_whole_and_in_order(lab: Lab) -> None:
    out, _, exit_code = await in_thread(run, lab.client(), "count", "2000")
    assert (out, exit_code) == (b"".join(b"%d\n" % each for each in range(2000)), 0)


async def test_a_reply_fits_the_clients_envelope(lab: Lab) -> None:
    client = lab.client()
    shell = await in_thread(client.open_shell)
    ident = await in_thread(client.run_command, shell, "big", ["300000"])
    out, _, _, done = await in_thread(client.get_command_output_raw, shell, ident)
    assert len(out) * 4 / 3 < client.max_env_sz
    assert not done
    rest, _, exit_code = await in_thread(client.get_command_output, shell, ident)
    assert (len(out) + len(rest), exit_code) == (300_000, 0)


async def test_the_shells_environment_reaches_the_program(lab: Lab) -> None:
    client = lab.client()
    shell = await in_thread(lambda: client.open_shell(env_vars={"KEY": "wert <&>"}, codepage=65001, noprofile=True))
    ident = await in_thread(client.run_command, shell, "env", ["KEY"])
    assert (await in_thread(client.get_command_output, shell, ident))[0] == b"wert <&>"


async def test_cmd_refuses_a_line_that_is_too_long(lab: Lab) -> None:
    client = lab.client()
    shell = await in_thread(client.open_shell)
    for length, skip, expected in ((8187, False, 3), (8188, False, 1), (8188, True, 3)):
        ident = await in_thread(client.run_command, shell, "echo", ["x" * (length - 1)], True, skip)
        assert (await in_thread(client.get_command_output, shell, ident))[2] == expected


async def test_an_operation_times_out_and_goes_on(lab: Lab) -> None:
    client = lab.client(operation_timeout_sec=1)
    shell = await in_thread(client.open_shell)
    ident = await in_thread(client.run_command, shell, "cat")
    with pytest.raises(WinRMOperationTimeoutError):
        await in_thread(client.get_command_output_raw, shell, ident)
    await in_thread(client.send_command_input, shell, ident, b"still here", True)
    assert await in_thread(client.get_command_output, shell, ident) == (b"still here", b"", 7)


async def test_another_client_finds_a_command_by_its_own_id(lab: Lab) -> None:
    first, second = lab.client(), lab.client("never")
    shell = await in_thread(first.open_shell)
    ident = "11111111-2222-3333-4444-AAAAAAAAAAAA"
    lab.verdicts["command"] = [Verdict.DROP_AFTER]
    with pytest.raises(requests.exceptions.ConnectionError):
        await in_thread(start_with_id, first, shell, ident, "cat")
    await in_thread(second.send_command_input, shell, ident.lower(), b"found", True)
    assert await in_thread(second.get_command_output, shell, ident) == (b"found", b"", 7)
    with pytest.raises(WSManFaultError) as caught:  # never a second time
        await in_thread(start_with_id, second, shell, ident, "cat")
    assert code(caught) == BAD_PARAMETER.code
    assert await in_thread(start_with_id, second, shell, "Own-Id", "echo") == "Own-Id"
    assert len(lab.programs) == 2


async def test_a_second_client_cancels_what_the_first_waits_for(lab: Lab) -> None:
    first, second = lab.client(), lab.client()
    shell = await in_thread(first.open_shell)
    ident = await in_thread(first.run_command, shell, "wait")
    waiting = asyncio.create_task(in_thread(first.get_command_output_raw, shell, ident))
    await until(lambda: ("receive", "wait") in lab.asked)
    await in_thread(second.cleanup_command, shell, ident)
    with pytest.raises(WSManFaultError) as caught:
        await waiting
    assert code(caught) == ABORTED.code
    assert lab.programs[0].terminated == 1


async def test_ctrl_c_lets_the_program_say_how_it_ended(lab: Lab) -> None:
    client = lab.client()
    shell = await in_thread(client.open_shell)
    ident = await in_thread(client.run_command, shell, "wait")
    await in_thread(signal, client, shell, ident, "ctrl_c")
    assert await in_thread(client.get_command_output, shell, ident) == (b"", b"", -1073741510)


async def test_a_deleted_shell_ends_its_programs_and_is_unknown(lab: Lab) -> None:
    client = lab.client()
    shell = await in_thread(client.open_shell)
    await in_thread(client.run_command, shell, "wait")
    await in_thread(client.close_shell, shell)
    assert lab.programs[0].terminated == 1
    for call in (lambda: client.run_command(shell, "echo"), lambda: client.close_shell(shell)):
        with pytest.raises(WSManFaultError) as caught:
            await in_thread(call)
        assert code(caught) == NO_SHELL.code


# --- quotas


async def test_the_quota_of_shells(small: Lab) -> None:
    client = small.client()
    shells = [await in_thread(client.open_shell) for _ in range(2)]
    with pytest.raises(WSManFaultError) as caught:
        await in_thread(client.open_shell)
    assert code(caught) == MAX_SHELLS.code
    assert "2 concurrent shells" in str(caught.value.reason)
    await in_thread(client.close_shell, shells[0])
    await in_thread(client.open_shell)


async def test_the_quotas_of_programs_and_of_operations(small: Lab) -> None:
    client = small.client()
    shell = await in_thread(client.open_shell)
    idents = [await in_thread(client.run_command, shell, "wait") for _ in range(2)]
    for ident in (idents[0], None):  # terminate frees a program's place, never an operation's
        with pytest.raises(WSManFaultError) as caught:
            await in_thread(client.run_command, shell, "wait")
        assert code(caught) == MAX_OPERATIONS.code
        if ident:
            await in_thread(client.cleanup_command, shell, ident)
            last = await in_thread(client.run_command, shell, "echo")
            await in_thread(client.cleanup_command, shell, last)
    await in_thread(client.close_shell, shell)
    assert (await in_thread(run, client, "echo"))[2] == 3


async def test_an_idle_shell_is_deleted() -> None:
    lab = Lab(quotas=Quotas(idle_seconds=0.3))
    await lab.server.start()
    client = lab.client()
    shell = await in_thread(client.open_shell)
    await in_thread(client.run_command, shell, "wait")
    await until(lambda: lab.server.counts().shells == 0)
    assert lab.programs[0].terminated == 1
    await lab.close()


# --- lost connections


async def test_an_encrypted_connection_dropped_while_idle_is_400_until_a_new_session(lab: Lab) -> None:
    client = lab.client()
    shell = await in_thread(client.open_shell)
    ident = await in_thread(client.run_command, shell, "cat")
    lab.server.drop_connections(HOST)
    await until(lambda: lab.server.counts().connections == 0)
    with pytest.raises(WinRMTransportError) as caught:
        await in_thread(client.send_command_input, shell, ident, b"lost")
    assert caught.value.code == 400
    client.transport.close_session()
    await in_thread(client.send_command_input, shell, ident, b"again", True)
    assert await in_thread(client.get_command_output, shell, ident) == (b"again", b"", 7)


async def test_a_client_that_leaves_takes_no_output_with_it(lab: Lab) -> None:
    client = lab.client()
    shell = await in_thread(client.open_shell)
    ident = await in_thread(client.run_command, shell, "cat")
    hurry(client)
    with pytest.raises(requests.exceptions.ReadTimeout):
        await in_thread(client.get_command_output_raw, shell, ident)
    client.transport.close_session()
    await until(lambda: lab.server.counts().connections == 0)
    other = lab.client()
    await in_thread(other.send_command_input, shell, ident, b"kept", True)
    assert await in_thread(other.get_command_output, shell, ident) == (b"kept", b"", 7)


async def test_a_silent_host_refuses_and_comes_back_on_its_port(lab: Lab) -> None:
    client = lab.client("never")
    shell = await in_thread(client.open_shell)
    port = lab.server.ports[HOST]
    lab.server.silence(HOST)
    with pytest.raises(requests.exceptions.ConnectionError):
        await in_thread(client.run_command, shell, "echo")
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    await lab.server.listen(HOST)
    assert lab.server.ports[HOST] == port
    await in_thread(client.run_command, shell, "wait")
    lab.server.restart(HOST)
    assert (lab.server.counts(HOST).shells, lab.programs[-1].terminated) == (0, 1)


# --- verdicts


@pytest.mark.parametrize(
    ("verdict", "error", "done"),
    [
        (Verdict.DROP_BEFORE, requests.exceptions.ConnectionError, False),
        (Verdict.DROP_AFTER, requests.exceptions.ConnectionError, True),
        (Verdict.BAD_REQUEST, WinRMTransportError, False),
        (Verdict.UNAUTHORIZED, InvalidCredentialsError, False),
        (Verdict.HANG, requests.exceptions.ReadTimeout, False),
        (Verdict.GARBAGE, None, True),
        (Verdict.TRUNCATED, requests.exceptions.ChunkedEncodingError, True),
    ],
)
async def test_each_verdict_on_a_send(lab: Lab, verdict: Verdict, error: Any, done: bool) -> None:
    client = lab.client()
    shell = await in_thread(client.open_shell)
    ident = await in_thread(client.run_command, shell, "cat")
    lab.verdicts["send"] = [verdict]
    if verdict is Verdict.HANG:
        hurry(client)
    if error is None:  # pywinrm does not look at the reply to Send
        await in_thread(client.send_command_input, shell, ident, b"text")
    else:
        with pytest.raises(error):
            await in_thread(client.send_command_input, shell, ident, b"text")
    assert ("send", "text") in lab.asked
    other = lab.client()
    await in_thread(other.send_command_input, shell, ident, b".", True)
    expected = b"text." if done else b"."
    assert (await in_thread(other.get_command_output, shell, ident))[0] == expected


async def test_unauthorized_is_not_healed_by_a_new_login(lab: Lab) -> None:
    client = lab.client("never")
    shell = await in_thread(client.open_shell)
    lab.verdicts["command"] = [Verdict.UNAUTHORIZED]
    with pytest.raises(InvalidCredentialsError):
        await in_thread(client.run_command, shell, "echo")
    assert lab.programs == []


async def test_garbage_is_no_xml(lab: Lab) -> None:
    client = lab.client()
    lab.verdicts["create"] = [Verdict.GARBAGE]
    with pytest.raises(Exception, match="not well-formed"):
        await in_thread(client.open_shell)
    assert lab.server.counts().shells == 1


@pytest.mark.parametrize("operation", ["connect", "authenticate", "create", "receive", "signal", "delete"])
async def test_each_operation_can_be_dropped(lab: Lab, operation: str) -> None:
    lab.verdicts[operation] = [Verdict.DROP_BEFORE]
    with pytest.raises(requests.exceptions.ConnectionError):
        await in_thread(run, lab.client(), "echo")
    assert (await in_thread(run, lab.client(), "echo"))[2] == 3


async def test_a_login_can_be_refused(lab: Lab) -> None:
    lab.verdicts["authenticate"] = [Verdict.UNAUTHORIZED]
    with pytest.raises(InvalidCredentialsError):
        await in_thread(lab.client().open_shell)


async def test_close_ends_what_hangs_and_what_waits(lab: Lab) -> None:
    hung, waiter = lab.client(), lab.client()
    shell = await in_thread(waiter.open_shell)
    ident = await in_thread(waiter.run_command, shell, "wait")
    lab.verdicts["create"] = [Verdict.HANG]
    tasks = [
        asyncio.create_task(in_thread(hung.open_shell)),
        asyncio.create_task(in_thread(waiter.get_command_output_raw, shell, ident)),
    ]
    operations = {("create", 2), ("receive", 1)}  # the first create opened the shell
    await until(lambda: operations <= Counter(each for each, _ in lab.asked).items())
    await lab.server.close()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(each, Exception) for each in results)
    assert lab.programs[0].terminated == 1


# --- HTTP


async def exchange(lab: Lab, *parts: bytes) -> bytes:
    """Send bytes as they are; what comes back until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", lab.server.ports[HOST])
    async with asyncio.timeout(5):
        for part in parts:
            writer.write(part)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
        reply = await reader.read()
    writer.close()
    await writer.wait_closed()
    return reply


POST = b"POST /wsman HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET /wsman HTTP/1.1\r\n\r\n", 405),
        (b"POST /else HTTP/1.1\r\n\r\n", 404),
        (POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400),
        (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (POST + b"Content-Length: -1\r\n\r\n", 400),
        (POST + b"Content-Length: 9999999\r\n\r\n", 413),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n", 501),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nfffffff\r\n", 413),
        (POST + b"no colon\r\n\r\n", 400),
        (POST + b"X: " + b"x" * 70_000 + b"\r\n\r\n", 431),
        (POST + b"Authorization: Negotiate !!!\r\n\r\n", 401),
        (POST + b"Authorization: Negotiate TlRMTVNTUAADAAAA\r\n\r\n", 401),
        (POST + b"Authorization: Negotiate YAA=\r\n\r\n", 401),
        (POST + b"Authorization: Basic YTpi\r\n\r\n", 401),
        (POST + b"Content-Type: multipart/encrypted\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (POST + b"WSMANIDENTIFY: unauthenticated\r\nContent-Length: 3\r\n\r\n<a>", 400),
    ],
)
async def test_a_bad_request_costs_only_itself(lab: Lab, request_: bytes, status: int) -> None:
    reply = await exchange(lab, request_)
    assert reply.startswith(b"HTTP/1.1 %d " % status)
    await exchange(lab, request_[: len(request_) // 2])
    assert (await in_thread(run, lab.client(), "echo"))[2] == 3


@pytest.mark.parametrize("body", ["<a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "no xml", "\x00"])
async def test_a_body_that_is_no_envelope_is_400(lab: Lab, body: str) -> None:
    client = lab.client()
    with pytest.raises(WinRMTransportError) as caught:
        await in_thread(client.send_message, body)
    assert caught.value.code == 400
    assert (await in_thread(run, client, "echo"))[2] == 3


async def test_an_unknown_action_is_a_fault(lab: Lab) -> None:
    client = lab.client()
    envelope = {"env:Envelope": {**client.build_wsman_header("urn:else", "urn:else"), "env:Body": {}}}
    with pytest.raises(WSManFaultError):
        await in_thread(client.send_message, xmltodict.unparse(envelope))


async def test_chunks_and_expect_are_understood(lab: Lab) -> None:
    half = len(IDENTIFY) // 2
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(each), each.encode()) for each in (IDENTIFY[:half], IDENTIFY[half:]))
    head = POST + b"WSMANIDENTIFY: unauthenticated\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
    reply = await exchange(lab, head, chunks + b"0\r\n\r\n")
    assert reply.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


async def test_a_client_that_stops_is_dropped() -> None:
    lab = Lab(limits=Limits(idle_seconds=0.05, read_seconds=0.05))
    await lab.server.start()
    for start in (b"", POST):
        reader, writer = await asyncio.open_connection("127.0.0.1", lab.server.ports[HOST])
        writer.write(start)
        async with asyncio.timeout(3):
            assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
    await lab.close()


async def test_requests_of_one_run_cmd(lab: Lab) -> None:
    """Eight with encryption: 401, challenge, login (blank), five operations; the research measured the same."""
    options = {"transport": "ntlm", "message_encryption": "always", "proxy": None, "ca_trust_path": None}
    session = winrm.Session(lab.endpoint, auth=(ACCOUNT.user, ACCOUNT.password), **options)
    result = await in_thread(session.run_cmd, "echo", ["hello"])
    assert (result.std_out, result.status_code) == (b"hello", 3)
    assert lab.server.counts().requests == 8
