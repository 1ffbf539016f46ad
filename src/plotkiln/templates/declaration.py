"""The decorator that makes a function a template."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec

from plotkiln.documents import Contract
from plotkiln.errors import Fault, RuleError, SchemaError
from plotkiln.templates.parameters import params_schema, params_struct

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Template", "template"]

P = ParamSpec("P")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")

#: Least width and height, in pixels, as of a spec's size.
_LEAST_SIDE = 16


class Template(Generic[P]):
    """A function that draws, with a name and a contract for what it takes."""

    def __init__(
        self,
        function: "Callable[Concatenate[Figure, P], None]",
        *,
        name: str,
        title: str,
        description: str,
        size: tuple[int, int] | None,
    ) -> None:
        """Read the contract off the function; raises `TypeError` where it has none."""
        self.function = function
        self.name = name
        #: A few words for people.
        self.title = title
        self.description = description
        #: Pixels (width, height) of its pictures where nobody asks for others; None: the style's.
        self.size = size
        struct = params_struct(function)
        self._contract = Contract(struct, title=title, description=description, closed=True)
        #: JSON Schema (2020-12) of the parameters.
        self.schema = params_schema(function, struct, title=title, description=description)

    def __call__(self, figure: "Figure", *args: P.args, **kwargs: P.kwargs) -> None:
        """Draw on a figure, as the bare function does."""
        self.function(figure, *args, **kwargs)

    def arguments(self, params: dict[str, Any]) -> dict[str, Any]:
        """Return JSON parameters as the function takes them, with every default.

        Raises `RuleError` with every fault; paths begin with `params`.
        """
        try:
            document = self._contract.convert(params)
        except (SchemaError, RuleError) as error:
            raise RuleError(faults=[below_params(fault) for fault in error.faults]) from error
        return {name: getattr(document, name) for name in self._contract.document.__struct_fields__}


def template(
    name: str,
    *,
    title: str | None = None,
    description: str | None = None,
    size: tuple[int, int] | None = None,
) -> "Callable[[Callable[Concatenate[Figure, P], None]], Template[P]]":
    """Make a function a template of this name.

    The function takes a Matplotlib figure, in the style already and of the right size, and typed
    parameters by name. Title and description are taken from the name and the docstring where they
    are missing; `size` is the picture's width and height in pixels where the spec names none.
    Raises `ValueError` for a name or a size that cannot be used, `TypeError` for a parameter
    without a type that JSON has.
    """
    if not _NAME.fullmatch(name):
        message = "write 1 to 128 letters, digits, points, hyphens or underscores"
        raise ValueError(f"{name!r} is no template's name: {message}")
    if size is not None and min(size) < _LEAST_SIDE:
        raise ValueError(f"size {size} is too small: {_LEAST_SIDE} pixels are the least side")

    def decorate(function: "Callable[Concatenate[Figure, P], None]") -> Template[P]:
        return Template(
            function,
            name=name,
            title=title or re.sub(r"[-_.]+", " ", name).capitalize(),
            description=description or _first_paragraph(function.__doc__ or ""),
            size=size,
        )

    return decorate


def below_params(fault: Fault) -> Fault:
    """Return a fault of the parameters with its place in the spec."""
    inner = fault.path if fault.path.startswith("[") or not fault.path else f".{fault.path}"
    return Fault(f"params{inner}", fault.message)


def _first_paragraph(docstring: str) -> str:
    return " ".join(docstring.strip().partition("\n\n")[0].split())
