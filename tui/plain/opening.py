"""The views before a run: welcome, "What happened?", our recommendation, all scenarios, the inputs."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.clock import hm
from tui.core.front import BACK, Form, Leave, Recommendation, RunLine, Triage, Welcome, WelcomeChoice
from tui.core.scenario import Field, Option, Scenario, grouped
from tui.plain.talk import Pick, Talk
from tui.plain.text import listed, number, safe, sentence

FRESH_DAYS = 30
"""How long a drill counts."""
OURS = "we would take this"
BACK_KEY = {"b": "back"}


async def welcome(talk: Talk, view: Welcome) -> WelcomeChoice:
    """What to do: take up, start new, or read a report. Raises Leave."""
    talk.say(*(f"{level.capitalize()}: {sentence(text)}" for level, text in view.notices))
    talk.say(*(sentence(line) for line in view.story))
    for age in view.ages:
        yours, anyone = _age(age.yours), _age(age.anyone)
        talk.say(f"Last good drill of {safe(age.title)}: yours {yours}, anyone's {anyone}.")
    picks = [Pick(f"take up {run.run}", f"Take up {run.title}", _note(run), run.problem) for run in view.unfinished]
    cannot = "" if view.can_start else "see the notice above"
    picks.append(Pick("new", "Start something new", "questions, then the plan", cannot))
    if view.earlier:
        picks.append(Pick("reports", "Reports and earlier runs", f"{len(view.earlier)} runs"))
    picks.append(Pick("leave", "Leave"))
    mark = next((pick.key for pick in picks if not pick.refused), "")
    while True:
        text = await talk.choose(picks, mark)
        what, _, run = text.rpartition(" ")
        if what == "take up":
            return WelcomeChoice(what, run)
        if text == "new":
            return WelcomeChoice("new")
        if text == "leave":
            raise Leave
        if chosen := await _earlier(talk, view.earlier):
            return WelcomeChoice("report", chosen)


async def _earlier(talk: Talk, runs: Sequence[RunLine]) -> str:
    picks = [Pick(run.run, run.title, listed((run.outcome, _note(run)))) for run in runs]
    chosen = await talk.choose(picks, keys=BACK_KEY)
    return "" if chosen == "b" else chosen


def _note(run: RunLine) -> str:
    return f"{run.note}, {hm(run.at)}" if run.note else hm(run.at)


def _age(days: int | None) -> str:
    if days is None:
        return "never"
    return f"{days} days ago" + ("" if days <= FRESH_DAYS else ", too long: practise it")


async def triage(talk: Talk, view: Triage) -> str:
    """An option's key, BACK, or "scenarios"."""
    talk.say(*(f"{sentence(question)} {safe(answer)} ({safe(how)})." for question, answer, how in view.answered))
    talk.say(f"Question {view.number} of {view.total}: {sentence(view.question)}")
    talk.say(*(sentence(reading) for reading in view.readings))
    picks = [Pick(o.key, o.label, listed((o.leads, _ours(o.why))), o.nowhere) for o in view.options]
    mark = next((option.key for option in view.options if option.why and not option.nowhere), "")
    text = await talk.choose(picks, mark, {**BACK_KEY, "s": "all scenarios"})
    return {"b": BACK, "s": "scenarios"}.get(text, text)


async def recommendation(talk: Talk, view: Recommendation) -> str:
    """ "use", "scenarios", "change" or BACK."""
    scenario = view.scenario
    if scenario is None:
        talk.say("None of our scenarios fits these answers.")
    else:
        talk.say(f"Our recommendation: {sentence(scenario.title)}", *_summary(scenario))
    talk.say(*(f"Because: {safe(what)}: {sentence(how)}" for what, how in view.because))
    talk.say(*(f"Not {safe(what)}: {sentence(why)}" for what, why in view.not_this))
    talk.say(*(f"Afterwards: {sentence(line)}" for line in view.afterwards))
    none = "" if scenario is not None else "none fits"
    picks = (Pick("use", "Use this", refused=none), Pick("scenarios", "Choose from all scenarios"),
             Pick("change", "Change my answers"))  # fmt: skip
    text = await talk.choose(picks, "use" if scenario is not None else "change", BACK_KEY)
    return BACK if text == "b" else text


def _summary(scenario: Scenario) -> list[str]:
    return [*(sentence(line) for line in scenario.summary.splitlines()), f"Usual time: {sentence(scenario.usual)}"]


