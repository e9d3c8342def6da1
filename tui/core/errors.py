"""What can go wrong, as types. Each error says what happened, what it means here, and what to do.

RecoverError
├── EstateError                 something about the outside
│   ├── Unreachable             no connection; nothing was sent
│   ├── SignInRefused           the host refused the account; nothing was sent
│   ├── NotTrusted              something answers, but no TLS that can be trusted came about; nothing was sent
│   ├── NoHandshake             PowerShell started but did not answer in its frame; the script was not sent
│   ├── ConnectionLost          gone after the script was handed over: whether it ran is not known
│   ├── DeadlinePassed          no end of the frame by the deadline: it may still run
│   └── CannotCarry             a value cannot be carried as data; nothing was sent
├── JournalError                something about the record
│   ├── JournalDamaged          a line is not what the chain says
│   ├── JournalHeld             another process has this run
│   └── JournalUnwritable       the disk refuses
└── BadInput                    what was asked for does not exist or does not fit
"""

from __future__ import annotations


class RecoverError(Exception):
    """An error with three lines for a person: `happened`, `means`, `do`. `str()` is the first."""

    def __init__(self, happened: str, means: str = "", do: str = "", raw: str = "") -> None:
        super().__init__(happened)
        self.happened = happened
        self.means = means
        self.do = do
        self.raw = raw
        """The text as it came, for the key that shows it."""

    def lines(self) -> tuple[str, ...]:
        """The lines that are not empty."""
        return tuple(line for line in (self.happened, self.means, self.do) if line)


class EstateError(RecoverError):
    """Something about the outside."""

    sent: bool = False
    """Whether the script may have reached the host: then the effect is unknown and a trace must decide."""


class Unreachable(EstateError):
    """No connection; nothing was sent."""


class SignInRefused(EstateError):
    """The host refused the account; nothing was sent."""


class NotTrusted(EstateError):
    """Something answers there, but no TLS that can be trusted came about; nothing was sent. It is no silence."""


class NoHandshake(EstateError):
    """PowerShell started but did not answer in its frame; the script was not sent."""


class ConnectionLost(EstateError):
    """The connection went after the script was handed over: whether it ran is not known."""

    sent = True


class DeadlinePassed(EstateError):
    """The frame did not end by its deadline: the script may still run."""

    sent = True


class CannotCarry(EstateError):
    """A value holds what cannot be carried as data; nothing was sent."""


class JournalError(RecoverError):
    """Something about the record of a run."""


class JournalDamaged(JournalError):
    """A line of the record is not what the chain says. `line` counts from 1."""

    def __init__(self, happened: str, means: str = "", do: str = "", line: int = 0) -> None:
        super().__init__(happened, means, do)
        self.line = line


class JournalHeld(JournalError):
    """Another process has this run open."""


class JournalUnwritable(JournalError):
    """The record cannot be written: full disk, read-only file system, no right."""


class BadInput(RecoverError):
    """What was asked for does not exist or does not fit."""
