"""Typed JSON documents: one struct gives the decoder, the published schema and every fault."""

from plotkiln.documents.canonical import canonical_json, sha256_hex
from plotkiln.documents.decoding import Contract, read_json
from plotkiln.documents.extents import is_written_within, nesting
from plotkiln.documents.ids import ID_BYTES, ID_PATTERN, id_text
from plotkiln.documents.schema import json_schema
from plotkiln.documents.validation import Validator, capped
from plotkiln.documents.wording import nearest, path_of, shown

__all__ = [
    "ID_BYTES",
    "ID_PATTERN",
    "Contract",
    "Validator",
    "canonical_json",
    "capped",
    "id_text",
    "is_written_within",
    "json_schema",
    "nearest",
    "nesting",
    "path_of",
    "read_json",
    "sha256_hex",
    "shown",
]
