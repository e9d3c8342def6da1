"""Errors as `powershell -EncodedCommand` writes them to a redirected stderr."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

HEAD = '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'


def clixml(errors: Sequence[str]) -> bytes:
    """One S element a line; control characters as `_x000D_` (shape: issues of pywinrm, not compared with Windows)."""
    lines = "".join(f'<S S="Error">{_text(line)}_x000D__x000A_</S>' for e in errors for line in e.splitlines())
    return f"{HEAD}{lines}</Objs>".encode()


def _text(line: str) -> str:
    return escape(re.sub(r"[\x00-\x1f]", lambda found: f"_x{ord(found[0]):04X}_", line))
