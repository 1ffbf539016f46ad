"""What a picture says of its own making, within the file."""

from collections.abc import Mapping

import msgspec

__all__ = ["Provenance", "Record"]


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """What determines a rendering; each picture carries it."""

    #: SHA-256 of the canonical spec.
    spec_digest: str
    #: SHA-256 of the style's content.
    style_digest: str
    #: SHA-256 of everything that determines the bytes: the ETag.
    digest: str
    #: Versions by name: `plotkiln`, `matplotlib`, …
    versions: Mapping[str, str]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What is written into a picture's file, whatever its format."""

    title: str
    #: The alternative text.
    description: str
    provenance: Provenance

    @property
    def software(self) -> str:
        """The programs that made the picture, by name and version."""
        versions = sorted(self.provenance.versions.items())
        return ", ".join(f"{name} {version}" for name, version in versions)

    def digests(self) -> dict[str, str]:
        """Return the digests by the names that they have in every format."""
        made = self.provenance
        return {"spec": made.spec_digest, "style": made.style_digest, "rendering": made.digest}
