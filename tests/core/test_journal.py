"""The record: what is on disk, in which order, and what every kind of damage is called."""

import asyncio
import json
import os
import subprocess
import sys

import pytest

from tests.core.fake import FakeClock
from tests.core.person import BEGAN
from tui.core.errors import JournalDamaged, JournalHeld, JournalUnwritable
from tui.core.events import Noted
from tui.core.fold import fold
from tui.core.journal import GENESIS, NAME, Journal, line_of, read_as_far, read_journal


async def written(folder, texts=("one", "two", "three")):
    with Journal.create(folder, FakeClock()) as journal:
        await journal.commit(BEGAN)
        for text in texts:
            await journal.commit(Noted(text, "m.weber"))
    return folder / NAME


async def test_what_was_committed_is_read_back_in_order(tmp_path):
    path = await written(tmp_path / "run")
    recorded = read_journal(path)
    assert [s.n for s in recorded.events] == [1, 2, 3, 4]
    assert recorded.events[0].event == BEGAN
    assert not recorded.torn
    assert recorded.size == path.stat().st_size


async def test_each_line_carries_the_hash_of_the_one_before(tmp_path):
    path = await written(tmp_path / "run")
    before = GENESIS
    for stamped, line in zip(read_journal(path).events, path.read_bytes().splitlines(keepends=True), strict=True):
        again, before = line_of(stamped.n, stamped.at, stamped.event, before)
        assert again == line


async def test_any_text_goes_through(tmp_path):
    texts = ["", "\n", '"hash":"', ',"hash":"00"}', "\ud800", "ü→\u2028", "\x00\x1b[2J"]
    path = await written(tmp_path / "run", texts)
    assert [s.event.text for s in read_journal(path).events[1:]] == texts


async def test_a_torn_tail_at_every_byte_loses_the_last_line_and_nothing_else(tmp_path):
    path = await written(tmp_path / "run")
    whole = path.read_bytes()
    start = whole.rstrip(b"\n").rfind(b"\n") + 1
    for cut in range(start, len(whole)):
        path.write_bytes(whole[:cut])
        recorded = read_journal(path)
        assert len(recorded.events) == 3
        assert recorded.torn is (cut > start)
        assert recorded.size == start


async def test_taken_up_after_a_torn_tail_the_chain_goes_on(tmp_path):
    path = await written(tmp_path / "run")
    path.write_bytes(path.read_bytes()[:-7])
    with Journal.take_up(tmp_path / "run", FakeClock()) as journal:
        assert journal.recorded.torn
        await journal.commit(Noted("four", "j.brandt"))
    assert [s.n for s in read_journal(path).events] == [1, 2, 3, 4]


def _flip(lines):
    lines[1] = lines[1].replace(b"one", b"ONE")


def _drop(lines):
    del lines[1]


def _swap(lines):
    lines[1], lines[2] = lines[2], lines[1]


def _double(lines):
    lines.insert(1, lines[0])


def _blank(lines):
    lines.insert(1, b"\n")


def _no_hash(lines):
    lines[1] = b'{"n":2,"at":1.0,"kind":"Noted","text":"x","by":"y"}\n'


def _cut_inside(lines):
    lines[1] = lines[1][:-9] + b"\n"


def _tail(lines):
    lines[1] = lines[1][:-3] + b"xx\n"


def _zeros(lines):
    lines[1] = b"\x00" * 40 + b"\n"


@pytest.mark.parametrize("harm", [_flip, _drop, _swap, _double, _blank, _no_hash, _cut_inside, _tail, _zeros])
async def test_damage_names_its_line(tmp_path, harm):
    path = await written(tmp_path / "run")
    lines = path.read_bytes().splitlines(keepends=True)
    harm(lines)
    path.write_bytes(b"".join(lines))
    with pytest.raises(JournalDamaged, match="line 2") as caught:
        read_journal(path)
    assert caught.value.line == 2
    recorded, damage = read_as_far(path)
    assert len(recorded.events) == 1
    assert damage is not None
    with pytest.raises(JournalDamaged):
        Journal.take_up(tmp_path / "run", FakeClock())


async def test_a_first_line_that_is_empty_is_damage_too(tmp_path):
    path = await written(tmp_path / "run")
    path.write_bytes(b"\n")
    with pytest.raises(JournalDamaged, match="line 1"):
        read_journal(path)


