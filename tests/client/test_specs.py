from typing import Any

import msgspec
import numpy as np
import pytest

from plotkiln.client.specs import spec_document
from plotkiln.errors import InputError


@pytest.mark.parametrize(
    ("given", "members", "wanted"),
    [
        ({"y": [1, 2]}, {}, {"y": [1, 2]}),
        ({"y": [1, 2], "kind": "bar"}, {"kind": "line"}, {"y": [1, 2], "kind": "line"}),
        ({"style": "a"}, {"style": None}, {"style": "a"}),
        (None, {"x": range(2), "y": np.array([1.0, np.nan])}, {"x": [0, 1], "y": [1.0, None]}),
        ([1, 2.5, None], {}, {"y": [1, 2.5, None]}),
        (np.arange(2), {"title": "a"}, {"y": [0, 1], "title": "a"}),
        ([{"a": 1}, {"a": 2}], {"x": "a"}, {"data": [{"a": 1}, {"a": 2}], "x": "a"}),
        ('{"y": [1]}', {"title": "a"}, {"y": [1], "title": "a"}),
    ],
)
def test_what_is_given_becomes_a_spec(given: Any, members: dict[str, Any], wanted: Any) -> None:
    """Mappings and texts are specs, records are data, numbers are y; members are laid over."""
    assert msgspec.json.decode(spec_document(given, members)) == wanted


@pytest.mark.parametrize("text", ['{"y": [1.0e0]}', "{", "[]", '{"y": 1, "y": 2}'])
def test_texts_are_sent_as_they_are(text: str) -> None:
    """A text that nothing is laid over is sent byte for byte: the server tells what is wrong."""
    assert spec_document(text, {"style": None}) == text.encode()


@pytest.mark.parametrize("given", ["{", "[]", 3.5, object(), {"a": 1}.items])
def test_what_is_no_spec(given: Any) -> None:
    """What is none of the things that can be drawn is refused, with what can be."""
    with pytest.raises(InputError, match=r"spec|form in JSON"):
        spec_document(given, {"title": "a"})
