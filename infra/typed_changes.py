"""A plugin of mypy: what changes a frozen model names its fields, and gives them what they hold.

`model_copy(update={…})` takes any dictionary, and pydantic neither checks its keys nor its values: a misspelt field would be
set and silently lost with the next save. Here each key that is written down is looked up in the model that is changed. What
is put together while running is judged by `Frozen.model_copy` then.
"""

from collections.abc import Callable, Iterator

from mypy.nodes import ARG_NAMED, DictExpr, Expression, OpExpr, StrExpr, Var
from mypy.plugin import FunctionContext, MethodContext, Plugin
from mypy.subtypes import is_subtype
from mypy.types import Instance, Type, get_proper_type

# functions of ours whose first argument is the model, and whose keywords beyond their own are its fields
CHANGERS = frozenset({"chalicelib.domain.acts.moves.moved", "chalicelib.domain.classes.issue_class.changed"})


class TypedChanges(Plugin):
    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        return _copied if fullname.endswith(".model_copy") else None

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        return _changed if fullname in CHANGERS else None


def _copied(context: MethodContext) -> Type:
    written = next(iter(context.args[0]), None)
    for key, value in _entries(written):
        _check(context, context.type, key, value)
    return context.default_return_type


def _changed(context: FunctionContext) -> Type:
    model = context.arg_types[0][0]
    names, kinds, values = context.arg_names[-1], context.arg_kinds[-1], context.args[-1]
    for name, kind, value in zip(names, kinds, values, strict=True):
        if kind is ARG_NAMED and name is not None:
            _check(context, model, name, value)
    return context.default_return_type


def _entries(written: Expression | None) -> Iterator[tuple[str, Expression]]:
    """The keys that are written down: of a dictionary, or of several that are joined by `|`."""
    if isinstance(written, OpExpr) and written.op == "|":
        yield from _entries(written.left)
        yield from _entries(written.right)
    for key, value in written.items if isinstance(written, DictExpr) else ():
        if isinstance(key, StrExpr):
            yield key.value, value


def _check(context: MethodContext | FunctionContext, model: Type, name: str, value: Expression) -> None:
    changed = get_proper_type(model)
    if not isinstance(changed, Instance):
        return
    field = changed.type.get(name)
    if field is None or field.type is None or not isinstance(field.node, Var) or field.node.is_classvar:
        context.api.fail(f'"{changed.type.name}" has no field "{name}"', value)
        return
    given = context.api.get_expression_type(value, field.type)
    if not is_subtype(given, field.type):
        context.api.fail(f'"{name}" of "{changed.type.name}" holds {field.type}, not {given}', value)


def plugin(_version: str) -> type[Plugin]:
    return TypedChanges
