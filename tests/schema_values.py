"""JSON values around a JSON Schema: mostly what it accepts, now and then something else."""

from typing import Any

from hypothesis import strategies as st

__all__ = ["near_values"]

#: What a careless client sends where something else belongs.
STRAY: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2000, 2000),
    st.integers(-20, 2000).map(float),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=4),
    st.sampled_from(["none", "bold", "a\n", "A b", "small", "line"]),
    st.just([]),
    st.lists(st.integers(0, 3), max_size=3),
    st.just({}),
    st.just({"x": 1}),
)


def near_values(schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values that the schema accepts, in one place of twenty replaced by a stray one."""
    return st.integers(0, 19).flatmap(lambda draw: _valid(schema, root) if draw else STRAY)


def _valid(schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return _valid(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        return st.one_of([near_values(part, root) for part in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    return st.one_of([_of_type(kind, schema, root) for kind in types])


def _of_type(kind: str, schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[Any]:
    if kind == "array":
        items = near_values(schema.get("items", {"type": "null"}), root)
        least = schema.get("minItems", 0)
        return st.lists(items, min_size=max(least - 1, 0), max_size=least + 3)
    if kind == "object":
        return _objects(schema, root)
    low = schema.get("minimum", schema.get("exclusiveMinimum", -9))
    high = schema.get("maximum", schema.get("exclusiveMaximum", low + 99))
    scalars: dict[str, st.SearchStrategy[Any]] = {
        "null": st.none(),
        "boolean": st.booleans(),
        "integer": st.integers(int(low), int(high)) | st.just(float(int(high))),
        "number": st.floats(low, high) | st.sampled_from([low, high, int(high)]),
        "string": st.text(max_size=5) | st.sampled_from(["a", "a-b", "A.1", "#123456", "a\n"]),
    }
    return scalars[kind]


def _objects(schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "properties" not in schema:
        others = schema.get("additionalProperties")
        values = near_values(others, root) if others else STRAY
        return st.dictionaries(st.text(max_size=3), values, max_size=3)
    known = {name: near_values(part, root) for name, part in schema["properties"].items()}
    named = st.lists(st.sampled_from(sorted(known)), max_size=5, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: known[name] for name in names})
    )
    stray = st.dictionaries(st.sampled_from(["", "colour", "typ"]), STRAY, max_size=1)
    return st.integers(0, 9).flatmap(
        lambda draw: (
            named if draw else st.tuples(named, stray).map(lambda two: {**two[0], **two[1]})
        )
    )
