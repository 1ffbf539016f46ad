"""`client.templates`: what draws by parameters instead of series."""

from typing import Any
from urllib.parse import quote

import msgspec

from plotkiln.client.acts import Mode, Room, act
from plotkiln.client.exchanges import Steps
from plotkiln.client.patience import got
from plotkiln.client.problems import checked, decoded

__all__ = ["BrokenTemplate", "Template", "TemplateList", "Templates"]


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One template, with what it takes."""

    name: str
    title: str = ""
    description: str = ""
    #: Where it comes from: `plotkiln`, a distribution, or the server's folder.
    source: str = ""
    #: JSON Schema (2020-12) of the parameters.
    params: dict[str, Any] = {}
    #: Width and height in pixels where a spec has none; None where the style decides.
    size: tuple[int, int] | None = None


class BrokenTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """What the server could not load, and why."""

    source: str
    #: The file or the entry point; empty for the source as a whole.
    target: str = ""
    message: str = ""


class TemplateList(msgspec.Struct, frozen=True, kw_only=True):
    """Every template of a server."""

    templates: tuple[Template, ...]
    broken: tuple[BrokenTemplate, ...] = ()


class Templates(Room[Mode]):
    """The server's templates."""

    @act
    def list(self) -> Steps[TemplateList]:
        """Return every template, and what is broken."""
        answer = checked((yield from got("/templates")))
        return decoded(answer, TemplateList)

    @act
    def get(self, name: str) -> Steps[Template]:
        """Return one template; raises `NotFoundError`."""
        answer = checked((yield from got(f"/templates/{quote(name, safe='')}")))
        return decoded(answer, Template)
