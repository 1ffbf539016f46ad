"""XMP, the packet of metadata that WebP, JPEG and SVG files carry alike."""

from plotkiln.render.provenance import Record

__all__ = ["NAMESPACE", "escape", "rdf", "xmp_packet"]

#: What the names of the digests belong to.
NAMESPACE = "urn:plotkiln:provenance:"


def xmp_packet(record: Record) -> bytes:
    """Return the record as an XMP packet (ISO 16684-1), UTF-8."""
    # The packet's id is prescribed by the standard.
    head = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    body = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{rdf(record)}</x:xmpmeta>'
    return f'{head}{body}<?xpacket end="r"?>'.encode()


def rdf(record: Record) -> str:
    """Return the record as RDF/XML: title and description in Dublin Core, digests in our own."""
    digests = "".join(
        f"<plotkiln:{key}>{escape(value)}</plotkiln:{key}>"
        for key, value in record.digests().items()
    )
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        f' xmlns:plotkiln="{NAMESPACE}">'
        '<rdf:Description rdf:about="">'
        f"{_alternatives('title', record.title)}{_alternatives('description', record.description)}"
        f"<xmp:CreatorTool>{escape(record.software)}</xmp:CreatorTool>{digests}"
        "</rdf:Description></rdf:RDF>"
    )


def escape(text: str) -> str:
    """Return a text as XML character data, fit for attributes too."""
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def _alternatives(name: str, text: str) -> str:
    if not text:
        return ""
    item = f'<rdf:li xml:lang="x-default">{escape(text)}</rdf:li>'
    return f"<dc:{name}><rdf:Alt>{item}</rdf:Alt></dc:{name}>"
