"""HTTP: routes, schemas, statuses, headers."""

from plotkiln.api.app import create_app
from plotkiln.api.openapi import openapi_document
from plotkiln.api.services import Services

__all__ = ["Services", "create_app", "openapi_document"]
