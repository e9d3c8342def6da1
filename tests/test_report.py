"""The report says what is not proved before it says anything else, and never "success"."""

import json
from dataclasses import replace

import pytest

from tests.core.fake import NOW, FakeEstate, plan, step
from tests.core.person import BEGAN, Desk, Person, answer
from tui.core.events import Checked, Chosen, Intended, Noted, Overridden, RunEnded, Stamped, TakenUp
from tui.core.fold import fold
from tui.core.report import left_over, outcome_line, report, report_data, report_markdown, title
from tui.core.state import RunState

CHOSEN = Chosen("tiny", {"vm": "SRV-DB01"})
OVERRIDE = Overridden("storage", "No storage job running", "Repair 86 %", "Users wait since 02:09", "m.weber")
BEFORE = (BEGAN, CHOSEN, Checked("storage", "No storage job running", "warn", "Repair 86 %"), OVERRIDE)


def desk(tmp_path, *steps, **more):
    return Desk(tmp_path / "1122-0214", plan(tuple(steps), goal="key"), before=more.pop("before", BEFORE), **more)


def told(here, **more):
    state = fold(here.events)
    return report_data(here.events, state, here.plan, **more), report_markdown(here.events, state, here.plan, **more)


async def test_a_run_with_everything(tmp_path):
    clean = step("wiped", leaves="1 file on KEY-N01", host="KEY-N01")
    here = desk(tmp_path, step("found"), step("hand"), step(no_return=True), clean, estate=FakeEstate({"found": "yes"}))

    def by_hand(question):
        here.estate.world["hand"] = "yes"
        return "check"

    confirms = ["hand", "go", "later"]
    await here.go(Person(here.clock, confirm=confirms, by_hand=[by_hand], declined=["skip"]))
    data, text = told(here)
    assert data["title"] == "SRV-DB01 recovered; 1 skipped, 1 override, 1 left over"
    assert text.startswith("# SRV-DB01 recovered; 1 skipped")
    assert "success" not in text.lower()
    assert data["counts"] == {"done": 1, "already so": 1, "by hand, proved": 1, "skipped": 1}
    assert data["left_over"] == [{"what": "1 file on KEY-N01", "host": "KEY-N01", "line": "set wiped yes"}]
    assert data["not_proved"] == [
        "4 Set wiped: skipped. nobody on call until 06:00",
        "No storage job running: Repair 86 % (gone on in spite of it)",
    ]
    assert [(s["outcome"], s["by"]) for s in data["steps"]][1] == ("by hand, proved", "m.weber")
    assert data["overridden"][0]["at"] == "2026-11-22T02:14:00.000Z"
    assert "Users wait since 02:09" in text
    assert "Nothing here has been run against Windows" in text
    assert data["record"]["line"].startswith(f"{len(here.events)} entries, chain whole: azl-recover verify 1122-0214")
    json.dumps(data)


async def test_every_command_stands_with_its_result(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["error", "lost after"]}))
    await here.go(Person(here.clock, failure=["retry"]))
    data, text = told(here)
    first, second = data["commands"]
    assert first["result"] == "ran to its end, with an error"
    assert first["said"] == ["MOC does not answer."]
    assert second["result"].startswith("connection lost")
    assert (first["host"], first["script"], first["process"]) == ("HAM-N01", "set key yes", 4001)
    assert text.count("```\nset key yes\n```") == 2
    assert first["at"].endswith("Z")
    assert data["not_proved"][1].startswith("1 Set key: its result is not known")


async def test_the_persons_time_stands_apart(tmp_path):
    here = desk(tmp_path, step("a"), step())
    person = Person(here.clock)
    person.takes = 50.0
    here.estate.hook = lambda what, _: here.clock.advance(10) if what == "send" else None
    await here.go(person)
    data, text = told(here)
    assert data["times"] == {"total": 120.0, "machine": 20.0, "you": 100.0, "away": 0.0}
    assert "machine 20 s, you 100 s, away 0 s" in text


