"""Every answer in XML is well-formed, whatever text of a user is in it.

ministack builds the answers of the query protocol (EC2, ELBv2, CloudFormation, IAM, ...) with thousands of f-strings and escapes
a part of what it puts in them. Here these modules are compiled so that an f-string with tags in it makes Markup, which takes
Markup as it is and escapes everything else: what is escaped already stays, what was forgotten is not forgotten any more.
"""

import ast
import contextlib
import hashlib
import importlib.abc
import importlib.machinery
import importlib.util
import marshal
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from markupsafe import Markup, escape

from .replacing import add_entry, replace

_SERVICES = [
    "alb",
    "autoscaling",
    "cloudwatch",
    "documentdb",
    "ec2",
    "elasticache",
    "iam",
    "rds",
    "ses",
    "sns",
    "sqs",
    "sts",
]
_CLOUDFORMATION = ["changesets", "drift", "handlers", "helpers"]
_MODULES = frozenset(
    [f"ministack.services.{name}" for name in _SERVICES]
    + [f"ministack.services.cloudformation.{name}" for name in _CLOUDFORMATION]
)
# Their names for an escape of their own, whose result must not be escaped again.
_ESCAPES = ("escape", "_esc", "_xml_escape", "xml_escape")
_TAG = re.compile(r"</?[A-Za-z][\w:.-]*(\s[^<>]*)?/?>|<\?xml ")
# What XML can't hold, not even escaped: https://www.w3.org/TR/xml/#charsets
UNHELD = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: Any, _entities: object = None) -> Markup:
    """A value as it is in XML. What XML can't hold is replaced. Takes what the escapes take in whose place it is."""
    return value if isinstance(value, Markup) else escape(UNHELD.sub("\ufffd", str(value)))


def _tagged(constants: Sequence[str], *values: Any) -> Markup:
    """An f-string with tags between its values."""
    parts = [constants[0]]
    for value, constant in zip(values, constants[1:], strict=True):
        parts += (text(value), constant)
    return Markup("".join(parts))


def _plain(constants: Sequence[str], *values: Any) -> str:
    """Any other f-string: XML only if a value of it is."""
    if any(isinstance(value, Markup) for value in values):
        return _tagged(constants, *values)
    return constants[0] + "".join(f"{value}{constant}" for value, constant in zip(values, constants[1:], strict=True))


def _joined(between: str, parts: Iterable[str]) -> str:
    found = list(parts)
    if any(isinstance(part, Markup) for part in found):
        return Markup(between.join(text(part) for part in found))
    return between.join(found)


_NAMES = {"__tagged": _tagged, "__plain": _plain, "__joined": _joined, "__markup": Markup}


def _call(name: str, node: ast.expr, *arguments: ast.expr) -> ast.expr:
    function = ast.Name(id=name, ctx=ast.Load())
    return ast.fix_missing_locations(
        ast.copy_location(ast.Call(func=function, args=list(arguments), keywords=[]), node)
    )


class _Compiled(ast.NodeTransformer):
    """F-strings, joins and constants with tags become calls of the functions above."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        constants, values = [""], []
        for part in node.values:
            if isinstance(part, ast.Constant):
                assert isinstance(part.value, str)
                constants[-1] += part.value
                continue
            assert isinstance(part, ast.FormattedValue)
            formatted = part.conversion != -1 or part.format_spec is not None
            value = self.visit(part.value)
            values.append(
                ast.JoinedStr(values=[ast.FormattedValue(value, part.conversion, part.format_spec)])
                if formatted
                else value
            )
            constants.append("")
        # A value may be the name of a tag.
        name = "__tagged" if _TAG.search("x".join(constants)) else "__plain"
        return _call(name, node, ast.Tuple([ast.Constant(one) for one in constants], ast.Load()), *values)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "join" and isinstance(function.value, ast.Constant):
            return _call("__joined", node, function.value, *node.args)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        tagged = isinstance(node.value, str) and node.value.lstrip().startswith("<") and _TAG.search(node.value)
        return _call("__markup", node, node) if tagged else node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        # A docstring stays one.
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)
        return node


_OWN_SOURCE = Path(__file__).read_bytes()


def _keep(file: Path, content: bytes) -> None:
    """Whole or not at all, for others may start at the same moment. A folder that is not ours to write in is no failure."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as temporary:
            temporary.write(content)
        Path(temporary.name).replace(file)


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        """Of the source, or of what an earlier start kept of it: compiling all of them takes more than two seconds."""
        source = Path(self.path).read_bytes()
        version = hashlib.sha256(importlib.util.MAGIC_NUMBER + _OWN_SOURCE + source).hexdigest()[:16]
        # Beside what Python itself keeps compiled of the module, and as trusted.
        kept = Path(importlib.util.cache_from_source(self.path)).with_suffix(f".xml-{version}")
        try:
            code: CodeType = marshal.loads(kept.read_bytes())
        except (OSError, ValueError, EOFError):
            code = compile(_Compiled().visit(ast.parse(source)), self.path, "exec", dont_inherit=True)
            _keep(kept, marshal.dumps(code))
        return code

    def exec_module(self, module: ModuleType) -> None:
        for name, function in _NAMES.items():
            add_entry(vars(module), name, function)
        super().exec_module(module)
        for name in _ESCAPES:
            if hasattr(module, name):
                replace(module, name, text)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        spec = importlib.machinery.PathFinder.find_spec(fullname, path) if fullname in _MODULES else None
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(fullname, spec.origin)
        return spec


def install() -> None:
    """Before any of these modules is imported."""
    if missed := _MODULES & sys.modules.keys():
        raise RuntimeError(f"imported before their answers could be made well-formed: {sorted(missed)}")
    sys.meta_path.insert(0, _Finder())
