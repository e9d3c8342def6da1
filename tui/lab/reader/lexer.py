"""Tokens of PowerShell, asked for one by one: which token may come depends on where the parser stands."""

from __future__ import annotations

import re

from tui.lab.reader.errors import RefusedError, ScriptError, engine_error, refused

SINGLE = "'\u2018\u2019\u201a\u201b"
"""All five open, close and double each other."""
DOUBLE = '"\u201c\u201d\u201e'
DASH = "-\u2013\u2014\u2015"

_SPACE = re.compile(r"(?:[ \t\f\v\u00a0\u0085]|`\r?\n|<#.*?#>|#[^\r\n]*)*", re.S)
_SPACE_LINES = re.compile(r"(?:[ \t\f\v\u00a0\u0085\r\n]|`\r?\n|<#.*?#>|#[^\r\n]*)*", re.S)
_NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)(l?)(kb|mb|gb|tb|pb)?(?![\w])", re.I)
_VARIABLE = re.compile(r"\$(?:(env):)?(\w+)|\$\{([A-Za-z0-9_ -]+)\}", re.I)
_WORD = re.compile(r"[A-Za-z_]\w*")
_BARE = re.compile(rf"[^\s;|&(){{}},<>`$#\[\]{SINGLE}{DOUBLE}][^\s;|&(){{}},<>`$\[\]{SINGLE}{DOUBLE}]*")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_UNITS = {"": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3, "tb": 1024**4, "pb": 1024**5}
_LONGEST = 2**63 - 1


class Lexer:
    """The text and how far it has been read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def peek(self, count: int = 1) -> str:
        return self.text[self.position : self.position + count]

    def space(self, lines: bool = False) -> None:
        """Skips blanks and comments; line ends too where the grammar allows them."""
        found = (_SPACE_LINES if lines else _SPACE).match(self.text, self.position)
        assert found is not None
        self.position = found.end()

    def take(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.position):
            return False
        self.position += len(sign)
        return True

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            raise self.unknown(f"'{sign}' expected")

    def unknown(self, why: str) -> RefusedError:
        return refused(f"{why} at position {self.position}: {self.text[self.position : self.position + 20]!r}")

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.position)
        if found:
            self.position = found.end()
        return found

    def word(self) -> str:
        """A keyword or member name, empty where none stands here."""
        found = self.match(_WORD)
        return found.group() if found else ""

    def ahead(self) -> str:
        """The word that stands here, not taken."""
        found = _WORD.match(self.text, self.position)
        return found.group() if found else ""

    def bare(self) -> str:
        """A word of a command line, without quotes."""
        found = self.match(_BARE)
        return found.group() if found else ""

    def number(self) -> int | float | None:
        found = self.match(_NUMBER)
        if not found:
            return None
        digits, long, unit = found.groups()
        factor = _UNITS[(unit or "").lower()]
        if digits.lower().startswith("0x"):
            value: int | float = int(digits, 16)
            if value > 0x7FFFFFFF:
                raise refused("a hexadecimal number that does not fit in 31 bits")
        elif digits.isdigit():
            value = int(digits)
        elif long:
            raise refused("a long with a fraction")
        else:
            value = float(digits)
        value *= factor
        if isinstance(value, int) and value > _LONGEST:
            raise refused("a number above int64")
        return value

    def variable(self) -> str | None:
        """The name in lower case; `env:` keeps its prefix."""
        found = self.match(_VARIABLE)
        if not found:
            return None
        drive, name, braced = found.groups()
        if self.peek() == ":" and self.peek(2) != "::":
            raise self.unknown("a scope or drive in a variable")
        return f"{'env:' if drive else ''}{(name or braced).lower()}"

    def single(self) -> str:
        """A single-quoted string; the opening quote is the next character."""
        start = self.position
        self.position += 1
        out: list[str] = []
        while self.position < len(self.text):
            sign = self.text[self.position]
            self.position += 1
            if sign not in SINGLE:
                out.append(sign)
            elif self.peek() and self.peek() in SINGLE:
                # PowerShell keeps the first of a doubled pair.
                out.append(sign)
                self.position += 1
            else:
                return "".join(out)
        raise self.unterminated(start, "'")

    def escape(self) -> str:
        """What a backtick stands for inside double quotes; the backtick has been taken."""
        sign = self.peek()
        if not sign:
            return ""
        self.position += 1
        if sign in "ue":
            raise refused("an escape that 5.1 and 7 read differently")
        return _ESCAPES.get(sign, sign)

    def unterminated(self, start: int, quote: str) -> ScriptError:
        line = self.text.count("\n", 0, start) + 1
        return engine_error(
            f"At line:{line} char:{start + 1}\nThe string is missing the terminator: {quote}.",
            "TerminatorExpectedAtEndOfString",
            "ParserError",
        )
