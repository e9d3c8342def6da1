"""`python -m tui` is `azl-recover`."""

from tui.cli import main

raise SystemExit(main())
