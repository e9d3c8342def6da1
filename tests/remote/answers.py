"""Replies for tests."""

from collections.abc import Sequence
from typing import Any

from tui.core.action import Kind, Record, Reply


def reply(*outputs: Any, extra: Sequence[Record] = (), end: Kind = Kind.END) -> Reply:
    """A reply with these output objects."""
    records = [Record(Kind.BEGUN), *(Record(Kind.OUTPUT, value) for value in outputs), *extra, Record(end)]
    return Reply(tuple(records), end, 0.0)
