"""What can be told by its form alone, whoever it belongs to: paths, IDs, addresses; and a name in other writings."""

from __future__ import annotations

import ipaddress
import json
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

_STOP = r"'\"<>|:*?\r\n"
FIRST = (
    ("ADDRESS", r"\bhttps?://[^\s'\"<>]+"),
    ("ADDRESS", r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    ("PATH", rf"(?:@KNOWN@)\\(?:[^{_STOP}]*\\)?(?:@KNOWN@|[^\s{_STOP},;)\]}}]*)"),
)
"""(kind, expression): what may hold a known name, and is tried before it."""
FORMS = (
    # a path goes on over spaces as long as a backslash follows; it ends where a file name cannot go on
    ("PATH", rf"(?<![^\W_])(?:[A-Za-z]:[\\/]|\\\\)(?:[^{_STOP}]*\\)?(?:@KNOWN@|[^\s{_STOP},;)\]}}]*)"),
    ("PATH", r"(?<![\w/.:<])/(?:[\w.@ -]+/)+[\w.@-]*"),
    ("GUID", r"(?<![0-9a-fA-F])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9a-fA-F])"),
    ("HASH", r"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])"),
    ("GUID", r"(?<![0-9a-fA-F])[0-9a-fA-F]{32}(?![0-9a-fA-F])"),
    ("SID", r"\bS-1-\d+(?:-\d+){2,}\b"),
    ("ADDRESS", r"(?<![0-9a-fA-F:-])(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}(?![0-9a-fA-F:-])"),
    ("ADDRESS", r"\b00155[dD][0-9a-fA-F]{6}\b"),
    ("ADDRESS", r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]*\d)"),
    ("ADDRESS6", r"(?<![\w\]:])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?:%\w+)?(?![\w:])"),
)
"""(kind, expression). A SHA-256 is hidden because it is over a name: who guesses the name could prove it."""


def is_address(text: str) -> bool:
    """Whether it is an IPv6 address, and not a time of day."""
    try:
        return ipaddress.ip_address(text.partition("%")[0]).version == 6 and len(text) > 2
    except ValueError:
        return False


def writings(name: str) -> Iterator[str]:
    """The name as texts carry it: in PowerShell's quotes, in JSON (also 5.1's), in a URL, composed or not."""
    forms = (name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name))
    for form in dict.fromkeys(forms):
        escaped = json.dumps(form, ensure_ascii=False)[1:-1]
        yield form
        yield re.sub("(['‘’‚‛])", r"\1\1", form)
        yield escaped
        yield json.dumps(form)[1:-1]
        yield re.sub("[<>&']", lambda sign: f"\\u{ord(sign[0]):04x}", escaped)
        yield quote(form)
