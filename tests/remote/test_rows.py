"""Every shape in which 5.1 and 7 give a list back becomes the same rows."""

import json

import pytest

from tests.remote.answers import reply
from tui.core.action import Kind, Record
from tui.core.errors import EstateError
from tui.remote.powershell import Row, rows


@pytest.mark.parametrize(
    "answer",
    [
        [{"Name": "a"}, {"name": "b"}],
        {"value": [{"NAME": "a"}, {"Name": "b"}], "Count": 2},
    ],
)
def test_arrays_plain_and_wrapped(answer):
    assert [row.text("name") for row in rows(reply(json.dumps(answer)))] == ["a", "b"]
    assert [row.text("Name") for row in rows(reply(answer))] == ["a", "b"]


def test_single_object_lots_and_nothing():
    assert [row.text("n") for row in rows(reply('{"n":1}'))] == ["1"]
    assert [row.number("n") for row in rows(reply('[{"n":1}]', '[{"n":2}]'))] == [1, 2]
    assert rows(reply("[]")) == rows(reply("")) == rows(reply(None)) == rows(reply()) == []


def test_an_object_that_only_looks_wrapped_stays_itself():
    assert [dict(row) for row in rows(reply('{"value":"x","Count":1}'))] == [{"value": "x", "Count": 1}]


def test_getters():
    row = Row({"Text": "x", "None": None, "N": 3, "D": "7", "T": True, "F": "False", "L": {"value": ["a"], "Count": 1}})
    assert (row.text("text"), row.text("none"), row.text("n"), row.text("t")) == ("x", "", "3", "True")
    assert (row.number("n"), row.number("d")) == (3, 7)
    assert (row.flag("t"), row.flag("f")) == (True, False)
    assert (row.texts("l"), row.texts("none"), row.texts("text")) == (("a",), (), ("x",))
    assert "TEXT" in row
    assert len(row) == 7


@pytest.mark.parametrize(
    ("getter", "key"),
    [("text", "missing"), ("text", "L"), ("number", "Text"), ("number", "None"), ("number", "T"), ("flag", "N")],
)
def test_what_does_not_fit_is_unreadable_never_a_default(getter, key):
    row = Row({"Text": "x", "None": None, "N": 3, "T": True, "L": [1]})
    with pytest.raises(EstateError) as caught:
        getattr(row, getter)(key)
    assert len(caught.value.lines()) == 3


@pytest.mark.parametrize("answer", ["not json", "[1]", '"x"', "[[{}]]", "[" * 5000])
def test_what_is_not_rows_is_unreadable(answer):
    with pytest.raises(EstateError):
        rows(reply(answer))


def test_an_unclean_reply_has_no_rows():
    with pytest.raises(EstateError, match="denied"):
        rows(reply("[]", extra=[Record(Kind.ERROR, {"m": "denied"})]))
    with pytest.raises(EstateError, match="left early"):
        rows(reply("[]", end=Kind.LEFT))
