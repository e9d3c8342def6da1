"""The engine's questions, as texts: pure functions from what is known to a `Question`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tui.core.action import PowerShell
from tui.core.clock import span
from tui.core.decision import Decision, Weighed
from tui.core.engine.guards import Broken
from tui.core.engine.patience import UNDER_WAY
from tui.core.facts import split
from tui.core.plan import Phase, Step, Tier
from tui.core.question import Asks, Choice, Needs, Question, Shown
from tui.core.verdict import Truth, Verdict

HAND = Choice("hand", "Do it by hand", "you run the line, the program checks")
STOP = Choice("stop", "Stop here", "keeps everything; take it up later")
TYPED_DELAY = 1.5
CONFIRM_DELAY = 0.4


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a run can turn: why it cannot go back (empty: it can), and whether it can give up going back."""

    no_undo: str = ""
    forward: bool = False
    back: bool = False
    """Whether it is going back."""

    def choices(self, step: Step | None = None) -> tuple[Choice, ...]:
        """The turns, as choices; of several VMs one can also be left out, at a step of its lane."""
        vm = split(step.id)[1] if step is not None else ""
        leave = Choice(
            "leave out",
            f"Leave {vm} out",
            "the others go on; it stays as it is, named in the report",
            needs=Needs.REASON,
        )
        undo = Choice("undo", "Undo what this run made", "shows each step, asks before each", refused=self.no_undo)
        on = Choice("forward", "Stop going back, go on with the run", "nothing was taken back yet")
        return (*((leave,) if vm and not self.back else ()), on if self.forward else undo)


def gate(
    step: Step, action: PowerShell, guards: Sequence[Shown], mode: str, attempt: int, resend: bool, taken_from: str = ""
) -> Question:
    """May this action be sent? Typed where there is no way back, and where a `never` action is sent again."""
    typed = step.gate.tier is Tier.TYPED or resend
    lines = step.gate.consequence
    if taken_from:
        lines = (f"Takes this run over: {taken_from} stops before its next act.", *lines)
    phrase = ""
    if typed:
        phrase = f"{mode} {step.gate.phrase or step.host}"
    if resend:
        phrase = f"{mode} SEND AGAIN"
        lines = (*lines, "It was sent before, and its result was not seen. Its effect is not there now.")
    return Question(
        id=f"{step.id}#{attempt}", step=step.id, asks=Asks.TYPE if typed else Asks.CONFIRM, title=step.title,
        lines=lines, guards=tuple(guards), action=action, phrase=phrase, mark="later",
        delay=TYPED_DELAY if typed else CONFIRM_DELAY,
        choices=(Choice("go", step.gate.verb or "Do it", sends=True), Choice("later", "Not now"), HAND),
    )  # fmt: skip


def attest(step: Step, lines: tuple[str, ...], proofs: Sequence[Shown], mode: str, attempt: int) -> Question:
    """What only a person can say; the proofs stand above it, or their absence."""
    spec = step.attest
    assert spec is not None  # called for attesting steps only
    return Question(
        id=f"{step.id}#{attempt}", step=step.id, asks=Asks.TYPE, title=step.title, lines=lines, guards=tuple(proofs),
        phrase=f"{mode} {spec.phrase}", blanks=spec.blanks, mark="later", delay=TYPED_DELAY,
        choices=(Choice("go", spec.verb, sends=True), Choice("later", "Do not go on")),
    )  # fmt: skip


def declined(step: Step, attempt: int, ways: Ways) -> Question:
    """The step waits for the person."""
    choices = [Choice("again", "Ask again", "shows the command and reads its guards again; sends nothing")]
    if step.act is not None:
        choices.append(HAND)
    if not step.no_skip:
        choices.append(Choice("skip", "Skip with a reason", needs=Needs.REASON))
    return Question(
        id=f"{step.id}#{attempt}-waits", step=step.id, asks=Asks.DECLINED, title=f"{step.title} waits for you",
        lines=("Nothing was sent.",), mark="again",
        choices=(*choices, *ways.choices(step), STOP),
    )  # fmt: skip


READ_FIRST = "Read again, look at what is there, then retry."


