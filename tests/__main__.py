"""The one command that judges the project: style, types, layers, tests; then the long crash matrix.

python -m tests            all of it
python -m tests --quick    without the long crash matrix
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

QUICK = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy", "tui", "screens"),
    ("lint-imports",),
    ("pytest", "-q", "-n", "2", "-m", "not crash"),
)
LONG = (("pytest", "-q", "-n", "2", "-m", "crash"),)


def main() -> int:
    """Run each; the first that fails ends it."""
    parser = argparse.ArgumentParser(prog="python -m tests", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="without the long crash matrix")
    commands = QUICK if parser.parse_args().quick else QUICK + LONG
    for name, *arguments in commands:
        print(f"== {name} {' '.join(arguments)}", flush=True)
        command = [sys.executable, "-m", name, *arguments]
        if name == "lint-imports":  # a script only: its module cannot be run
            command = [str(Path(sys.executable).with_name(name))]
        code = subprocess.run(command, check=False).returncode
        if code:
            print(f"== {name} failed ({code})", flush=True)
            return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
