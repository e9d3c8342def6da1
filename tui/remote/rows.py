"""What a listing answered, as rows whose keys are read without case.

5.1 may wrap an array as `{"value":[..],"Count":n}`, a pipe gives one thing without its brackets, and `Select-Object
Name` gives the property's own case: all of that ends here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tui.core.action import Reply
from tui.core.errors import EstateError


class Row(Mapping[str, Any]):
    """One object of an answer. Keys are found without case; iterating gives them as they came."""

    __slots__ = ("_keys", "_values")

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)
        self._keys = {key.casefold(): key for key in values}

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - JSON data
        return self._values[self._keys[key.casefold()]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.casefold() in self._keys

    def __repr__(self) -> str:
        return f"Row({self._values!r})"

    def text(self, key: str) -> str:
        """The text; a number or a flag as PowerShell's [string] has it; "" for null. Raises EstateError otherwise."""
        value = self._named(key)
        if value is None:
            return ""
        if isinstance(value, str | int | float):
            return str(value)
        raise _unreadable(f"{key!r} is not a text", value)

    def number(self, key: str) -> int:
        """The whole number, also where it came as digits. Raises EstateError otherwise, for null too."""
        value = self._named(key)
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise _unreadable(f"{key!r} is not a number", value)
        try:
            return int(value)
        except ValueError:
            raise _unreadable(f"{key!r} is not a number", value) from None

    def flag(self, key: str) -> bool:
        """True or false, also where it came as the text of it. Raises EstateError otherwise, for null too."""
        value = self._named(key)
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.casefold() in ("true", "false"):
            return value.casefold() == "true"
        raise _unreadable(f"{key!r} is not true or false", value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; null is an empty one, a single value a list of one."""
        value = _unwrapped(self._named(key))
        items = [] if value is None else value if isinstance(value, list) else [value]
        return tuple(Row({key: item}).text(key) for item in items)

    def _named(self, key: str) -> Any:  # noqa: ANN401 - JSON data
        if key not in self:
            raise _unreadable(f"{key!r} is missing", self._values)
        return self[key]


def rows(reply: Reply) -> list[Row]:
    """All objects of a listing, over all lots. Raises EstateError unless the reply is clean and holds only objects."""
    if not reply.clean:
        said = "; ".join(record.text for record in reply.errors) or "the script was left early"
        raise _unreadable(said, list(reply.values))
    return [Row(item) for value in reply.values for item in _objects(value)]


def _objects(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON data
    data = _unwrapped(_decoded(value))
    items = [] if data is None else data if isinstance(data, list) else [data]
    for item in items:
        if not isinstance(item, dict):
            raise _unreadable("the answer holds something that is not an object", item)
    return items


def _decoded(value: Any) -> Any:  # noqa: ANN401 - JSON data
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else None
    except (ValueError, RecursionError):
        raise _unreadable("the answer is not JSON", value) from None


def _unwrapped(value: Any) -> Any:  # noqa: ANN401 - JSON data
    if isinstance(value, dict) and {key.casefold() for key in value} == {"value", "count"}:
        inner = Row(value)["value"]
        return inner if isinstance(inner, list) else value
    return value


def _unreadable(why: str, raw: object) -> EstateError:
    return EstateError(
        f"The host's answer cannot be read: {why}.",
        "Nothing was changed; what was asked stays unknown.",
        "Look at the raw answer and check by hand.",
        raw=json.dumps(raw, ensure_ascii=False, default=str)[:20_000],
    )
