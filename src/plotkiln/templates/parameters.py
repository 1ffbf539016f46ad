"""The parameters of a function as a contract: its signature becomes a struct and a JSON Schema."""

import copy
import typing
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec

from plotkiln.documents import json_schema
from plotkiln.documents.comments import comments_in

if TYPE_CHECKING:
    from inspect import Parameter

__all__ = ["params_schema", "params_struct"]


def params_struct(function: Callable[..., Any]) -> type[msgspec.Struct]:
    """Return a struct with one member for each parameter after the figure.

    Raises `TypeError` with the parameter's name for one without a type, for `*args` and `**kwargs`,
    and for a default that does not fit its type.
    """
    parameters = _parameters(function)
    types = _types(function, parameters)
    fields = [_field(parameter, types[parameter.name]) for parameter in parameters]
    return msgspec.defstruct(
        f"{function.__name__.title().replace('_', '')}Params",
        fields,
        kw_only=True,
        frozen=True,
        forbid_unknown_fields=True,
        module=function.__module__,
    )


def params_schema(
    function: Callable[..., Any], struct: type[msgspec.Struct], *, title: str, description: str
) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the parameters, each with its default.

    A parameter is described by its `Meta(description=…)`, or by `#:` lines above it. Raises
    `TypeError` for a type that JSON cannot express.
    """
    schema = json_schema(struct, title=title, description=description, closed=True)
    comments = _comments(function)
    members = dict(schema.get("properties", {}))
    for parameter in _parameters(function):
        member = dict(members[parameter.name])
        if parameter.name in comments:
            member.setdefault("description", comments[parameter.name])
        if parameter.default not in (parameter.empty, None):
            member["default"] = msgspec.to_builtins(parameter.default)
        members[parameter.name] = member
    return {**schema, "properties": members, "additionalProperties": False}


def _parameters(function: Callable[..., Any]) -> list["Parameter"]:
    """Return all parameters but the first, which takes the figure."""
    import inspect  # noqa: PLC0415 -- only where templates are loaded

    parameters = list(inspect.signature(function).parameters.values())
    if not parameters or not parameters[0].kind.name.startswith("POSITIONAL"):
        raise TypeError(f"{function.__name__} takes no figure: its first parameter is one")
    for parameter in parameters[1:]:
        if parameter.kind.name not in {"KEYWORD_ONLY", "POSITIONAL_OR_KEYWORD"}:
            raise TypeError(f"the parameter {parameter} has no name of its own: write each by name")
        if parameter.annotation is parameter.empty:
            raise TypeError(f"the parameter {parameter.name} has no type: write {parameter}: float")
    return parameters[1:]


def _types(function: Callable[..., Any], parameters: list["Parameter"]) -> dict[str, Any]:
    """Return the parameters' types; the figure's may be a name that only type checkers know."""
    annotations = SimpleNamespace(__annotations__={p.name: p.annotation for p in parameters})
    names = getattr(function, "__globals__", {})
    return typing.get_type_hints(annotations, globalns=names, include_extras=True)


def _field(parameter: "Parameter", kind: Any) -> Any:
    if parameter.default is parameter.empty:
        return parameter.name, kind
    default = _fitting_default(parameter, kind)
    if isinstance(default, list | dict | set):
        return parameter.name, kind, msgspec.field(default_factory=_copier(default))
    return parameter.name, kind, default


def _fitting_default(parameter: "Parameter", kind: Any) -> Any:
    """Return a default as the same value in JSON would arrive: 3 is 3.0 where floats are taken."""
    try:
        return msgspec.convert(msgspec.to_builtins(parameter.default), kind)
    except msgspec.ValidationError as error:
        raise TypeError(f"the default of {parameter.name} does not fit its type: {error}") from None


def _copier(default: Any) -> Callable[[], Any]:
    """Return what makes a copy: one drawing never sees what another did to a default."""
    return lambda: copy.deepcopy(default)


def _comments(function: Callable[..., Any]) -> dict[str, str]:
    """Return what `#:` lines in the signature say of the parameters."""
    import inspect  # noqa: PLC0415 -- only where templates are loaded

    try:
        return comments_in(_signature_lines(inspect.getsource(function)))
    except (OSError, TypeError):
        return {}


def _signature_lines(source: str) -> Iterator[str]:
    for line in source.splitlines():
        yield line
        if line.startswith(")"):
            return
