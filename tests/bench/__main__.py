"""Runs every measurement, side by side with what a user would otherwise have.

python -m tests.bench [first-frame | reads]
"""

from __future__ import annotations

import sys

from tests.bench import first_frame, reads

MEASUREMENTS = {"first-frame": first_frame.main, "reads": reads.main}


def main() -> int:
    """Run those that were named, or all."""
    for name in sys.argv[1:] or list(MEASUREMENTS):
        MEASUREMENTS[name]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
