"""Two themes of our own. Cyan is the thing to do, amber and red come only with a word and an action.

The built-in ones do not fit: in `textual-dark` accent and warning are the same colour, in `ansi-dark` accent is green.
"""

from __future__ import annotations

from textual.theme import Theme

AZL = Theme(
    name="azl", dark=True, primary="#8fa3b8", secondary="#2f6fd0", accent="#2fd0e0", warning="#ffb000",
    error="#ff5f57", success="#e4e6e8", foreground="#e4e6e8", background="#101418", surface="#1a2026",
    panel="#1a2026", boost="#1a2026",
    variables={"text-muted": "#9aa4ae", "border-blurred": "#1a2026", "input-selection-background": "#2f6fd0"},
)  # fmt: skip
"""24 bit."""

AZL_16 = Theme(
    name="azl-16", ansi=True, dark=True, primary="ansi_white", secondary="ansi_blue", accent="ansi_cyan",
    warning="ansi_yellow", error="ansi_red", success="ansi_default", foreground="ansi_default",
    background="ansi_default", surface="ansi_default", panel="ansi_default", boost="ansi_default",
    variables={
        "text-muted": "ansi_default",
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "border-blurred": "ansi_black",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_cyan",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "input-cursor-text-style": "none",
        "input-selection-background": "ansi_blue",
        "input-selection-foreground": "ansi_white",
        "screen-selection-background": "ansi_blue",
        "screen-selection-foreground": "ansi_white",
    },
)  # fmt: skip
"""16 colours, as the terminal has them."""

THEMES = (AZL, AZL_16)


def fitting(color_system: str | None) -> str:
    """The theme's name for what the terminal can show (a rich color system)."""
    return AZL_16.name if color_system in ("standard", "windows") else AZL.name
