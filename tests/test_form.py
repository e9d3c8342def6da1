"""The inputs of a scenario: what an input of several values starts with, and what comes of taking them."""

import json

from tests.core.fake import FakeEstate
from tests.screens.fake import scenario
from tui.core.scenario import Field, Option, Site
from tui.wizard.form import SiteForm

OFFERED = (
    Option("SRV-DB01", recommended="its host is down", learned={"vm_id": "1"}, group="Wave 1"),
    Option("SRV-DB02", recommended="its host is down", problem="it has a checkpoint", group="Wave 1"),
    Option("SRV-APP01", learned={"vm_id": "3"}, group="Wave 2"),
    Option("SRV-APP02", recommended="its host is down", group="Wave 2"),
)


def form(told):
    made = scenario()
    vms = Field("vm", "VMs", "", lambda _: (), lambda *_: OFFERED, many=True)
    object.__setattr__(made, "fields", lambda site: (vms,))
    return SiteForm(made, Site("lab", ()), FakeEstate(), told)


async def test_several_start_with_what_is_recommended_told_or_taken_before():
    fresh = form({})
    assert fresh.start("vm", await fresh.options("vm")) == ("SRV-DB01", "SRV-APP02")
    told = form({"vm": "SRV-APP01"})
    offered = await told.options("vm")
    assert [option.value for option in offered] == [option.value for option in OFFERED], "groups stay together"
    assert told.start("vm", offered) == ("SRV-APP01",)
    told.choose("vm", "SRV-DB01", "SRV-APP01")
    assert told.start("vm", offered) == ("SRV-DB01", "SRV-APP01")
    unknown = form({"vm": "SRV-DB09"})
    assert unknown.start("vm", await unknown.options("vm")) == (), "nothing in place of what was told"


async def test_several_values_are_one_fact_and_a_row_each():
    made = form({})
    await made.options("vm")
    made.choose("vm", "SRV-DB01", "SRV-APP01")
    assert made.facts.known("vm") == "SRV-DB01, SRV-APP01"
    assert json.loads(made.facts.known("vms")) == [
        {"name": "SRV-DB01", "group": "Wave 1", "vm_id": "1"}, {"name": "SRV-APP01", "group": "Wave 2", "vm_id": "3"},
    ]  # fmt: skip
