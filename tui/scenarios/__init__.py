"""One file a scenario, found by looking: a module here that has a `SCENARIO` is one."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from tui.core.scenario import Scenario


@cache
def all_scenarios() -> tuple[Scenario, ...]:
    """Every scenario, by file name."""
    modules = (importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__) if not m.ispkg)
    return tuple(module.SCENARIO for module in modules if hasattr(module, "SCENARIO"))


def scenario(scenario_id: str) -> Scenario:
    """The scenario of this id. Raises KeyError."""
    for found in all_scenarios():
        if found.id == scenario_id:
            return found
    raise KeyError(scenario_id)
