"""The small parts: plan hash, facts, secret, clock, threads."""

import asyncio
import copy
import json
import pickle
import threading
import time
import traceback
from dataclasses import asdict, dataclass, replace

import pytest

from tests.core.fake import plan, step
from tui.core.action import PowerShell
from tui.core.clock import SystemClock, hm, hms, iso, span
from tui.core.facts import Facts, NotLearned
from tui.core.plan import Gate, Plan, Tier
from tui.core.secret import Secret
from tui.core.threads import in_thread

BASE = plan((step("a"), step("b")))


def other(**changes):
    return plan((replace(step("a"), **changes), step("b")))


@pytest.mark.parametrize(
    "changed",
    [other(id="x"), other(title="x"), other(host="HAM-N02"), other(gate=Gate(Tier.TYPED, phrase="X")),
     other(act=lambda _: PowerShell("HAM-N01", "other")), other(act=None), plan((step("b"), step("a"))),
     plan((step("a"),), (step("b"),)), replace(BASE, scenario="x"), replace(BASE, title="x")],
)  # fmt: skip
def test_a_plan_that_reads_differently_has_another_hash(changed):
    assert changed.digest != BASE.digest


def test_a_plan_that_reads_the_same_has_the_same_hash():
    assert plan((step("a"), step("b"))).digest == BASE.digest


def test_a_plan_finds_its_steps_and_their_undo():
    assert isinstance(BASE, Plan)
    assert [BASE.number(s) for s in ("set-a", "set-b", "unset-a")] == [1, 2, 0]
    assert BASE.step("unset-b").title == "Remove b"
    assert BASE.step("nothing") is None


def test_a_value_not_known_is_shown_in_a_preview_and_an_error_elsewhere():
    assert str(Facts(preview=True).get("vm_id")) == "<VM ID>"
    assert str(Facts(preview=True).get("pem_sha")) == "<pem sha>"
    assert str(Facts(preview=True).get("vm_id", "VM ID")) == "<VM ID>"
    with pytest.raises(NotLearned):
        Facts().get("vm_id")
    assert Facts({"a": "1"}).plus({"a": "2"}).get("a") == "2"


PLANTED = "pl4nted-s3cret"


@dataclass
class Holder:
    secret: Secret


def test_a_secret_shows_nowhere():
    secret = Secret(PLANTED)
    shown = f"{secret} {secret!r} {secret:>20} {secret!s} %s {[secret]} {Holder(secret)}" % secret
    assert PLANTED not in shown
    assert secret.reveal() == PLANTED


@pytest.mark.parametrize("write", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps, lambda s: asdict(Holder(s))])
def test_a_secret_is_not_written(write):
    with pytest.raises(TypeError) as caught:
        write(Secret(PLANTED))
    assert PLANTED not in str(caught.value)


def test_a_secret_is_not_in_a_traceback():
    def sign_in(secret):
        raise ValueError(f"refused: {secret}")

    try:
        sign_in(Secret(PLANTED))
    except ValueError as error:
        text = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "Secret(*****)" in text
    assert PLANTED not in text.replace("PLANTED", "")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 s"), (0, "0 s"), (41.9, "41 s"), (119, "119 s"), (120, "2 min"), (1440, "24 min"), (5999, "99 min"),
     (6000, "1 h 40"), (7380, "2 h 03")],
)  # fmt: skip
def test_durations_carry_units(seconds, text):
    assert span(seconds) == text


@pytest.mark.parametrize(
    ("at", "text"),
    [(0, "1970-01-01T00:00:00.000Z"), (1.9999999, "1970-01-01T00:00:02.000Z"), (0.0015, "1970-01-01T00:00:00.002Z"),
     (1795313645.25, "2026-11-22T02:14:05.250Z")],
)  # fmt: skip
def test_times_are_absolute_and_utc(at, text):
    assert iso(at) == text


def test_clocks_say_utc():
    assert (hm(1795313645), hms(1795313645)) == ("02:14 UTC", "02:14:05 UTC")


async def test_the_system_clock_goes_on():
    clock = SystemClock()
    before = clock.monotonic(), clock.wall()
    await clock.sleep(0)
    assert clock.monotonic() >= before[0]
    assert abs(clock.wall() - time.time()) < 60


async def test_a_call_on_a_thread_gives_back_what_it_gives():
    assert await in_thread(threading.current_thread, "azl-test") is not threading.current_thread()
    assert (await in_thread(threading.current_thread, "azl-test")).daemon


async def test_a_call_on_a_thread_raises_what_it_raises():
    def fail():
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await in_thread(fail)


async def test_a_cancelled_call_is_left_alone_and_its_late_result_dropped():
    gate, ended = threading.Event(), threading.Event()

    def hang():
        gate.wait(10)
        ended.set()
        return "late"

    task = asyncio.ensure_future(in_thread(hang))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gate.set()
    assert await in_thread(lambda: ended.wait(10))
    await asyncio.sleep(0)
