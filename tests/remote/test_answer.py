"""However the bytes are cut, the records are the same; nothing without the nonce is one."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.action import Kind, Record
from tui.remote.answer import LINE_LIMIT, NOISE_LINES, NOISE_WIDTH, Hello, Parser

N = "0123456789abcdef" * 2
STREAM = (
    f'\ufeffbanner\r\n\r\n\ufeff{N} H {{"p":7,"v":"5.1","l":"FullLanguage","u":"ä","c":null}}\r\n'
    f'{N} B\n{N} O {{"a":[1,null]}}\r\nstray {N[:-1]} O 1\n{N} O \r\n'
    f'half{N} W "care\\u2026"\n{N} E {{"m":"no","id":"x"}}\n{N} Z\r\nafter\n{N} O 5\n'
).encode()
EXPECTED = [
    Record(Kind.NOISE, "\ufeffbanner"),
    Record(Kind.BEGUN),
    Record(Kind.OUTPUT, {"a": [1, None]}),
    Record(Kind.NOISE, f"stray {N[:-1]} O 1"),
    Record(Kind.OUTPUT, None),
    Record(Kind.NOISE, "half"),
    Record(Kind.WARNING, "care…"),
    Record(Kind.ERROR, {"m": "no", "id": "x"}),
    Record(Kind.END),
    Record(Kind.NOISE, "after"),
    Record(Kind.NOISE, f"{N} O 5"),
]


def parse(*chunks: bytes) -> tuple[Parser, list[Record]]:
    parser = Parser(N)
    return parser, [record for chunk in chunks for record in parser.feed(chunk)]


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_cuts_do_not_matter(cuts):
    edges = [0, *sorted(cuts), len(STREAM)]
    parser, records = parse(*(STREAM[a:b] for a, b in itertools.pairwise(edges)))
    assert records == EXPECTED
    assert parser.hello == Hello(7, "5.1", "FullLanguage", "ä", "")
    assert parser.begun
    assert parser.ended


def test_byte_by_byte():
    assert parse(*(STREAM[i : i + 1] for i in range(len(STREAM))))[1] == EXPECTED


@given(st.binary(max_size=200))
def test_anything_is_at_most_noise(data):
    parser, records = parse(data, b"\n")
    assert {record.kind for record in records} <= {Kind.NOISE}
    assert parser.hello is None
    assert not parser.begun


def test_an_echo_of_what_was_sent_is_noise():
    parser, records = parse(f"azle '{N}' H @{{p=$PID}}\nazlx '{N}' '{{\"c\":\"x\"}}'\n".encode())
    assert [record.kind for record in records] == [Kind.NOISE] * 2
    assert parser.hello is None


@pytest.mark.parametrize("body", ['{"p":1}', "[]", "x", "", '{"p":"1","v":"","l":"","u":"","c":""}'])
def test_a_wrong_handshake_is_noise(body):
    parser, records = parse(f"{N} H {body}\n".encode())
    assert parser.hello is None
    assert [record.kind for record in records] == [Kind.NOISE]


@pytest.mark.parametrize("line", ["E {torn", "O [1,", "Q 1", "B"])
def test_a_damaged_line_of_the_frame_is_an_error_never_silence(line):
    _, records = parse(f"{N} B\n{N} {line}\n{N} Z\n".encode())
    assert [record.kind for record in records] == [Kind.BEGUN, Kind.ERROR, Kind.END]
    assert records[1].value["id"] == "AzlDamagedLine"


def test_left_early():
    parser, records = parse(f"{N} B\n{N} X\n".encode())
    assert [record.kind for record in records] == [Kind.BEGUN, Kind.LEFT]
    assert parser.ended


def test_noise_is_bounded():
    parser, records = parse(*([b"y" * 5_000 + b"\n"] * (NOISE_LINES + 7)), b"tail")
    assert len(records) == NOISE_LINES
    assert {len(record.value) for record in records} == {NOISE_WIDTH}
    assert parser.raw.endswith("(7 more lines)\ntail")


def test_a_line_without_end_does_not_fill_the_memory():
    parser = Parser(N)
    for _ in range(3):
        parser.feed(b"z" * (LINE_LIMIT // 2 + 1))
    assert len(parser._buffer) <= LINE_LIMIT
    assert [record.kind for record in parser.feed(f"\n{N} B\n".encode())] == [Kind.NOISE, Kind.BEGUN]
