"""The redacted twin: names planted everywhere are found in no form of it, and the same name is the same token."""

import json

import pytest

from tests.core.fake import NOW, plan, step
from tests.core.person import BEGAN
from tui.ahead import Given, chosen
from tui.core.events import (
    AnsweredEvent,
    Asked,
    Began,
    Checked,
    Chosen,
    CutShort,
    Ended,
    Intended,
    Learned,
    Noted,
    Overridden,
    PhaseEnded,
    PlanMade,
    Probed,
    Returned,
    RunBegan,
    RunEnded,
    Said,
    Stamped,
    TakenUp,
)
from tui.core.journal import Recorded
from tui.core.redact import Name, Redactor, hidden
from tui.scenarios import all_scenarios
from tui.told import report_text, runbook_text

FORMS = ("md", "html", "json")
VM, SOURCE, TARGET, OWNER, KEYS = "Kunde O'Neill <prod>", "ZRH-ALT", "ZRH-NEU", "zrhhv07", "zrhhv09"
ID, PATH = "7f3c2a91-4d0e-4b6b-9a55-e1c8d2f00b17", r"C:\ClusterStorage\Kundendaten Nord\O'Neill\vm1"
PEOPLE = ("a.hürlimann", "Petra Zbinden", "r.caduff", "ubs")
ADDRESSES = ("10.20.30.40", "fe80::1ff:fe23:4567:890a", "00-15-5D-01-02-03", "petra@kunde.example",
             "https://kunde.example/x")  # fmt: skip
SECRETS = (VM, SOURCE, TARGET, OWNER, KEYS, ID, "Kundendaten", "vm1", *PEOPLE, "hürlimann", "Zbinden", *ADDRESSES,
           "O'Neill", "neill", "kunde.example", "DRPC77", "Werk-Nord", "S-1-5-21-1-2-3", "/home/caduff")  # fmt: skip
EVERYWHERE = (
    f"{VM} / {VM.upper()} / {OWNER.upper()}.kunde.example, ({SOURCE.lower()}), xx{OWNER}yy; {PATH}\\disk 1.vhdx and "
    rf"\\{KEYS}\c$\azlr: 'Kunde O''Neill <prod>' {json.dumps(VM)} Kunde O\u0027Neill \u003cprod\u003e "
    f"{' '.join(PEOPLE)} Hürlimann said, Zbinden agreed. {' '.join(ADDRESSES)} {ID.upper()} {TARGET}\n"
    "S-1-5-21-1-2-3 on DRPC77 of Werk-Nord, /home/caduff/runs/x/journal.jsonl is gone"
)  # fmt: skip
HERE = EVERYWHERE


def record():
    nodes = ((SOURCE, ("zrhhv01", OWNER), False), (TARGET, ("zrhhv05",), False), (KEYS, (KEYS,), True))
    values = {"vm": VM, "source": SOURCE, "target": TARGET, "owner": OWNER, "keys": KEYS, "vm_id": ID, "location": PATH}
    begun = RunBegan(BEGAN.run, "LIVE", "Werk-Nord", "DRPC77", PEOPLE[0], "0.1.0", NOW, 7200.0, clusters=nodes)
    events = (
        begun, Chosen("tiny", {**values, "proxy": "ubs-proxy-3"}), Checked("c", HERE, "warn", HERE),
        Overridden("c", HERE, HERE, HERE, "r.caduff"),
        PlanMade("d" * 64, HERE, (("set-key", HERE, HERE, OWNER),)), Began("set-key", 1),
        Probed("set-key", "goal", HERE, "not so", HERE), Asked("set-key", "q", "confirm", HERE, "b", HERE, HERE),
        AnsweredEvent("set-key", "q", "b", "go", "ubs", HERE, HERE, {"witness": "Petra Zbinden, on site", "saw": HERE}),
        Intended("set-key", 1, OWNER, HERE, "e" * 64, "safe", "s", "c", 7, "0" * 32), Said("set-key", OWNER, "E", HERE),
        Returned("set-key", 1, "Z", HERE), CutShort("set-key", OWNER, 7, "r.caduff", HERE),
        Learned("set-key", {"group": VM, "witness:set-key": "Witness: Petra Zbinden, on site", "free": HERE}),
        Ended("set-key", "attested", HERE, "ubs", HERE), PhaseEnded("p", (HERE,)), Noted(HERE, "r.caduff"),
        TakenUp("DRPC77", "r.caduff", 2), RunEnded("not recovered", False, HERE, (HERE,)),
    )  # fmt: skip
    return Recorded(tuple(Stamped(n, NOW + n, event) for n, event in enumerate(events, 1)), False, "", 0)