async def scenarios(talk: Talk, choices: Sequence[Scenario], fitting: str) -> str:
    """A scenario's id, or BACK."""
    talk.say("All scenarios.")
    picks = [Pick(s.id, s.title, s.choose_when) for s in choices]
    while True:
        text = await talk.choose(picks, fitting, {**BACK_KEY, "d": "N shows scenario N in full"})
        word, _, rest = text.partition(" ")
        if word != "d":
            return BACK if text == "b" else text
        n = number(rest)
        talk.say(*(_detail(choices[n - 1]) if 1 <= n <= len(choices) else ["There is no such number."]))


def _detail(scenario: Scenario) -> list[str]:
    facts = {"Needs": scenario.needs, "Changes": scenario.changes, "Leaves": scenario.leaves, "Source": scenario.source}
    return [sentence(scenario.title), *_summary(scenario), *(f"{k}: {sentence(v)}" for k, v in facts.items())]


async def inputs(talk: Talk, form: Form) -> str:
    """ "done" or BACK: each field is picked from what the hosts answer."""
    fields = form.fields
    at = 0
    while at < len(fields):
        field = fields[at]
        talk.say(f"Input {at + 1} of {len(fields)}: {safe(field.label)}. {sentence(field.gloss)}")
        values = await (_several(talk, form, field) if field.many else _field(talk, form, field))
        if not values:
            if at == 0:
                return BACK
            at -= 1
        else:
            form.choose(field.name, *values)
            at += 1
    talk.say(*(f"{safe(f.label)}: {sentence(form.chosen.get(f.name, ''))}" for f in fields))
    last = await talk.choose((Pick("done", "Go on to the prerequisites"), Pick(BACK, "Choose again")), "done")
    return "done" if last == "done" else await inputs(talk, form)


async def _options(talk: Talk, form: Form, field: Field) -> tuple[Option, ...]:
    options = await talk.wait_for(form.options(field.name))
    talk.say(*(f"Unknown: {sentence(line)}" for line in form.silence))
    if not options:
        talk.say("No host gave a value. r asks again.")
    return options


async def _field(talk: Talk, form: Form, field: Field) -> tuple[str, ...]:
    """The value taken, or none to go back one field."""
    while True:
        options = await _options(talk, form, field)
        picks = [Pick(f"={option.value}", option.value, _why(option), option.problem) for option in options]
        mark = next((f"={o.value}" for o in options if o.recommended and not o.problem), "")
        text = await talk.choose(picks, mark, {**BACK_KEY, "r": "asks the hosts again"})
        if text == "b":
            return ()
        if text.startswith("="):
            return (text[1:],)


async def _several(talk: Talk, form: Form, field: Field) -> tuple[str, ...]:
    """The values taken, or none to go back one field."""
    while True:
        options = await _options(talk, form, field)
        options, group = grouped(options), ""
        for n, option in enumerate(options, 1):
            if option.group != group:
                group = option.group
                talk.say(sentence(group))
            refused = f"not possible: {option.problem}" if option.problem else ""
            talk.say(listed((f"{n} {option.value}" + (f": {text}" if (text := refused or _why(option)) else ""),)))
        values = await _numbers(talk, options, form.start(field.name, options))
        if values is not None:
            return values


async def _numbers(talk: Talk, options: Sequence[Option], start: Sequence[str]) -> tuple[str, ...] | None:
    """Values by their numbers; none to go back, None to ask the hosts again."""
    good = [n for n, option in enumerate(options, 1) if not option.problem]
    alone = [n for n in good if options[n - 1].value in start]
    means = f"enter alone means {', '.join(map(str, alone))}" if alone else "enter alone takes nothing"
    talk.say("Several can be taken. Also: b back, r asks the hosts again.")
    while True:
        text = (await talk.ask(f"Numbers with commas, or all; {means}: ")).strip()
        if text in ("b", "r"):
            return () if text == "b" else None
        wanted = good if text == "all" else [number(part.strip()) for part in text.split(",")] if text else alone
        wrong = next((n for n in wanted if n not in good), None)
        if wanted and wrong is None:
            return tuple(options[n - 1].value for n in sorted(set(wanted)))
        if wrong and wrong <= len(options):
            talk.say(sentence(f"{wrong} is not possible: {options[wrong - 1].problem}. Nothing was taken"))
        else:
            talk.say(f"Nothing was taken. Type numbers from 1 to {len(options)} with commas, or all.")


def _why(option: Option) -> str:
    return listed((option.note, _ours(option.recommended)))


def _ours(why: str) -> str:
    """Why we would take it; a reason that says so itself is left as it is."""
    return why if not why or why.startswith(OURS) else f"{OURS}: {why}"
