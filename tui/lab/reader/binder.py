"""Binds a command's words to a cmdlet's parameters by the vendors' tables, and fails as PowerShell does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tui.lab import tables
from tui.lab.cmdlet import Call, PSError
from tui.lab.reader.arguments import ANYTHING, Mismatch, convert_argument, fits, null_check
from tui.lab.reader.common import COMMON, SWITCHES
from tui.lab.reader.errors import RUNTIME_HRESULT, ScriptError, refused
from tui.lab.reader.kinds import plain
from tui.lab.reader.members import find_property
from tui.lab.reader.session import Word
from tui.lab.reader.text import to_text
from tui.lab.tables import Parameter, Parameters
from tui.lab.values import PSObject, Value

_UNPRINTED = {("Write-Host", "Object"): 0}
"""Positions that a page leaves out: `Write-Host 'x'` is in the cases."""
_REMAINING = frozenset({"Write-Host", "Write-Output", "ForEach-Object", "Get-Command", "New-Object"})
"""Cmdlets with a parameter that takes all words that are left; the reader does not do that."""


def bind(cmdlet: str, words: list[Word], piped: bool) -> Binding:
    """All words bound and converted; ScriptError where PowerShell would refuse them."""
    if tables.known(cmdlet) is None:
        raise refused(f"{cmdlet}: no table has its parameters")
    table = tables.parameters_of(cmdlet)
    rows = tuple(replace(row, position=_UNPRINTED.get((table.cmdlet, row.name), row.position)) for row in table.rows)
    binding = Binding(replace(table, rows=rows), frozenset(table.sets))
    loose = binding.bind_named(words)
    for value in loose:
        binding.bind_positional(value)
    if piped:
        binding.check_beyond_pipeline()
    return binding


@dataclass(slots=True)
class Binding:
    """The words of one command on their way to a call."""

    table: Parameters
    valid: frozenset[str]
    """Parameter sets that are still possible."""
    bound: dict[str, Value] = field(default_factory=dict)
    common: dict[str, Value] = field(default_factory=dict)

    def bind_named(self, words: list[Word]) -> list[Value]:
        """Binds what has a name, and returns the values that have none."""
        loose: list[Value] = []
        waiting = iter(words)
        for word in waiting:
            if word.name is None:
                loose.append(word.value)
                continue
            row = self.find(word.name)
            if word.given or row.type == "SwitchParameter":
                self.bind_row(row, word.value)
                continue
            following = next(waiting, None)
            if following is None or following.name is not None:
                text = f"Missing an argument for parameter '{row.name}'. Specify a parameter of type "
                raise self.error(f"{text}'System.{row.type}' and try again.", "MissingArgument")
            self.bind_row(row, following.value)
        return loose

    def find(self, name: str) -> Parameter:
        """By full name or alias, else by an unambiguous beginning."""
        lower = name.lower()
        rows = (*self.table.rows, *COMMON)
        for row in rows:
            if lower in (row.name.lower(), *(alias.lower() for alias in row.aliases)):
                return row
        found = [row for row in rows if any(n.lower().startswith(lower) for n in (row.name, *row.aliases))]
        if len(found) == 1:
            return found[0]
        if found:
            names = "".join(f" -{row.name}" for row in found)
            text = f"Parameter cannot be processed because the parameter name '{name}' is ambiguous. Possible matches"
            raise self.error(f"{text} include:{names}.", "AmbiguousParameter")
        if not self.table.complete:
            raise refused(f"-{name} of {self.table.cmdlet}: no list of all its parameters is public")
        raise self.error(f"A parameter cannot be found that matches parameter name '{name}'.", "NamedParameterNotFound")

    def bind_row(self, row: Parameter, value: Value) -> None:
        target = self.common if row in COMMON else self.bound
        if row.name in target:
            text = f"Cannot bind parameter because parameter '{row.name}' is specified more than once. To provide "
            text += "multiple values to parameters that can accept multiple values, use the array syntax. "
            raise self.error(text + 'For example, "-parameter value1,value2,value3".', "ParameterAlreadyBound")
        target[row.name] = self.converted(row, value)
        if row in COMMON:
            if row.name not in SWITCHES and not row.name.endswith("Action"):
                raise refused(f"the common parameter -{row.name}")
            return
        if target[row.name] and row.name in ("WhatIf", "Confirm"):
            raise refused(f"-{row.name}")
        self.narrow(row)

    def converted(self, row: Parameter, value: Value) -> Value:
        try:
            null_check(row, value)
            return convert_argument(row, value)
        except Mismatch as why:
            raise self.error(str(why), why.id, why.category) from None

    def narrow(self, row: Parameter) -> None:
        if row.sets:
            self.valid &= frozenset(row.sets)
        if not self.valid:
            raise self.ambiguous()

    def bind_positional(self, value: Value) -> None:
        rows = [row for row in self.open_rows() if row.position is not None]
        first = min((row.position for row in rows if row.position is not None), default=None)
        candidates = [row for row in rows if row.position == first]
        candidates.sort(key=self.rank)
        for coerce in (False, True):
            for row in candidates:
                if fits(row, value, coerce):
                    self.bind_row(row, value)
                    return
        if len(candidates) == 1:
            self.bind_row(candidates[0], value)
        if self.table.cmdlet in _REMAINING:
            raise refused(f"more than one value without a name for {self.table.cmdlet}")
        text = f"A positional parameter cannot be found that accepts argument '{to_text(value)}'."
        raise self.error(text, "PositionalParameterNotFound")

    def rank(self, row: Parameter) -> tuple[bool, bool]:
        """The default set is tried first, and what takes any object last."""
        return bool(row.sets) and self.table.default not in row.sets, row.type.removesuffix("[]") in ANYTHING

    def open_rows(self) -> Iterator[Parameter]:
        """Parameters that are not bound and belong to a set that is still possible."""
        for row in self.table.rows:
            if row.name not in self.bound and (not row.sets or self.valid & frozenset(row.sets)):
                yield row

    def missing(self, name: str) -> list[str]:
        """What the set still requires."""
        return [row.name for row in self.open_rows() if row.required and (not row.sets or name in row.sets)]

    def chosen_set(self) -> str:
        candidates = [name for name in self.table.sets if name in self.valid]
        complete = [name for name in candidates if not self.missing(name)]
        default = self.table.default
        if len(candidates) == 1 or default in complete or (len(complete) != 1 and default in candidates):
            chosen = candidates[0] if len(candidates) == 1 else default
        elif len(complete) == 1:
            chosen = complete[0]
        else:
            raise self.ambiguous()
        if absent := self.missing(chosen):
            text = "Cannot process command because of one or more missing mandatory parameters: "
            raise self.error(f"{text}{' '.join(absent)}.", "MissingMandatoryParameter")
        return chosen

    def parameters(self) -> Mapping[str, Value]:
        """What is bound, for a cmdlet of the language."""
        return self.bound

    def call(self) -> Call:
        return Call(self.table.cmdlet, dict(self.bound), self.chosen_set())

    def check_beyond_pipeline(self) -> None:
        """Fails at once where a required parameter is missing that no object could bring."""
        taking = {row.name for row in self.open_rows() if row.by_value or row.by_property}
        if not any(set(self.missing(name)) <= taking for name in self.valid):
            self.chosen_set()

    def call_with(self, item: Value) -> Call | PSError:
        item = plain(item)
        if item is None:
            raise refused(f"null in the pipeline of {self.table.cmdlet}")
        mine = Binding(self.table, self.valid, dict(self.bound), self.common)
        if not mine.bind_item(item):
            text = "The input object cannot be bound to any parameters for the command either because the command "
            text += "does not take pipeline input or the input and its properties do not match any of the parameters "
            text += "that take pipeline input."
            target = to_text(item)
            error_id = f"InputObjectNotBound,{self.table.cmdlet}"
            return PSError(text, error_id, "InvalidArgument", target, RUNTIME_HRESULT)
        return mine.call()

    def bind_item(self, item: Value) -> bool:
        """Binds an object of the pipeline: as it is before converted, by value before by property."""
        before = len(self.bound)
        for coerce in (False, True):
            self._by_value(item, coerce)
            if isinstance(item, PSObject):
                self._by_property(item, coerce)
            if len(self.bound) > before:
                return True
        return False

    def _by_value(self, item: Value, coerce: bool) -> None:
        rows = [row for row in self.open_rows() if row.by_value]
        rows.sort(key=self.rank)
        for row in rows:
            if fits(row, item, coerce):
                self.bind_row(row, item)
                return

    def _by_property(self, item: PSObject, coerce: bool) -> None:
        own = {name.lower() for name in item.properties}
        for row in [row for row in self.open_rows() if row.by_property]:
            for name in (row.name, *row.aliases):
                found = find_property(item, name) if name.lower() in own else None
                still = row.name not in self.bound and (not row.sets or self.valid & frozenset(row.sets))
                if found and still and plain(found[1]) is not None and fits(row, found[1], coerce):
                    self.bind_row(row, found[1])

    def ambiguous(self) -> ScriptError:
        text = "Parameter set cannot be resolved using the specified named parameters."
        return self.error(text, "AmbiguousParameterSet")

    def error(self, text: str, error_id: str, category: str = "InvalidArgument") -> ScriptError:
        return ScriptError(PSError(text, f"{error_id},{self.table.cmdlet}", category, "", RUNTIME_HRESULT))
