"""Envelopes that the server sends, written as text: replies and faults in Windows' shape."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from tui.lab.wsman.faults import FaultKind
from tui.lab.wsman.soap import RSP, WSMID, A, Request, S, W, X

ANONYMOUS = f"{A}/role/anonymous"
SHELL_CMD = f"{RSP}/cmd"
FAULT_ACTION = f"{W.removesuffix('.xsd')}/fault"
WSMANFAULT = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
_OPEN = f'<s:Envelope xml:lang="en-US" xmlns:s="{S}" xmlns:a="{A}" xmlns:x="{X}" xmlns:w="{W}" xmlns:rsp="{RSP}">'


def _envelope(request: Request, action: str, body: str) -> bytes:
    header = (
        f"<a:Action>{escape(action)}</a:Action><a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID>"
        f"<a:To>{ANONYMOUS}</a:To><a:RelatesTo>{escape(request.message_id)}</a:RelatesTo>"
    )
    return f"{_OPEN}<s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>".encode()


def identified(version: str) -> bytes:
    """The reply to Identify; `version` is what an anonymous client may know, or more."""
    body = (
        f'<wsmid:IdentifyResponse xmlns:wsmid="{WSMID}"><wsmid:ProtocolVersion>{W}</wsmid:ProtocolVersion>'
        "<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>"
        f"<wsmid:ProductVersion>{escape(version)}</wsmid:ProductVersion></wsmid:IdentifyResponse>"
    )
    return f"{_OPEN}<s:Header/><s:Body>{body}</s:Body></s:Envelope>".encode()


def created(request: Request, shell_id: str, owner: str, idle_seconds: float) -> bytes:
    """The reply to Create."""
    body = (
        f"<x:ResourceCreated><a:Address>http://localhost/wsman</a:Address><a:ReferenceParameters>"
        f"<w:ResourceURI>{SHELL_CMD}</w:ResourceURI><w:SelectorSet>"
        f'<w:Selector Name="ShellId">{escape(shell_id)}</w:Selector></w:SelectorSet>'
        f"</a:ReferenceParameters></x:ResourceCreated><rsp:Shell><rsp:ShellId>{escape(shell_id)}</rsp:ShellId>"
        f"<rsp:ResourceUri>{SHELL_CMD}</rsp:ResourceUri><rsp:Owner>{escape(owner)}</rsp:Owner>"
        f"<rsp:ClientIP>127.0.0.1</rsp:ClientIP><rsp:IdleTimeOut>PT{idle_seconds:.3f}S</rsp:IdleTimeOut>"
        "<rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>"
    )
    return _envelope(request, f"{X}/CreateResponse", body)


def started(request: Request, command_id: str) -> bytes:
    """The reply to Command."""
    body = f"<rsp:CommandResponse><rsp:CommandId>{escape(command_id)}</rsp:CommandId></rsp:CommandResponse>"
    return _envelope(request, f"{RSP}/CommandResponse", body)


def received(request: Request, chunks: Iterable[tuple[str, bytes]], exit_code: int | None) -> bytes:
    """The reply to Receive: (stream, bytes) chunks in order, and the exit code once all output has been sent."""
    ident = quoteattr(request.command_id)
    parts = [_stream(name, ident, base64.b64encode(data).decode()) for name, data in chunks]
    state = f"{RSP}/CommandState"
    if exit_code is None:
        parts.append(f'<rsp:CommandState CommandId={ident} State="{state}/Running"/>')
    else:
        parts += [_stream(name, ident, "", ' End="true"') for name in ("stdout", "stderr")]
        code = f"<rsp:ExitCode>{exit_code}</rsp:ExitCode>"
        parts.append(f'<rsp:CommandState CommandId={ident} State="{state}/Done">{code}</rsp:CommandState>')
    body = f"<rsp:ReceiveResponse>{''.join(parts)}</rsp:ReceiveResponse>"
    return _envelope(request, f"{RSP}/ReceiveResponse", body)


def _stream(name: str, ident: str, text: str, more: str = "") -> str:
    return f'<rsp:Stream Name="{name}" CommandId={ident}{more}>{text}</rsp:Stream>'


def sent(request: Request) -> bytes:
    """The reply to Send."""
    return _envelope(request, f"{RSP}/SendResponse", "<rsp:SendResponse/>")


def signalled(request: Request) -> bytes:
    """The reply to Signal."""
    return _envelope(request, f"{RSP}/SignalResponse", "<rsp:SignalResponse/>")


def deleted(request: Request) -> bytes:
    """The reply to Delete."""
    return _envelope(request, f"{X}/DeleteResponse", "")


def fault(request: Request, kind: FaultKind, host: str) -> bytes:
    """A fault about `request`, as the host `host` would say it."""
    text = escape(kind.text)
    body = (
        f"<s:Fault><s:Code><s:Value>s:{kind.side}</s:Value><s:Subcode><s:Value>{kind.subcode}</s:Value></s:Subcode>"
        f'</s:Code><s:Reason><s:Text xml:lang="en-US">{text}</s:Text></s:Reason><s:Detail>'
        f'<f:WSManFault xmlns:f="{WSMANFAULT}" Code="{kind.code}" Machine={quoteattr(host)}>'
        f"<f:Message>{text}</f:Message></f:WSManFault></s:Detail></s:Fault>"
    )
    return _envelope(request, FAULT_ACTION, body)
