"""Texts for a width: they fit, lose nothing, and show data as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.signs import TWINS, twin
from screens.texts import command, footer, gate, header, inputs, line, questions, report, runlist, welcome
from screens.texts.choices import Numbered, numbered
from tests.screens.fake import CET, DECLARED, IMPORT, NOW, FrozenClock, plan, situation
from tests.screens.views import QUESTIONS, WELCOME, session_of
from tests.screens.views import report as a_report
from tui.core.clock import hm


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
        rows += [*questions.above(question, session, width), *questions.beneath(question, session, width)]
        rows += gate.about(question, width, NOW)
        rows += gate.upper(question, session, questions.step_of(question, session), width, 10)
    assert max(row.cell_length for row in rows) <= width


def test_what_is_missing_of_a_phrase() -> None:
    assert gate.missing("LIVE SRV-DB", "LIVE SRV-DB01") == "2 characters missing"
    assert gate.missing("LIVE SRV-DB02", "LIVE SRV-DB01") == "LIVE SRV-DB02 is not LIVE SRV-DB01"
    assert gate.missing("live srv-db01", "LIVE SRV-DB01") == "live srv-db01 is not LIVE SRV-DB01"
    assert gate.missing("LIVE SRV-DB01", "LIVE SRV-DB01") == ""
    assert hm(NOW) == "02:51 UTC"
