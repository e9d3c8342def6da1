"""Text to statements: pipelines, commands, and the few control statements that the lab knows."""

from __future__ import annotations

import re
from functools import lru_cache

from tui.lab.reader.errors import engine_error, refused
from tui.lab.reader.lexer import DASH, DOUBLE, SINGLE
from tui.lab.reader.syntax import (
    Assign,
    Body,
    Command,
    Expression,
    ForEach,
    If,
    Leave,
    Literal,
    Pipeline,
    Statement,
    Switch,
    Try,
    Variable,
)
from tui.lab.reader.words import DIGIT, WordParser

_ASSIGN = re.compile(r"\$(?:\w+|\{[A-Za-z0-9_ -]+\})\s*(\+?=)(?!=)")
_FORBIDDEN = frozenset(
    [
        "while",
        "do",
        "for",
        "until",
        "function",
        "filter",
        "param",
        "trap",
        "class",
        "enum",
        "data",
        "begin",
        "process",
        "end",
        "dynamicparam",
        "using",
        "configuration",
        "workflow",
        "parallel",
        "sequence",
        "inlinescript",
        "from",
        "define",
        "var",
    ]
)


class Parser(WordParser):
    """Reads statements; raises PowerShell's own parse error where it is known, else refuses."""

    def statements(self, closing: str) -> Body:
        """Up to and with `closing`; an empty one means the end of the text."""
        found: list[Statement] = []
        while True:
            self.separators()
            if not self.peek():
                if closing:
                    raise self.unknown(f"the text ends, '{closing}' expected")
                return tuple(found)
            if closing and self.take(closing):
                return tuple(found)
            found.append(self.statement())
            self.space()
            ended = isinstance(found[-1], If | ForEach | Switch | Try)  # their last brace ends them
            if not ended and self.peek() not in ("", ";", "\n", "\r") and self.peek() != closing:
                raise self.unknown("a statement should end")

    def statement(self) -> Statement:
        outer, self.commas = self.commas, True
        found = self.any_statement()
        self.commas = outer
        return found

    def any_statement(self) -> Statement:
        word = self.ahead().lower()
        if word and self.text[self.position + len(word) :][:1] in tuple("-.\\:/"):
            word = ""  # `ForEach-Object` is no keyword
        if word in _FORBIDDEN:
            raise self.unknown(f"the keyword '{word}'")
        reader = {"if": self.if_, "foreach": self.foreach, "switch": self.switch, "try": self.try_}.get(word)
        if reader:
            self.word()
            return reader()
        if word in ("throw", "return", "break", "continue", "exit"):
            self.word()
            return self.leave(word)
        if found := _ASSIGN.match(self.text, self.position):
            return self.assign(found.group(1))
        return self.pipeline()

    def assign(self, operator: str) -> Statement:
        name = self.variable()
        assert name is not None
        self.space()
        self.expect(operator)
        self.space(lines=True)
        return Assign(Variable(name), operator, self.statement())

    def leave(self, keyword: str) -> Statement:
        self.space()
        if self.peek() in ("", ";", "}", ")", "\n", "\r"):
            return Leave(keyword, None)
        if keyword in ("break", "continue"):
            raise self.unknown("a label")
        return Leave(keyword, self.statement())

    def condition(self) -> Statement:
        self.space(lines=True)
        self.expect("(")
        self.space(lines=True)
        if not self.peek():
            raise engine_error(
                f"At line:1 char:{self.position + 1}\nMissing condition in if statement after 'if ('.",
                "IfStatementMissingCondition",
                "ParserError",
            )
        found = self.statement()
        self.space(lines=True)
        self.expect(")")
        return found

    def body(self) -> Body:
        self.space(lines=True)
        self.expect("{")
        return self.statements("}")

    def keyword(self, word: str) -> bool:
        """Takes the keyword if it follows, maybe on a later line."""
        start = self.position
        self.space(lines=True)
        if self.ahead().lower() == word:
            self.word()
            return True
        self.position = start
        return False

    def if_(self) -> Statement:
        clauses = [(self.condition(), self.body())]
        while self.keyword("elseif"):
            clauses.append((self.condition(), self.body()))
        return If(tuple(clauses), self.body() if self.keyword("else") else ())

    def foreach(self) -> Statement:
        self.space(lines=True)
        self.expect("(")
        self.space(lines=True)
        name = self.variable()
        if name is None or not self.keyword("in"):
            raise self.unknown("foreach wants '$variable in'")
        self.space(lines=True)
        source = self.statement()
        self.space(lines=True)
        self.expect(")")
        return ForEach(name, source, self.body())

    def switch(self) -> Statement:
        self.space(lines=True)
        subject = self.condition()
        self.space(lines=True)
        self.expect("{")
        cases: list[tuple[Expression, Body]] = []
        default: Body | None = None
        while True:
            self.separators()
            if self.take("}"):
                return Switch(subject, tuple(cases), default)
            if self.keyword("default"):
                default = self.body()
            else:
                word = self.bare() if self.ahead() else ""
                cases.append((Literal(word) if word else self.unary(), self.body()))

    def try_(self) -> Statement:
        body = self.body()
        catch = None
        if self.keyword("catch"):
            self.space(lines=True)
            if self.peek() == "[":
                raise self.unknown("a catch of one type")
            catch = self.body()
            if self.keyword("catch"):
                raise self.unknown("a second catch")
        final = self.body() if self.keyword("finally") else None
        if catch is None and final is None:
            raise self.unknown("a try without catch or finally")
        return Try(body, catch, final or ())

    def pipeline(self) -> Pipeline:
        elements = [self.element(first=True)]
        while True:
            self.space()
            if self.peek(2) == "||" or not self.take("|"):
                break
            self.space(lines=True)
            elements.append(self.element(first=False))
        self.space()
        if self.peek() in "<>&*" and self.peek():
            raise self.unknown("a redirection or background job")
        return Pipeline(tuple(elements))

    def element(self, first: bool) -> Command | Expression:
        sign = self.peek()
        if not sign or (sign in "&.;|)}<>=" and not DIGIT.match(self.text, self.position)):
            raise self.unknown("a command")
        if sign in "$(@{[,!+" + SINGLE + DOUBLE + DASH or DIGIT.match(self.text, self.position):
            if not first:
                raise self.unknown("an expression after '|'")
            return self.expression()
        name = self.bare()
        if not re.fullmatch(r"[A-Za-z_][\w-]*|%|\?", name):
            raise self.unknown(f"the command name '{name}'")
        return Command(name, self.words())


@lru_cache(maxsize=256)
def parse(script: str) -> Body:
    """The whole script, or PowerShell's parse error, or a refusal: nothing of it has run then."""
    try:
        return Parser(script).statements("")
    except RecursionError:
        raise refused("a text that is nested too deep") from None
