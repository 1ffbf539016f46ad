import io
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import Any, get_args

import numpy as np
import pytest
from PIL import Image

from drawings import PROVENANCE, drawn, restyled
from pixels import differing, pixels_of
from plotkiln.spec.models import Format
from provenances import pdf_streams, read_provenance

FORMATS: tuple[Format, ...] = get_args(Format)

SPEC: dict[str, Any] = {
    "title": "Größe & <Maß> 5 > 4",
    "alt": 'Two lines: "one" rises, Ω falls',
    "series": [{"name": "one", "y": [1, 2, 3]}, {"name": "two", "y": [3, 1, 2]}],
    "size": {"width": 320, "height": 200, "dpi": 60},
}


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_tells_its_making(format: Format) -> None:  # noqa: A002 -- the spec's own word
    """Title, alternative text, versions and digests can be read back from the file."""
    found = read_provenance(drawn(format=format, **SPEC).data)
    expected = {
        "title": SPEC["title"],
        "description": SPEC["alt"],
        "software": "matplotlib 3, plotkiln 0",
        "spec": PROVENANCE.spec_digest,
        "style": PROVENANCE.style_digest,
        "rendering": PROVENANCE.digest,
    }
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize("format", FORMATS)
def test_two_processes_make_equal_bytes(format: Format) -> None:  # noqa: A002 -- the spec's own word
    """Neither hash seeds nor clocks nor process numbers are in the bytes."""
    program = (
        "import sys, json; sys.path[:0] = ['tests', 'src'];"
        "from drawings import drawn;"
        "spec = json.loads(sys.argv[2]);"
        "sys.stdout.buffer.write(drawn(format=sys.argv[1], **spec).data)"
    )
    command = [sys.executable, "-c", program, format, json.dumps(SPEC)]
    made = [
        subprocess.run(
            command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1] == drawn(format=format, **SPEC).data


@pytest.mark.parametrize("format", ["png", "webp", "jpeg"])
def test_raster_pictures_have_the_size_asked_for(format: Format) -> None:  # noqa: A002 -- the spec's own word
    """Width and height are pixels, whatever the dots per inch."""
    for width, height, dpi in ((321, 203, 61.7), (1000, 600, 120), (333, 777, 97)):
        spec = SPEC | {"size": {"width": width, "height": height, "dpi": dpi}}
        with Image.open(io.BytesIO(drawn(format=format, **spec).data)) as image:
            assert image.size == (width, height)


@pytest.mark.parametrize(("size", "pixels"), [({}, (203, 122)), ({"dpi": 90}, (300, 180))])
def test_the_style_decides_the_size_that_the_spec_leaves_open(
    size: dict[str, Any], pixels: tuple[int, int]
) -> None:
    """Pixels are the style's inches times dots per inch, rounded."""
    style = restyled(figure={"figsize": [3.333, 2.0], "dpi": 61.0})
    with Image.open(io.BytesIO(drawn(style, y=[1, 2], size=size).data)) as image:
        assert image.size == pixels


def test_lossless_webp_equals_png() -> None:
    """WebP shows the same pixels as PNG."""
    png, webp = (pixels_of(drawn(format=name, **SPEC).data) for name in ("png", "webp"))
    assert differing(png, webp) == 0


def test_jpeg_is_close_to_png() -> None:
    """JPEG shows the same picture, without full precision."""
    png, jpeg = (pixels_of(drawn(format=name, **SPEC).data) for name in ("png", "jpeg"))
    assert differing(png, jpeg, 64) < 0.002


def test_a_transparent_sheet_stays_transparent_but_in_jpeg() -> None:
    """PNG and WebP keep alpha; JPEG, which has none, is drawn on white."""
    style = restyled(figure={"facecolor": "none"}, axes={"facecolor": "none"})
    for name in ("png", "webp"):
        with Image.open(io.BytesIO(drawn(style, name, **SPEC).data)) as image:
            assert image.getpixel((1, 1))[3] == 0  # type: ignore[index]  # RGBA gives a tuple
    corner = pixels_of(drawn(style, "jpeg", **SPEC).data)[1, 1]
    assert np.all(corner == 255)


def test_an_opaque_sheet_has_no_alpha_channel() -> None:
    """Nothing is spent on transparency that is not there."""
    with Image.open(io.BytesIO(drawn(**SPEC).data)) as image:
        assert image.mode == "RGB"


def test_svg_is_an_image_with_a_name_and_a_description() -> None:
    """The root is sized in pixels, has the role of an image, and is labelled by title and desc."""
    data = drawn(format="svg", **SPEC).data
    root = ET.fromstring(data)  # noqa: S314 -- our own XML
    tags = {child.tag.rpartition("}")[2]: child for child in root}
    assert (root.get("width"), root.get("height")) == ("320", "200")
    assert root.get("role") == "img"
    labels = {tags["title"].get("id"), tags["desc"].get("id")}
    assert set((root.get("aria-labelledby") or "").split()) == labels
    assert (tags["title"].text, tags["desc"].text) == (SPEC["title"], SPEC["alt"])


def test_svg_text_is_drawn_as_paths() -> None:
    """No font is needed to show the picture, and nothing is loaded from elsewhere."""
    data = drawn(format="svg", **SPEC).data
    assert b"<text" not in data
    assert b"DOCTYPE" not in data
    assert b"<script" not in data


def test_pdf_text_can_be_selected() -> None:
    """Text is text in an embedded TrueType font, not a path."""
    data = drawn(format="pdf", **SPEC).data
    assert b"/FontFile2" in data
    assert b"/Subtype /Type0" in data or b"/Subtype /TrueType" in data or b"/CIDFontType2" in data
    assert any(b"Tj" in stream or b"TJ" in stream for stream in pdf_streams(data))


def test_pdf_page_has_the_picture_s_shape() -> None:
    """The page measures the picture's pixels over its dots per inch, in points."""
    data = drawn(format="pdf", **SPEC).data
    assert b"/MediaBox [ 0 0 384 240 ]" in data
