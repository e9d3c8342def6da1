"""Where the files that belong to the program lie: in the installed package, else in the checkout."""

from __future__ import annotations

from pathlib import Path

import tui


def asset(name: str) -> Path:
    """The path of a file of `assets/`. Raises FileNotFoundError."""
    package = Path(tui.__file__).parent
    for folder in (package / "assets", package.parent / "assets"):
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(name)
