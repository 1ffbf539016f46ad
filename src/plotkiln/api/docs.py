"""The reference: every operation with its examples drawn, every member, every problem."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html import escape
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.operations import Operation, Parameter
from plotkiln.api.pages import code_and_words, element, page, table
from plotkiln.api.security import needed
from plotkiln.service.problems import PROBLEMS, ProblemKind
from plotkiln.spec import SPEC_CONTRACT, encode_spec
from plotkiln.style.documents import STYLE_CONTRACT

__all__ = ["get_docs"]

#: A list of plain values that `msgspec` spread over lines.
_SPREAD_LIST = re.compile(r"\[\s+([^\[\]{}]*?)\s+\]")


async def get_docs(request: Request) -> Response:
    """Show the reference."""
    return page("plotkiln: reference", _reference(request.app))


@cache
def _reference(app: Starlette) -> str:
    by_tag: dict[str, list[Operation]] = {}
    for operation in app.state.operations:
        by_tag.setdefault(operation.tag, []).append(operation)
    parts = [element("h1", "Reference"), *(_tag(*item) for item in by_tag.items())]
    parts += _contract("Members of a spec", "spec", SPEC_CONTRACT.schema)
    parts += _contract("Members of a style", "style", STYLE_CONTRACT.schema)
    parts += [
        element("h2", "Problems"),
        table(("Status", "Problem", "Meaning"), map(_problem_row, PROBLEMS)),
    ]
    return "".join(parts)


def _tag(tag: str, operations: Iterable[Operation]) -> str:
    return element("h2", tag) + "".join(map(_operation, operations))


def _operation(operation: Operation) -> str:
    words = f"{operation.summary}. {operation.description} {needed(operation)}"
    parts = [
        f"<h3><code>{operation.method} {escape(operation.path)}</code></h3>",
        f"<p>{code_and_words(words)}</p>",
    ]
    if operation.parameters:
        rows = map(_parameter_row, operation.parameters)
        parts.append(table(("Parameter", "In", "Meaning"), rows))
    if operation.body:
        parts += _examples(operation.path, operation.body.examples)
    statuses = sorted({*operation.answers, *operation.refusals})
    parts.append(element("p", f"Answers {', '.join(map(str, statuses))}."))
    return f'<section id="{operation.handler.__name__}">{"".join(parts)}</section>'


def _examples(path: str, examples: Mapping[str, Any]) -> Iterator[str]:
    for name, value in examples.items():
        picture = ""
        if path == "/plot":
            address = f"/plot/{encode_spec(msgspec.json.encode(value))}.svg"
            picture = f'<img src="{address}" alt="{escape(name)}" loading="lazy">'
        yield f"<details><summary>Example: {escape(name)}</summary>"
        yield f"{element('pre', _pretty(value))}{picture}</details>"


def _contract(title: str, name: str, schema: Mapping[str, Any]) -> list[str]:
    rows = _member_rows(schema, schema.get("$defs", {}), "")
    link = f'<p><a href="/schemas/{name}">JSON Schema</a></p>'
    return [element("h2", title), link, table(("Member", "Takes", "Meaning"), rows)]


def _member_rows(
    schema: Mapping[str, Any], definitions: Mapping[str, Any], prefix: str
) -> Iterator[str]:
    for name, member in schema.get("properties", {}).items():
        opened = _opened(member, definitions)
        path = f"{prefix}{name}"
        meaning = code_and_words(opened.get("description", ""))
        yield f"<tr><td><code>{path}</code></td><td>{_takes(opened)}</td><td>{meaning}</td></tr>"
        yield from _member_rows(opened, definitions, f"{path}.")
        if "properties" in (item := _opened(opened.get("items", {}), definitions)):
            yield from _member_rows(item, definitions, f"{path}[].")


def _opened(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref", "")
    opened: Mapping[str, Any] = definitions.get(reference.rpartition("/")[2], schema)
    return opened


def _takes(schema: Mapping[str, Any]) -> str:
    """Say in a few words what values a member takes."""
    alternatives = schema.get("anyOf")
    if alternatives:
        return " or ".join(filter(None, map(_takes, alternatives)))
    if "enum" in schema:
        return ", ".join(f"<code>{escape(str(one))}</code>" for one in _named(schema["enum"]))
    types = schema.get("type", [])
    return escape(" or ".join(_named([types] if isinstance(types, str) else types)))


def _named(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if value not in {None, "null"}]


def _parameter_row(parameter: Parameter) -> str:
    meaning = code_and_words(parameter.description)
    return (
        f"<tr><td><code>{parameter.name}</code></td><td>{parameter.place}</td>"
        f"<td>{meaning}</td></tr>"
    )


def _problem_row(kind: ProblemKind) -> str:
    meaning = escape(" ".join((kind.error.__doc__ or "").split()))
    return (
        f'<tr id="{kind.slug}"><td>{kind.status}</td><td>{escape(kind.title)}</td>'
        f"<td>{meaning}</td></tr>"
    )


def _pretty(value: Any) -> str:
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    return _SPREAD_LIST.sub(lambda found: f"[{' '.join(found[1].split())}]", text)
