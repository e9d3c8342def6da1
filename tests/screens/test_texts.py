"""Texts for a width: they fit, lose nothing, and show data as it is."""

import asyncio
from dataclasses import replace
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.signs import TWINS, twin
from screens.texts import (
    command,
    footer,
    gate,
    header,
    help,
    inputs,
    line,
    prerequisites,
    questions,
    report,
    resume,
    runlist,
    transcript,
    welcome,
)
from screens.texts.choices import Numbered, numbered
from screens.texts.questions import folded
from screens.verdicts import as_read
from tests.screens.fake import CET, DECLARED, IMPORT, NOW, FakeBoard, FrozenClock, plan, situation
from tests.screens.views import QUESTIONS, WELCOME, session_of
from tests.screens.views import report as a_report
from tui.core.clock import hm
from tui.core.question import Shown
from tui.core.report.times import rto_line
from tui.core.report.words import outcome_line
from tui.core.state import RunState
from tui.core.verdict import Truth


def test_every_sign_is_one_cell_and_has_an_ascii_twin() -> None:
    for sign, ascii_twin in TWINS.items():
        assert cell_len(sign) == 1, sign
        assert len(ascii_twin) == 1
        assert ascii_twin.isascii()
    assert twin("► √ ▲ ■ ┃ привет") == "> v ^ X | ??????"


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("mode", ["DRILL", "LIVE"])
def test_header_rows_are_as_wide_as_the_window(width: int, mode: str) -> None:
    for where in (situation(mode), situation(mode, scenario="x" * 90), situation(mode, declared=0.0, rto=0.0)):
        rows = header.header(where, NOW, CET, "A title " * 20, header.against_usual("step", 41, 70), width)
        assert [row.cell_length for row in rows] == [width] * 3
        assert "02:51 UTC  03:51 CET" in rows[0].plain
        assert rows[0].plain.startswith(f" {mode} ")


def test_rto_is_amber_in_its_last_fifth_and_never_red() -> None:
    assert header.rto_word(situation(), NOW).plain == "RTO 2 h: 1 h 23 left"
    assert header.rto_word(situation(), DECLARED + 6200).plain == "▲ RTO 2 h: 16 min left"
    over = header.rto_word(situation(), DECLARED + 7200 + 720)
    assert over.plain == "▲ RTO 2 h: over by 12 min"
    assert [str(span.style) for span in over.spans] == ["$warning"]


def test_footer_keeps_help_at_80_columns() -> None:
    many = [(f"k{n}", "does something long") for n in range(9)]
    row = footer.footer(many, [("?", "Help"), ("ctrl+q", "Stop")], 80).plain
    assert row.endswith(" ? Help ")
    assert cell_len(row) == 80
    assert row.startswith(" k0 does something long")


def test_a_command_breaks_before_parameters_only() -> None:
    rows = command.rows(IMPORT, 77)
    assert [gutter.strip() for gutter, _ in rows] == ["┃", "┊", "┊", "┊"]
    assert all(text.startswith("-") for _, text in rows[1:])


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf"]), max_size=300),
       st.integers(30, 120))  # fmt: skip
def test_a_broken_command_can_be_put_together_again(text: str, width: int) -> None:
    rows = command.rows(text, width)
    whole = "".join((" " if gutter == "┊   " else "") + part for gutter, part in rows)
    assert whole == text
    assert all(cell_len(gutter + part) <= width for gutter, part in rows)


def test_a_break_inside_a_value_does_not_lose_the_quote() -> None:
    rows = command.rows(
        f"Import-MocKey -importKeyFile 'C:\\azlr\\{'a-' * 40}.json' -group X -keyvaultName Y -type AES", 60
    )
    assert not any(text.endswith(" -") for _, text in rows)
    assert rows[-1][1].endswith("-type AES")


def test_a_statement_begins_a_row_and_a_summary_breaks_at_blanks() -> None:
    rows = command.rows(
        "New-Item -Path 'C:\\azlr' -Force | Out-Null; Set-Content -LiteralPath 'C:\\azlr\\run.txt' -Value 'x'", 60
    )
    assert [text.split(" ")[0] for _, text in rows][:2] == ["New-Item", "Set-Content"]
    assert (
        command.rows("Write 903 bytes, SHA-256 " + "e" * 64 + ", to C:\\x on HAM-N02", 94)[1][1]
        == "to C:\\x on HAM-N02"
    )