@pytest.mark.parametrize("form", FORMS)
def test_no_planted_name_stands_in_any_form_of_a_report(form):
    text = report_text(record(), plan((step(),)), (HERE,), form, redacted=True)
    found = [name for name in (*SECRETS, "ubs-proxy-3") if name.casefold() in text.casefold()]
    assert found == []
    assert "REDACTED" in text
    assert "HOST-" in text
    open_text = report_text(record(), plan((step(),)), (HERE,), form, redacted=False)
    assert OWNER in open_text
    assert "REDACTED" not in open_text


@pytest.mark.parametrize("form", FORMS)
def test_no_planted_name_stands_in_any_form_of_a_runbook(form):
    settings = [f"vm={VM}", f"source={SOURCE}:zrhhv01,zrhhv02", f"target={TARGET}:{OWNER},zrhhv05", f"owner={OWNER}",
                f"keys={KEYS}", f"vm_id={ID}", f"location={PATH}", "holder=DRPC77 5d1c09ab"]  # fmt: skip
    known = chosen("trusted-launch", all_scenarios(), settings, Given())
    text = runbook_text(known, NOW, form, redacted=True).casefold()
    names = (VM, "O'Neill", "o''neill", SOURCE, TARGET, OWNER, KEYS, ID, PATH, "Kundendaten", "zrhhv", "DRPC77")
    assert [name for name in names if name.casefold() in text] == []
    assert "import-mockey" in text
    assert "redacted" in text
    assert OWNER in runbook_text(known, NOW, form, redacted=False)


def test_the_twin_says_what_was_replaced_and_what_may_be_left():
    data = json.loads(report_text(record(), plan((step(),)), (), "json", redacted=True))
    first, second = data["redacted"]
    assert "4 CLUSTER" in first or "3 CLUSTER" in first
    assert "nobody told it" in second
    assert "Free texts here (notes, reasons, words of hosts): 4." in second


def test_names_of_several_vms_are_known_from_what_was_chosen():
    rows = json.dumps([{"name": "ERP-7", "group": "Kern", "owner": OWNER}, {"name": "hr", "vm_id": ID}])
    begun = Stamped(1, NOW, Chosen("tiny", {"vm": "ERP-7, hr", "vms": rows, "target_key@ERP-7": "present"}))
    said = Stamped(2, NOW, Noted(f"ERP-7 on {OWNER}, HR later, Kern first", ""))
    text = report_text(Recorded((begun, said), False, "", 0), None, (), "json", redacted=True)
    assert not [name for name in ("erp-7", OWNER, ID, "kern") if name in text.lower()]
    assert "VM-1 on HOST-1, VM-2 later, GROUP-1 first" in text
    assert '"target_key@VM-1": "present"' in text


def test_a_name_is_one_token_throughout_and_words_keep_their_ends():
    hide = Redactor([Name("VM", "SRV-DB01"), Name("HOST", "HAM-N01"), Name("PERSON", "anna", "anna")])
    assert hide.text("SRV-DB01 on ham-n01.corp.example (srv-db01.vhdx)") == "VM-1 on HOST-1 (VM-1.vhdx)"
    assert hide.text("Anna has a banana") == "PERSON-1 has a banana"
    assert hide.text("SRV-DB012 is another") == "VM-2 is another"
    assert hide.text("HAM-N01: Off. It is HAM-N01.") == "HOST-1: Off. It is HOST-1."


def test_a_token_is_nobodys_real_name():
    hide = Redactor([Name("VM", "web"), Name("VM", "VM-1"), Name("VM", "db")])
    assert hide.text("web VM-1 db") == "VM-2 VM-3 VM-4"


def test_times_versions_and_the_programs_own_words_stay():
    hide = Redactor([Name("VM", "SRV-DB01")])
    text = "02:14:05 UTC, PowerShell 5.1.20348.1, New-MocKey -size 2048, AzureStackTvmKeyVault, R3, 1.14.1.10414, 24/7"
    assert hide.text(text) == text
    assert hidden(hide, 0)[0].endswith("throughout: nothing.")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [(r"C:\azlr\a b\c.json is gone.", "PATH-1 is gone."), (r"in '\\nas\share\x' now", "in 'PATH-1' now"),
     (r"Copy C:\a\b on X to D:\a\b.", "Copy PATH-1 on X to PATH-2."), ("at 10.1.2.3:5985", "at ADDRESS-1:5985"),
     ("fe80::1 and 12:30:45", "ADDRESS-1 and 12:30:45"), ("::1", "ADDRESS-1"), ("[x]::Add", "[x]::Add"),
     (f"{'a' * 64}", "HASH-1"), ("see https://a.example/b?c=d.", "see ADDRESS-1")],
)  # fmt: skip
def test_what_has_a_form_needs_no_name(text, wanted):
    assert Redactor([]).text(text) == wanted