async def test_a_flip_of_any_byte_is_seen(tmp_path):
    path = await written(tmp_path / "run", ["one"])
    whole = path.read_bytes()
    for at in range(len(whole) - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(JournalDamaged):
            read_journal(path)


async def test_a_whole_line_of_another_version_is_not_called_damaged(tmp_path):
    path = await written(tmp_path / "run", ())
    body = json.dumps({"n": 2, "at": 1.0, "kind": "FromTheFuture"}, separators=(",", ":"))
    import hashlib

    before = read_journal(path).last_hash
    digest = hashlib.sha256((before + body).encode()).hexdigest()
    path.write_bytes(path.read_bytes() + (body[:-1] + f',"hash":"{digest}"}}\n').encode())
    with pytest.raises(JournalDamaged, match="this version cannot read it"):
        read_journal(path)


def test_a_record_that_is_not_there(tmp_path):
    with pytest.raises(JournalDamaged, match="cannot be read"):
        read_journal(tmp_path / NAME)


async def test_commits_side_by_side_keep_their_order_and_are_on_disk_when_they_return(tmp_path):
    folder = tmp_path / "run"
    told = []
    with Journal.create(folder, FakeClock()) as journal:
        stop = journal.follow(lambda stamped: told.append(stamped.n))

        async def one(number):
            stamped = await journal.commit(Noted(str(number), "x"))
            assert len(read_journal(folder / NAME).events) >= stamped.n

        await asyncio.gather(*(one(number) for number in range(60)))
        stop()
        await journal.commit(Noted("unheard", "x"))
    assert [s.event.text for s in read_journal(folder / NAME).events[:60]] == [str(n) for n in range(60)]
    assert told == list(range(1, 61))


async def test_the_state_is_that_of_what_is_on_disk(tmp_path):
    folder, seen = tmp_path / "run", []
    with Journal.create(folder, FakeClock()) as journal:
        journal.follow(lambda stamped: seen.append((stamped.n, journal.state.events)))
        await asyncio.gather(*(journal.commit(Noted(str(number), "x")) for number in range(9)))
        assert journal.state == fold(read_journal(folder / NAME).events)
    assert seen == [(n, n) for n in range(1, 10)]
    with Journal.take_up(folder, FakeClock()) as journal:
        assert journal.state == fold(journal.events)
        await journal.commit(Noted("ten", "x"))
        assert (journal.state.events, len(journal.events), len(journal.recorded.events)) == (10, 10, 9)


async def test_a_full_disk_refuses_and_writes_nothing_after_it(tmp_path, monkeypatch):
    folder = tmp_path / "run"
    real = os.write
    room = [100]

    def scarce(file, data):
        if room[0] <= 0:
            room[0] = 10_000_000  # space is there again: too late
            raise OSError(28, "No space left on device")
        taken = real(file, bytes(data)[: room[0]])
        room[0] -= taken
        return taken

    with Journal.create(folder, FakeClock()) as journal:
        monkeypatch.setattr(os, "write", scarce)
        results = await asyncio.gather(
            *(journal.commit(Noted("x" * 90, "x")) for _ in range(5)), return_exceptions=True
        )
        with pytest.raises(JournalUnwritable, match="No space left"):
            await journal.commit(Noted("after", "x"))
    assert all(isinstance(result, JournalUnwritable) for result in results)
    recorded = read_journal(folder / NAME)
    assert recorded.events == ()
    assert recorded.torn


async def test_a_follower_that_fails_does_not_hold_the_run(tmp_path):
    met = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: met.append(context["exception"]))
    with Journal.create(tmp_path / "run", FakeClock()) as journal:
        journal.follow(lambda _: 1 / 0)
        await asyncio.wait_for(journal.commit(BEGAN), 5)
        await asyncio.wait_for(journal.commit(BEGAN), 5)
    assert all(isinstance(error, ZeroDivisionError) for error in met)


@pytest.mark.parametrize("number", [13, 30])
async def test_a_folder_that_cannot_be_written_is_said(tmp_path, monkeypatch, number):
    path = await written(tmp_path / "run")

    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(JournalUnwritable, match="cannot be written") as caught:
        Journal.take_up(path.parent, FakeClock())
    assert "--runs" in caught.value.do


def test_a_folder_that_exists_is_no_new_run(tmp_path):
    with pytest.raises(JournalUnwritable):
        Journal.create(tmp_path, FakeClock())


HOLDER = """
import sys
from pathlib import Path
from tui.core.hold import Hold
hold = Hold.take(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_run_is_held_by_one_process_and_free_when_that_dies(tmp_path):
    path = asyncio.run(written(tmp_path / "run"))
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path.parent)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(JournalHeld, match=f"process {other.pid}"):
            Journal.take_up(path.parent, FakeClock())
        other.kill()
        other.wait()
    Journal.take_up(path.parent, FakeClock()).close()


async def test_held_in_the_same_process_too(tmp_path):
    with Journal.create(tmp_path / "run", FakeClock()) as journal, pytest.raises(JournalHeld):
        Journal.take_up(journal.folder, FakeClock())
