"""A runbook needs no host, hides nothing that it does not know, and can be followed to its last box."""

import html as entities
import json
import re
from html.parser import HTMLParser

import pytest

from tests.core.fake import plan as fake_plan
from tests.core.fake import step
from tui.ahead import Ahead, Given, ahead, chosen, settable
from tui.catalogue import SITE, VALUES
from tui.core.errors import BadInput
from tui.core.facts import Facts, split
from tui.core.plan import Gate, Tier
from tui.core.scenario import Scenario, Site
from tui.drillvalues import drill_values
from tui.lab.drills import all_drills, drill
from tui.runbook import runbook, runbook_html, runbook_markdown, words
from tui.runbook.values import strings
from tui.scenarios import all_scenarios, scenario
from tui.told import runbook_text

MADE = 1_795_313_640.0


def typed(*settings, scenario_id="trusted-launch"):
    return chosen(scenario_id, all_scenarios(), settings, Given())


class Page(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.words, self.addresses = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data):
        self.words.append(data)


@pytest.mark.parametrize("each", all_scenarios(), ids=lambda each: each.id)
def test_every_scenario_makes_one_of_nothing(each):
    book = runbook(ahead(each, Given()))
    tasks = [task for part in book.parts for task in part.tasks]
    assert [task.number for task in tasks] == list(range(1, len(tasks) + 1))
    assert all(task.script or task.by_hand or task.prove.readings for task in tasks)
    for check in book.checks:
        assert check.readings, check.title
        assert check.wanted, check.title
        assert check.otherwise, check.title
    shown = {found for text in strings(book.parts) for found in re.findall(r"<[A-Za-z][^<>]*>", text)}
    assert shown <= {value.placeholder for value in book.values}
    assert shown


def test_what_is_given_stands_in_every_line_and_the_rest_is_a_placeholder():
    text = runbook_markdown(runbook(typed("vm=SRV-DB01", "target=AZL-HAM:HAM-N01,HAM-N02,HAM-N03")))
    assert "# Trusted Launch key restore of SRV-DB01" in text
    assert "[string](Get-VM -Name 'SRV-DB01').vmid" in text
    assert "HAM-N01 and HAM-N02 and HAM-N03" in text
    assert "Import-MocKey -name <VM ID> -importKeyFile 'C:\\azlr\\<run name>\\<VM ID>.json'" in text
    assert r"**\<VM ID\>** =" in text
    assert r"**\<VM\>**" not in text


def test_a_line_to_type_is_one_line_in_every_form():
    known = typed("vm=SRV-DB01")
    scripts = [task.script for part in runbook(known).parts for task in part.tasks if task.script]
    text = runbook_markdown(runbook(known))
    words = "".join(Page(runbook_html(runbook(known))).words)
    assert len(scripts) > 8
    for script in scripts:
        assert f"```\n{script}\n```" in text
        assert script in words


def test_every_step_has_its_line_for_time_and_name():
    book = runbook(typed())
    count = sum(len(part.tasks) for part in book.parts)
    text, page = runbook_markdown(book), runbook_html(book)
    assert text.count("UTC by \\_") == count
    assert page.count('class="done"') == count
    for number in range(1, count + 1):
        assert re.search(rf"\*\*{number}\*\* done at", text)
        assert f"{number} done at" in page
    assert text.count("POINT OF NO RETURN") == 1
    step = page[page.index('id="start"') :]
    assert step.index("POINT OF NO RETURN") < step.index("<h3>")  # in the step's own box: no page can part them
    assert text.index("POINT OF NO RETURN") < text.index("Start-ClusterGroup -Name")


def test_the_page_is_one_file_without_script_or_network():
    page = Page(runbook_html(runbook(typed("vm=SRV-DB01"))))
    assert page.addresses == []
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)


HOSTILE = "<script>alert('1')</script>&\"|`[x](y)"


def test_a_vm_with_a_hostile_name_stays_a_name():
    known = typed(f"vm={HOSTILE}", "target=<b>T</b>:<i>n1</i>")
    page = runbook_html(runbook(known))
    assert "<script" not in page
    assert "<b>" not in page
    assert entities.escape(HOSTILE) in page
    assert not {"script", "b", "i"} & set(Page(page).tags)
    assert r"\<script\>alert" in runbook_markdown(runbook(known))
    assert not [value for value in runbook(known).values if "script" in value.placeholder]


