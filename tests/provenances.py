"""Reading back what a picture's file says of its making."""

import io
import re
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Mapping

from PIL import Image

__all__ = ["read_provenance"]

_NAMES = {"spec", "style", "rendering"}


def read_provenance(data: bytes) -> Mapping[str, str]:
    """Return title, description, software and digests of a picture in any of the formats."""
    if data.startswith(b"%PDF"):
        return _from_pdf(data)
    if data.startswith(b"<?xml"):
        return _from_xml(ET.fromstring(data))  # noqa: S314 -- our own XML
    with Image.open(io.BytesIO(data)) as image:
        if image.format == "PNG":
            return {_name(str(key)): str(value) for key, value in image.info.items()}
        packet: bytes = image.info["xmp"]
    return _from_xml(ET.fromstring(re.sub(rb"<\?xpacket[^>]*\?>", b"", packet)))  # noqa: S314 -- our own XML


def _name(key: str) -> str:
    return key.removeprefix("plotkiln:").lower()


def _from_xml(root: ET.Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if name in {"title", "description"} and len(element):
            found[name] = "".join(element.itertext())
        elif name in _NAMES and "plotkiln" in element.tag:
            found[name] = element.text or ""
        elif name == "CreatorTool":
            found["software"] = element.text or ""
    return found


def _from_pdf(data: bytes) -> dict[str, str]:
    """Read the Info dictionary's texts, in PDFDocEncoding or UTF-16 with a byte order mark."""
    names = {"Title": "title", "Subject": "description", "Creator": "software"}
    found = {}
    for key in (*names, "Keywords"):
        match = re.search(rb"/" + key.encode() + rb" \(((?:[^()\\]|\\.)*)\)", data, re.DOTALL)
        if match:
            raw = re.sub(rb"\\(.)", rb"\1", match[1], flags=re.DOTALL)
            utf16 = raw.startswith(b"\xfe\xff")
            found[names.get(key, key)] = raw.decode("utf-16") if utf16 else raw.decode("latin-1")
    pairs = (pair.partition("=") for pair in found.pop("Keywords", "").split())
    return found | {key: value for key, _, value in pairs}


def pdf_streams(data: bytes) -> list[bytes]:
    """Return the inflated streams of a PDF."""
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    streams = []
    for stream in found:
        try:
            streams.append(zlib.decompress(stream))
        except zlib.error:
            streams.append(stream)
    return streams
