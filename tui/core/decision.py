"""A decision: one question with all its branches, weighed by what the hosts answer now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tui.core.action import Read
from tui.core.facts import Facts
from tui.core.verdict import Answered, Probe, Verdict, not_so, so


@dataclass(frozen=True, slots=True)
class Branch:
    """One way of a decision. `facts` are what the plan is made with where it is taken; `refused` says why it cannot."""

    key: str
    label: str
    note: str
    detail: str = ""
    refused: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A decision as it stands now: the values that it depends on, its branches, which we would take and why."""

    values: tuple[tuple[str, str], ...]
    branches: tuple[Branch, ...]
    recommend: str = ""
    why: str = ""
    """Why that one; without one, why none is recommended."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """One question with all its branches, weighed by what the hosts answer now."""

    question: str
    reads: Callable[[Facts], Sequence[Read]]
    weigh: Callable[[Facts, Sequence[Answered]], Weighed]
    sources: tuple[str, ...] = ()
    """The pages that it rests on, with their dates; also where they disagree."""


def decided(step_id: str) -> Probe:
    """Goal of a decision: it was taken."""

    def judge(facts: Facts, _: Sequence[Answered]) -> Verdict:
        taken = facts.known(f"decision:{step_id}")
        return so(f"you chose: {taken}") if taken else not_so("not decided yet")

    return Probe("Is it decided?", lambda _: (), judge)
