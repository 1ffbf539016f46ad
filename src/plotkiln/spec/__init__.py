"""What to draw: models, validation, data, digest."""

from plotkiln.spec.digests import chart_id
from plotkiln.spec.encoded import decode_spec, encode_spec
from plotkiln.spec.full import FullSpec
from plotkiln.spec.kinds import KINDS
from plotkiln.spec.limits import Limits
from plotkiln.spec.models import Spec
from plotkiln.spec.parsing import SPEC_CONTRACT, ParsedSpec, parse_spec
from plotkiln.spec.table import spec_from_csv

__all__ = [
    "KINDS",
    "SPEC_CONTRACT",
    "FullSpec",
    "Limits",
    "ParsedSpec",
    "Spec",
    "chart_id",
    "decode_spec",
    "encode_spec",
    "parse_spec",
    "spec_from_csv",
]
