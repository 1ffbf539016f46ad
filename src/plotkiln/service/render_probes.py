"""Probes of the render processes: a real picture, cold and warm, and what the fonts cover."""

import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from plotkiln.errors import WorkersUnavailable
from plotkiln.identity import ANONYMOUS
from plotkiln.service.doctor import Finding
from plotkiln.service.probes import megabytes
from plotkiln.service.templates import TemplateService
from plotkiln.spec import Limits, parse_spec
from plotkiln.style.builtin import BUILTIN
from plotkiln.workers import Order, Pool

__all__ = ["SCRIPTS", "find_fonts", "find_processes", "find_render", "find_templates"]

#: Signs that a font of each script has; few, because a rendering tells of 20 missing ones at most.
SCRIPTS = {
    "Latin": "Éß",
    "Greek": "Ωλ",
    "Cyrillic": "Жы",
    "Chinese (simplified)": "汉们",
    "Chinese (traditional)": "漢們",
    "Japanese": "かツ",
    "Korean": "한글",
    "emoji": "😀🎉",
}

#: What brings a missing script, by Debian's name.
_PACKAGES = {"emoji": "fonts-symbola"}
_CJK = "fonts-noto-cjk"

_MISSING = re.compile(r"no installed font has U\+([0-9A-F]{4,6})")

_SMALL: dict[str, Any] = {
    "title": "plotkiln doctor",
    "x": [1, 2, 3],
    "y": [4, 1, 7],
    "size": {"width": 480, "height": 320},
}


async def find_render(open_pool: Callable[[], Awaitable[Pool]], *, budget: float) -> Finding:
    """Start the render processes and draw one picture twice, `budget` seconds each at most."""
    start = time.perf_counter()
    try:
        pool = await open_pool()
        picture = await pool.render(_order(_SMALL), budget=budget)
        cold = time.perf_counter()
        await pool.render(_order(_SMALL), budget=budget)
    except WorkersUnavailable as error:
        mend = "See what the render process wrote above; install plotkiln anew if it cannot start."
        return Finding(str(error), "fault", mend)
    times = f"cold {cold - start:.2f} s, warm {(time.perf_counter() - cold) * 1000:.0f} ms"
    return Finding(f"{times}, PNG of {megabytes(len(picture.data))}")


async def find_fonts(pool: Pool, *, files: int, budget: float) -> Finding:
    """Draw a text in every script, and tell for which of them a font is missing."""
    text = "".join(SCRIPTS.values())
    rendered = await pool.render(_order({**_SMALL, "title": text}), budget=budget)
    lacking = {
        chr(int(code, 16)) for warning in rendered.warnings for code in _MISSING.findall(warning)
    }
    missing = [name for name, signs in SCRIPTS.items() if lacking & set(signs)]
    covered = ", ".join(name for name in SCRIPTS if name not in missing)
    detail = f"{files} files: {covered}"
    if not missing:
        return Finding(detail)
    packages = sorted({_PACKAGES.get(name, _CJK) for name in missing})
    mend = f"Install {' and '.join(packages)} (Debian), or put such fonts into ~/.fonts."
    return Finding(f"{detail}; none for {', '.join(missing)}", "warning", mend)


async def find_templates(templates: TemplateService) -> Finding:
    """Have every template described, and tell which cannot be loaded."""
    listed = await templates.list(ANONYMOUS)
    names = ", ".join(template.name for template in listed.templates)
    detail = f"{len(listed.templates)}: {names}"
    if not listed.broken:
        return Finding(detail)
    broken = "; ".join(f"{one.target or one.source}: {one.message}" for one in listed.broken)
    mend = "Mend the code at the line that is named, or take the template away."
    return Finding(f"{detail}; broken: {broken}", "warning", mend)


async def find_processes(pool: Pool) -> Finding:
    """Tell what the render processes do, without asking them."""
    pids, admission = pool.pids, pool.admission
    waiting = f"{admission.taken} of {admission.places} places taken"
    if admission.closed:
        return Finding(f"{waiting}; draining", "away", "Ask another process: this one ends.")
    if not pids["zygote"]:
        return Finding(f"{waiting}; asleep until the next picture")
    return Finding(f"{waiting}; {len(pids['busy'])} busy, {len(pids['idle'])} idle")


def _order(spec: dict[str, Any]) -> Order:
    return Order(
        spec=parse_spec(msgspec.json.encode(spec), Limits()).full,
        style=BUILTIN,
        format="png",
        spec_digest="",
        style_digest="",
        digest="",
        versions={},
    )
