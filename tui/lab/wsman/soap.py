"""A WS-Management envelope becomes one frozen Request."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

S = "http://www.w3.org/2003/05/soap-envelope"
A = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
W = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
X = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
RSP = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
WSMID = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"

_DURATION = re.compile(r"(\d{1,15})|P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?")


class Operation(Enum):
    """What an envelope asks for; the values are the names that a FaultHook sees."""

    IDENTIFY = "identify"
    CREATE = "create"
    COMMAND = "command"
    SEND = "send"
    RECEIVE = "receive"
    SIGNAL = "signal"
    DELETE = "delete"
    OTHER = "other"


ACTIONS = {
    f"{X}/Create": Operation.CREATE,
    f"{X}/Delete": Operation.DELETE,
    f"{RSP}/Command": Operation.COMMAND,
    f"{RSP}/Send": Operation.SEND,
    f"{RSP}/Receive": Operation.RECEIVE,
    f"{RSP}/Signal": Operation.SIGNAL,
}


class BadEnvelope(Exception):
    """A body that is not an envelope."""


@dataclass(frozen=True, slots=True)
class Request:
    """One operation as it was asked for; fields that it does not have are empty. Times in seconds."""

    operation: Operation
    action: str
    message_id: str
    shell_id: str = ""
    command_id: str = ""
    """The command meant; for Command the id that the client chose, if it chose one."""
    timeout: float = 60.0
    """w:OperationTimeout; 60 s is MaxTimeoutms' default on Windows."""
    envelope_limit: int = 512_000
    """w:MaxEnvelopeSize in bytes: the largest reply that the client takes (Windows: MaxEnvelopeSizekb 500)."""
    options: Mapping[str, str] = field(default_factory=dict)
    """WINRS_* options, values as sent (TRUE, 65001)."""
    environment: Mapping[str, str] = field(default_factory=dict)
    idle_timeout: float | None = None
    command: str = ""
    arguments: tuple[str, ...] = ()
    data: bytes = b""
    end: bool = False
    signal: str = ""
    """The last part of the signal's URI: terminate, ctrl_c or ctrl_break."""

    def option(self, name: str) -> bool:
        """Whether a boolean option is set."""
        return self.options.get(name, "").strip().upper() in ("TRUE", "1")


def parse(message: bytes) -> Request:
    """Read one envelope. Raises BadEnvelope for anything else (bad XML, a DTD, base64 or number that is none)."""
    try:
        root = fromstring(message, forbid_dtd=True)
        if root.tag != f"{{{S}}}Envelope":
            raise BadEnvelope("not a SOAP 1.2 envelope")
        return _request(root)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise BadEnvelope("not an envelope") from error


def _request(root: Element) -> Request:
    action = _text(root, A, "Action")
    found = ACTIONS.get(action, Operation.OTHER)
    if root.find(f"{{{S}}}Body/{{{WSMID}}}Identify") is not None:
        found = Operation.IDENTIFY
    stream = root.find(f".//{{{RSP}}}Send/{{{RSP}}}Stream")
    idle = _text(root, RSP, "IdleTimeOut") or _text(root, RSP, "IdleTimeout")
    return Request(
        found,
        action,
        _text(root, A, "MessageID"),
        shell_id=_named(root, W, "Selector").get("ShellId", ""),
        command_id=_command_id(root),
        timeout=seconds(_text(root, W, "OperationTimeout") or "PT60S"),
        envelope_limit=int(_text(root, W, "MaxEnvelopeSize") or "512000"),
        options=_named(root, W, "Option"),
        environment=_named(root, RSP, "Variable"),
        idle_timeout=seconds(idle) if idle else None,
        command=_command(root),
        arguments=tuple(each.text or "" for each in root.iter(f"{{{RSP}}}Arguments")),
        data=_data(stream),
        end=stream is not None and stream.get("End", "").lower() in ("true", "1"),
        signal=_text(root, RSP, "Code").rpartition("/")[2],
    )


def _text(root: Element, space: str, name: str) -> str:
    return (root.findtext(f".//{{{space}}}{name}") or "").strip()


def _named(root: Element, space: str, name: str) -> dict[str, str]:
    return {each.get("Name", ""): each.text or "" for each in root.iter(f"{{{space}}}{name}")}


def _command(root: Element) -> str:
    return root.findtext(f".//{{{RSP}}}CommandLine/{{{RSP}}}Command") or ""


def _command_id(root: Element) -> str:
    for name in ("CommandLine", "Stream", "DesiredStream", "Signal"):
        for each in root.iter(f"{{{RSP}}}{name}"):
            return each.get("CommandId", "")
    return ""


def _data(stream: Element | None) -> bytes:
    if stream is None or not stream.text:
        return b""
    try:
        return base64.b64decode("".join(stream.text.split()), validate=True)
    except binascii.Error as error:
        raise BadEnvelope("stdin is not base64") from error


def seconds(duration: str) -> float:
    """An xs:duration of days and less, in seconds (`PT20S`, `PT7200.000S`); a bare number is milliseconds.

    Raises ValueError.
    """
    found = _DURATION.fullmatch(duration)
    if not found or duration.endswith(("P", "T")):
        raise ValueError(f"not a duration: {duration[:40]!r}")
    if found[1]:
        return int(found[1]) / 1000
    days, hours, minutes, rest = (float(each or 0) for each in found.groups()[1:])
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest
