"""One figure of the table: ours, the other, their ratio, the aim, and why where it falls short."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`ours` and `other` in the same unit. The aim is a bound on `ours`, or on the ratio ours : other."""

    name: str
    ours: float
    other: float
    against: str
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    ratio_at_most: float | None = None
    why: str = ""
    """The reason, in a line, should it fall short."""

    @property
    def ratio(self) -> float:
        """Ours : other."""
        return self.ours / self.other if self.other else float("nan")

    @property
    def aim(self) -> str:
        """In words."""
        bounds = (
            ("≤", self.at_most, self.unit),
            ("≥", self.at_least, self.unit),
            ("ratio ≤", self.ratio_at_most, ""),
        )
        return ", ".join(f"{sign} {number(bound)} {unit}".strip() for sign, bound, unit in bounds if bound is not None)

    @property
    def short(self) -> bool:
        """Whether it misses its aim."""
        return (
            (self.at_most is not None and self.ours > self.at_most)
            or (self.at_least is not None and self.ours < self.at_least)
            or (self.ratio_at_most is not None and self.ratio > self.ratio_at_most)
        )

    def lines(self) -> list[str]:
        """The row, and why where it falls short."""
        row = f"{self.name:44}{number(self.ours):>10}{number(self.other):>11} {self.unit:9}{self.ratio:8.2f}  "
        verdict = f"{self.aim:18} {'SHORT' if self.short else 'met'}" if self.aim else ""
        return [f"{row}{verdict:26} against {self.against}", *([f"    why: {self.why or NOISE}"] if self.short else [])]


NOISE = "the time that other processes took counts here: see the load, run it again on a quiet computer"
HEAD = f"{'figure':44}{'ours':>10}{'other':>11} {'unit':9}{'ratio':>8}  aim"


def number(value: float) -> str:
    """Three places for what is small, thousands apart for what is large."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
