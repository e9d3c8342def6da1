"""Values stay values: judged by a reader of PowerShell's quotes that knows nothing of how they were written."""

import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.remote.answers import reply
from tui.core.action import Ids, Kind, Record, Repeat
from tui.core.errors import CannotCarry, EstateError
from tui.core.facts import Unknown
from tui.remote.powershell import bytes_of, listing, literal, process_of, read_file, render, write_file

SINGLE = "'\u2018\u2019\u201a\u201b"
HOSTILE = st.text(
    st.one_of(
        st.sampled_from(SINGLE + '"`$;|&(){}#\u201c\u201d<>@,%\\ \u00a0–—'),
        st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]),
    ),
    max_size=40,
)


def read_single_quoted(text: str) -> tuple[str, str]:
    """The first single-quoted string of `text` as PowerShell's tokenizer takes it (CharTraits.IsSingleQuote: five
    characters open, close and double each other), and what is left."""
    assert text[0] in SINGLE
    value, at = "", 1
    while True:
        if text[at] in SINGLE:
            if text[at + 1 : at + 2] == "" or text[at + 1] not in SINGLE:
                return value, text[at + 1 :]
            at += 1
        value += text[at]
        at += 1


@given(HOSTILE)
@example("x\u2019; Stop-VM SRV-DB01 -TurnOff -Force #")
@example("'\u2018\u2019\u201a\u201b")
@example("'\u2019")
def test_a_literal_is_one_string_and_nothing_else(value):
    assert read_single_quoted(literal(value)) == (value, "")


@given(HOSTILE, HOSTILE)
def test_a_rendered_script_holds_exactly_its_values(name, path):
    script = render("Get-VM -Name «name» | Export-VM -Path «path»", name=name, path=path)
    first, rest = read_single_quoted(script.removeprefix("Get-VM -Name "))
    assert rest.startswith(" | Export-VM -Path ")
    assert (first, read_single_quoted(rest.removeprefix(" | Export-VM -Path "))) == (name, (path, ""))


@pytest.mark.parametrize("bad", ["\x00", "\b", "\t", "\r", "\n", "\x1b", "\x7f", "\x85", "\x9f", "\u2028", "\u2029"])
def test_controls_are_refused_and_named(bad):
    with pytest.raises(CannotCarry) as caught:
        literal(f"x{bad}y")
    assert f"U+{ord(bad):04X}" in caught.value.happened
    assert bad not in caught.value.happened
    assert len(caught.value.lines()) == 3


@given(st.characters(categories=["Cs"]))
def test_half_characters_are_refused(half):
    with pytest.raises(CannotCarry):
        literal(f"a{half}b")


def test_the_four_kinds_of_value():
    script = render("a -b «b» -c «c» -d ([byte[]](«d»)) -e «e»", b="it's", c=12, d=b"\x01\x02\xff", e=Unknown("VM ID"))
    assert script == "a -b 'it''s' -c 12 -d ([byte[]](1,2,255)) -e <VM ID>"


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("a «b»", {}),
        ("a «b»", {"b": "1", "c": "2"}),
        ("a «b»\nc", {"b": "1"}),
        ("ä «b»", {"b": "1"}),
        ("a «B»", {}),
        ("a '«b»'", {"b": "1"}),
        ('a "x «b» y"', {"b": "1"}),
        ('a "x`" «b» y"', {"b": "1"}),
        ("a 'x'«b»", {"b": "1"}),
        ("a «b»«c»", {"b": "1", "c": "2"}),
        ("a x«b»", {"b": "1"}),
        ("a @«b»", {"b": "1"}),
        ("a «b»x", {"b": "1"}),
        ("a «b»", {"b": True}),
        ("a «b»", {"b": -1}),
        ("a «b»", {"b": b""}),
    ],
)
def test_a_wrong_template_is_a_defect(template, values):
    with pytest.raises(ValueError, match=r"slots|template|stands|no PowerShell text"):
        render(template, **values)


def test_a_slot_after_a_string_that_has_ended_is_free():
    assert render("a 'x ''y' \"z\" «b»;c", b="1") == "a 'x ''y' \"z\" '1';c"


def test_listing():
    assert listing("Get-VM") == "ConvertTo-Json -Compress -Depth 4 -InputObject @(Get-VM)"


def test_read_file():
    action = read_file("node1", "C:\\it's")
    assert action.script == "(Get-Content -LiteralPath 'C:\\it''s' -Encoding Byte -ReadCount 0) -join ','"
    assert (action.changes, action.repeat) == (False, Repeat.SAFE)


@given(st.binary(max_size=300))
def test_bytes_come_back(data):
    assert bytes_of(reply(",".join(map(str, data)))) == data


@pytest.mark.parametrize("text", ["1,", "256", "-1", "1 ,2", "١", "1,2\n", "x", ",", "0001"])
def test_what_is_not_a_list_of_bytes_is_unreadable(text):
    with pytest.raises(EstateError, match="could not be read"):
        bytes_of(reply(text))


def test_an_error_beside_the_bytes_makes_them_unreadable():
    error = Record(Kind.ERROR, {"m": "access denied", "id": "x", "c": "", "g": "", "h": 0})
    with pytest.raises(EstateError, match="access denied"):
        bytes_of(reply("1,2", extra=[error]))
    with pytest.raises(EstateError):
        bytes_of(reply("1,2", end=Kind.LEFT))
    with pytest.raises(EstateError):
        bytes_of(reply())


def test_write_file():
    action = write_file("node2", "D:\\k.json", b"\x00\xff", deadline=9.0)
    digest = hashlib.sha256(b"\x00\xff").hexdigest()
    assert action.script == "Set-Content -LiteralPath 'D:\\k.json' -Encoding Byte -Value ([byte[]](0,255))"
    assert action.shown == f"Write 2 bytes, SHA-256 {digest}, to D:\\k.json on node2"
    assert (action.changes, action.repeat, action.deadline) == (True, Repeat.SAME_RESULT, 9.0)


def test_an_empty_file_is_written_as_an_empty_array():
    action = write_file("node2", "D:\\k", b"")
    assert action.script == "Set-Content -LiteralPath 'D:\\k' -Encoding Byte -Value ([byte[]]@())"


@pytest.mark.parametrize("size", [1_000_001, 400_000])
def test_a_large_file_is_refused_before_anything_starts(size):
    with pytest.raises(CannotCarry) as caught:
        write_file("node2", "D:\\k", b"\xff" * size)
    assert len(caught.value.lines()) == 3


def test_the_trace_asks_for_one_process_and_both_times():
    action = process_of(Ids("node1", "s", "c", 4242, "n"))
    assert action.script.startswith("ConvertTo-Json -Compress -Depth 4 -InputObject @(Get-Process -Id 4242 ")
    assert "-ErrorAction SilentlyContinue" in action.script
    assert not action.changes
