"""Finds where Python source puts something in the place of a name of ministack without the seam.

Records that ministack keeps are written by everybody: `ecs._services[key] = service` is none of this. What is meant is its code:
names of its modules, and its tables of handlers, which it spells in capitals.
"""

import ast
from typing import Any

_MODULE, _TABLE, _STATE = "module", "table", "state"
_MUTATING = frozenset({"update", "setdefault", "pop", "popitem", "clear", "__setitem__", "__delitem__", "__ior__"})
_SETTING = frozenset({"setattr", "delattr"})
# Names of this package for a table of ministack.
TABLES = frozenset({"HANDLERS"})


class _Finder(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[str] = []
        self._kinds: dict[str, str] = dict.fromkeys(TABLES, _TABLE)

    def _kind(self, node: ast.expr | None) -> str | None:
        """What of ministack an expression leads to, if anything."""
        match node:
            case ast.Name(id=name):
                return self._kinds.get(name)
            case ast.Attribute(attr="__dict__") | ast.Call(func=ast.Name(id="vars")):
                return _TABLE
            case ast.Attribute(value=value, attr=name):
                kind = self._kind(value)
                return (_TABLE if name.isupper() else _STATE) if kind == _MODULE else kind
            case ast.Subscript(value=value) | ast.Call(func=ast.Attribute() as value):
                return self._kind(value)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                kinds = {self._kind(one.value if isinstance(one, ast.Starred) else one) for one in elements}
                return next((kind for kind in (_MODULE, _TABLE) if kind in kinds), None)
        return None

    def _name(self, target: ast.expr, kind: str | None) -> None:
        """Notes what the names in a target stand for from here on."""
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                if kind in (_MODULE, _TABLE):
                    self._kinds[node.id] = kind
                elif node.id not in TABLES:
                    self._kinds.pop(node.id, None)

    def _written(self, node: ast.AST, targets: list[ast.expr]) -> None:
        for target in (inner for given in targets for inner in ast.walk(given)):
            stored = isinstance(getattr(target, "ctx", None), ast.Store | ast.Del)
            if stored and (
                (isinstance(target, ast.Attribute) and self._kind(target.value) is not None)
                or (isinstance(target, ast.Subscript) and self._kind(target.value) == _TABLE)
                or (isinstance(node, ast.AugAssign) and self._kind(target) == _TABLE)
            ):
                self._tell(node)

    def _tell(self, node: Any) -> None:
        self.found.append(f"line {node.lineno}: {ast.unparse(node)[:200]}")

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if (node.module or "").partition(".")[0] == "ministack":
            self._kinds |= {name.asname or name.name: _MODULE for name in node.names}

    def visit_Import(self, node: ast.Import) -> None:
        names = [name for name in node.names if name.name.partition(".")[0] == "ministack"]
        self._kinds |= {name.asname or "ministack": _MODULE for name in names}

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        around = dict(self._kinds)
        self.generic_visit(node)
        self._kinds = around

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        self._written(node, node.targets)
        for target in node.targets:
            self._name(target, self._kind(node.value))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.generic_visit(node)
        self._written(node, [node.target])
        self._name(node.target, self._kind(node.value))

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        self._written(node, [node.target])

    def visit_Delete(self, node: ast.Delete) -> None:
        self._written(node, node.targets)

    def visit_For(self, node: ast.For) -> None:
        self._name(node.target, self._kind(node.iter))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        match node.func:
            case ast.Name(id=name) if name in _SETTING:
                self._tell(node)
            case ast.Attribute(value=value, attr=name) if name in _MUTATING and self._kind(value) == _TABLE:
                self._tell(node)


def patches(source: str) -> list[str]:
    """The places, each in one line."""
    finder = _Finder()
    finder.visit(ast.parse(source))
    return finder.found
