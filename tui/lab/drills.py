"""The drills: stories as data, one TOML file each in `assets/drills`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType

import tui
from tui.core.errors import BadInput

_KINDS: Mapping[str, tuple[type, ...]] = {
    "title": (str,), "scenario": (str,), "variant": (str,), "story": (list,), "declared_minutes_ago": (int, float),
    "rto_minutes": (int, float), "par_minutes": (int, float), "told": (dict,), "witness": (dict,),
    "speed": (int, float),
}  # fmt: skip
_OPTIONAL = frozenset({"variant", "told", "witness", "speed"})
_WITNESS = frozenset({"witness", "saw"})


@dataclass(frozen=True, slots=True)
class Drill:
    """A story on a simulated site. `variant` is the site's (`tui.lab.site.VARIANTS`)."""

    name: str
    title: str
    scenario: str
    story: tuple[str, ...]
    """Two or three lines."""
    declared_minutes_ago: float
    rto_minutes: float
    par_minutes: float
    variant: str = ""
    told: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Facts that the story supplies."""
    witness: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Who is on site and what they saw: the blanks `witness` and `saw`; empty where nobody is."""
    speed: float = 20.0
    """Site seconds in one of the person's, while no question is open."""


def all_drills() -> tuple[Drill, ...]:
    """Every drill, by name. Raises BadInput for a file that is not one."""
    return tuple(load(_folder() / f"{name}.toml") for name in _names())


def drill(name: str) -> Drill:
    """The drill of this name. Raises BadInput that lists the names."""
    names = _names()
    if name in names:
        return load(_folder() / f"{name}.toml")
    near = _near(name, names)
    raise BadInput(
        f"There is no drill {name!r}.",
        f"There are: {', '.join(names)}.",
        f"azl-recover drill {near[0]}" if near else "",
    )


def _near(word: str, words: Iterable[str]) -> list[str]:
    import difflib  # only for who mistyped: it takes 16 ms of the first frame

    return difflib.get_close_matches(word, words, 1, 0.4)


def load(path: Path) -> Drill:
    """The drill in a file. Raises BadInput that names the key that does not fit."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"The drill file {path.name} cannot be read: {error}") from error
    problem = _problem(data)
    if problem:
        raise BadInput(f"The drill file {path.name} does not fit: {problem}.", f"Keys: {', '.join(_KINDS)}.")
    given = {f.name: data[f.name] for f in fields(Drill) if f.name in data}
    given.update({key: float(value) for key, value in given.items() if isinstance(value, int)})
    for table in ("told", "witness"):
        given[table] = MappingProxyType(data.get(table, {}))
    return Drill(name=path.stem, **{**given, "story": tuple(data["story"])})


def _problem(data: Mapping[str, object]) -> str:
    """What is wrong with the keys; empty where nothing is."""
    for key, value in data.items():
        if key not in _KINDS:
            near = _near(key, _KINDS)
            return f"unknown key {key!r}" + (f", {near[0]!r} is meant" if near else "")
        if not isinstance(value, _KINDS[key]) or isinstance(value, bool):
            return f"{key} is of the wrong kind"
        if isinstance(value, list | dict) and not all(isinstance(text, str) for text in _texts(value)):
            return f"{key} holds something that is not text"
        if isinstance(value, int | float) and (value < 0 or (value == 0 and key != "declared_minutes_ago")):
            return f"{key} is not more than 0"
    missing = [key for key in _KINDS if key not in data and key not in _OPTIONAL]
    witness = data.get("witness")
    if missing:
        return f"{missing[0]} is missing"
    return "witness needs witness and saw" if isinstance(witness, dict) and set(witness) != _WITNESS else ""


def _texts(value: list[object] | dict[str, object]) -> list[object]:
    return list(value.values()) if isinstance(value, dict) else value


def _names() -> list[str]:
    return sorted(path.stem for path in _folder().glob("*.toml"))


def _folder() -> Path:
    """In the installed package, else in the checkout."""
    package = Path(tui.__file__).parent
    packaged = package / "assets" / "drills"
    return packaged if packaged.is_dir() else package.parent / "assets" / "drills"
