"""The VMs that are wanted back: one, whose values are the plan's own facts, or several, each with its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tui.core.action import Read
from tui.core.facts import Facts, scoped, split
from tui.core.scenario import Check, Finding, Level
from tui.core.verdict import Answered, Probe, Truth, Verdict, mixed, not_so, so, unreadable


@dataclass(frozen=True, slots=True)
class Wanted:
    """One VM. `wave` is the heading under which it was chosen; `facts` are its own, empty where it is the only one."""

    name: str
    wave: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    def among(self, facts: Facts) -> Facts:
        """All that is known, as this VM's lane sees it."""
        return facts.plus(self.facts)

    def get(self, facts: Facts, name: str) -> str:
        """One value of this VM."""
        return str(self.among(facts).get(name))


def wanted(facts: Facts) -> tuple[Wanted, ...]:
    """The VMs by the input `vm` (see `Field.many`), with what was learned of each by name (`owner@SRV-DB01`)."""
    several = facts.known("vms")
    if several is None:
        return (Wanted(str(facts.get("vm"))),)
    return tuple(_one(row, facts) for row in json.loads(several))


def _one(row: Mapping[str, str], facts: Facts) -> Wanted:
    name = row["name"]
    own = {key: value for key, value in row.items() if key not in ("name", "group")}
    later = {split(key)[0]: value for key, value in facts.values.items() if split(key)[1] == name}
    return Wanted(name, row.get("group", ""), {"vm": name, **own, **later})


_RANK = (Level.STOP, Level.UNKNOWN, Level.WARN, Level.OK)


def of_each(vms: Sequence[Wanted], check: Check) -> Check:
    """A prerequisite of one VM, asked for each: one row, the worst verdict, and every VM that is not well by name."""
    if len(vms) == 1:
        return check

    def judge(facts: Facts, answers: Sequence[Answered]) -> Finding:
        return _together(vms, [check.judge(own, part) for own, part in _parts(vms, facts, check.reads, answers)])

    return Check(check.id, check.title, lambda facts: [r for vm in vms for r in check.reads(vm.among(facts))], judge,
                 check.hosts, check.wanted and f"For each VM: {check.wanted}", check.otherwise)  # fmt: skip


def _parts(
    vms: Sequence[Wanted], facts: Facts, reads: Callable[[Facts], Sequence[Read]], answers: Sequence[Answered]
) -> Iterator[tuple[Facts, Sequence[Answered]]]:
    """What each VM knows, and the answers to its own reads."""
    rest = iter(answers)
    for vm in vms:
        own = vm.among(facts)
        yield own, list(islice(rest, len(reads(own))))


def _together(vms: Sequence[Wanted], found: Sequence[Finding]) -> Finding:
    learned = {scoped(name, vm.name): value for vm, one in zip(vms, found, strict=True)
               for name, value in one.learned.items()}  # fmt: skip
    worst = min(found, key=lambda one: _RANK.index(one.level))
    bad = [(vm.name, one.evidence) for vm, one in zip(vms, found, strict=True) if one.level is not Level.OK]
    texts = {one.evidence for one in found}
    good = found[0].evidence if len(texts) == 1 else "each as it must be"
    well = len(vms) - len(bad)
    evidence = f"{well} of {len(vms)}: {good}" if not bad else _folded(well, len(vms), bad)
    return Finding(
        worst.level, evidence, worst.means, worst.remedy, worst.remedy_host, worst.remedy_script, learned
    )  # fmt: skip


def _folded(well: int, count: int, bad: Sequence[tuple[str, str]]) -> str:
    """`4 of 6; SRV-DB01, SRV-DB02: HAM-N02: Running`: those of which the same was read stand together."""
    names: dict[str, list[str]] = {}
    for name, evidence in bad:
        names.setdefault(evidence, []).append(name)
    if len(names) == 1 and len(bad) == count:
        return f"none of {count}: {bad[0][1]}"
    return "; ".join([f"{well} of {count}", *(f"{', '.join(same)}: {evidence}" for evidence, same in names.items())])


def all_of(vms: Sequence[Wanted], probe: Probe, title: str) -> Probe:
    """A probe of one VM, asked of each: SO when all are; MIXED when some are; else as the first that is not."""
    if len(vms) == 1:
        return probe

    def judge(facts: Facts, answers: Sequence[Answered]) -> Verdict:
        return _whole(vms, [probe.judge(own, part) for own, part in _parts(vms, facts, probe.reads, answers)])

    return Probe(title, lambda facts: [r for vm in vms for r in probe.reads(vm.among(facts))], judge)


def _whole(vms: Sequence[Wanted], verdicts: Sequence[Verdict]) -> Verdict:
    open_ones = [(vm, verdict) for vm, verdict in zip(vms, verdicts, strict=True) if verdict.truth is not Truth.SO]
    well = len(vms) - len(open_ones)
    text = _folded(well, len(vms), [(vm.name, verdict.evidence) for vm, verdict in open_ones])
    if not open_ones:
        return so(f"{text}: {', '.join(vm.name for vm in vms)}")
    if any(verdict.truth is Truth.UNREADABLE for _, verdict in open_ones):
        return unreadable(text)
    return not_so(text) if len(open_ones) == len(vms) else mixed(text)
