"""From bytes as sent to a full spec with its digest."""

import msgspec

from plotkiln.documents import Contract, read_json
from plotkiln.errors import SchemaError
from plotkiln.spec.bounds import check_bounds, check_depth, check_flood
from plotkiln.spec.digests import spec_digest
from plotkiln.spec.expansion import expand
from plotkiln.spec.full import FullSpec
from plotkiln.spec.limits import Limits
from plotkiln.spec.models import Spec
from plotkiln.spec.templated import NO_TEMPLATES, Templates

__all__ = ["SPEC_CONTRACT", "ParsedSpec", "parse_spec"]

#: Published at /schemas/spec.
SPEC_CONTRACT = Contract(
    Spec, title="plotkiln spec", description="What to draw: kinds, data, labels, size."
)


class ParsedSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One spec, checked and written out."""

    #: As sent.
    spec: Spec
    #: As it is drawn.
    full: FullSpec
    #: SHA-256 of the canonical JSON of the spec as sent, less `format`; 64 hexadecimal digits.
    digest: str
    #: What is drawn otherwise than sent, each with its path.
    warnings: tuple[str, ...] = ()


def parse_spec(data: bytes, limits: Limits, templates: Templates = NO_TEMPLATES) -> ParsedSpec:
    """Read, check and expand one spec.

    Raises `MalformedError` when it is not JSON, `SchemaError` with all faults that the published
    schema shows, else `RuleError` with all others: those of size before anything is expanded.
    """
    check_flood(data, limits)
    spec = _decoded(data, limits)
    check_bounds(spec, limits)
    full, warnings = expand(spec, limits, templates)
    digest = spec_digest(read_json(data))
    return ParsedSpec(spec=spec, full=full, digest=digest, warnings=warnings)


def _decoded(data: bytes, limits: Limits) -> Spec:
    """Decode a spec; only one that breaks the schema can nest more deeply than that allows."""
    try:
        return SPEC_CONTRACT.decode(data)
    except SchemaError:
        check_depth(read_json(data), limits)
        raise
