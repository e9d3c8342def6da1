"""The words of a command line: parameters, and values that need no quotes."""

from __future__ import annotations

import re

from tui.lab.reader.expressions import ExpressionParser
from tui.lab.reader.lexer import DASH, DOUBLE, SINGLE
from tui.lab.reader.syntax import Argument, ArrayLiteral, Expression, Literal, Unary

DIGIT = re.compile(rf"[{DASH}+]?(\d|\.\d)")
_PARAMETER = re.compile(rf"[{DASH}]([A-Za-z_?][\w]*)(:?)")
_ENDS = " \t\r\n;|)},"


class WordParser(ExpressionParser):
    """Reads what follows a command's name."""

    def words(self) -> tuple[Argument, ...]:
        found: list[Argument] = []
        while True:
            before = self.position
            self.space()
            if self.peek() in ("", ";", "|", ")", "}", "\n", "\r"):
                return tuple(found)
            if before == self.position and self.peek() not in "{(@$" + SINGLE + DOUBLE:
                raise self.unknown("a blank is missing")
            found.append(self.argument())

    def argument(self) -> Argument:
        if found := self.match(_PARAMETER):
            name, colon = found.groups()
            if colon:
                self.space()
                return Argument(name, self.value())
            if self.peek() not in _ENDS and self.peek() not in "{(@$" + SINGLE + DOUBLE:
                raise self.unknown("a parameter's name")
            return Argument(name, None)
        return Argument(None, self.value())

    def value(self) -> Expression:
        items = [self.item()]
        while self.comma():
            items.append(self.item())
        return items[0] if len(items) == 1 else ArrayLiteral(tuple(items))

    def item(self) -> Expression:
        sign = self.peek()
        if sign and sign in SINGLE + DOUBLE + "$(@{":
            found = self.postfix(self.primary())
        elif DIGIT.match(self.text, self.position) and (number := self.signed_number()) is not None:
            found = number
        else:
            word = self.bare()
            if not word or word[0] in DASH or word[0] == "+":
                raise self.unknown("an argument")
            found = Literal(word)
        if self.peek() and self.peek() not in _ENDS:
            raise self.unknown("an argument of several pieces")
        return found

    def signed_number(self) -> Expression | None:
        start = self.position
        negative = self.peek() in DASH
        if negative or self.peek() == "+":
            self.position += 1
        number = self.number()
        if number is None or (self.peek() and self.peek() not in _ENDS):
            self.position = start
            return None
        return Unary("-", Literal(number)) if negative else Literal(number)
