"""Small faults put into a module's source, one at a time: a comparison turned, a number one more, a condition negated.

Texts in tables, annotations and docstrings are left alone: they are data and words, which golden files hold. So are what never changes
an answer: that two rows are as long as each other (`strict`), and how much is remembered (`maxsize`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import NamedTuple

_TURNED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.Break: ast.Continue,
    ast.Continue: ast.Break,
}
_RENAMED = {"max": "min", "min": "max", "any": "all", "all": "any", "bisect_left": "bisect_right", "bisect_right": "bisect_left"}


class Mutant(NamedTuple):
    """A changed module."""

    line: int
    change: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    tree = ast.parse(source)
    made = [mutant for number, node in enumerate(_code(tree)) for mutant in _of(tree, number, node)]
    return sorted(made, key=lambda mutant: mutant.line)


def _code(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that compute what comes out, without annotations, docstrings and `__all__`."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "type_params", "type_comment"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
                continue
            if isinstance(child, ast.keyword) and child.arg in ("strict", "maxsize"):
                continue
            if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
                continue
            yield child
            yield from _code(child)


def _of(tree: ast.Module, number: int, node: ast.AST) -> Iterator[Mutant]:
    for change, edit in _edits(node):
        changed = deepcopy(tree)
        twin = next(one for i, one in enumerate(_code(changed)) if i == number)
        edit(twin)
        text = ast.unparse(ast.fix_missing_locations(changed))
        if text != ast.unparse(tree):
            yield Mutant(getattr(node, "lineno", 0), f"{_short(node)}: {change}", text)


def _edits(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], None]]]:
    """What can be done to a node, each with a function that does it."""
    match node:
        case ast.Compare(ops=operators):
            for i, operator in enumerate(operators):
                yield from _turned(operator, lambda twin, other, i=i: twin.ops.__setitem__(i, other))
        case ast.BoolOp(op=operator) | ast.BinOp(op=operator) | ast.AugAssign(op=operator):
            yield from _turned(operator, lambda twin, other: setattr(twin, "op", other))
        case ast.If() | ast.While() | ast.IfExp():
            yield "condition negated", lambda twin: setattr(twin, "test", ast.UnaryOp(ast.Not(), twin.test))
        case ast.comprehension(ifs=[_, *_]):
            yield "filter left out", lambda twin: setattr(twin, "ifs", [])
        case ast.Constant(value=bool() as value):
            yield f"{not value}", lambda twin: setattr(twin, "value", not twin.value)
        case ast.Constant(value=int() | float()):
            yield "one more", lambda twin: setattr(twin, "value", twin.value + 1)
        case ast.Return(value=ast.AST()):
            yield "nothing returned", lambda twin: setattr(twin, "value", ast.Constant(None))
        case ast.Call(func=ast.Name(id=name)) if name in _RENAMED:
            yield _RENAMED[name], lambda twin: setattr(twin.func, "id", _RENAMED[twin.func.id])
        case ast.Expr(value=ast.Call()):
            yield "call left out", lambda twin: setattr(twin, "value", ast.Constant(None))
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield "sign left out", lambda twin: setattr(twin, "op", ast.UAdd() if isinstance(twin.op, ast.USub) else ast.Not())
            if isinstance(node.op, ast.Not):
                yield "not left out", lambda twin: setattr(twin, "operand", ast.UnaryOp(ast.Not(), twin.operand))
        case ast.Slice():
            for bound in ("lower", "upper"):
                if getattr(node, bound) is not None:
                    yield f"{bound} bound left out", lambda twin, bound=bound: setattr(twin, bound, None)


def _turned(operator: ast.AST, put: Callable[[ast.AST, ast.AST], None]) -> Iterator[tuple[str, Callable[[ast.AST], None]]]:
    other = _TURNED.get(type(operator))
    if other is not None:
        yield f"{type(operator).__name__} is {other.__name__}", lambda twin: put(twin, other())


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split()) if isinstance(node, ast.expr) else type(node).__name__
    return text if len(text) <= 60 else text[:57] + "..."
