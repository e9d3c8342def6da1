"""How a script ends early: by an error of PowerShell's, by a flow statement, or because the lab refuses it."""

from __future__ import annotations

from typing import NoReturn

from tui.lab.cmdlet import PSError
from tui.lab.values import Value

INVOKE_EXPRESSION = ",Microsoft.PowerShell.Commands.InvokeExpressionCommand"
RUNTIME_HRESULT = -2146233087
"""HResult of every RuntimeException, which is what the engine itself throws."""


class ScriptError(Exception):
    """A terminating error; `try` of the script can catch it."""

    def __init__(self, error: PSError, *, engine: bool = False, thrown: Value = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.engine = engine
        """Raised by the engine: Invoke-Expression puts its own name behind the id of an error that leaves it."""
        self.thrown = thrown


class RefusedError(Exception):
    """The reader does not know this. Not an error of the script: no `catch` of it may swallow this."""

    @property
    def error(self) -> PSError:
        """The record that the frame carries."""
        return PSError(f"The lab does not read this: {self}", "LabReaderRefused", "NotImplemented")


class LeaveBlock(Exception):
    """`break`, `continue`, `return` or `exit` on its way out."""

    def __init__(self, keyword: str, value: Value = None) -> None:
        super().__init__(keyword)
        self.keyword = keyword
        self.value = value


def refused(text: str) -> RefusedError:
    """To be raised where the reader meets what it does not know."""
    return RefusedError(text)


def refuse(text: str) -> NoReturn:
    """The same inside an expression."""
    raise RefusedError(text)


def engine_error(message: str, error_id: str, category: str, target: str = "") -> ScriptError:
    """An error of PowerShell itself (a cast, an unknown command, a parse error)."""
    return ScriptError(PSError(message, error_id, category, target, RUNTIME_HRESULT), engine=True)
