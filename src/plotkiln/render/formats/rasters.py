"""PNG, WebP and JPEG: Agg's pixels, compressed, with the record of their making."""

import io
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image, JpegImagePlugin, WebPImagePlugin

from plotkiln.render.formats.png import Pixels, png
from plotkiln.render.formats.xmp import xmp_packet
from plotkiln.render.provenance import Record

__all__ = ["encode_jpeg", "encode_png", "encode_webp", "opened_plugins"]

#: The plugins are named so that Pillow need not search for them in the first picture.
opened_plugins = (WebPImagePlugin, JpegImagePlugin)

#: Of 95: text stays crisp, together with full colour resolution.
JPEG_QUALITY = 90


def encode_png(canvas: FigureCanvasAgg, record: Record) -> bytes:
    """Return the drawn canvas as PNG."""
    texts = {"Title": record.title, "Description": record.description, "Software": record.software}
    texts |= {f"plotkiln:{key}": value for key, value in record.digests().items()}
    return png(_pixels(canvas), dpi=canvas.figure.dpi, texts=texts)


def encode_webp(canvas: FigureCanvasAgg, record: Record) -> bytes:
    """Return the drawn canvas as lossless WebP.

    Charts are flat colours and thin lines: lossless is both smaller than quality 90 and free of
    smears around text.
    """
    return _saved(
        _image(canvas),
        "WEBP",
        lossless=True,
        quality=30,
        method=1,
        exact=False,
        xmp=xmp_packet(record),
    )


def encode_jpeg(canvas: FigureCanvasAgg, record: Record) -> bytes:
    """Return the drawn canvas as JPEG, on white where it is transparent."""
    image = _image(canvas)
    if image.mode == "RGBA":
        sheet = Image.new("RGB", image.size, "white")
        sheet.paste(image, mask=image.getchannel("A"))
        image = sheet
    dpi = round(canvas.figure.dpi)
    return _saved(
        image, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=False, dpi=(dpi, dpi),
        xmp=xmp_packet(record), comment=record.software.encode(),
    )  # fmt: skip


def _image(canvas: FigureCanvasAgg) -> Image.Image:
    return Image.fromarray(_pixels(canvas))


def _pixels(canvas: FigureCanvasAgg) -> Pixels:
    """Return Agg's pixels; without alpha where the sheet is opaque, a quarter less to compress."""
    drawn: Any = canvas  # Matplotlib's backends have no types
    pixels: Pixels = np.asarray(drawn.buffer_rgba())
    sheet: Any = canvas.figure.patch  # a template may have changed its colour
    opaque = sheet.get_visible() and sheet.get_facecolor()[3] == 1
    return _without_alpha(pixels) if opaque else pixels


def _without_alpha(pixels: Pixels) -> Pixels:
    # Pillow's packer takes a sixth of the time that numpy takes to copy three bytes of each four.
    height, width, _ = pixels.shape
    image = Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1)
    return np.frombuffer(image.tobytes("raw", "RGB"), np.uint8).reshape(height, width, 3)


def _saved(image: Image.Image, format: str, **options: object) -> bytes:  # noqa: A002 -- Pillow's word
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()
