"""A plan that a person can follow on paper with the network down: built here as data, told as Markdown and HTML."""

from __future__ import annotations

from tui import __version__
from tui.ahead import Ahead
from tui.core.clock import iso
from tui.core.facts import LABELS
from tui.core.plan import Plan
from tui.core.scenario import Check
from tui.runbook.html import runbook_html
from tui.runbook.markdown import runbook_markdown
from tui.runbook.model import Look, Part, Runbook
from tui.runbook.readings import Codes
from tui.runbook.tasks import look, task
from tui.runbook.values import values

__all__ = ["Runbook", "runbook", "runbook_html", "runbook_markdown"]


def runbook(known: Ahead, made: float = 0.0) -> Runbook:
    """The whole runbook of what is known ahead. `made` in epoch seconds; 0: it says no date."""
    scenario, plan, codes = known.scenario, known.plan(), Codes()
    first = look(
        plan.goal.question, plan.goal, plan.facts, codes, "no.", "It is so already: stop here, there is nothing to do."
    )
    checks = tuple(_check(check, known, codes) for check in known.checks())
    parts = _parts(plan, codes)
    return Runbook(
        plan.title, scenario.id, __version__, iso(made) if made else "", plan.digest,
        (("For", scenario.choose_when), ("What it does", scenario.summary), ("Needs", scenario.needs),
         ("Changes", scenario.changes), ("Leaves", scenario.leaves), ("Usual time", scenario.usual)),
        _known(known),
        values(known, (plan.title, first, checks, parts), codes), first, checks, parts, scenario.afterwards,
        scenario.source,
    )  # fmt: skip


def _known(known: Ahead) -> tuple[tuple[str, str], ...]:
    """What was given, a cluster with its nodes."""
    nodes = {cluster.name: ", ".join(cluster.nodes) for cluster in known.site.clusters if not cluster.backup_vault}
    return tuple(
        (LABELS[name], f"{value}: {nodes[value]}" if value in nodes else value)
        for name, value in known.facts.values.items() if name in LABELS and name != "epoch"
    )  # fmt: skip


def _check(check: Check, known: Ahead, codes: Codes) -> Look:
    return Look(check.title, codes.of(check.reads(known.facts)), check.wanted, check.otherwise)


def _parts(plan: Plan, codes: Codes) -> tuple[Part, ...]:
    return tuple(
        Part(number, phase.title, phase.reached,
             tuple(task(plan, lane.name, step, codes) for lane in phase.lanes for step in lane.steps))
        for number, phase in enumerate(plan.phases, 1)
    )  # fmt: skip
