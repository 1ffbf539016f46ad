"""How large a spec may be; each bound has a setting of its own."""

import msgspec

__all__ = ["Limits"]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds on one spec."""

    #: Values in all columns of all series together.
    points: int = 1_000_000
    #: Series.
    series: int = 200
    #: Width × height of the picture, in pixels.
    pixels: int = 25_000_000
    #: Characters of one text: titles, labels, names, categories.
    text: int = 1_000
    #: Distinct categories on one axis, slices of one pie.
    categories: int = 1_000
    #: Annotations.
    annotations: int = 200
    #: Panels.
    panels: int = 36
    #: Levels of arrays and objects.
    depth: int = 16
