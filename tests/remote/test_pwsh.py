"""Bootstrap and frame in a real PowerShell 7, in both language modes, where one is found (AZL_PWSH, else PATH)."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tui.core.action import Kind, Record
from tui.remote.frame import COMMAND_LINE_7, Hello, Parser, frame, new_nonce, opening
from tui.remote.powershell import listing, render

PWSH = os.environ.get("AZL_PWSH") or shutil.which("pwsh") or ""
HOSTILE = 'it\'s \u2018\u2019\u201a\u201b "$(1)" `n ; } # \U0001f600 ä'

pytestmark = pytest.mark.skipif(not Path(PWSH).is_file(), reason="no PowerShell 7: set AZL_PWSH to its program")


def run(scripts: list[str], mode: str, home: Path) -> tuple[Hello, list[list[Record]]]:
    """The handshake, and each script's records, from one process that is fed all at once."""
    nonces = [new_nonce() for _ in scripts]
    greeting = new_nonce()
    sent = opening(greeting) + b"".join(map(frame, nonces, scripts))
    environment = {**os.environ, "HOME": str(home), "POWERSHELL_TELEMETRY_OPTOUT": "1"}
    if mode == "ConstrainedLanguage":
        environment["__PSLockdownPolicy"] = "4"
    command = [PWSH, *COMMAND_LINE_7.split()[1:]]
    done = subprocess.run(command, input=sent, capture_output=True, timeout=60, check=False, env=environment)
    greeted = Parser(greeting)
    greeted.feed(done.stdout)
    assert greeted.hello, done.stdout + done.stderr
    answers = [Parser(nonce).feed(done.stdout) for nonce in nonces]
    return greeted.hello, [[record for record in answer if record.kind is not Kind.NOISE] for answer in answers]


@pytest.mark.parametrize("mode", ["FullLanguage", "ConstrainedLanguage"])
def test_scripts_come_back_typed(mode, tmp_path):
    scripts = [
        render("«value»", value=HOSTILE),
        render(listing("1,2 | ForEach-Object {@{n=$_;v=«value»}}"), value=HOSTILE),
        listing("Get-Process -Id 999999999 -ErrorAction SilentlyContinue"),
        "Write-Error 'no'; Write-Warning 'care'",
        "throw 'stop'; 'never'",
        "if (",
        "1; break; 2",
    ]
    hello, answers = run(scripts, mode, tmp_path)
    if hello.language != mode:
        pytest.skip(f"this PowerShell answers {hello.language} where {mode} was asked for")
    kinds = ["".join(record.kind.value for record in answer) for answer in answers]
    assert kinds == ["BOZ", "BOZ", "BOZ", "BEWZ", "BTZ", "BTZ", "BOX"]
    assert answers[0][1].value == HOSTILE
    assert answers[2][1].value == "[]"


def test_a_frame_leaves_no_variable_preference_or_function_to_the_next(tmp_path):
    first = "$azlkept=1; $ErrorActionPreference='Stop'; function azlkept{2}; $azlkept"
    second = "[string]$azlkept+'|'+$ErrorActionPreference; azlkept"
    _, answers = run([first, second], "FullLanguage", tmp_path)
    assert [record.kind.value for record in answers[1]] == ["B", "O", "T", "Z"]
    assert answers[1][1].value == "|Continue"
