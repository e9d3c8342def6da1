"""Dataclasses to JSON and back, by their annotations: one rule instead of one writer per class."""

from __future__ import annotations

import base64
import dataclasses
import types
import typing
from datetime import datetime
from functools import cache
from typing import TypeVar

T = TypeVar("T")


def encode(value: object) -> object:
    """A dataclass, list, tuple, dict, datetime, bytes or scalar as JSON data."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    return value


def decode(kind: type[T], data: object) -> T:
    """The value of type `kind` that `encode` made `data` from. Raises KeyError or ValueError on anything else."""
    return typing.cast(T, _decode(kind, data))


@cache
def _hints(kind: type) -> dict[str, object]:
    return typing.get_type_hints(kind)


def _decode(kind: object, data: object) -> object:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return None if data is None else _decode(next(k for k in inner if k is not type(None)), data)
    if isinstance(data, list):
        items = [_decode(inner[0], item) for item in data]
        return tuple(items) if origin is tuple else items
    if isinstance(data, dict) and origin is dict:
        return {key: _decode(inner[1], item) for key, item in data.items()}
    if isinstance(data, dict) and isinstance(kind, type):
        return kind(**{name: _decode(hint, data[name]) for name, hint in _hints(kind).items()})
    if kind is datetime:
        return datetime.fromisoformat(str(data))
    if kind is bytes:
        return base64.b64decode(str(data))
    if kind is float and isinstance(data, int):
        return float(data)
    return data