@pytest.mark.parametrize(("rto", "line"), [(7200.0, "kept, 119 min spare"), (1.0, "over by 1 s"), (0.0, "No RTO")])
async def test_the_rto(tmp_path, rto, line):
    here = desk(tmp_path, step(), before=(replace(BEGAN, rto=rto), CHOSEN))
    await here.go(Person(here.clock))
    data, _ = told(here)
    assert line.replace("119 min", "1 h 59") in data["rto"]["line"]
    assert data["rto"]["kept"] is {7200.0: True, 1.0: False, 0.0: None}[rto]


async def test_a_run_that_has_not_ended(tmp_path):
    here = desk(
        tmp_path,
        step("a"),
        step(),
        step("wiped", leaves="1 file"),
        estate=FakeEstate(faults={"set key yes": ["killed after"]}),
    )
    await here.until_killed(Person(here.clock))
    data, text = told(here)
    assert data["title"].startswith("SRV-DB01 is not finished; 1 with a result not known")
    assert "1 of 3 steps are settled" in data["outcome"]
    assert [s["outcome"] for s in data["steps"]] == ["done", "sent, not judged", "not done"]
    assert data["commands"][1]["result"].startswith("no result on record")
    assert data["left_over"][0]["what"] == "1 file"
    assert "azl-recover resume" in text
    assert data["rto"]["kept"] is None


async def test_a_run_taken_up_names_both_people_and_the_absence(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["killed after"]}))
    await here.until_killed(Person(here.clock))
    here.clock.advance(360)
    await here.go(Person(here.clock))
    data, _ = told(here)
    assert data["people"] == ["m.weber", "j.brandt"]
    assert data["times"]["away"] == 360
    assert data["counts"] == {"found done": 1}


async def test_undone_is_not_recovered(tmp_path):
    here = desk(
        tmp_path,
        step("a"),
        step(),
        estate=FakeEstate(faults={"set key yes": ["error"], "del a": ["error"]}),
        before=(BEGAN, CHOSEN),
    )
    await here.go(Person(here.clock, failure=["undo", "skip"]))
    data, text = told(here)
    assert data["title"].startswith("SRV-DB01 not recovered: what this run made was taken back")
    assert data["left_over"] == [{"what": "Set a", "host": "HAM-N01", "line": "del a"}]
    assert [s["number"] for s in data["steps"]] == [1, 2, 0]
    assert "| back |" in text


async def test_not_recovered_says_why(tmp_path):
    here = desk(tmp_path, step(), before=(BEGAN, CHOSEN))
    await here.go(Person(here.clock, confirm=["later"], declined=["skip"]))
    assert told(here)[0]["title"] == "SRV-DB01 not recovered: key on HAM-N01: None; 1 skipped"


async def test_attested_is_said_by_whom(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate(faults={"set key yes": ["error but done"]}), before=(BEGAN, CHOSEN))
    await here.go(Person(here.clock, unknown=[lambda q: answer(q, "attest")]))
    data, text = told(here)
    assert data["title"] == "SRV-DB01 recovered; 1 attested"
    assert data["not_proved"][0].startswith("1 Set key: attested by m.weber")
    assert "## Said by a person, not by a host" in text


async def test_recovered_already(tmp_path):
    here = desk(tmp_path, step(), estate=FakeEstate({"key": "yes"}), before=(BEGAN, CHOSEN))
    await here.go(Person(here.clock))
    assert title(fold(here.events)) == "SRV-DB01 was recovered already, nothing was sent"


async def test_a_damaged_record_is_told_up_to_its_damage(tmp_path):
    here = desk(tmp_path, step())
    await here.go(Person(here.clock))
    path = here.folder / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[8] = lines[8].replace(b'"at"', b'"AT"')
    path.write_bytes(b"".join(lines))
    made = report(here.folder, here.plan)
    assert made.state.events == 8
    assert "damaged at line 9" in made.chain
    assert "damaged at line 9" in made.markdown
    assert made.title.startswith("SRV-DB01 is not finished")


