"""A twin of a document without its names: each is replaced by a token that is the same throughout.

It walks the data, not the page: every text of it is searched for every known name in any case, and for what has a form
of its own. Names that nobody told the program cannot be found, and the twin says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from tui.core.redact.forms import FIRST, FORMS, is_address, writings
from tui.core.redact.names import Name, clusters_named, facts_named, names_in, person

__all__ = ["Name", "Redactor", "clusters_named", "facts_named", "names_in", "person"]

T = TypeVar("T")
LOOSE = 8
"""Characters from which a name is looked for inside longer words too; a shorter one only if it has a digit."""
SCHEMA = re.compile("[a-z_]+")


class Redactor:
    """Replaces names; keeps which token stands for what, so that the same name is the same token everywhere."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._tokens: dict[str, str] = {}
        self._kinds: dict[str, str] = {}
        self._made: Counter[str] = Counter()
        self._used: set[str] = set()
        found = [name for name in names if name.text.strip()]
        self._taken = {name.text.casefold() for name in found}
        loose: list[str] = []
        strict: list[str] = []
        for name in found:
            who = (name.who or name.text).casefold()
            token = self._tokens.get(who) or self._token(who, name.kind)
            for writing in writings(name.text):
                self._tokens.setdefault(writing.casefold(), token)
                self._kinds.setdefault(writing.casefold(), name.kind)
                (loose if _loose(writing) else strict).append(writing)
        self._pattern = _pattern(loose, strict)

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many different ones of each kind were replaced so far."""
        found = Counter(token.rpartition("-")[0] for token in self._used)
        return tuple(sorted(found.items()))

    def text(self, words: str) -> str:
        """The text without names."""
        return self._pattern.sub(self._hidden, words)

    def walk(self, thing: T) -> T:
        """The same data, with every text in it changed; keys that are words of the program stay."""
        return self._walk(thing)  # type: ignore[no-any-return]

    def _walk(self, thing: Any) -> Any:  # noqa: ANN401 - any data
        match thing:
            case str():
                return self.text(thing) if type(thing) is str else thing
            case Mapping():
                return {k if SCHEMA.fullmatch(k) else self.text(k): self._walk(value) for k, value in thing.items()}
            case list():
                return [self._walk(item) for item in thing]
            case tuple():
                return tuple(self._walk(item) for item in thing)
        if is_dataclass(thing) and not isinstance(thing, type):
            return replace(thing, **{f.name: self._walk(getattr(thing, f.name)) for f in fields(thing)})
        return thing

    def _hidden(self, hit: re.Match[str]) -> str:
        found = hit[0]
        kind = _KINDS.get(hit.lastgroup or "", "")
        if kind == "ADDRESS6" and not is_address(found):
            return found
        if kind == "PATH":  # a full stop ends the sentence, not the path
            stripped = found.rstrip(".")
            return self._known(stripped, kind) + found[len(stripped) :]
        return self._known(found, kind.rstrip("6"))

    def _known(self, found: str, kind: str) -> str:
        """The token of what was found; a longer word that holds a name, or a form seen first here, gets its own."""
        key = found.casefold()
        bare, _, ending = key.partition(".")
        if key not in self._tokens and bare in self._tokens:
            if self._kinds.get(bare) not in ("HOST", "CLUSTER") and "." not in ending:
                return f"{self._known(bare, kind)}.{ending}"  # a file of it
            key = bare  # its full DNS name
        if key not in self._tokens:
            inner = (kind_ for name, kind_ in self._kinds.items() if name in key)
            self._token(key, kind or next(inner, "VALUE"))
        token = self._tokens[key]
        self._used.add(token)
        return token

    def _token(self, key: str, kind: str) -> str:
        """The next one of this kind that is nobody's real name."""
        while True:
            self._made[kind] += 1
            token = f"{kind}-{self._made[kind]}"
            if token.casefold() not in self._taken:
                self._tokens[key] = token
                return token


def hidden(redactor: Redactor, free: int) -> tuple[str, ...]:
    """What a redacted document says of itself. `free`: how many free texts of people and hosts stand in it."""
    counts = ", ".join(f"{number} {kind}" for kind, number in redactor.counts) or "nothing"
    texts = f" Free texts here (notes, reasons, words of hosts): {free}." if free else ""
    return (
        f"REDACTED. Replaced by tokens, the same throughout: {counts}.",
        "Searched for: every name that the program was told, and paths, IDs, hashes and addresses by their form. "
        f"A name that nobody told it may still stand here: read it through before you hand it on.{texts} "
        "Times and the run's name stay.",
    )


def _loose(name: str) -> bool:
    return len(name) >= LOOSE or (len(name) > 3 and any(sign.isdigit() for sign in name))


def _pattern(loose: Iterable[str], strict: Iterable[str]) -> re.Pattern[str]:
    """One expression for all, so that a token is never searched again. The longest name is tried first."""
    wide, narrow = _choice(loose), _choice(strict)
    known = "|".join(part for part in (wide, narrow) if part) or "(?!)"
    parts = [f"(?P<a{n}>{form.replace('@KNOWN@', known)})" for n, (_, form) in enumerate(FIRST)]
    if wide:
        parts.append(rf"(?P<w>[^\W_]*(?:{wide})[^\W_]*(?:(?:\.[^\W_][\w-]*)+(?=[^\w.]|$))?)")
    if narrow:
        parts.append(rf"(?P<n>(?<![^\W_])(?:{narrow})(?![^\W_]))")
    parts += [f"(?P<f{n}>{form.replace('@KNOWN@', known)})" for n, (_, form) in enumerate(FORMS)]
    return re.compile("|".join(parts), re.IGNORECASE)


_KINDS = {f"{mark}{n}": kind for mark, forms in (("a", FIRST), ("f", FORMS)) for n, (kind, _) in enumerate(forms)}


def _choice(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(set(names), key=lambda name: (-len(name), name)))