def test_data_is_shown_as_it_is() -> None:
    assert line.visible("a\u202eb\x1b[1m\t") == "a<U+202E>b<U+001B>[1m<U+0009>"
    hostile = "Get-VM [SRV-DB01] | x [0] \\ [/red]"
    assert hostile in command.command(hostile, 80)[0].plain
    assert line.line(hostile).plain == hostile


def test_refused_choices_say_why_and_take_no_mark() -> None:
    items = numbered((Numbered("a", "Do it", "a note"), Numbered("b", "Skip", refused="step 8 needs it")), 80)
    assert [item.open for item in items] == [True, False]
    assert items[1].lines[0].plain.startswith("– 2) Skip")
    assert "not offered: step 8 needs it" in items[1].lines[0].plain


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_window(width: int) -> None:
    session = session_of("run", FrozenClock())
    rows = [*welcome.ages(WELCOME.ages, width), *(r for i in runlist.plan_items(plan(), width) for r in i.lines)]
    rows += report.upper(a_report(), width)
    rows += inputs.field_rows((), {}, {}, "", width)
    for question in QUESTIONS.values():
        rows += [*questions.above(question, session, width, NOW, CET), *questions.beneath(question, session, width)]
        rows += gate.about(question, width, NOW)
        rows += gate.upper(question, session, session.plan.step(question.step), width, 10)
    assert max(row.cell_length for row in rows) <= width


def test_what_is_missing_of_a_phrase() -> None:
    assert gate.missing("LIVE SRV-DB", "LIVE SRV-DB01") == "2 characters missing"
    assert gate.missing("LIVE SRV-DB02", "LIVE SRV-DB01") == "LIVE SRV-DB02 is not LIVE SRV-DB01"
    assert gate.missing("live srv-db01", "LIVE SRV-DB01") == "live srv-db01 is not LIVE SRV-DB01"
    assert gate.missing("LIVE SRV-DB01", "LIVE SRV-DB01") == ""
    assert hm(NOW) == "02:51 UTC"


LONG = Shown("AZL-BER shows no running copy", Truth.SO, "said by m.weber; Witness: K. Roth. AZL-BER: no answer from "
             "BER-N01, BER-N02", NOW, "attested: said by m.weber: silent")  # fmt: skip
UNPROVED = replace(LONG, evidence="not proved: only the word of m.weber, no witness. AZL-BER: no answer")


def test_a_deciding_guard_is_read_in_full() -> None:
    rows = [row.plain for row in gate.guard_rows(LONG, 74)]
    assert rows[0].startswith("@ attested AZL-BER shows no running copy")
    assert rows[0].endswith("02:51:00 UTC")
    assert " ".join(text.strip() for text in rows[1:]) == LONG.evidence
    assert max(map(cell_len, rows)) <= 74
    assert gate.guard_rows(replace(LONG, evidence="Off", condition="off"), 74)[0].plain.startswith("√ ok       AZL-BER")


def test_what_holds_by_a_word_alone_never_shows_as_read() -> None:
    assert as_read(Truth.SO, UNPROVED.evidence, UNPROVED.condition)[0] == "▲ not proved"
    assert as_read(Truth.SO, LONG.evidence)[0] == "@ attested"
    assert as_read(Truth.NOT_SO, LONG.evidence, LONG.condition)[0] == "■ not so"
    confirm = replace(QUESTIONS["gate"], guards=(*QUESTIONS["gate"].guards, UNPROVED))
    told = "\n".join(row.plain for row in gate.about(confirm, 74, NOW))
    assert "2 of 3 hold." in told
    assert "▲ not proved AZL-BER shows no running copy" in told


def test_the_report_says_what_its_file_says() -> None:
    view = a_report()
    text = " ".join(" ".join(row.plain.split()) for row in report.upper(view, 80))
    assert rto_line(view.state, view.plan) in text
    assert outcome_line(view.state, view.plan) in text
    assert "no witness named: not proved" in text
    assert "total 11" in text
    assert report.rto_end(view) == "RTO kept, 83 min spare"


