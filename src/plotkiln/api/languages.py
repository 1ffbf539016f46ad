"""Which language a reader likes best, of those that pages are written in."""

__all__ = ["language_of"]


def language_of(accept_language: str) -> str:
    """Return `en` or `zh-CN`, whichever `Accept-Language` likes better; English if neither."""
    liking = {"en": 0.0, "zh": 0.0}
    for part in accept_language.split(","):
        tag, _, parameter = part.strip().lower().partition(";")
        family = tag.split("-")[0]
        if family in liking:
            liking[family] = max(liking[family], _quality(parameter))
    return "zh-CN" if liking["zh"] > liking["en"] else "en"


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
