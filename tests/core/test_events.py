"""Every event goes through JSON and comes back as it was."""

import json
from dataclasses import fields

import pytest

from tui.core.events import EVENTS, Noted, Outcome, Returned, from_data, to_data

SAMPLES = {
    "str": "x\u2028ü", "float": 1.5, "int": 3, "bool": True, "Mapping[str, str]": {"a": "b"},
    "tuple[str, ...]": ("a", "b"), "tuple[tuple[str, tuple[str, ...], bool], ...]": (("c", ("n1", "n2"), True),),
    "tuple[tuple[str, str, str, str], ...]": (("a", "b", "c", "d"),),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_round_trip(kind):
    cls = EVENTS[kind]
    event = cls(**{field.name: SAMPLES[str(field.type)] for field in fields(cls)})
    data = json.loads(json.dumps(to_data(event)))
    assert data["kind"] == kind
    assert from_data(data) == event


def test_a_field_of_a_later_version_is_passed_over():
    assert from_data({"kind": "Noted", "text": "x", "by": "y", "mood": "calm"}) == Noted("x", "y")


def test_a_field_that_an_earlier_version_did_not_have_is_its_default():
    data = {"kind": "Returned", "step": "s", "attempt": 1, "end": "Z"}
    assert from_data(data) == Returned("s", 1, "Z", error="", sent=True)


@pytest.mark.parametrize("data", [{}, {"kind": "Nothing"}, {"kind": "Noted", "text": "x"}])
def test_what_is_no_event_is_an_error(data):
    with pytest.raises((KeyError, TypeError)):
        from_data(data)


def test_no_outcome_hides_another():
    assert len({str(outcome) for outcome in Outcome}) == len(Outcome)
    assert not any(o.settled for o in (Outcome.DECLINED, Outcome.FAILED, Outcome.UNKNOWN))
    assert {o for o in Outcome if o.ours} == {Outcome.DONE, Outcome.FOUND_DONE}
