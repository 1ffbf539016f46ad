"""What one rcParam accepts: the row type of the generated table."""

import msgspec

__all__ = ["Kind"]


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """The values of one rcParam, as alternatives: any that is set accepts."""

    #: Fixed words.
    words: tuple[str, ...] = ()
    #: true and false.
    boolean: bool = False
    #: A colour.
    color: bool = False
    #: Least and greatest number; the bounds belong to it.
    number: tuple[float, float] | None = None
    #: The number has no fraction.
    whole: bool = False
    #: How many numbers a list has, at least and at most; each lies within `number`.
    numbers: tuple[int, int] | None = None
    #: Numbers come in a list alone.
    only_list: bool = False
    #: On and off lengths: an even count, of which one is above zero.
    dashes: bool = False
    #: Text of this form (a regular expression).
    pattern: str = ""
    #: A text or a list of texts, each of the form `pattern`.
    texts: bool = False
