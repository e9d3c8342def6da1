"""The syntax tree of the PowerShell that the lab understands: frozen nodes, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

from tui.lab.values import Value

Node = TypeVar("Node")


@dataclass_transform(frozen_default=True)
def node(cls: type[Node]) -> type[Node]:
    """A frozen dataclass that nobody compares or prints: half the import time of a whole one."""
    return dataclass(frozen=True, slots=True, eq=False, repr=False)(cls)


@node
class Literal:
    value: Value


@node
class Variable:
    name: str
    """Lower case, without the dollar; `env:NAME` for the environment."""


@node
class Expandable:
    """A double-quoted string: text and expressions in turn."""

    parts: tuple[str | Expression, ...]


@node
class ArrayLiteral:
    items: tuple[Expression, ...]


@node
class ArrayExpression:
    """`@(...)`"""

    body: Body


@node
class SubExpression:
    """`$(...)`"""

    body: Body


@node
class Paren:
    statement: Statement


@node
class HashLiteral:
    pairs: tuple[tuple[Expression, Statement], ...]


@node
class BlockLiteral:
    body: Body
    text: str


@node
class Member:
    target: Expression
    name: Expression


@node
class Invoke:
    target: Expression
    name: Expression
    arguments: tuple[Expression, ...]


@node
class StaticMember:
    type: str
    name: str
    arguments: tuple[Expression, ...] | None
    """None for a property."""


@node
class Index:
    target: Expression
    index: Expression


@node
class Cast:
    type: str
    operand: Expression


@node
class TypeName:
    """A bare `[type]`, as `-is` takes it."""

    type: str


@node
class Unary:
    operator: str
    operand: Expression


@node
class Binary:
    operator: str
    left: Expression
    right: Expression


Expression = (
    Literal
    | Variable
    | Expandable
    | ArrayLiteral
    | ArrayExpression
    | SubExpression
    | Paren
    | HashLiteral
    | BlockLiteral
    | Member
    | Invoke
    | StaticMember
    | Index
    | Cast
    | TypeName
    | Unary
    | Binary
)


@node
class Argument:
    """One word after a command: `-name`, `-name:value`, or a value."""

    name: str | None
    value: Expression | None


@node
class Command:
    name: str
    arguments: tuple[Argument, ...]


@node
class Pipeline:
    elements: tuple[Command | Expression, ...]


@node
class Assign:
    target: Variable
    operator: str
    value: Statement


@node
class If:
    clauses: tuple[tuple[Statement, Body], ...]
    otherwise: Body


@node
class ForEach:
    variable: str
    source: Statement
    body: Body


@node
class Switch:
    subject: Statement
    cases: tuple[tuple[Expression, Body], ...]
    default: Body | None


@node
class Try:
    body: Body
    catch: Body | None
    final: Body


@node
class Leave:
    """`throw`, `return`, `break`, `continue` or `exit`."""

    keyword: str
    value: Statement | None


Statement = Pipeline | Assign | If | ForEach | Switch | Try | Leave
Body = tuple[Statement, ...]
