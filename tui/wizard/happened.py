"""The conversation "What happened?": question by question, forward and back, to a scenario and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tui.core.front import BACK, FrontEnd
from tui.core.scenario import Scenario
from tui.wizard import triage
from tui.wizard.desk import Desk

Answers = Mapping[str, tuple[str, str]]
"""By question: the answer, and `your answer` or where it was read."""

NAMES = tuple(name for name, _ in triage.QUESTIONS)


@dataclass(frozen=True, slots=True)
class Heard:
    """What the conversation came to: the scenario, the facts told, the answers, and what the hosts said."""

    scenario: Scenario
    facts: dict[str, str]
    answers: Answers
    seen: triage.Seen


async def what_happened(front: FrontEnd, desk: Desk, before: Heard | None = None) -> Heard | None:
    """Ask until a scenario is chosen; from its end when it was heard before. None: back before the first question."""
    seen = before.seen if before else await triage.look(desk.site, desk.estate, desk.clock.wall())
    told = dict(before.answers) if before else {}
    opened = set(told)
    at = len(told) if len(told) == len(NAMES) else 0
    while True:
        last = at == len(NAMES)
        if last:
            answer = await front.recommendation(triage.recommend(desk.site, seen, told, desk.scenarios))
        else:
            answer = await _question(front, desk, NAMES[at], seen, told, opened)
        if last and answer == "use":
            return Heard(_scenario(desk, "trusted-launch"), _facts(desk, seen, told), told, seen)
        if answer == "scenarios":
            chosen = await front.scenarios(desk.scenarios, "trusted-launch" if last else "")
            if chosen != BACK:
                return Heard(_scenario(desk, chosen), _facts(desk, seen, told), told, seen)
        elif answer not in (BACK, "change"):
            at += 1
        elif at == 0:
            return None
        else:
            at = 0 if answer == "change" else _asked_before(at, told)
            for later in NAMES[at:]:
                told.pop(later, None)


async def _question(
    front: FrontEnd, desk: Desk, name: str, seen: triage.Seen, told: dict[str, tuple[str, str]], opened: set[str]
) -> str:
    """One question; what a host can say is read and told, unless it was opened before."""
    read = triage.by_itself(name, seen, told) if name not in opened else None
    opened.add(name)
    if read is not None:
        told[name] = (read[1], "read from its host")
        return read[0]
    view = triage.question(name, desk.site, seen, told)
    answer = await front.triage(view)
    if answer not in (BACK, "scenarios"):
        told[name] = (next(option.label for option in view.options if option.key == answer), "your answer")
    return answer


def _facts(desk: Desk, seen: triage.Seen, told: Answers) -> dict[str, str]:
    answer = told.get("vm", ("", ""))[0]
    meant = seen.meant(answer) if answer else ()
    original = triage.origin(desk.site, seen, answer) if answer else None
    holds = [c for c in desk.site.clusters for v in seen.vms if v.name in meant and v.node in c.nodes]
    source = original.name if original else ""
    facts = {
        "vm": "" if answer == triage.SEVERAL else answer,
        "original": source,
        "source": source,
        "target": holds[0].name if holds else "",
    }
    return {name: value for name, value in facts.items() if value}


def _asked_before(at: int, told: Answers) -> int:
    """The question before this one that the person answered; what was read by itself is opened by going on from it."""
    return max((n for n in range(at) if told.get(NAMES[n], ("", ""))[1] == "your answer"), default=0)


def _scenario(desk: Desk, scenario_id: str) -> Scenario:
    return next(scenario for scenario in desk.scenarios if scenario.id == scenario_id)
