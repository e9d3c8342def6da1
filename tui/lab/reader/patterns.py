"""Wildcards and regular expressions: the part of .NET's that Python's `re` reads the same way."""

from __future__ import annotations

import re
from functools import lru_cache

from tui.lab.reader.convert import to_number
from tui.lab.reader.errors import refused
from tui.lab.reader.text import to_text
from tui.lab.values import Value

_ODD = re.compile(r"\\[pPGKkAZzbB<]|\(\?(?!:|=|!|<=|<!|i\)|<\w+>)|\[[^\]]*-\[|\\c|\\u|\\x\{")
"""Constructs that mean something else in Python, or nothing."""


@lru_cache(maxsize=512)
def compiled(pattern: str, sensitive: bool) -> re.Pattern[str]:
    """A .NET pattern as a Python one."""
    if _ODD.search(pattern.replace("\\b", "").replace("\\B", "").replace("\\A", "")):
        raise refused(f"the pattern {pattern!r}")
    try:
        return re.compile(re.sub(r"\(\?<(?=\w)", "(?P<", pattern), 0 if sensitive else re.IGNORECASE)
    except re.error as error:
        raise refused(f"the pattern {pattern!r} ({error})") from None


def matches(text: str, pattern: str, sensitive: bool) -> re.Match[str] | None:
    return compiled(pattern, sensitive).search(text)


@lru_cache(maxsize=512)
def _wildcard(pattern: str, sensitive: bool) -> re.Pattern[str]:
    if "`" in pattern:
        raise refused(f"the wildcard {pattern!r}")
    out, rest = "", pattern
    while rest:
        sign, rest = rest[0], rest[1:]
        if sign == "[":
            inner, closed, rest = rest.partition("]")
            if not closed or not inner or inner[0] in "^!":
                raise refused(f"the wildcard {pattern!r}")
            out += f"[{re.escape(inner).replace(chr(92) + '-', '-')}]"
        else:
            out += {"*": ".*", "?": "."}.get(sign, re.escape(sign))
    return re.compile(out, re.DOTALL | (0 if sensitive else re.IGNORECASE))


def like(text: str, pattern: str, sensitive: bool = False) -> bool:
    return bool(_wildcard(pattern, sensitive).fullmatch(text))


def replace(text: str, pattern: str, new: str, sensitive: bool) -> str:
    """`-replace`: `$1`, `${name}`, `$&` and `$$` in the new text mean what .NET says."""

    def filled(found: re.Match[str]) -> str:
        return re.sub(r"\$(\$|&|\d|\{\w+\})", lambda sign: _reference(found, sign.group(1)), new)

    if re.search(r"\$[`'+_]|\$\d\d", new):
        raise refused(f"the replacement {new!r}")
    return compiled(pattern, sensitive).sub(filled, text)


def _reference(found: re.Match[str], sign: str) -> str:
    if sign == "$":
        return "$"
    name = "0" if sign == "&" else sign.strip("{}")
    try:
        return found.group(int(name) if name.isdigit() else name) or ""
    except IndexError:
        raise refused(f"a replacement that names no group: ${sign}") from None


def split(text: str, right: Value, sensitive: bool) -> list[str]:
    """`-split` with a pattern and, maybe, the most parts."""
    items = right if isinstance(right, list) else [right]
    if not items:
        raise refused("-split without a pattern")
    pattern = to_text(items[0])
    most = int(to_number(items[1])) if len(items) > 1 else 0
    if len(items) > 2 or most < 0 or not pattern or compiled(pattern, sensitive).match(""):
        raise refused("this form of -split")
    if most == 1:
        return [text]
    return [part for part in compiled(pattern, sensitive).split(text, max(most - 1, 0)) if part is not None]