def failure(step: Step, what: str, now: Verdict | None, raw: str, attempt: int, ways: Ways, told: bool) -> Question:
    """Three lines, then five choices; nothing is marked, for the first one sends again.

    The step's own remedy stands there only where a host `told` what is wrong, or could not be read.
    """
    means = f"Read now: {now.evidence}." if now is not None else "Nothing was sent."
    retry = "same line again, after its gate" if step.act is not None else "reads again; sends nothing"
    return Question(
        id=f"{step.id}#{attempt}-failed", step=step.id, asks=Asks.FAILURE, title=step.title,
        lines=(what, means, (step.remedy if told else "") or READ_FIRST),
        remedy_host=step.host if told and step.remedy_script else "", remedy=step.remedy_script if told else "",
        raw=raw,
        choices=(
            Choice("retry", "Retry", retry),
            replace(HAND, refused="" if step.act is not None else "this step only reads"),
            Choice("skip", "Skip with a reason", needs=Needs.REASON, refused=step.no_skip),
            *ways.choices(step),
            STOP,
        ),
    )  # fmt: skip


END = Choice("end", "End its process, then read again", "what it has not done yet, it will not do")


def unknown(step: Step, what: str, now: Verdict, raw: str, attempt: int, runs: bool) -> Question:
    """The goal reads so, but this run cannot say that it made it so."""
    return Question(
        id=f"{step.id}#{attempt}-unknown", step=step.id, asks=Asks.UNKNOWN, title=step.title,
        lines=(
            what,
            f"Read now: {now.evidence}. Whether this run's command did it is not known.",
            "Find out who or what did it. If it is as you want it, say so with a reason; it stands as attested.",
        ),
        raw=raw, mark="read",
        choices=(
            Choice("read", "Read again", "read-only"),
            *((END,) if runs else ()),
            Choice("attest", "It is as it should be", "stands in the report as said by you", needs=Needs.REASON,
                   refused="" if now.truth is Truth.SO else "it does not read so"),
            STOP,
        ),
    )  # fmt: skip


def changed(step: Step, broken: Sequence[Broken], attempt: int, ways: Ways, *, can_follow: bool) -> Question:
    """Something is not as this step needs it, and this program did not change it."""
    lines = [f"{one.shown.title}: {one.shown.evidence}." for one in broken]
    lines += [one.means for one in broken if one.means]
    follows = [one.follow for one in broken if one.instead and one.follow]
    follow = (Choice("follow", "Follow it", f"{follows[0]}; sends nothing, the gate asks again"),) if follows else ()
    return Question(
        id=f"{step.id}#{attempt}-changed", step=step.id, asks=Asks.CHANGED,
        title=f"{broken[0].shown.title}: not so" if broken else f"Not as {step.title} needs it",
        lines=(*lines, "Nothing was sent."),
        guards=tuple(one.shown for one in broken), mark="read",
        choices=(
            *(follow if can_follow else ()),
            Choice("read", "Wait and read again", "read-only; ask in the call who changed it"),
            Choice("skip", "Skip with a reason", needs=Needs.REASON, refused=step.no_skip),
            *ways.choices(step),
            STOP,
        ),
    )  # fmt: skip


def taken(step: Step, marker: Shown, attempt: int) -> Question:
    """Another machine has the run, or whether one has cannot be read: nothing of this run may be sent from here."""
    read = marker.truth is not Truth.UNREADABLE
    return Question(
        id=f"{step.id}#{attempt}-taken", step=step.id, asks=Asks.CHANGED,
        title=marker.evidence if read else "Whose this run is cannot be read",
        lines=(
            f"{marker.title}: {marker.evidence}.",
            "Two programs on one run could send the same command twice." if read
            else "The marker on the host says who has the run. Without it nothing is sent.",
            "Nothing was sent. Stop here, and go on there." if read else "Nothing was sent. Read it again.",
        ),
        guards=(marker,), mark="stop" if read else "read",
        choices=(Choice("read", "Wait and read again", "read-only"), STOP),
    )  # fmt: skip


def decide(step: Step, decision: Decision, weighed: Weighed, attempt: int) -> Question:
    """All branches, what each depends on, what we would take and why."""
    best = next((n for n, b in enumerate(weighed.branches, 1) if b.key == weighed.recommend and not b.refused), 0)
    advice = f"We would take {best}: {weighed.why}" if best else f"We do not recommend one: {weighed.why}"
    return Question(
        id=f"{step.id}#{attempt}", step=step.id, asks=Asks.DECIDE, title=decision.question,
        lines=(advice, *weighed.warnings, "Choosing changes nothing yet: each step that follows from it still asks."),
        values=weighed.values, sources=decision.sources, mark=weighed.recommend if best else "",
        choices=(
            *(Choice(b.key, b.label, b.note, b.refused, detail=b.detail) for b in weighed.branches),
            Choice("read", "Read again", "read-only"),
            STOP,
        ),
    )  # fmt: skip


