"""The words, the keyboard and the way in of `--plain`, on real pipes and terminals."""

import asyncio
import os
import pty
import signal
import threading
from dataclasses import replace

import pytest

from tests.core.fake import NOW, FakeClock, until
from tests.plain_stage import MODE
from tui.core.front import (
    Welcome,
)
from tui.plain import LEFT, run_plain
from tui.plain.keyboard import Keyboard
from tui.plain.text import carried, outage, safe, small


def test_nothing_steers_the_terminal():
    assert safe("a\x1b[2Jb\r\n\u202e\u2028\x9b") == "a\\x1b[2Jb\\x0d\\x0a\\u202e\\u2028\\x9b"
    assert safe("ü → √") == "ü → √"
    assert not carried("\u200b")
    assert small("Import key") == "import key"
    assert small("MOC") == "MOC"


@pytest.mark.parametrize(
    ("situation", "at", "text"),
    [(replace(MODE, declared=0.0), NOW, "No outage declared."),
     (replace(MODE, rto=0.0), NOW + 60, "Declared 02:14 UTC, 60 s ago. RTO not set."),
     (MODE, NOW + 6500, "Declared 02:14 UTC, 1 h 48 ago. Warning: RTO 2 h: 11 min left."),
     (MODE, NOW + 7920, "Declared 02:14 UTC, 2 h 12 ago. Warning: RTO 2 h: over by 12 min.")],
)  # fmt: skip
def test_the_outage_in_words(situation, at, text):
    assert outage(situation, at) == text


async def test_the_keyboard_reads_a_pipe_to_its_end(capsys):
    reading, writing = os.pipe()
    keyboard = Keyboard(reading, lambda: None)
    os.write(writing, "1\r\nü".encode()[:-1])
    assert await keyboard.read_line("? ") == "1"
    os.write(writing, "ü".encode()[1:] + b"\nlast")
    assert await keyboard.read_line("? ") == "ü"
    os.close(writing)
    assert [await keyboard.read_line("? ") for _ in range(3)] == ["last", None, None]
    assert not keyboard.live
    keyboard.write_line("said")
    assert capsys.readouterr().out == "? 1\n? ü\n? last\n? \n? \nsaid\n"
    os.close(reading)


async def test_the_keyboard_forgets_what_was_typed_ahead():
    controller, terminal = pty.openpty()
    keyboard = Keyboard(terminal, lambda: None)
    assert keyboard.live
    os.write(controller, b"1\n1\n")
    await until(lambda: keyboard._lines.qsize() == 2)
    keyboard.drop_typed_ahead()
    os.write(controller, b"2\n")
    assert await keyboard.read_line("") == "2"
    os.write(controller, b"\x04")
    assert await keyboard.read_line("") is None
    os.close(controller)
    os.close(terminal)


async def test_a_terminal_that_is_gone_is_noticed(monkeypatch):
    lost = []
    reading, writing = os.pipe()
    os.close(writing)

    class Gone:
        encoding = "utf-8"

        def write(self, _):
            raise BrokenPipeError

    keyboard = Keyboard(reading, lambda: lost.append(1))
    assert await keyboard.read_line("") is None
    monkeypatch.setattr("sys.stdout", Gone())
    keyboard.write_line("x")
    monkeypatch.undo()
    assert lost == [1]
    os.close(reading)


def with_input(monkeypatch, data, wizard):
    """What `run_plain` returns when these bytes are typed into standard input."""
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    monkeypatch.setattr("tui.plain.main.STDIN", reading)
    try:
        return run_plain(wizard, FakeClock())
    finally:
        os.close(reading)


def test_run_plain_gives_what_the_wizard_gives(monkeypatch, capsys):
    async def wizard(front):
        await front.tell("Hello", ("A line.",))
        return 7

    before = signal.getsignal(signal.SIGINT)
    assert with_input(monkeypatch, b"\n", wizard) == 7
    assert signal.getsignal(signal.SIGINT) is before
    assert "A line." in capsys.readouterr().out


def test_run_plain_says_when_it_was_left(monkeypatch, capsys):
    async def wizard(front):
        await front.welcome(Welcome())
        return 0

    assert with_input(monkeypatch, b"", wizard) == LEFT
    assert "The input has ended." in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_to_end_leaves_at_once(monkeypatch, number):
    reading, writing = os.pipe()
    monkeypatch.setattr("tui.plain.main.STDIN", reading)

    async def wizard(front):
        asyncio.get_running_loop().call_soon(signal.raise_signal, number)
        await front.welcome(Welcome())
        return 0

    assert run_plain(wizard, FakeClock()) == LEFT
    os.close(writing)
    for thread in threading.enumerate():
        if thread.name == "azl-keyboard":
            thread.join(5)
    os.close(reading)
