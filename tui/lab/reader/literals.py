"""Literals that hold expressions or statements of their own: `"..."`, `$(...)`, `@(...)`, `@{...}`, `{...}`."""

from __future__ import annotations

import re

from tui.lab.reader.lexer import DOUBLE, Lexer
from tui.lab.reader.syntax import (
    ArrayExpression,
    BlockLiteral,
    Body,
    Expandable,
    Expression,
    HashLiteral,
    Literal,
    Paren,
    Statement,
    SubExpression,
    Variable,
)


class LiteralParser(Lexer):
    """Reads literals; what stands inside them is the subclass's."""

    def statements(self, closing: str) -> Body:
        raise NotImplementedError

    def statement(self) -> Statement:
        raise NotImplementedError

    def primary(self) -> Expression:
        raise NotImplementedError

    def dollar(self) -> Expression:
        if self.take("$("):
            return SubExpression(self.statements(")"))
        name = self.variable()
        if name is None:
            raise self.unknown("a variable")
        return Variable(name)

    def paren(self) -> Expression:
        self.expect("(")
        self.space(lines=True)
        inner = self.statement()
        self.space(lines=True)
        self.expect(")")
        return Paren(inner)

    def at_sign(self) -> Expression:
        if self.take("@("):
            return ArrayExpression(self.statements(")"))
        if self.take("@{"):
            return self.table()
        raise self.unknown("a here-string or splatting")

    def block(self) -> Expression:
        start = self.position
        self.expect("{")
        self.space(lines=True)
        if self.ahead().lower() in ("param", "begin", "process", "end", "dynamicparam"):
            raise self.unknown("a block with parameters")
        body = self.statements("}")
        return BlockLiteral(body, self.text[start + 1 : self.position - 1])

    def table(self) -> Expression:
        pairs: list[tuple[Expression, Statement]] = []
        while True:
            self.separators()
            if self.take("}"):
                return HashLiteral(tuple(pairs))
            word = self.word()
            key: Expression = Literal(word) if word else self.primary()
            self.space()
            self.expect("=")
            self.space(lines=True)
            pairs.append((key, self.statement()))
            self.space()
            if self.peek() not in (";", "}", "\n", "\r"):
                raise self.unknown("'}' expected")

    def separators(self) -> None:
        self.space(lines=True)
        while self.take(";"):
            self.space(lines=True)

    def expandable(self) -> Expression:
        start, parts, text = self.position, list[str | Expression](), list[str]()
        self.position += 1
        while sign := self.peek():
            if sign in DOUBLE:
                self.position += 1
                if not (self.peek() and self.peek() in DOUBLE):
                    return Expandable((*parts, "".join(text)))
                text.append(sign)
                self.position += 1
            elif self.take("`"):
                text.append(self.escape())
            elif sign == "$" and re.match(r"\$[\w({]", self.peek(2)):
                parts += ["".join(text), self.dollar()]
                text = []
            elif sign == "$" and re.match(r"\$[$?^:]", self.peek(2)):
                raise self.unknown("an automatic variable")
            else:
                text.append(sign)
                self.position += 1
        raise self.unterminated(start, '"')
