"""Specs named on the command line: JSON, or CSV with its members beside it."""

from argparse import Namespace

from plotkiln.cli.files import read_file
from plotkiln.errors import MalformedError
from plotkiln.spec import spec_from_csv

__all__ = ["read_spec"]


def read_spec(options: Namespace) -> bytes:
    """Return the spec that `spec`, `csv` and `set` name; raises `InputError`."""
    data = read_file(options.spec)
    if options.csv or options.spec.endswith(".csv"):
        return spec_from_csv(data, _members(options.set))
    if options.set:
        raise MalformedError("--set is for CSV tables: a JSON spec has its members inside.")
    return data


def _members(given: list[str]) -> dict[str, str | list[str]]:
    members: dict[str, list[str]] = {}
    for text in given:
        name, separator, value = text.partition("=")
        if not separator:
            raise MalformedError(f"--set {text}: expected NAME=VALUE.")
        members.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in members.items()}
