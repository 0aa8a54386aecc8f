"""What a route reads and responds with, taken from its own source: so the published description cannot lag behind the code."""

import ast
import sys
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from inspect import getdoc, getsource, isfunction, unwrap
from typing import Any, NamedTuple

from pydantic import BaseModel

OURS = "chalicelib.api"
_SIGNED_IN = frozenset({"resident", "caller", "session", "anyone", "token"})
_DEEP = 3  # helpers that call helpers


class View(NamedTuple):
    """`keys`: of the object it responds with, where every return writes one down; None where it does not. `body`: None for none."""

    summary: str
    status: int
    signed_in: bool
    body: type[BaseModel] | None
    parameters: tuple[str, ...]
    idempotency: str  # "", "taken", "required"
    cached: bool
    is_json: bool
    keys: tuple[str, ...] | None


def view_of(function: Callable[..., Any]) -> View:
    """What the route of this view function takes and gives."""
    view = unwrap(function)
    decorators, body = _definition(view).decorator_list, _calls(view, _DEEP)
    decorator = next(
        (each for each in decorators if _name(each) == "responds" and isinstance(each, ast.Call)), None
    )
    given = (
        [*decorator.args, *(word.value for word in decorator.keywords if word.arg == "status")]
        if decorator
        else []
    )
    written = (each.value for each in given if isinstance(each, ast.Constant))
    status = next((each for each in written if isinstance(each, int)), 200)
    allowed = decorator is not None and (
        len(decorator.args) > 1 or any(w.arg == "allowed" for w in decorator.keywords)
    )
    found = list(body)
    keyed = [call for call, _ in found if _name(call) == "idempotency"]
    required = any(word.arg == "required" for call in keyed for word in call.keywords)
    return View(
        summary=(getdoc(view) or view.__name__.replace("_", " ")).partition("\n")[0],
        status=status,
        signed_in=allowed or any(_name(call) in _SIGNED_IN and _is_auth(call) for call, _ in found),
        body=next((model for call, where in found if (model := _model(call, where))), None),
        parameters=tuple(dict.fromkeys(name for call, where in found for name in _parameters(call, where))),
        idempotency="required" if required else "taken" if keyed else "",
        cached=any(_name(call) == "unless_seen" for call, _ in found),
        is_json=not any(_name(call) == "Response" for call, _ in found),
        keys=_keys(view),
    )


def _calls(function: Callable[..., Any], deep: int) -> Iterator[tuple[ast.Call, dict[str, Any]]]:
    """Every call that a function makes, with the names it sees, and those of our own helpers below it."""
    names = function.__globals__
    for node in ast.walk(_definition(function)):
        if not isinstance(node, ast.Call):
            continue
        yield node, names
        helper = _value(node.func, names)
        if deep and isfunction(helper) and _is_a_helper(helper):
            yield from _calls(helper, deep - 1)


def _is_a_helper(function: Callable[..., Any]) -> bool:
    """Of the API, but not of what reads requests and sessions itself."""
    return function.__module__.startswith(OURS) and function.__module__ not in {
        f"{OURS}.http",
        f"{OURS}.auth",
        f"{OURS}.routes",
    }


@cache
def _definition(function: Callable[..., Any]) -> ast.FunctionDef:
    tree = ast.parse(textwrap.dedent(getsource(function)))
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef))


def _model(call: ast.Call, names: dict[str, Any]) -> type[BaseModel] | None:
    if _name(call) != "read" or not call.args:
        return None
    found = _value(call.args[0], names)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _parameters(call: ast.Call, names: dict[str, Any]) -> list[str]:
    """The query parameters that a call reads: `parameter("from")`, or a helper that hands its argument on to it."""
    given = [each.value if isinstance(each, ast.Constant) else None for each in call.args]
    if _name(call) == "parameter":
        return [str(given[0])] if given and given[0] else []
    helper = _value(call.func, names)
    if not isfunction(helper) or not _is_a_helper(helper):
        return []
    takes = [argument.arg for argument in _definition(helper).args.args]
    inner = [
        each
        for each in ast.walk(_definition(helper))
        if isinstance(each, ast.Call) and _name(each) == "parameter"
    ]
    handed = {each.args[0].id for each in inner if each.args and isinstance(each.args[0], ast.Name)}
    return [str(value) for name, value in zip(takes, given, strict=False) if name in handed and value]


def _is_auth(call: ast.Call) -> bool:
    """`auth.caller()` or a bare `caller()` imported from there; not some other module's `session`."""
    return not isinstance(call.func, ast.Attribute) or ast.unparse(call.func.value) == "auth"


def _keys(view: Callable[..., Any]) -> tuple[str, ...] | None:
    returned = [node.value for node in ast.walk(_definition(view)) if isinstance(node, ast.Return)]
    literal = [
        tuple(str(key.value) for key in value.keys if isinstance(key, ast.Constant))
        for value in returned
        if isinstance(value, ast.Dict)
    ]
    if len(literal) != len(returned) or not literal:
        return None
    return tuple(key for key in literal[0] if all(key in other for other in literal))


def _name(node: ast.expr) -> str:
    """The last part of what is called: `read` of `http.read(…)`."""
    target = node.func if isinstance(node, ast.Call) else node
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def _value(node: ast.expr, names: dict[str, Any]) -> Any:
    """What a dotted name stands for in a module; None for anything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _value(node.value, names)
        return getattr(owner, node.attr, None) if owner in sys.modules.values() else None
    return None
