"""The values of a render: what is asked for, by whom, and what came of it."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from plotkiln.artifacts import StoredRendering
from plotkiln.documents import canonical_json, sha256_hex
from plotkiln.identity import ANONYMOUS
from plotkiln.service.templates import TemplateUse
from plotkiln.spec import ParsedSpec
from plotkiln.spec.models import Format
from plotkiln.style.looks import DEFAULT, Look
from plotkiln.workers import Lane, Progress

__all__ = ["Errand", "Hurry", "Picture", "Plan"]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One rendering that is asked for; its digest is known, its bytes may not be."""

    digest: str
    format: Format
    look: Look
    spec_digest: str
    #: The spec as sent.
    data: bytes
    #: Read already, or None: a stored chart is read only when it must be drawn.
    parsed: ParsedSpec | None = None
    #: The template that draws, if the spec names one.
    template: TemplateUse | None = None
    #: The style as it was asked for: a name, or a pin.
    style: str = DEFAULT
    #: Name of the principal that asked for it.
    asked_by: str = ANONYMOUS.name

    @property
    def fingerprint(self) -> str:
        """What was asked for, in 64 characters: the digest without what it is resolved to.

        It stays when the style's document, a template's code or the renderer changes.
        """
        return sha256_hex(
            canonical_json(
                {
                    "format": self.format,
                    "spec": self.spec_digest,
                    "style": self.style,
                    "template": self.template.name if self.template else None,
                }
            )
        )


#: Tells, right before a plan is drawn, for how many seconds others draw it, or are thought to; 0
#: where nobody does. It must not raise.
Hurry = Callable[[Plan], Awaitable[float]]


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """For whom a plan is drawn, and what they need of it."""

    #: Seconds that the drawing may take.
    budget: float
    lane: Lane = "request"
    #: Is told how far the drawing is; must not raise.
    progress: Callable[[Progress], None] | None = None
    #: Is told the digest and the rendering that was drawn, before it is stored; must not raise.
    drawn: Callable[[str, StoredRendering], None] | None = None
    #: The rendering must be in the store afterwards, not only in memory.
    must_store: bool = False
    #: What is expected to take longer than the budget, by what is known here or by this, is refused
    #: before it is begun; None: nothing is.
    hurried: Hurry | None = None


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A rendering, and how it came about."""

    plan: Plan
    data: bytes
    warnings: tuple[str, ...]
    #: memory, store, drawn, or joined with a render that was under way.
    source: str
    #: Milliseconds per stage.
    stages: Mapping[str, float]
