"""The inputs of a scenario, one after the other, each from what the hosts answer."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tui.core.action import Estate
from tui.core.errors import EstateError
from tui.core.facts import Facts
from tui.core.scenario import Field, Option, Scenario, Site
from tui.core.verdict import read_all


class SiteForm:
    """Keeps what was chosen and what choosing it taught. See `tui.core.front.Form`."""

    def __init__(self, scenario: Scenario, site: Site, estate: Estate, told: dict[str, str]) -> None:
        self.scenario = scenario
        self.fields: tuple[Field, ...] = scenario.fields(site)
        self._estate = estate
        self._told = told
        self._options: dict[str, tuple[Option, ...]] = {}
        self._chosen: dict[str, tuple[str, ...]] = {}
        self._silence: tuple[str, ...] = ()

    @property
    def chosen(self) -> dict[str, str]:
        """Values by field name, so far; several joined with `, `."""
        return {name: ", ".join(values) for name, values in self._chosen.items()}

    @property
    def silence(self) -> tuple[str, ...]:
        """Why hosts gave nothing at the last asking."""
        return self._silence

    @property
    def facts(self) -> Facts:
        """What is known by now: told, chosen, and learned by choosing."""
        known = dict(self._told)
        for name, values in self._chosen.items():
            options = [option for option in self._options.get(name, ()) if option.value in values]
            known[name] = ", ".join(values)
            if len(values) == 1:
                known |= {key: value for option in options for key, value in option.learned.items()}
            else:
                rows = [{"name": o.value, "group": o.group, **o.learned} for o in options]
                known[f"{name}s"] = json.dumps(rows, ensure_ascii=False)
        return Facts(known)

    def start(self, name: str, options: Sequence[Option]) -> tuple[str, ...]:
        """What is marked at first where several may be chosen: chosen before, else told, else recommended."""
        good = [option for option in options if not option.problem]
        told = (self._told[name],) if self._told.get(name) else ()
        wanted = self._chosen.get(name, told)
        return tuple(option.value for option in good if (option.value in wanted if wanted else option.recommended))

    async def options(self, name: str) -> tuple[Option, ...]:
        """Ask the hosts for a field's values."""
        field = next(field for field in self.fields if field.name == name)
        facts = self.facts
        answers = await read_all(field.reads(facts), self._estate)
        self._silence = tuple(a.happened for a in answers if isinstance(a, EstateError))
        found = field.options(facts, answers)
        told = self._told.get(name)
        by_told = found if field.many else sorted(found, key=lambda option: option.value != told)
        self._options[name] = tuple(by_told)
        return self._options[name]

    def choose(self, name: str, *values: str) -> None:
        """Take a value or several; what was chosen after it is forgotten."""
        names = [field.name for field in self.fields]
        for later in names[names.index(name) + 1 :]:
            self._chosen.pop(later, None)
        self._chosen[name] = values
