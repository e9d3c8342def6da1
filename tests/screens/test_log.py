"""The log of a long run: nothing is laid out but what is shown, and what is shown is right."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import fields

import pytest

from screens.log import LogScreen
from screens.texts.transcript import LINES, of_event
from tests.core.test_events import SAMPLES
from tests.screens.driving import running, screen_text, until
from tests.screens.fake import NOW, FakeSession, FrozenClock, plan, situation
from tui.core.events import EVENTS, Returned, Said, Stamped

WIDE = "x" * 100


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_what_makes_a_line_is_known_without_making_it(kind):
    cls = EVENTS[kind]
    event = cls(**{field.name: SAMPLES[str(field.type)] for field in fields(cls)})
    assert (of_event(Stamped(1, NOW, event), plan()) is not None) is (cls in LINES)


def long_run(count):
    """A session with this many lines said, each of two rows and more at 80 columns; every hundredth says `needle`."""

    async def script(*_):
        await asyncio.Event().wait()

    session = FakeSession(script, FrozenClock())
    for n in range(count):
        session.commit(Said("import", "HAM-N01", "V", f"{n:05} {'needle ' if n % 100 == 7 else ''}{WIDE}"))
    return session


@asynccontextmanager
async def opened(session):
    """The log over a run."""

    async def lead(front):
        await front.run(session)

    async with running(lead, situation()) as (app, pilot, _):
        await pilot.press("l")
        await until(pilot, lambda: isinstance(app.screen, LogScreen))
        yield app, pilot


async def test_a_long_log_scrolls_follows_and_is_searched():
    count = 1_000
    session = long_run(count)

    async with opened(session) as (app, pilot):
        screen = app.screen
        log = screen._transcript
        await until(pilot, lambda: "00999" in screen_text(app))
        last = log.top
        await pilot.press("pageup", "pagedown")
        assert (log.top, log.below) == (last, 0)
        session.commit(Said("import", "HAM-N01", "V", "99998 it follows"))
        await until(pilot, lambda: "99998" in screen_text(app))
        await pilot.press("up", "up", "up", "up")
        held = log.top
        session.commit(Said("import", "HAM-N01", "V", "99999 it stays"))
        session.commit(Returned("import", 1, "Z"))
        log.drain()
        await pilot.pause()
        assert log.top == held
        assert "99999" not in screen_text(app)
        assert log.below == 4
        await pilot.press("home")
        assert log.top == (0, 0)
        await pilot.press("end")
        assert "the command ended" in screen_text(app)


async def test_a_search_goes_from_hit_to_hit_upwards_and_round():
    session = long_run(500)

    async with opened(session) as (app, pilot):
        screen = app.screen
        await pilot.press("slash", *"Needle")
        for hit in ("00407", "00307", "00207", "00107", "00007", "00407"):
            await pilot.press("enter")
            await until(pilot, lambda hit=hit: screen._transcript.said(screen._hit).text[9:14] == hit)
            assert hit in screen_text(app)


async def test_the_log_is_saved_whole(tmp_path):
    session = long_run(50)
    session.folder = tmp_path

    async with opened(session) as (app, pilot):
        await pilot.press("w")
        await until(pilot, lambda: "Saved" in screen_text(app))
    lines = (tmp_path / "log.txt").read_text("utf-8").splitlines()
    assert len(lines) == 51
    assert lines[-1].endswith(f"00049 {WIDE}")
