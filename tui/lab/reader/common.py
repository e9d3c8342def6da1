"""The parameters that every cmdlet has, which the tables do not repeat."""

from __future__ import annotations

from tui.lab.tables import Parameter

_ACTIONS = ("SilentlyContinue", "Stop", "Continue", "Inquire", "Ignore", "Suspend")
SWITCHES = frozenset({"Verbose", "Debug"})

COMMON = (
    Parameter("Verbose", "SwitchParameter", aliases=("vb",)),
    Parameter("Debug", "SwitchParameter", aliases=("db",)),
    Parameter("ErrorAction", "ActionPreference", aliases=("ea",), values=_ACTIONS),
    Parameter("WarningAction", "ActionPreference", aliases=("wa",), values=_ACTIONS),
    Parameter("InformationAction", "ActionPreference", aliases=("infa",), values=_ACTIONS),
    Parameter("ErrorVariable", "String", aliases=("ev",)),
    Parameter("WarningVariable", "String", aliases=("wv",)),
    Parameter("InformationVariable", "String", aliases=("iv",)),
    Parameter("OutVariable", "String", aliases=("ov",)),
    Parameter("OutBuffer", "Int32", aliases=("ob",)),
    Parameter("PipelineVariable", "String", aliases=("pv",)),
)