def test_resume_says_what_going_on_would_make_of_a_step() -> None:
    shown = QUESTIONS["resume"].guards[0]
    assert resume.would_be(shown, plan()) == "Step 7 would be ≡ found done. It is not sent again."
    not_done = replace(shown, truth=Truth.NOT_SO, evidence="0 keys")
    assert resume.would_be(not_done, plan()) == "Step 7 is not done: 0 keys. It asks before it is sent."
    runs = replace(shown, title=shown.title.replace("gone", "yes"))
    assert "is waited for first" in resume.would_be(runs, plan())
    assert "still runs" in " ".join(row.plain for row in resume.reading_rows(runs, plan(), 200))


def test_the_resume_command_names_the_run_and_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *names, **more: tmp_path)
    assert resume.resume_command(tmp_path / "runs" / "r1") == "azl-recover resume r1"
    assert (
        resume.resume_command(tmp_path / "my runs" / "r1") == f'azl-recover resume r1 --runs "{tmp_path / "my runs"}"'
    )


def test_by_hand_counts_the_rows_that_are_there() -> None:
    session, question = session_of("by_hand", FrozenClock()), QUESTIONS["by_hand"]
    assert "(shown on 4 lines, it is one line; c" in "\n".join(
        r.plain for r in questions.above(question, session, 80, NOW, CET)
    )
    assert question.action is not None
    long = replace(question, action=replace(question.action, script=IMPORT + f" -more 'x{'-y' * 200}'"))
    rows = [row.plain for row in questions.above(long, session, 80, NOW, CET)]
    shown = sum(row.lstrip().startswith(("┃", "┊")) for row in rows)
    hidden = next(int(row.split()[1]) for row in rows if "more rows, c copies all, p shows all" in row)
    assert any(f"({shown} of {shown + hidden} rows shown, it is one line; c copies it)" in row for row in rows)


def test_a_long_line_of_the_log_goes_on_beneath() -> None:
    said = transcript.Said(NOW, "→", "HAM-N01", f"sent, 1 line: {IMPORT}")
    rows = [row.plain for row in transcript.said_rows(said, 80)]
    assert len(rows) > 2
    assert max(map(cell_len, rows)) <= 80
    assert " ".join(row.strip() for row in rows).endswith(IMPORT)


def test_help_is_not_cut_at_80_columns() -> None:
    rows = help.help_lines((), (), 79)
    assert max(row.cell_length for row in rows) <= 79


def test_the_key_for_what_is_missing() -> None:
    rows = {row.check: row for row in _read_board().rows}
    assert "o Give a reason" in prerequisites.advice(rows["job"], "1 needs a reason")
    assert "c Copy remedy, then r." in prerequisites.advice(rows["agents"], "1 stops you")
    assert prerequisites.advice(None, "reading") == "Not yet: reading."


def _read_board() -> FakeBoard:
    board = FakeBoard()
    asyncio.run(board.read(lambda: None))
    return board


@pytest.mark.parametrize("width", [80, 120, 200])
def test_the_plans_columns_stay_near_its_titles(width: int) -> None:
    rows = [row.plain for item in runlist.plan_items(plan(), width) for row in item.lines]
    host = next(row.index("HAM-N01") for row in rows if "HAM-N01" in row)
    assert host <= 60
    side = runlist.side_width(plan(), width)
    titles = " ".join(row.plain for row in runlist.side_list(plan(), RunState(), "", False, side))
    assert ("…" in titles) == (width < 200)
    assert width < 110 or side <= width - 66


def test_vms_that_stand_alike_are_one_line_when_a_run_is_taken_up() -> None:
    through = [f"  VM{n}: 13 of 13 steps through" for n in range(3)]
    begun = [f"  VM{n}: 4 of 13 steps through; 5 Export the key of VM{n}: begun, nothing sent" for n in (3, 4, 5)]
    failed = [f"  VM{n}: 4 of 13 steps through; 5 Export the key of VM{n}: failed" for n in (6, 7, 8)]
    assert folded(["  1 Make C:: done", *through, *begun, *failed]) == [
        "  1 Make C:: done",
        "  3 VMs: 13 of 13 steps through (VM0, VM1, VM2)",
        "  3 VMs: 4 of 13 steps through (VM3, VM4, VM5)",
        *failed,
    ]
