"""Expressions to values."""

from __future__ import annotations

from collections.abc import Iterator

from tui.lab.reader import syntax as s
from tui.lab.reader.convert import cast, to_list, to_number, truth
from tui.lab.reader.errors import engine_error, refused
from tui.lab.reader.expressions import COMPARE_NAMES
from tui.lab.reader.formatting import format_text
from tui.lab.reader.kinds import CUSTOM, EMPTY, Block, plain
from tui.lab.reader.members import get_index, get_member
from tui.lab.reader.methods import invoke
from tui.lab.reader.operators import arithmetic, compare, operator_case
from tui.lab.reader.patterns import matches
from tui.lab.reader.session import Session
from tui.lab.reader.statics import static_call, static_property
from tui.lab.reader.text import to_text
from tui.lab.reader.types import CORE, FORBIDDEN, short, type_name
from tui.lab.values import PSObject, Value

_MOST_ITEMS = 100_000


def enumerate_value(value: Value) -> Iterator[Value]:
    """The value as it goes down a pipeline: an array item by item, nothing as no item."""
    if value is EMPTY:
        return
    if isinstance(value, list | bytes):
        yield from value
    else:
        yield value


def gathered(items: list[Value]) -> Value:
    """What `(...)` and an assignment keep of a pipeline's output."""
    return EMPTY if not items else items[0] if len(items) == 1 else items


class Evaluator:
    """Computes expressions; the statements inside them are the subclass's."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def run(self, body: s.Body) -> Iterator[Value]:
        raise NotImplementedError

    def collect(self, statement: s.Statement) -> Value:
        raise NotImplementedError

    def value(self, node: s.Expression) -> Value:
        """The expression's value, nothing as null."""
        return plain(self.raw(node))

    def raw(self, node: s.Expression) -> Value:
        """The expression's value, nothing as EMPTY."""
        match node:
            case s.Literal():
                return node.value
            case s.Variable():
                return self.session.variable(node.name)
            case s.Member():
                return get_member(self.value(node.target), to_text(self.value(node.name)))
            case s.Paren():
                return self.collect(node.statement)
            case s.Binary():
                return self.binary(node)
            case s.Cast():
                return self.cast(node)
            case s.Expandable():
                return "".join(part if isinstance(part, str) else to_text(self.raw(part)) for part in node.parts)
            case s.ArrayLiteral():
                return [self.value(item) for item in node.items]
            case s.ArrayExpression():
                return self.array(node)
            case s.SubExpression():
                return gathered(list(self.run(node.body)))
            case s.Index():
                return get_index(self.value(node.target), self.value(node.index))
            case s.HashLiteral():
                return self.table(node)
            case s.BlockLiteral():
                return Block("System.Management.Automation.ScriptBlock", {}, node.text, node.body)
            case s.Unary():
                return self.unary(node)
            case s.Invoke():
                return self.invoke(node)
            case s.StaticMember():
                return self.static(node)
            case s.TypeName():
                raise refused(f"the type [{node.type}] as a value")

    def array(self, node: s.ArrayExpression) -> Value:
        return list(self.run(node.body))

    def table(self, node: s.HashLiteral) -> Value:
        found: dict[str, Value] = {}
        for key_node, value_node in node.pairs:
            key = self.value(key_node)
            if not isinstance(key, str):
                raise refused("a hashtable key that is no text")
            if key.lower() in (own.lower() for own in found):
                raise refused(f"the hashtable key {key} twice")
            found[key] = plain(self.collect(value_node))
        return found

    def invoke(self, node: s.Invoke) -> Value:
        target = self.value(node.target)
        arguments = [self.value(item) for item in node.arguments]
        return invoke(target, to_text(self.value(node.name)), arguments, self.session.constrained)

    def static(self, node: s.StaticMember) -> Value:
        if node.arguments is None:
            return static_property(node.type, node.name, self.session.clock)
        arguments = [self.value(item) for item in node.arguments]
        return static_call(node.type, node.name, arguments, self.session.constrained)

    def cast(self, node: s.Cast) -> Value:
        kind = short(node.type)
        value = self.value(node.operand)
        if kind == "ordered" and isinstance(node.operand, s.HashLiteral):
            return value
        if kind == "void":
            return EMPTY
        if kind in FORBIDDEN and self.session.constrained:
            raise engine_error(
                f'Cannot convert value to type "{FORBIDDEN[kind]}". '
                "Only core types are supported in this language mode.",
                "ConversionSupportedOnlyToCoreTypes",
                "InvalidArgument",
            )
        if kind == "pscustomobject" and isinstance(value, dict) and isinstance(node.operand, s.HashLiteral):
            return PSObject(CUSTOM, value)
        return cast(value, kind)

    def unary(self, node: s.Unary) -> Value:
        value = self.value(node.operand)
        match node.operator:
            case "not":
                return not truth(value)
            case "join":
                return "".join(to_text(item) for item in to_list(value))
            case "split":
                return [part for item in to_list(value) for part in to_text(item).split()]
            case sign:
                return arithmetic(sign, 0, value)

    def binary(self, node: s.Binary) -> Value:
        operator = node.operator
        if operator in ("and", "or", "xor"):
            return self.logic(node)
        left = self.value(node.left)
        if operator in ("is", "isnot"):
            return self.has_type(left, node.right) == (operator == "is")
        right = self.value(node.right)
        if operator in COMPARE_NAMES:
            self.remember_match(operator, left, right)
            return compare(operator, left, right)
        match operator:
            case "f":
                return format_text(to_text(left), to_list(right) if isinstance(right, list | bytes) else [right])
            case "join":
                return to_text(right).join(to_text(item) for item in to_list(left))
            case "..":
                return self.span(left, right)
            case "band" | "bor" | "bxor":
                raise refused(f"-{operator}")
            case _:
                return arithmetic(operator, left, right)

    def logic(self, node: s.Binary) -> bool:
        left = truth(self.value(node.left))
        if node.operator == "and":
            return left and truth(self.value(node.right))
        if node.operator == "or":
            return left or truth(self.value(node.right))
        return left != truth(self.value(node.right))

    def span(self, left: Value, right: Value) -> Value:
        first, last = int(to_number(left)), int(to_number(right))
        if abs(last - first) > _MOST_ITEMS:
            raise refused("a range of very many numbers")
        step = 1 if last >= first else -1
        return list(range(first, last + step, step))

    def has_type(self, value: Value, node: s.Expression) -> bool:
        if not isinstance(node, s.TypeName):
            raise refused("-is with something that is no [type]")
        wanted = CORE.get(short(node.type))
        if wanted is None or wanted == "System.Object" or (isinstance(value, int) and not isinstance(value, bool)):
            raise refused(f"-is [{node.type}] of {type_name(value)}")
        if wanted == "System.Array":
            return isinstance(value, list | bytes)
        return value is not None and type_name(value) == wanted

    def remember_match(self, operator: str, left: Value, right: Value) -> None:
        """`$Matches`, which a successful -match of one text fills."""
        name, sensitive = operator_case(operator)
        if name != "match" or isinstance(left, list | bytes):
            return
        found = matches(to_text(left), to_text(right), sensitive)
        if found:
            groups = dict(zip(map(str, range(9)), (found[0], *found.groups()), strict=False)) | found.groupdict()
            self.session.variables["matches"] = {key: group for key, group in groups.items() if group is not None}
