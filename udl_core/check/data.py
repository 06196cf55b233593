"""Values as JSON, so that a case can be stored, sent, and compared in another process."""

import base64
import json
import zlib
from typing import Any

import numpy as np

TAG = "!"
PLAIN_DTYPES = "biufc"  # as numbers in text; strings too, nothing else
LARGEST = 2_000_000  # numbers in one value


class NotData(TypeError):
    """A value that cannot be written as data."""


def encode(value: Any) -> Any:
    """`value` as what JSON can hold: None, numbers, strings, arrays, and lists, tuples and dictionaries of these.

    Raises NotData for anything else and for more than two million numbers.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int) and type(value) is int:
        if value.bit_length() > 4096:
            raise NotData(f"an integer of {value.bit_length()} bits")
        return value
    if type(value) is float:
        return value if np.isfinite(value) else {TAG: "float", "value": repr(value)}
    if type(value) is complex:
        return {TAG: "complex", "value": repr(value)}
    if isinstance(value, np.ndarray | np.generic):
        return _encode_array(np.asarray(value), isinstance(value, np.generic))
    if type(value) is tuple:
        return {TAG: "tuple", "items": [encode(item) for item in _not_too_many(value)]}
    if type(value) is list:
        return [encode(item) for item in _not_too_many(value)]
    if type(value) is dict:
        return {TAG: "dict", "items": [[encode(k), encode(v)] for k, v in _not_too_many(value).items()]}
    raise NotData(f"a {type(value).__name__}")


def decode(data: Any, names: dict[str, Any] | None = None) -> Any:
    """The value that `encode` wrote; a fresh one each time. `names` are what an expression in `data` may use."""
    if isinstance(data, list):
        return [decode(item, names) for item in data]
    if not isinstance(data, dict):
        return data
    kind = data[TAG]
    if kind == "float":
        return float(data["value"])
    if kind == "complex":
        return complex(data["value"])
    if kind == "tuple":
        return tuple(decode(item, names) for item in data["items"])
    if kind == "dict":
        return {decode(k, names): decode(v, names) for k, v in data["items"]}
    if kind == "array":
        array = np.array(data["data"], dtype=data["dtype"]).reshape(data["shape"])
        return array[()] if data.get("scalar") else array
    if kind == "code":
        return eval(data["source"], dict(names or {}))
    raise ValueError(f"unknown kind of data: {kind!r}")


def pack(value: Any) -> str:
    """JSON in one word of text, for a cell of a notebook."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b85encode(zlib.compress(text, 9)).decode()


def unpack(text: str) -> Any:
    """What `pack` packed. Raises ValueError when the text is damaged."""
    try:
        return json.loads(zlib.decompress(base64.b85decode(text)))
    except (ValueError, zlib.error) as error:
        raise ValueError("the cases are damaged: copy the notebook again from where it came") from error


def _encode_array(array: np.ndarray, scalar: bool) -> dict[str, Any]:
    if array.dtype.kind not in PLAIN_DTYPES + "U":
        raise NotData(f"an array of dtype {array.dtype}")
    if array.size > LARGEST:
        raise NotData(f"an array of shape {array.shape}, {array.size:,} numbers")
    values = array.ravel()
    flat = [str(v) for v in values] if _needs_text(array) else values.tolist()
    found = {TAG: "array", "dtype": str(array.dtype), "shape": list(array.shape), "data": flat}
    return found | ({"scalar": True} if scalar else {})


def _needs_text(array: np.ndarray) -> bool:
    return array.dtype.kind == "c" or (array.dtype.kind == "f" and not np.isfinite(array).all())


def _not_too_many(values: Any) -> Any:
    if len(values) > LARGEST:
        raise NotData(f"a {type(values).__name__} of {len(values):,} items")
    return values
