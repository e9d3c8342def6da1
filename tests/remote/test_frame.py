"""What is sent is the published text, ASCII, one line, and gives the script back byte for byte."""

import hashlib
import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.core.errors import CannotCarry
from tui.remote.frame import (
    BOOTSTRAP,
    COMMAND_LINE,
    COMMAND_LINE_7,
    FRAME_LIMIT,
    HANDSHAKE,
    command_line,
    frame,
    new_nonce,
    opening,
)

PUBLISHED = [
    "73cfdd199ab56b006394d86451310997ca1fd93d23453896284589f15733c0a2",
    "311eb50c0f3b9c7bb79f56904d824947cd5e40d3ab645cc0420e21ba6141e554",
    "50550895fe952e2204923089d58dab3438e9236eea039495cd7374227b035238",
    "c64f7e1edbc17da05ed2ba79dbadfd476f7bb07fb0adeebee54704cb2dc89da3",
]
"""SHA-256 of the four lines as they were run in a real PowerShell 7.6.5."""


def test_bootstrap_and_handshake_are_the_published_lines():
    lines = [*BOOTSTRAP, HANDSHAKE.replace("{nonce}", "<nonce>")]
    assert [hashlib.sha256(line.encode("ascii")).hexdigest() for line in lines] == PUBLISHED


def test_the_opening_is_four_ascii_lines():
    nonce = new_nonce()
    assert re.fullmatch("[0-9a-f]{32}", nonce)
    sent = opening(nonce)
    assert (sent.count(b"\n"), sent.count(b"\r"), sent[-1:]) == (4, 0, b"\n")
    assert f"azle '{nonce}' H ".encode() in sent


@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("'\u2019\"\\\r\n\x00\b\x7f`$"))))
@example("'\u2018\u2019\u201a\u201b\"\\\r\n\x00\x1b\x7f\u2028\U0001f600")
def test_a_frame_is_one_ascii_line_with_four_quotes(script):
    nonce = "0123456789abcdef" * 2
    line = frame(nonce, script).decode("ascii")
    assert line.endswith("\n")
    assert line[:-1].isprintable()
    assert line.count("'") == 4
    body = line.removeprefix(f"azlx '{nonce}' '").removesuffix("'\n")
    assert json.loads(body) == {"c": script}


def test_half_characters_and_large_scripts_are_refused():
    for script in ("a\udc00b", "x" * FRAME_LIMIT):
        with pytest.raises(CannotCarry) as caught:
            frame("0" * 32, script)
        assert len(caught.value.lines()) == 3
    assert len(frame("0" * 32, "x" * (FRAME_LIMIT - 100))) < FRAME_LIMIT


def test_command_lines():
    assert COMMAND_LINE.startswith("powershell.exe -NoLogo -NoProfile -NonInteractive ")
    assert COMMAND_LINE.endswith(" -InputFormat Text -OutputFormat Text -Command -")
    assert COMMAND_LINE_7.split(" ", 1) == ["pwsh.exe", COMMAND_LINE.split(" ", 1)[1]]
    assert (command_line("powershell"), command_line("pwsh")) == (COMMAND_LINE, COMMAND_LINE_7)
    with pytest.raises(ValueError, match="engine"):
        command_line("cmd")
