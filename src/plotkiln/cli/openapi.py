"""`plotkiln openapi`: the description of the API, for generators and reviews."""

from argparse import Namespace

import msgspec

from plotkiln.api import openapi_document
from plotkiln.api.openapi import API_OPERATIONS
from plotkiln.cli.exits import Exit
from plotkiln.cli.files import write_file
from plotkiln.counter.homepage import OPERATIONS
from plotkiln.service.templates import shipped_templates

__all__ = ["openapi"]


def openapi(options: Namespace) -> Exit:
    """Print the OpenAPI description, or write it to a file."""
    described = openapi_document(shipped_templates(), (*API_OPERATIONS, *OPERATIONS))
    document = msgspec.json.format(msgspec.json.encode(described), indent=2) + b"\n"
    write_file(str(options.output) if options.output else "-", document)
    return Exit.OK
