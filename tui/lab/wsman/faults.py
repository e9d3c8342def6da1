"""The WS-Management faults that the lab answers with: codes, subcodes and Windows' words.

Codes and shapes: winerror.h names in the comments, envelopes as quoted in public issues of WinRM clients
(masterzen/winrm 24 and 80, vagrant 7489). Not compared with a real Windows yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault: `code` is WSManFault/@Code, `subcode` a qualified name, `side` Sender or Receiver."""

    code: int
    subcode: str
    side: str
    text: str


class Fault(Exception):
    """An operation ends with a fault, which becomes an HTTP 500 with an envelope."""

    def __init__(self, kind: FaultKind, text: str = "") -> None:
        self.kind = replace(kind, text=text) if text else kind
        super().__init__(self.kind.text)


# ERROR_WSMAN_OPERATION_TIMEDOUT 0x80338029
TIMED_OUT = FaultKind(
    2150858793,
    "w:TimedOut",
    "Receiver",
    "The WS-Management service cannot complete the operation within the time specified in OperationTimeout. ",
)
# ERROR_WSMAN_INVALID_SELECTORS 0x8033805B: what Windows says of a shell that it does not know
NO_SHELL = FaultKind(
    2150858843,
    "w:InvalidSelectors",
    "Sender",
    "The WS-Management service cannot process the request because the request contained invalid selectors "
    "for the resource. ",
)
# ERROR_INVALID_PARAMETER 0x80070057: an unknown command id, an id in use, a body without its parts
BAD_PARAMETER = FaultKind(2147942487, "w:InvalidParameter", "Sender", "The parameter is incorrect. ")
# ERROR_OPERATION_ABORTED: a Receive that waits while its command is terminated or its shell is deleted
ABORTED = FaultKind(
    995,
    "w:InternalError",
    "Receiver",
    "The I/O operation has been aborted because of either a thread exit or an application request. ",
)
# ERROR_BROKEN_PIPE: stdin of a program that has left or was told that its input ended
BROKEN_PIPE = FaultKind(2147942509, "w:InternalError", "Receiver", "The pipe has been ended. ")
# ERROR_WSMAN_QUOTA_MAX_SHELLS 0x803381A5
MAX_SHELLS = FaultKind(
    2150859173,
    "w:QuotaLimit",
    "Receiver",
    "The WS-Management service cannot process the request. This user is allowed a maximum number of {limit} "
    "concurrent shells, which has been exceeded. Close existing shells or raise the quota for this user. ",
)
# ERROR_WSMAN_QUOTA_MAX_OPERATIONS 0x803381A6
MAX_OPERATIONS = FaultKind(
    2150859174,
    "w:QuotaLimit",
    "Receiver",
    "The WS-Management service cannot process the request. This user is allowed a maximum number of {limit} "
    "concurrent operations, which has been exceeded. Close existing operations for this user, or raise the "
    "quota for this user. ",
)
# 0x80338000, as our prototype answered an unknown action; not checked against Windows
UNKNOWN_ACTION = FaultKind(
    2150858752,
    "a:ActionNotSupported",
    "Sender",
    "The WS-Management service cannot process the request because the action is not supported. ",
)


def over(kind: FaultKind, limit: int) -> Fault:
    """The quota fault that names its limit."""
    return Fault(kind, kind.text.format(limit=limit))
