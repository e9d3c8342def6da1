"""The real pywinrm over HTTPS against the lab's server, with certificates made for each thing that can be wrong."""

import asyncio
import base64
import hashlib
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

import pytest
import requests
import spnego
import trustme
from spnego.channel_bindings import GssChannelBindings
from urllib3.exceptions import MaxRetryError
from urllib3.exceptions import SSLError as Urllib3SslError

from tests.remote.wsman_lab import ACT, PASSWORD, Lab, act, ask, listeners_done
from tui.core.action import Kind, Record, Reply
from tui.core.errors import ConnectionLost, NotTrusted, SignInRefused, Unreachable
from tui.core.facts import Facts
from tui.core.scenario import Cluster
from tui.core.verdict import Truth
from tui.lab.authority import Authority
from tui.lab.wsman.tls import Tls
from tui.lab.wsman.verdict import Verdict
from tui.remote import connections, tls
from tui.remote.errors import NOT_SENT, Phase, translate
from tui.steps.source import copy_runs

HERE = "127.0.0.1"


def signed(ca: trustme.CA, *names: str, **options: object) -> Tls:
    """What a host shows whose certificate is for `names`."""
    leaf = ca.issue_cert(*names, **options)  # type: ignore[arg-type]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    shown = ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())
    return Tls(context, hashlib.sha256(shown).digest())


