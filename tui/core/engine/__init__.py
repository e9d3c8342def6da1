"""Runs a plan: one step after the other, intent before effect, every answer on record."""

from tui.core.engine.asking import Asker
from tui.core.engine.ledger import Brake
from tui.core.engine.run import Engine

__all__ = ["Asker", "Brake", "Engine"]