def overdue(step: Step, now: Verdict, attempt: int) -> Question:
    """A wait's deadline has passed. Nothing is cancelled: what is under way goes on, whatever is answered."""
    wait = step.wait or UNDER_WAY
    hand = (replace(HAND, label="It is done by hand"),) if step.act is not None else ()
    return Question(
        id=f"{step.id}#{attempt}-overdue", step=step.id, asks=Asks.OVERDUE,
        title=f"{step.title}: the deadline has passed",
        lines=(
            f"Read now: {now.evidence}.",
            f"It was waited for {span(wait.deadline)}. Nothing is cancelled: it goes on, whatever you choose.",
            step.remedy or "Look at what it waits for.",
        ),
        mark="more",
        choices=(
            Choice("more", f"Wait {span(wait.deadline)} more", "read-only"),
            *hand,
            Choice("skip", "Go on without it, with a reason", needs=Needs.REASON, refused=step.no_skip),
            STOP,
        ),
    )  # fmt: skip


def not_so_at_the_end(whole: Verdict) -> Question:
    """All steps have ended, and the whole goal does not read so: now, or for good?"""
    return Question(
        id="whole-goal", step="", asks=Asks.UNKNOWN, title="Every step has ended",
        lines=(
            "What this run is for does not read so.",
            f"Read now: {whole.evidence}.",
            "Read it again; end the run only when you know that this is how it stays.",
        ),
        mark="read",
        choices=(
            Choice("read", "Read again", "read-only"),
            Choice("end", "End the run: not recovered", "the report says so"),
            STOP,
        ),
    )  # fmt: skip


def by_hand(step: Step, action: PowerShell, note: str, attempt: int) -> Question:
    """The person does it; the program sends nothing and checks."""
    return Question(
        id=f"{step.id}#{attempt}-hand", step=step.id, asks=Asks.BY_HAND, title=step.title,
        lines=(f"Open PowerShell as administrator on {step.host}, run the line, come back.", note),
        action=action, mark="check",
        choices=(
            Choice("check", "I have done it: check now", "read-only"),
            Choice("earlier", "I did it earlier: enter the time", needs=Needs.TIME),
            Choice("program", "Let the program do it after all", "asks before it sends"),
        ),
    )  # fmt: skip


def pause(phase: Phase, then: Phase, evidence: Sequence[str], ways: Ways) -> Question:
    """A phase is complete: a moment to look up."""
    return Question(
        id=f"pause:{phase.title}", step="", asks=Asks.PAUSE, title=f"{phase.title}: complete. {phase.reached}",
        lines=tuple(evidence), mark="wait",
        choices=(
            Choice("go", f"Begin: {then.title}", "each step still asks"),
            Choice("wait", "Wait here"),
            *ways.choices(),
        ),
    )  # fmt: skip


def going_back(steps: Sequence[tuple[str, str]], stays: Sequence[str]) -> Question:
    """Every step of the way back, before any of it: (title and host, command); and what would stay."""
    count = f"{len(steps)} step{'s' if len(steps) > 1 else ''}"
    return Question(
        id="go-back", step="", asks=Asks.GO_BACK, title=f"Going back takes {count}", values=tuple(steps),
        lines=(
            "Newest first. Each is shown again and asks before it is sent.",
            *(f"Stays: {what}." for what in stays),
            *(() if stays else ("Nothing of what this run made stays.",)),
        ),
        mark="later",
        choices=(
            Choice("go", "Begin to go back", "sends nothing by itself"),
            Choice("later", "Not now", "the run goes on where it was"),
        ),
    )  # fmt: skip


def paper(steps: Sequence[Step], numbers: Mapping[str, str], note: str) -> Question:
    """Which step was done by hand while the program was away, and when. It is read before it counts."""
    return Question(
        id="paper", step="", asks=Asks.PAPER, title="Steps done on paper meanwhile",
        lines=(note or "Each is read now: only what is so is recorded, as done by hand, with your time.",),
        mark="enough",
        choices=(
            *(Choice(step.id, numbers[step.id], f"on {step.host}", needs=Needs.TIME) for step in steps),
            Choice("enough", "No more", "go on"),
        ),
    )  # fmt: skip


def resume(lines: Sequence[str], readings: Sequence[Shown], next_title: str, *, paper: bool = False) -> Question:
    """A run is taken up: what is known, what was read, what would be next."""
    entering = (Choice("paper", "Enter steps done on paper meanwhile", "each is read before it counts"),)
    return Question(
        id="resume", step="", asks=Asks.RESUME, title="Take up the run", lines=tuple(lines), guards=tuple(readings),
        mark="look",
        choices=(
            Choice("go", f"Go on {next_title}"),
            *(entering if paper else ()),
            Choice("look", "Look only", "report and log; nothing is sent"),
        ),
    )  # fmt: skip
