"""Orders for render processes, by templates too, and the type of the fixture that opens pools."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from plotkiln.spec import Limits, parse_spec
from plotkiln.spec.full import FullSpec
from plotkiln.style.builtin import BUILTIN
from plotkiln.templates.sources import Source, TemplateSources
from plotkiln.workers import Order, Pool, TemplateOrder, Templates
from templated import HEAD, write_files

__all__ = ["OpenPool", "by_template", "order_of", "templates_in"]

#: Opens a pool; the keywords are `PoolSize`'s, and places, reserve and counted.
OpenPool = Callable[..., AbstractAsyncContextManager[Pool]]


def order_of(spec: bytes = b'{"x": [1, 2, 3], "y": [4, 1, 7]}', format_: str = "png") -> Order:
    """Return an order in the built-in style."""
    return Order(
        spec=parse_spec(spec, Limits(points=10_000_000, pixels=1_000_000_000)).full,
        style=BUILTIN,
        format=format_,  # type: ignore[arg-type]  # a test may ask for anything
        spec_digest="0" * 64,
        style_digest="1" * 64,
        digest="2" * 64,
        versions={"plotkiln": "0"},
    )


def templates_in(folder: Path, **files: str) -> Templates:
    """Write files of templates, each a name and its body or the whole text, and say where."""
    texts = {
        f"{name}.py": text if "\n" in text else _made(name, text) for name, text in files.items()
    }
    write_files(folder, texts)
    return Templates(TemplateSources(folder).current(), {})


def _made(name: str, body: str) -> str:
    function = f"def {name}(figure, *, value: float = 0):"
    return f"{HEAD}@template({name!r})\n{function}\n    {body}\n"


def by_template(templates: Templates, name: str, **params: Any) -> Order:
    """Return an order by a template of the first source."""
    source: Source = templates.sources[0]
    return Order(
        spec=FullSpec(template=name, params=params, width=200, height=120),
        style=BUILTIN,
        format="png",
        spec_digest="0" * 64,
        style_digest="1" * 64,
        digest="2" * 64,
        versions={},
        template=TemplateOrder(source=source.id, name=name, code=source.code, foreign=True),
    )
