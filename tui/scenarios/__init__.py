"""One file a scenario, found by looking: a module here that has a `SCENARIO` is one.

A file named after another one (`trusted_launch_plan` after `trusted_launch`) is a part of it, and is not looked at: the
first screen needs the scenarios' titles alone.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from tui.core.scenario import Scenario


@cache
def all_scenarios() -> tuple[Scenario, ...]:
    """Every scenario, by file name."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg]
    whole = [name for name in names if not any(name.startswith(f"{other}_") for other in names)]
    modules = (importlib.import_module(f"{__name__}.{name}") for name in whole)
    return tuple(module.SCENARIO for module in modules if hasattr(module, "SCENARIO"))


def scenario(scenario_id: str) -> Scenario:
    """The scenario of this id. Raises KeyError."""
    for found in all_scenarios():
        if found.id == scenario_id:
            return found
    raise KeyError(scenario_id)
