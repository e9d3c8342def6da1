"""Statements and pipelines: objects flow one by one, so a record is sent before the next one is made."""

from __future__ import annotations

from collections.abc import Iterator

from tui.lab.cmdlet import PSError
from tui.lab.reader import syntax as s
from tui.lab.reader.convert import truth
from tui.lab.reader.errors import RUNTIME_HRESULT, LeaveBlock, ScriptError, refused
from tui.lab.reader.evaluate import Evaluator, enumerate_value, gathered
from tui.lab.reader.kinds import EMPTY, Block, ErrorValue, make_error, plain
from tui.lab.reader.operators import arithmetic, equal
from tui.lab.reader.text import to_text
from tui.lab.values import EnumValue, Value


class Runner(Evaluator):
    """Runs bodies; commands are handed to `tui.lab.reader.commands`."""

    def run(self, body: s.Body) -> Iterator[Value]:
        for statement in body:
            yield from self.statement(statement)

    def statement(self, node: s.Statement) -> Iterator[Value]:
        match node:
            case s.Pipeline():
                return self.pipeline(node)
            case s.Assign():
                return self.assign(node)
            case s.If():
                return self.if_(node)
            case s.ForEach():
                return self.foreach(node)
            case s.Switch():
                return self.switch(node)
            case s.Try():
                return self.try_(node)
            case s.Leave():
                return self.leave(node)

    def collect(self, statement: s.Statement) -> Value:
        """The statement's value: an expression as it is, else its output gathered."""
        if isinstance(statement, s.Pipeline) and len(statement.elements) == 1:
            element = statement.elements[0]
            if not isinstance(element, s.Command):
                return self.raw(element)
        if isinstance(statement, s.Assign):
            raise refused("an assignment as a value")
        return gathered(list(self.statement(statement)))

    def block(self, block: Block, item: Value) -> Iterator[Value]:
        """A cmdlet's script block for one object; `return` ends the block only."""
        try:
            yield from self.with_item(block.body, item)
        except LeaveBlock as flow:
            if flow.keyword != "return":
                raise

    def with_item(self, body: s.Body, item: Value) -> Iterator[Value]:
        """The body's output with `$_` set."""
        variables = self.session.variables
        outer, had = variables.get("_"), "_" in variables
        variables["_"] = item
        try:
            for value in self.run(body):
                yield value
                # Stages of one pipeline take turns: whoever goes on finds its own item again.
                variables["_"] = item
        finally:
            if had:
                variables["_"] = outer
            else:
                variables.pop("_", None)

    def pipeline(self, node: s.Pipeline) -> Iterator[Value]:
        from tui.lab.reader.commands import run_command

        first, *rest = node.elements
        flow = run_command(self, first, None) if isinstance(first, s.Command) else self.expression(first)
        for element in rest:
            assert isinstance(element, s.Command)
            flow = run_command(self, element, flow)
        return flow

    def expression(self, node: s.Expression) -> Iterator[Value]:
        value = self.raw(node)
        if value is EMPTY and isinstance(node, s.Index):
            raise refused("an index outside the array, as output")
        return enumerate_value(value)

    def assign(self, node: s.Assign) -> Iterator[Value]:
        value = self.collect(node.value)
        name = node.target.name
        if node.operator == "+=":
            value = arithmetic("+", self.session.variable(name), plain(value))
        self.session.assign(name, value)
        yield from ()

    def if_(self, node: s.If) -> Iterator[Value]:
        for condition, body in node.clauses:
            if truth(self.collect(condition)):
                yield from self.run(body)
                return
        yield from self.run(node.otherwise)

    def foreach(self, node: s.ForEach) -> Iterator[Value]:
        source = self.collect(node.source)
        if source is None:
            return
        for item in list(enumerate_value(source)):
            self.session.assign(node.variable, item)
            try:
                yield from self.run(node.body)
            except LeaveBlock as flow:
                if flow.keyword == "break":
                    return
                if flow.keyword != "continue":
                    raise

    def switch(self, node: s.Switch) -> Iterator[Value]:
        for item in list(enumerate_value(self.collect(node.subject))):
            bodies = [body for case, body in node.cases if self._fits(case, item)]
            if not bodies and node.default is not None:
                bodies = [node.default]
            try:
                for body in bodies:
                    yield from self.with_item(body, item)
            except LeaveBlock as flow:
                if flow.keyword == "break":
                    return
                if flow.keyword != "continue":
                    raise

    def _fits(self, case: s.Expression, item: Value) -> bool:
        wanted = self.value(case)
        if isinstance(wanted, Block):
            return truth(gathered(list(self.block(wanted, item))))
        if not ((isinstance(item, str | EnumValue) and isinstance(wanted, str)) or type(item) is type(wanted)):
            raise refused("a switch over values of another type than its cases")
        return equal(item, wanted)

    def try_(self, node: s.Try) -> Iterator[Value]:
        try:
            yield from self.caught(node) if node.catch is not None else self.run(node.body)
        except GeneratorExit:
            # The pipeline wants no more: what the last block writes has nowhere to go.
            for _ in self.run(node.final):
                pass
            raise
        except (ScriptError, LeaveBlock):
            yield from self.run(node.final)
            raise
        yield from self.run(node.final)

    def caught(self, node: s.Try) -> Iterator[Value]:
        try:
            yield from self.run(node.body)
            return
        except ScriptError as error:
            record = make_error(error.error, error.engine)
        yield from self.with_item(node.catch or (), record)

    def leave(self, node: s.Leave) -> Iterator[Value]:
        if node.keyword == "throw":
            self.throw(node)
        if node.keyword == "return" and node.value is not None:
            yield from self.statement(node.value)
        if node.keyword == "exit" and node.value is not None:
            self.collect(node.value)
        raise LeaveBlock(node.keyword)

    def throw(self, node: s.Leave) -> None:
        value = self.session.variable("_") if node.value is None else plain(self.collect(node.value))
        if isinstance(value, ErrorValue):
            raise ScriptError(value.error, engine=value.engine)
        if not isinstance(value, str) or not value:
            raise refused("a throw of something that is neither a text nor the caught error")
        text = to_text(value)
        raise ScriptError(PSError(text, text, "OperationStopped", text, RUNTIME_HRESULT))