async def test_the_report_is_saved_beside_the_record(tmp_path, monkeypatch):
    here = desk(tmp_path, step())
    await here.go(Person(here.clock))
    made = report(here.folder, here.plan, ("Keep SRV-DB01 Off on AZL-BER.",))
    assert made.saved == here.folder / "report.md"
    assert made.saved.read_text("utf-8") == made.markdown
    assert "- Keep SRV-DB01 Off on AZL-BER." in made.markdown
    assert made.page == here.folder / "report.html"
    assert "Keep SRV-DB01 Off on AZL-BER." in made.page.read_text("utf-8")
    assert made.files == f"{made.saved} and report.html"

    def refuse(*_, **__):
        raise OSError(30, "read-only")

    monkeypatch.setattr("pathlib.Path.write_text", refuse)
    unsaved = report(here.folder, None)
    assert unsaved.saved is None
    assert unsaved.files == ""


def test_no_record_at_all(tmp_path):
    made = report(tmp_path / "none", None)
    assert made.title == "This run is not finished"
    assert "cannot be read" in made.chain
    assert outcome_line(RunState(), None) == "This run is not finished. The record is empty."
    assert left_over(RunState(), None) == ()


def intent(engine):
    return Intended(
        "s", 1, "HAM-N01", "x", "d", "safe", "sh", "co", 1, "n", "ConstrainedLanguage" if engine else "", engine
    )


@pytest.mark.parametrize(
    ("mode", "engine", "said"),
    [("DRILL", "5.1.20348.1", "Nothing here has been run against Windows"),
     ("LIVE", "5.1.20348.1", "HAM-N01: PowerShell 5.1.20348.1, ConstrainedLanguage"),
     ("LIVE", "", "nothing on this record shows that it has been run against Windows")],
)  # fmt: skip
def test_what_it_ran_against(mode, engine, said):
    events = [Stamped(1, NOW, replace(BEGAN, mode=mode)), Stamped(2, NOW, intent(engine))]
    text = report_markdown(events, fold(events), None)
    assert said in text


HOSTILE = "| a | `b` <script> [x](y) \n# head \x1b[2J \u202e ```"


def test_nothing_from_outside_becomes_markup():
    events = [
        Stamped(1, NOW, BEGAN),
        Stamped(2, NOW, Noted(HOSTILE, "m|w")),
        Stamped(3, NOW, replace(intent("5"), shown=HOSTILE)),
    ]
    text = report_markdown(events, fold(events), None)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\\<script\\>" in text
    assert "\n# head" in text  # inside the block that holds the command, and nowhere else
    fence = next(line for line in text.splitlines() if line.startswith("````"))
    assert text.index(fence) < text.index("\n# head") < text.rindex(fence)
    assert text.count("\n# head") == 1


def test_notes_and_people_without_a_plan():
    events = [
        Stamped(1, NOW, BEGAN),
        Stamped(2, NOW + 5, Noted("power is cut", "m.weber")),
        Stamped(3, NOW + 9, TakenUp("m", "j", 2)),
    ]
    data = report_data(events, fold(events), None, torn=True)
    assert data["notes"] == [{"at": "2026-11-22T02:14:05.000Z", "by": "m.weber", "text": "power is cut"}]
    assert "half-written last line was dropped" in data["record"]["line"]


def test_several_vms_are_counted_in_the_title():
    values = {"vm": "A, B", "vms": '[{"name": "A"}, {"name": "B"}]'}
    state = fold([Stamped(1, NOW, BEGAN), Stamped(2, NOW, Chosen("trusted-launch", values)),
                  Stamped(3, NOW, RunEnded("recovered", True, "2 of 2: A, B"))])  # fmt: skip
    assert title(state) == "2 VMs recovered"
