"""How every VM stands, in lines: one VM a line, what needs the person first."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.clock import hm, span
from tui.core.events import Stamped
from tui.core.fleet import Fleet, counts, needs
from tui.core.front import RunSession
from tui.core.standing import Row, Stand, Wave
from tui.core.watch import Watch
from tui.plain.text import listed, safe, sentence


class Standing:
    """The VMs of a run. `add` every event, in order."""

    def __init__(self, session: RunSession) -> None:
        self._session = session
        self._made = Fleet(session.plan)
        self._watch = Watch()
        for stamped in session.events:
            self.add(stamped)

    def add(self, stamped: Stamped) -> None:
        """One event more."""
        self._watch.add(stamped)

    @property
    def fleet(self) -> Fleet:
        """The VMs of the plan as it is now."""
        if self._made.plan is not self._session.plan:
            self._made = Fleet(self._session.plan)
        return self._made

    def lines(self, now: float) -> list[str]:
        """Every VM of the run, after what needs the person."""
        rows = self.fleet.rows(self._session.state, self._watch)
        asks = [f"Needs you: {', '.join(map(safe, need.vms))}: {sentence(need.cause or need.title or need.stand)}"
                for need in needs(rows)]  # fmt: skip
        return [sentence(f"{len(rows)} VMs: {_counted(rows)}"), *asks, *(row_line(row, now) for row in rows)]

    def beat(self) -> str:
        """How many stand how, in the wave of now; empty while the run does what all share."""
        wave = self.fleet.wave(self._session.state)
        if wave is None:
            return ""
        return f"Wave {wave.number}: {_counted(self.fleet.rows(self._session.state, self._watch, wave))}"

    def ended(self, phase: str) -> Wave | None:
        """The wave of this title."""
        return next((wave for wave in self.fleet.waves(self._session.state) if wave.phase == phase), None)

    def wave_lines(self, wave: Wave, now: float) -> list[str]:
        """A complete wave: how many VMs came through, then each."""
        skipped = f", {len(wave.skipped)} skipped" if wave.skipped else ""
        head = f"Wave {wave.number} complete {hm(wave.ended)}: {wave.whole} of {len(wave.vms)} VMs{skipped}."
        return [head, *(row_line(row, now) for row in self.fleet.rows(self._session.state, self._watch, wave))]


def row_line(row: Row, now: float) -> str:
    """`SRV-DB03, step 9 of 13: asks you for 2 min. Start, prove its heartbeat.`"""
    took = span(row.took(now)) if row.since else ""
    if row.stand.through:
        hand = f"Step {row.hand} by hand, proved" if row.hand else ""
        what = f"{row.title}: {row.said}" if row.stand is Stand.SKIPPED else row.said
        return f"{safe(row.vm)}: {row.stand}, {took}. {listed((what, hand))}".rstrip()
    waits = row.waits
    place = f"For {waits.shared}: {waits.at_once} at a time, place {waits.place} in line" if waits is not None else ""
    said = row.cause or (row.said if row.stand.goes and waits is None else "")
    head = f"{safe(row.vm)}, step {row.number} of {row.count}: {row.stand}{f' for {took}' if took else ''}."
    return f"{head} {listed((row.title, row.progress, place, said))}"


def _counted(rows: Sequence[Row]) -> str:
    return ", ".join(f"{count} {word}" for count, word in counts(rows))
