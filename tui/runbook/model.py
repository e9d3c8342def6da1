"""What a runbook on paper is made of, as data: one file of it is printed, another is JSON."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """One read-only line and where it is asked. `code` (`R3`) is the same wherever the same line stands."""

    code: str
    hosts: tuple[str, ...]
    script: str
    again: bool = False
    """Whether it stands in full in the same step above."""


@dataclass(frozen=True, slots=True)
class Look:
    """Something to read: what must be seen, and what to do or what it means when it is not."""

    title: str
    readings: tuple[Reading, ...]
    wanted: str = ""
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that is not known yet: its placeholder, where it comes from, and a line to write it on."""

    placeholder: str
    comes_from: str = ""
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One step. `script` is the exact line; `by_hand` what a person does where there is none."""

    number: int
    id: str
    lane: str
    """The VM, where the step is one of several VMs': numbers begin anew with each."""
    title: str
    host: str
    why: str
    risk: str
    usual: str
    asks: str
    changes: tuple[str, ...]
    guards: tuple[Look, ...]
    script: str
    by_hand: tuple[str, ...]
    blanks: tuple[str, ...]
    """What a person writes down besides the time: a witness, what they saw."""
    prove: Look
    way_back: str
    back_host: str = ""
    back_script: str = ""
    remedy: str = ""
    remedy_script: str = ""
    leaves: str = ""
    no_return: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A phase: `reached` is true when all its steps are done."""

    number: int
    title: str
    reached: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Runbook:
    """All of it, in the order of the pages."""

    title: str
    scenario: str
    version: str
    made: str
    """When it was made, ISO 8601 in UTC: paper has an age."""
    digest: str
    """SHA-256 of the plan."""
    about: tuple[tuple[str, str], ...]
    known: tuple[tuple[str, str], ...]
    """(what, value) as given."""
    values: tuple[Value, ...]
    first: Look
    checks: tuple[Look, ...]
    parts: tuple[Part, ...]
    afterwards: tuple[str, ...]
    source: str
    hidden: tuple[str, ...] = ()
    """Of a redacted one: what was replaced, and what may have been missed."""
