"""Text to expressions: PowerShell's precedence, from `-and` down to a member's name."""

from __future__ import annotations

import re

from tui.lab.reader.lexer import DASH, DOUBLE, SINGLE
from tui.lab.reader.literals import LiteralParser
from tui.lab.reader.syntax import (
    ArrayLiteral,
    Binary,
    Cast,
    Expression,
    Index,
    Invoke,
    Literal,
    Member,
    StaticMember,
    TypeName,
    Unary,
)

_COMPARE = [
    "eq",
    "ne",
    "gt",
    "ge",
    "lt",
    "le",
    "like",
    "notlike",
    "match",
    "notmatch",
    "contains",
    "notcontains",
    "in",
    "notin",
    "replace",
    "split",
]
COMPARE_NAMES = frozenset(f"{prefix}{name}" for name in _COMPARE for prefix in ("", "i", "c"))
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"and", "or", "xor"}),
    frozenset({"band", "bor", "bxor"}),
    COMPARE_NAMES | {"join", "is", "isnot"},
    frozenset("+-"),
    frozenset("*/%"),
    frozenset({"f"}),
    frozenset({".."}),
)
_OPERATOR = re.compile(rf"[{DASH}]([A-Za-z]+)(?!\w)|(\.\.)|([+*/%])(?![+=])|([{DASH}])(?![{DASH}=])")
_TYPE = re.compile(r"\[\s*([A-Za-z_][\w.]*(?:\[\s*\])?)\s*\]")
_DIGITS = re.compile(r"\d|\.\d")


class ExpressionParser(LiteralParser):
    """Reads expressions; the statements inside them are the subclass's."""

    commas = True
    """A comma makes an array here; between a method's arguments it does not."""

    def expression(self, level: int = 0) -> Expression:
        if level == len(_LEVELS):
            return self.array()
        left = self.expression(level + 1)
        while operator := self.operator(level):
            self.space(lines=True)
            left = Binary(operator, left, self.expression(level + 1))
        return left

    def operator(self, level: int) -> str:
        """The operator that stands here if it is of this level, else nothing is taken."""
        start = self.position
        self.space()
        found = self.match(_OPERATOR)
        if found:
            word, *signs = found.groups()
            name = word.lower() if word else next("-" if s in DASH else s for s in signs if s)
            if name in _LEVELS[level]:
                return name
        self.position = start
        return ""

    def array(self) -> Expression:
        items = [self.unary()]
        while self.commas and self.comma():
            items.append(self.unary())
        return items[0] if len(items) == 1 else ArrayLiteral(tuple(items))

    def comma(self) -> bool:
        start = self.position
        self.space()
        if self.take(","):
            self.space(lines=True)
            return True
        self.position = start
        return False

    def unary(self) -> Expression:
        self.space()
        if self.take(","):
            self.space(lines=True)
            return ArrayLiteral((self.unary(),))
        if self.take("!"):
            return Unary("not", self.unary())
        if self.peek() in "+" + DASH and self.peek():
            return self.signed()
        if self.peek() == "[":
            return self.typed()
        return self.postfix(self.primary())

    def signed(self) -> Expression:
        sign = "+" if self.peek() == "+" else "-"
        self.position += 1
        if sign == "-" and (word := self.ahead()):
            self.position += len(word)
            if word.lower() in ("not", "join", "split"):
                return Unary(word.lower(), self.unary())
            raise self.unknown(f"the operator -{word}")
        if self.peek() in "+" + DASH:
            raise self.unknown("an increment or decrement")
        return Unary(sign, self.unary())

    def typed(self) -> Expression:
        """`[t]::member`, a cast, or a type as a value."""
        found = self.match(_TYPE)
        if not found:
            raise self.unknown("a type")
        name = re.sub(r"\s", "", found.group(1)).lower()
        if self.take("::"):
            return self.postfix(self.static(name))
        start = self.position
        self.space()
        if self.operand_follows():
            return Cast(name, self.unary())
        self.position = start
        return TypeName(name)

    def operand_follows(self) -> bool:
        """True where a cast's operand stands; `-is`, `-eq` after a bare type do not begin one."""
        sign = self.peek()
        if not sign or sign in DASH:
            found = _OPERATOR.match(self.text, self.position)
            return bool(sign) and not (found and (found.group(1) or "not").lower() not in ("not", "join", "split"))
        return sign in "$(@[{,!+" + SINGLE + DOUBLE or bool(_DIGITS.match(self.text, self.position))

    def static(self, name: str) -> Expression:
        member = self.word()
        if not member:
            raise self.unknown("a static member")
        return StaticMember(name, member, self.arguments() if self.take("(") else None)

    def arguments(self) -> tuple[Expression, ...]:
        """Of a method; the parenthesis has been taken."""
        items: list[Expression] = []
        self.space(lines=True)
        while not self.take(")"):
            if items:
                self.expect(",")
                self.space(lines=True)
            items.append(self.argument_value())
            self.space(lines=True)
        return tuple(items)

    def argument_value(self) -> Expression:
        """An expression that a comma ends."""
        outer, self.commas = self.commas, False
        found = self.expression()
        self.commas = outer
        return found

    def postfix(self, target: Expression) -> Expression:
        while True:
            if self.peek() == "." and self.peek(2) != "..":
                self.position += 1
                name = self.member_name()
                target = Invoke(target, name, self.arguments()) if self.take("(") else Member(target, name)
            elif self.take("["):
                self.space(lines=True)
                index = self.expression()
                self.space(lines=True)
                self.expect("]")
                target = Index(target, index)
            elif self.peek(2) == "::" or self.peek(2) in ("++", "--"):
                raise self.unknown("an operator")
            else:
                return target

    def member_name(self) -> Expression:
        if word := self.word():
            return Literal(word)
        if self.peek() and self.peek() in SINGLE + DOUBLE + "$(":
            return self.primary()
        raise self.unknown("a member's name")

    def primary(self) -> Expression:
        sign = self.peek()
        if not sign:
            raise self.unknown("an expression is missing")
        if sign in SINGLE:
            return Literal(self.single())
        if sign in DOUBLE:
            return self.expandable()
        if sign == "$":
            return self.dollar()
        if sign == "(":
            return self.paren()
        if sign == "@":
            return self.at_sign()
        if sign == "{":
            return self.block()
        if (number := self.number()) is not None:
            return Literal(number)
        raise self.unknown("an expression")
