"""The schemas of what routes read and respond with: of the bodies that are read, and of the return types of the routes."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from inspect import unwrap
from types import ModuleType
from typing import Any, NamedTuple, get_args, get_origin

from chalice import Response
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

import chalicelib
from chalicelib.api.http import Tagged

Doc = dict[str, Any]
REFERENCE = "#/components/schemas/{model}"


def responded(route: Callable[..., Any]) -> Any:
    """The type of the JSON that a route responds with, None for one that responds with a document of another kind.

    Routes name schemas in quotes, for nothing imports these modules while the service runs.
    """
    view = unwrap(route)
    written = view.__annotations__["return"]
    meant = eval(written, {**view.__globals__, **schemas()}) if isinstance(written, str) else written
    if get_origin(meant) is Tagged:
        (meant,) = get_args(meant)
    return None if isinstance(meant, type) and issubclass(meant, Response) else meant


def is_tagged(route: Callable[..., Any]) -> bool:
    """Whether it responds with 304 to whoever has the very same already."""
    return str(unwrap(route).__annotations__["return"]).startswith("Tagged[")


@cache
def schemas() -> dict[str, Any]:
    """Every schema that a wing declares, by its name. Raises ValueError for two of one name: OpenAPI could not tell them apart."""
    found: dict[str, Any] = {}
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        if module.name.rpartition(".")[2] == "schemas":
            for name, schema in _of(importlib.import_module(module.name)):
                if found.setdefault(name, schema) is not schema:
                    raise ValueError(f"two schemas are called {name}")
    return found


def _of(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for name, each in vars(module).items():
        if getattr(each, "__module__", "") == module.__name__ and not name.startswith("_"):
            yield name, each


class Described(NamedTuple):
    """JSON Schemas, each by what it is made of, and the components that they refer to."""

    schemas: dict[Any, Doc]
    components: Doc


def described(bodies: Iterable[type[BaseModel]], responses: Iterable[Any]) -> Described:
    """What is read, by its model, and what is responded with, by the name of its type: one like `list[Row]` is made anew
    wherever it is written. All in one call: so no two components share a name, and what is read otherwise than responded with
    is two (`-Input`, `-Output`).
    """
    read = {body: ("validation", TypeAdapter(body)) for body in bodies}
    sent = {repr(each): ("serialization", TypeAdapter(each)) for each in responses}
    known: list[Any] = [(key, mode, adapter) for key, (mode, adapter) in (read | sent).items()]
    made, rest = TypeAdapter.json_schemas(known, ref_template=REFERENCE, schema_generator=_AsSent)
    return Described({key: _lean(schema) for (key, _), schema in made.items()}, _lean(rest.get("$defs", {})))


class _AsSent(GenerateJsonSchema):
    """What a model responds with holds every field, also one that has a default."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        if self.mode == "serialization" and field["type"] == "model-field":
            return True
        return super().field_is_required(field, total)


def _lean(schema: Any) -> Any:
    """Without the titles that pydantic makes of names: they say nothing. A property may be called title, and stays."""
    if isinstance(schema, list):
        return [_lean(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _lean(each) for name, each in schema.items() if not (name == "title" and isinstance(each, str))
    }