def test_a_reading_has_one_code_and_stands_once_in_a_step():
    book = runbook(typed())
    readings = [r for part in book.parts for t in part.tasks for each in (*t.guards, t.prove) for r in each.readings]
    assert len({r.code for r in readings}) == len({r.script for r in readings})
    for part in book.parts:
        for task in part.tasks:
            full = [r.script for each in (*task.guards, task.prove) for r in each.readings if not r.again]
            assert len(full) == len(set(full))


def test_wrong_words_are_told_all_at_once_with_what_is_near():
    with pytest.raises(BadInput) as told:
        typed("vmm=x", "vm", "vm=a", "vm=b", "run=a\x07", scenario_id="trusted-lunch")
    text = "\n".join(told.value.lines())
    assert len(told.value.happened.splitlines()) == 5
    assert "'trusted-launch'" in text
    assert "the nearest is 'vm'" in text
    assert "given before as a" in text
    assert "U+0007" in text
    assert "Scenarios: trusted-launch" in text
    assert "target" in text


def test_every_example_value_can_be_set():
    learned = {"pem_sha", "export_sha", "safety_sha"}
    assert set(VALUES) - learned <= set(settable(scenario("trusted-launch")))


@pytest.mark.parametrize("each", all_drills(), ids=lambda each: each.name)
def test_a_drill_gives_every_value_that_its_site_has(each):
    known = ahead(scenario(each.scenario), drill_values(each, each.scenario))
    assert "SRV-DB01" in known.facts.values["vm"]
    steps = [task.id for part in runbook(known).parts for task in part.tasks]
    assert ("remove-wrong-key" in {split(step)[0] for step in steps}) is (each.variant == "started-too-early")
    left = {value.placeholder for value in runbook(known).values}
    assert left == {"<group of the VM>", "<value before>", "<run name>", "<this computer>"}


def test_several_vms_have_a_lane_and_values_each():
    known = typed("vm=SRV-DB01,SRV-WEB01", "target=AZL-HAM:HAM-N01,HAM-N02", "owner@SRV-DB01=HAM-N01")
    book = runbook(known)
    lanes = {task.lane for part in book.parts for task in part.tasks}
    assert lanes == {"", "SRV-DB01", "SRV-WEB01"}
    ticked = [ticked_ for part in book.parts for ticked_ in map(words.ticked, part.tasks)]
    assert len(ticked) == len(set(ticked))
    left = {value.placeholder for value in book.values}
    assert {"<VM ID of SRV-DB01>", "<VM ID of SRV-WEB01>", "<owner node of SRV-WEB01>"} <= left
    assert "<owner node of SRV-DB01>" not in left
    text = runbook_markdown(book)
    assert re.search(r"### SRV-WEB01 \d+ Start SRV-WEB01, prove its heartbeat", text)
    assert "-name '<VM ID of SRV-WEB01>'" in text
    assert all(check.wanted and check.otherwise for check in book.checks)


def test_a_drill_of_another_scenario_is_refused():
    with pytest.raises(BadInput, match="not another"):
        drill_values(drill("trusted-launch"), "another")


def test_json_says_the_same():
    data = json.loads(runbook_text(typed("vm=SRV-DB01"), MADE, "json", redacted=False))
    assert data["made"].startswith("2026-11-22T02:14")
    assert data["parts"][0]["tasks"][0]["number"] == 1
    assert data["digest"] == typed("vm=SRV-DB01").plan().digest


def test_a_plan_on_paper():
    typed_step = step("b", tier=Tier.TYPED, no_return=True)
    made = fake_plan((step("a"), typed_step), (step("c", act=None, gate=Gate()),))
    tiny = Scenario("tiny", "t", "", "", "", "", "", "", "", lambda _: (), lambda *_: (), lambda *_: made)
    text = runbook_markdown(runbook(Ahead(tiny, Site("lab", ()), Facts())))
    assert "### 1 Set a" in text
    assert "POINT OF NO RETURN" in text
    assert "type the mode and SRV-DB01" in text
    assert "it only reads" in text
    assert text.count("```\nset") == 2


def test_the_site_of_a_file_will_do():
    known = Ahead(scenario("trusted-launch"), SITE, Facts(VALUES))
    text = runbook_markdown(runbook(known))
    assert "HAM-N02" in text
    assert r"\<VM ID\>" not in text
