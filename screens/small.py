"""Too small a window: say what is needed, keep running, ask nothing."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen

from screens.host import host_of
from screens.texts.header import rto_word
from screens.texts.line import block, line
from screens.widgets.lines import Lines

MIN_WIDTH, MIN_HEIGHT = 80, 24


class SmallScreen(Screen[None]):
    """Goes by itself when the window is large enough."""

    def compose(self) -> ComposeResult:
        """Lines alone."""
        yield Lines(id="small")

    def on_mount(self) -> None:
        """Clocks go on."""
        self.set_interval(1.0, self.draw)
        self.draw()

    def on_resize(self) -> None:
        """The size is said."""
        self.draw()

    def draw(self) -> None:
        """The picture for a small window."""
        from screens.texts.progress import current, word
        from screens.texts.resume import resume_command
        from tui.core.fleet import Fleet
        from tui.core.naming import place

        host, size = host_of(self), self.app.size
        session = host.session
        where, goes = "", "Nothing is asked here."
        if session is not None:
            step = current(session.plan, session.state)
            wave = Fleet(session.plan).wave(session.state)
            if wave is not None:
                where = f"  wave {wave.number}: {len(wave.through)} of {len(wave.vms)} VMs are through"
            elif step is not None:
                sign, state, _ = word(session.state.step(step.id), bool(host.asks))
                where = f"  {place(session.plan, step.id)}  {sign} {state}"
            goes = f"{'The VMs go' if wave else 'The step goes'} on. Nothing is asked here."
        rows = [
            line((host.situation.mode, "bold reverse"), where),
            rto_word(host.situation, host.clock.wall()),
            line(""),
            line(f"This window is {size.width}x{size.height}. It needs {MIN_WIDTH}x{MIN_HEIGHT}."),
            line("Make it larger, or use text mode:"),
            *block(resume_command(session.folder, " --plain") if session else "azl-recover --plain", size.width),
            line(goes),
        ]
        room = max(0, size.height - len(rows) - 1)
        self.query_one(Lines).show([*rows, *[line("")] * room, line(("ctrl+q", "bold"), " Stop")])
