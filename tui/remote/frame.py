"""What goes into a PowerShell process: the bootstrap, the handshake, and one line per script.

Everything sent is ASCII and ends in one LF, because the console's code page and a CR between two chunks are
not to be trusted. A script travels as a JSON string inside a single-quoted literal:
no character of it can end that literal.
"""

from __future__ import annotations

import json
import secrets
from typing import Final

from tui.core.errors import CannotCarry
from tui.remote.answer import Hello as Hello
from tui.remote.answer import Parser as Parser

BOOTSTRAP: Final[tuple[str, str, str]] = (
    (
        r"""$ProgressPreference='SilentlyContinue';$ConfirmPreference='None';$MaximumHistoryCount=1;"""
        r"""function azle($n,$k,$o){"""
        r"""$j=ConvertTo-Json -InputObject $o -Compress -Depth 4 -WarningAction SilentlyContinue;"""
        r"""if($j -cmatch '[^\x20-\x7e]'){$j=-join($j.ToCharArray()|ForEach-Object{$i=[int]$_;"""
        r"""if($i -lt 32 -or $i -gt 126){'\u{0:x4}' -f $i}else{[string]$_}})};"$n $k $j"}"""
    ),
    (
        r"""function azlr($e){@{m=[string]$e.Exception.Message;id=[string]$e.FullyQualifiedErrorId;"""
        r"""c=[string]$e.CategoryInfo.Category;g=[string]$e.CategoryInfo.TargetName;h=$e.Exception.HResult}}"""
    ),
    (
        r"""function azlx($n,$t){"$n B";$d='X';try{&{Invoke-Expression (ConvertFrom-Json $t).c} *>&1|"""
        r"""ForEach-Object{$r=$_;$y='';if($null -ne $r){$y=[string]$r.pstypenames[0]};"""
        r"""if($y -like '*ErrorRecord'){azle $n E (azlr $r)}elseif($y -like '*WarningRecord'){"""
        r"""azle $n W ([string]$r)}elseif($y -like '*.InformationRecord'){azle $n I ([string]$r)}"""
        r"""elseif($y -like '*VerboseRecord'){azle $n V ([string]$r)}elseif($y -like '*DebugRecord'){"""
        r"""azle $n D ([string]$r)}else{azle $n O $r}};$d='Z'}catch{azle $n T (azlr $_);$d='Z'}finally{"""
        r""""$n $d"}}"""
    ),
)
"""Defines azle (one answer line), azlr (an error as data) and azlx (run one frame). These very bytes were run in
PowerShell 7.6.5, full and constrained, never on Windows; a test holds their SHA-256. Each line is sent with a LF."""

HANDSHAKE: Final[str] = (
    r"""azle '{nonce}' H @{p=$PID;v=[string]$PSVersionTable.PSVersion;"""
    r"""l=[string]$ExecutionContext.SessionState.LanguageMode;u=[string]$env:USERNAME;"""
    r"""c=[string]$env:COMPUTERNAME}"""
)
"""Asks the process who it is; `{nonce}` is replaced, never formatted. The answer line has the kind H."""

COMMAND_LINE: Final = (
    "powershell.exe -NoLogo -NoProfile -NonInteractive -InputFormat Text -OutputFormat Text -Command -"
)
"""Windows PowerShell 5.1, reading statements from stdin. Run without cmd.exe, stdin as a pipe."""

COMMAND_LINE_7: Final = COMMAND_LINE.replace("powershell.exe", "pwsh.exe", 1)
"""PowerShell 7, for a host whose module needs it (Veeam 13)."""

FRAME_LIMIT: Final = 1_000_000
"""Bytes of one frame: half of what the JSON cmdlets of 5.1 take."""


def command_line(engine: str) -> str:
    """The command line for `powershell` (5.1) or `pwsh` (7). Raises ValueError for any other name."""
    try:
        return {"powershell": COMMAND_LINE, "pwsh": COMMAND_LINE_7}[engine]
    except KeyError:
        raise ValueError(f"engine is powershell or pwsh, not {engine!r}") from None


def new_nonce() -> str:
    """32 hex digits that nobody can guess: what marks the lines of one answer."""
    return secrets.token_hex(16)


def opening(nonce: str) -> bytes:
    """Bootstrap and handshake as they are written to a new process: four ASCII lines."""
    lines = (*BOOTSTRAP, HANDSHAKE.replace("{nonce}", nonce))
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def frame(nonce: str, script: str) -> bytes:
    """`script` as one ASCII line with its LF, to be written once. Raises CannotCarry when it does not fit."""
    if _has_lone_surrogate(script):
        raise CannotCarry(
            "The script holds half a character (a lone surrogate).",
            "Nothing was sent.",
            "Give the value again without the damaged character.",
        )
    body = json.dumps({"c": script}, ensure_ascii=True, separators=(",", ":")).replace("'", "\\u0027")
    line = f"azlx '{nonce}' '{body}'\n".encode("ascii")
    if len(line) >= FRAME_LIMIT:
        raise CannotCarry(
            f"The script needs {len(line):,} bytes; one request carries fewer than {FRAME_LIMIT:,}.",
            "Nothing was sent.",
            "Carry less at once: a smaller file, or fewer names.",
        )
    return line


def _has_lone_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