def self_signed(folder: Path) -> Tls:
    """A CA's own certificate, shown as a host's."""
    ca = trustme.CA(organization_unit_name="by itself")
    own = folder / "own.pem"
    own.write_bytes(ca.private_key_pem.bytes() + ca.cert_pem.bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    return Tls(context, b"")


@pytest.fixture
def ca() -> trustme.CA:
    return trustme.CA(organization_name="Contoso", organization_unit_name="Contoso CA")


@pytest.fixture
def trusted(ca: trustme.CA, tmp_path: Path) -> str:
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    return str(tmp_path / "ca.pem")


@asynccontextmanager
async def serving(shown: Tls | None, trusted: str) -> AsyncIterator[Lab]:
    """A lab whose host shows that, spoken to over TLS; without anything to show, on its HTTP port."""
    lab = Lab()
    await lab.start(tls=shown)
    lab.connect((lab.server.tls_ports if shown else lab.server.ports)["node1"], tls=True, ca=trusted)
    try:
        yield lab
    finally:
        await lab.estate.close()
        await lab.server.close()


async def refused(lab: Lab) -> NotTrusted:
    """The error of a read and of an act; neither sent a request, and it is no silence."""
    with pytest.raises(NotTrusted) as caught:
        await lab.estate.read(ask())
    with pytest.raises(NotTrusted):
        await lab.estate.prepare(ACT)
    error = caught.value
    assert not isinstance(error, Unreachable)
    assert not error.sent
    assert len(error.lines()) == 3
    assert error.means == NOT_SENT
    assert "node1 (127.0.0.1, TCP " in error.happened
    assert PASSWORD not in " ".join([*error.lines(), error.raw])
    assert lab.server.counts("node1").over_tls == 0
    assert not lab.seen
    return error


async def dropped(lab: Lab) -> None:
    """Every connection was cut, and the client's system knows it."""
    lab.server.drop_connections("node1")
    async with asyncio.timeout(5):
        while lab.server.counts("node1").connections:  # noqa: ASYNC110 (the server has no event for it)
            await asyncio.sleep(0)


# --- what works


async def test_reads_and_acts_over_tls_alone(ca, trusted):
    async with serving(signed(ca, HERE), trusted) as lab:
        assert (await lab.estate.read(ask())).values == ([4, "read"],)
        assert (await lab.estate.read(ask("x" * 450_000))).values[0][0] == 450_000
        assert (await act(lab, await lab.estate.prepare(ACT)))[-1].kind is Kind.END
        await listeners_done()
        counts = lab.server.counts("node1")
        assert counts.requests == counts.over_tls > 0
        assert counts.encrypted == 0  # TLS does it


async def test_the_labs_own_authority(tmp_path):
    authority = Authority()
    (tmp_path / "ca.pem").write_text(authority.certificate)
    assert "PRIVATE" not in authority.certificate
    async with serving(authority.host("HAM-N01"), str(tmp_path / "ca.pem")) as lab:
        assert (await lab.estate.read(ask())).clean
        shown = await asyncio.to_thread(tls.look, lab.winrm._hosts["node1"])
        assert isinstance(shown, tls.Shown)
        assert shown.names == "ham-n01, 127.0.0.1"


async def test_a_connection_dropped_while_idle_over_tls(ca, trusted):
    async with serving(signed(ca, HERE), trusted) as lab:
        await lab.estate.read(ask())
        prepared = await lab.estate.prepare(ACT)
        await dropped(lab)
        assert (await act(lab, prepared))[-1].kind is Kind.END
        assert (await lab.estate.read(ask())).clean
        assert lab.seen == ["read", "act", "read"]


async def test_a_wrong_password_over_tls(ca, trusted):
    async with serving(signed(ca, HERE), trusted) as lab:
        lab.connect(lab.server.tls_ports["node1"], "wrong", tls=True, ca=trusted)
        with pytest.raises(SignInRefused):
            await lab.estate.read(ask())


@pytest.mark.parametrize("verdict", [Verdict.DROP_BEFORE, Verdict.DROP_AFTER, Verdict.TRUNCATED])
async def test_what_breaks_after_the_handshake_is_not_blamed_on_tls(ca, trusted, verdict):
    async with serving(signed(ca, HERE), trusted) as lab:
        prepared = await lab.estate.prepare(ACT)
        lab.verdicts = [("send", "azlx", verdict)]
        with pytest.raises(ConnectionLost) as caught:
            await act(lab, prepared)
        assert "TLS" not in caught.value.happened
        lab.server.silence("node1")
        with pytest.raises(Unreachable, match="No connection to node1"):
            await lab.estate.read(ask())


async def test_a_connection_that_ends_within_tls_is_not_blamed_on_tls(ca, trusted):
    """`ssl` says so, too, of one that was cut while something was written; the host still speaks TLS."""
    async with serving(signed(ca, HERE), trusted) as lab:
        cut = requests.exceptions.SSLError(MaxRetryError(None, "/wsman", Urllib3SslError(ssl.SSLEOFError(8, "EOF"))))  # type: ignore[arg-type]
        host = lab.winrm._hosts["node1"]
        ours = await asyncio.to_thread(translate, cut, host, Phase.WRITE)
        assert (type(ours), ours.happened) == (ConnectionLost, f"The connection to {host.place} broke.")


# --- certificates


async def test_a_certificate_for_another_name(ca, trusted):
    async with serving(signed(ca, "ham-n02.contoso.example", "192.0.2.7"), trusted) as lab:
        error = await refused(lab)
    assert error.happened.endswith("is for ham-n02.contoso.example, 192.0.2.7, not for 127.0.0.1.")
    assert "give it a certificate for 127.0.0.1" in error.do


async def test_a_certificate_that_has_expired(ca, trusted):
    async with serving(signed(ca, HERE, not_after=datetime(2024, 2, 29, 12, 30)), trusted) as lab:
        error = await refused(lab)
    assert error.happened.endswith("expired on 2024-02-29 12:30 UTC.")
    assert "clock" in error.do


async def test_a_certificate_of_the_future(ca, trusted):
    async with serving(signed(ca, HERE, not_before=datetime(2999, 1, 1)), trusted) as lab:
        assert (await refused(lab)).happened.endswith("is not valid before 2999-01-01 00:00 UTC.")


async def test_a_ca_that_is_not_known(ca, trusted):
    other = trustme.CA(organization_name="Fabrikam", organization_unit_name="Fabrikam CA")
    async with serving(signed(other, HERE), trusted) as lab:
        error = await refused(lab)
    assert "is signed by OU=Fabrikam CA,O=Fabrikam, a CA that is not known here." in error.happened
    assert "as ca in the site file" in error.do


async def test_a_self_signed_certificate(trusted, tmp_path):
    async with serving(self_signed(tmp_path), trusted) as lab:
        assert "is self-signed, as OU=by itself," in (await refused(lab)).happened


@pytest.mark.parametrize(
    ("error", "truth"), [(NotTrusted("It has expired."), Truth.MIXED), (Unreachable(""), Truth.NOT_SO)]
)
async def test_a_source_that_shows_a_bad_certificate_is_not_dead(error, truth):
    """Its other ports are closed; what answers with a certificate is alive."""
    ports = tuple(Record(Kind.OUTPUT, {"port": port, "open": False}) for port in (5985, 445))
    closed = Reply(ports, Kind.END, 0.0)
    verdict = copy_runs(Cluster("AZL-BER", ("node1",))).judge(Facts({"vm_id": "1"}), [error, closed])
    assert verdict.truth is truth


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
async def test_the_environment_can_neither_add_nor_take_trust(ca, trusted, variable, monkeypatch, tmp_path):
    stranger = trustme.CA()
    stranger.cert_pem.write_to_path(tmp_path / "stranger.pem")
    monkeypatch.setenv(variable, str(tmp_path / "stranger.pem"))
    async with serving(signed(ca, HERE), trusted) as lab:
        assert (await lab.estate.read(ask())).clean
    async with serving(signed(stranger, HERE), trusted) as lab:
        await refused(lab)
    async with serving(signed(stranger, HERE), "") as lab:  # without a CA of its own: the bundle of requests
        await refused(lab)


async def test_a_ca_file_that_is_none(ca, trusted, tmp_path):
    (tmp_path / "empty.pem").write_text("nothing")
    for path, said in ((tmp_path / "nowhere.pem", "is not there"), (tmp_path / "empty.pem", "holds no certificate")):
        async with serving(signed(ca, HERE), str(path)) as lab:
            error = await refused(lab)
        assert error.happened.startswith(f"The CA file {path} for node1")
        assert error.happened.endswith(f"{said}.")


async def test_a_certificate_that_is_wrong_all_of_a_sudden_did_not_get_the_frame(ca, trusted):
    async with serving(signed(ca, HERE), trusted) as lab:
        prepared = await lab.estate.prepare(ACT)
        sessions = lab.winrm._connections._spare["node1"]
        for each in sessions:
            each.protocol.transport.session.verify = True  # what was trusted at the gate is trusted no longer
        await dropped(lab)
        with pytest.raises(NotTrusted) as caught:
            await act(lab, prepared)
        assert not caught.value.sent
        assert lab.seen == []
        assert (await act(lab, prepared))[-1].kind is Kind.END  # it was not handed over, so it still can be
        assert lab.seen == ["act"]


# --- no TLS at all


async def test_tls_asked_of_the_http_port(trusted):
    async with serving(None, trusted) as lab:
        error = await refused(lab)
    assert "answers, but not in TLS" in error.happened
    assert "5986" in error.do


@contextmanager
def listening(answer: bytes | None) -> Iterator[int]:
    """A port that says `answer` to whoever connects and hangs up; None: it hears, and says nothing."""
    ended = threading.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(serve, HERE, 0)
        ports.append(server.sockets[0].getsockname()[1])
        up.set()
        async with server:
            await asyncio.to_thread(ended.wait)

    ports: list[int] = []
    up = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    up.wait(5)
    try:
        yield ports[0]
    finally:
        ended.set()
        thread.join(5)


@pytest.mark.parametrize(
    ("answer", "said"),
    [(b"220 mail.example ESMTP\r\n", "answers, but not in TLS"),
     (b"", "closed the connection when it was asked for TLS"),
     (b"\x15\x03\x03\x00\x02\x02\x46", "found no TLS that both allow (TLSV1_ALERT_PROTOCOL_VERSION)"),
     (None, "took the connection and never answered in TLS")],
)  # fmt: skip
async def test_a_port_that_speaks_no_tls(trusted, answer, said, monkeypatch):
    if answer is None:
        monkeypatch.setattr(connections, "CONNECT", 0.2)
        monkeypatch.setattr(tls, "LOOK", 0.2)
    async with serving(None, trusted) as lab:
        with listening(answer) as port:
            lab.connect(port, tls=True, ca=trusted)
            assert said in (await refused(lab)).happened


# --- the login over TLS


@pytest.mark.parametrize(("binding", "status"), [(None, 200), ("own", 200), ("other", 401)])
async def test_a_login_is_bound_to_the_certificate_that_it_came_over(ca, trusted, binding, status):
    """A login that somebody in between passes on carries the binding of that one's certificate."""
    shown = signed(ca, HERE)
    bindings = {None: None, "own": shown.binding, "other": GssChannelBindings(application_data=b"another")}
    async with serving(shown, trusted) as lab:
        client = spnego.client("LAB\\admin", PASSWORD, protocol="ntlm", channel_bindings=bindings[binding])
        url = f"https://{HERE}:{lab.server.tls_ports['node1']}/wsman"
        with requests.Session() as session:

            def step(token: bytes | None) -> requests.Response:
                text = base64.b64encode(client.step(token) or b"").decode()
                return session.post(url, headers={"Authorization": f"Negotiate {text}"}, timeout=5, verify=trusted)

            challenge = await asyncio.to_thread(step, None)
            token = base64.b64decode(challenge.headers["WWW-Authenticate"].split(" ")[1])
            assert (await asyncio.to_thread(step, token)).status_code == status
