"""Values as JSON, so that a case can be stored, sent, and compared in another process.

`encode` and `decode` are each other's inverse, and `decode` takes what anybody sends: it runs nothing, and says what is
wrong in a ValueError. Code in place of a value is for the authors of cases; `decode_case` alone evaluates it.
"""

import base64
import json
import math
import re
import types
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

TAG = "!"
PLAIN_DTYPES = "biufcU"
LARGEST = 2_000_000  # numbers, items and characters in one value
DEEPEST = 50  # lists in lists
WHOLE_BITS = 4096  # of a whole number; JSON itself knows no limit, its readers do
AXES = 32
ENTRIES = 10_000  # of a dictionary that somebody sends: keys can be chosen so that each collides with all others
BASES = (str, int, float, complex, tuple, list, dict)
DTYPES = {f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)} | {
    "bool", "float16", "float32", "float64", "longdouble", "complex64", "complex128",
}  # fmt: skip


class NotData(TypeError):
    """A value that cannot be written as data."""


@dataclass(frozen=True)
class Kind:
    """Stands for a value that is no data. Only words for it go along, such as "a generator"."""

    words: str

    def __repr__(self) -> str:
        """What a reader sees in place of the value, also within a list."""
        return self.words if self.words == "..." else f"<{self.words}>"


def encode(value: Any) -> Any:
    """`value` as what JSON can hold: None, numbers, strings, arrays, and lists, tuples and dictionaries of these.

    Arrays are written the same way on every machine, whatever their byte order and memory. Raises NotData for anything
    else, masked arrays and arrays of objects among it; for more than two million numbers; for deep nesting.
    """
    try:
        return _write(_plain(value, _Room(), 0, strict=True))
    except _TooMuch as error:
        raise NotData(str(error)) from None


def plain(value: Any) -> Any:
    """What `encode` can write of any value, and else a `Kind` in its place. No code of the value's class is run.

    A named tuple becomes a tuple, an array of a derived class an array: `decode(encode(plain(v)))` equals `plain(v)`.
    """
    try:
        return _plain(value, _Room(), 0, strict=False)
    except _TooMuch as error:
        return Kind(str(error))


def decode(data: Any) -> Any:
    """The value that `encode` wrote; a fresh one each time. Raises ValueError for anything that it did not write."""
    return _decoded(data, None)


def decode_case(data: Any, names: dict[str, Any]) -> Any:
    """Like `decode`, for inputs that a chapter's author wrote: an expression among them is evaluated with `names`."""
    return _decoded(data, names)


def parse(text: str | bytes) -> Any:
    """JSON that somebody sends. Raises ValueError whatever is wrong with it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"no JSON: {str(error)[:200]}") from None


def pack(value: Any) -> str:
    """JSON in one word of text, for a cell of a notebook."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b85encode(zlib.compress(text, 9)).decode()


def unpack(text: str) -> Any:
    """What `pack` packed. Raises ValueError when the text is damaged."""
    try:
        return parse(zlib.decompress(base64.b85decode(text)))
    except (ValueError, zlib.error) as error:
        raise ValueError("the cases are damaged: copy the notebook again from where it came") from error


def words(value: Any) -> str:
    """`a generator`, `a function`: what something is that is no data."""
    kind = type(value)
    if value is ...:
        return "..."
    if hasattr(kind, "__next__"):
        return "a generator"
    if hasattr(kind, "__await__"):
        if kind is types.CoroutineType:
            value.close()  # or Python warns that nobody awaited it
        return "a coroutine"
    return "a function" if callable(value) else f"a {kind.__name__[:100]}"


def whole_number(value: int) -> str:
    """Words for a whole number that is too long to print."""
    return f"a whole number of about {int(value.bit_length() * math.log10(2)) + 1:,} digits"


class _TooMuch(Exception):
    """A value as a whole is too large or too deep; the text says what it is."""


class _Room:
    """What one whole value may still take up."""

    def __init__(self) -> None:
        self.left = LARGEST

    def take(self, count: int, what: str = "") -> None:
        self.left -= count
        if self.left < 0:
            raise _TooMuch(what or f"a value of more than {LARGEST:,} numbers")


def _plain(value: Any, room: _Room, depth: int, *, strict: bool) -> Any:
    """`strict`: refuse what is no data and what would change its class, in place of finding words for it."""
    kind: Any = type(value)
    room.take(1)
    if value is None or kind in (bool, float, complex, Kind):
        return value
    if issubclass(kind, np.ndarray | np.generic) and not issubclass(kind, np.str_):
        return _plain_array(value, room, strict)
    base: Any = next((base for base in BASES if issubclass(kind, base)), None)
    if base is None or (strict and kind is not base and base is not str):
        return _no_data(words(value), strict)
    if base is str:
        room.take(str.__len__(value), f"a str of {str.__len__(value):,} characters")
        return str.__str__(value)
    if base is int:
        number = int.__index__(value)
        return number if number.bit_length() <= WHOLE_BITS else _no_data(whole_number(number), strict)
    if base in (float, complex):
        return base.__pos__(value)
    if depth == DEEPEST:
        raise _TooMuch(f"a {base.__name__} with lists in lists, more than {DEEPEST} deep")
    count = base.__len__(value)
    if count > LARGEST:
        return _no_data(f"a {base.__name__} of {count:,} items", strict)
    if base is dict:
        pairs = [[_plain(part, room, depth + 1, strict=strict) for part in pair] for pair in dict.items(value)]
        return dict(pairs)
    items = list(base.__iter__(value))
    if set(map(type, items)) == {float}:  # the usual long list, at once
        room.take(len(items))
    else:
        items = [_plain(item, room, depth + 1, strict=strict) for item in items]
    return items if base is list else tuple(items)


def _plain_array(value: Any, room: _Room, strict: bool) -> Any:
    """An array of numbers or strings in this machine's byte order, without its class."""
    array, masked = np.asarray(value), issubclass(type(value), np.ma.MaskedArray) and np.ma.getmaskarray(value).any()
    if masked:
        return _no_data(f"a masked array of shape {array.shape}" if array.ndim else "a masked value", strict)
    if array.dtype.kind not in PLAIN_DTYPES:
        what = f"an array of shape {array.shape} and" if array.ndim else "a value of"
        return _no_data(f"{what} dtype {str(array.dtype)[:100]}", strict)
    if array.size > LARGEST or array.ndim > AXES or max(array.shape, default=0) > LARGEST:
        return _no_data(f"an array of shape {array.shape}, {array.size:,} numbers", strict)
    room.take(max(array.size, array.nbytes // 16))
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    if array.dtype.char == "G":  # a complex long double
        array = array.astype(complex)
    return array[()] if issubclass(type(value), np.generic) else array


def _no_data(what: str, strict: bool) -> Kind:
    if strict:
        raise NotData(what)
    return Kind(what)


def _write(value: Any) -> Any:
    """A plain value as JSON."""
    if isinstance(value, np.ndarray | np.generic):
        return _write_array(np.asarray(value), isinstance(value, np.generic))
    if isinstance(value, str):
        return _write_text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else {TAG: "float", "value": repr(value)}
    if isinstance(value, complex):
        return {TAG: "complex", "value": repr(value)}
    if isinstance(value, Kind):
        return {TAG: "kind", "words": value.words}
    if isinstance(value, tuple):
        return {TAG: "tuple", "items": [_write(item) for item in value]}
    if isinstance(value, list):
        return [_write(item) for item in value]
    if isinstance(value, dict):
        return {TAG: "dict", "items": [[_write(k), _write(v)] for k, v in value.items()]}
    return value


def _write_text(text: str) -> Any:
    """Half of a surrogate pair is no text that can be written to a file, so that it goes along in ASCII."""
    if text.isascii() or not re.search("[\ud800-\udfff]", text):
        return text
    return {TAG: "text", "escaped": text.encode("unicode_escape").decode()}


def _write_array(array: np.ndarray, scalar: bool) -> dict[str, Any]:
    kind, name = array.dtype.kind, array.dtype.name
    if kind == "U":
        name, flat = f"<U{array.dtype.itemsize // 4}", [_write_text(text) for text in array.ravel().tolist()]
    elif array.dtype.char == "g":  # long doubles differ between machines in their size, and so in their name
        name, flat = "longdouble", [str(v) for v in array.ravel()]
    elif kind == "c" or (kind == "f" and not np.isfinite(array).all()):
        flat = [str(v) for v in array.ravel()]
    else:
        flat = array.ravel().tolist()
    found = {TAG: "array", "dtype": name, "shape": list(array.shape), "data": flat}
    return found | ({"scalar": True} if scalar else {})


def _decoded(data: Any, names: dict[str, Any] | None) -> Any:
    try:
        return _read(data, _Room(), 0, names)
    except (_TooMuch, OverflowError) as error:
        raise ValueError(f"too much for one value: {error}") from None


def _read(data: Any, room: _Room, depth: int, names: dict[str, Any] | None) -> Any:
    room.take(1)
    if data is None or isinstance(data, bool | float):
        return data
    if isinstance(data, int):
        if data.bit_length() > WHOLE_BITS:
            raise _TooMuch(whole_number(data))
        return data
    if isinstance(data, str):
        room.take(len(data))
        return data
    if depth > DEEPEST:
        raise _TooMuch(f"lists in lists, more than {DEEPEST} deep")
    if isinstance(data, list):
        return [_read(item, room, depth + 1, names) for item in data]
    if not isinstance(data, dict):
        raise ValueError(f"JSON holds no {type(data).__name__[:40]}")
    kind = data.get(TAG)
    if kind in ("float", "complex"):
        return {"float": float, "complex": complex}[kind](_short(_field(data, "value", str)))
    if kind == "text":
        room.take(len(_field(data, "escaped", str)))
        return _read_text(data)
    if kind == "kind":
        return Kind(_short(_field(data, "words", str), 300))
    if kind == "tuple":
        return tuple(_read(item, room, depth + 1, names) for item in _field(data, "items", list))
    if kind == "dict":
        return _read_dict(_field(data, "items", list), room, depth, names)
    if kind == "array":
        return _read_array(data, room)
    if kind == "code" and names is not None:
        return eval(_field(data, "source", str), dict(names))
    raise ValueError(f"unknown kind of data: {str(kind)[:40]!r}")


def _read_text(data: Any) -> str:
    if isinstance(data, str):
        return data
    return _field(data, "escaped", str).encode("ascii").decode("unicode_escape")


def _read_dict(items: list[Any], room: _Room, depth: int, names: dict[str, Any] | None) -> dict[Any, Any]:
    if len(items) > ENTRIES:
        raise _TooMuch(f"a dictionary of {len(items):,} entries")
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in items):
        raise ValueError("a dictionary must come as pairs of key and value")
    try:
        return {_read(k, room, depth + 1, names): _read(v, room, depth + 1, names) for k, v in items}
    except TypeError:
        raise ValueError("a dictionary's keys must be numbers, strings or tuples of these") from None


def _read_array(data: Any, room: _Room) -> Any:
    shape, flat, name = (_field(data, *field) for field in (("shape", list), ("data", list), ("dtype", str)))
    if len(shape) > AXES or not all(type(n) is int and 0 <= n <= LARGEST for n in shape):
        raise ValueError(f"a shape must be up to {AXES} sizes, got {str(shape)[:100]}")
    if math.prod(shape) != len(flat):
        raise ValueError(f"an array of shape {tuple(shape)} needs {math.prod(shape)} values, got {len(flat)}")
    text = re.fullmatch(r"<U(\d{1,7})", name, re.ASCII)
    if not text and name not in DTYPES:
        raise ValueError(f"unknown dtype: {name[:40]!r}")
    dtype = np.dtype(name)
    room.take(max(len(flat), len(flat) * dtype.itemsize // 16))
    with np.errstate(all="ignore"):
        array = np.array([_read_number(v, dtype) for v in flat], dtype=dtype).reshape(shape)
    return array[()] if data.get("scalar") is True else array


def _read_number(value: Any, dtype: np.dtype) -> Any:
    """One entry of an array: of the type that the array's dtype has in JSON, and no other."""
    kind, got = dtype.kind, type(value)
    if kind == "U" and got in (str, dict):
        return _read_text(value)
    if kind == "c" and got is str:
        return complex(_short(value))
    if kind == "f" and got is str:
        return dtype.type(_short(value))
    if got in {"b": (bool,), "i": (int,), "u": (int,), "f": (int, float)}.get(kind, ()):
        return value
    raise ValueError(f"an array of dtype {dtype} cannot hold a {got.__name__}")


def _short(text: str, most: int = 100) -> str:
    if len(text) > most:
        raise ValueError(f"a text of at most {most} characters must stand here, got {len(text):,}")
    return text


def _field(data: dict[str, Any], name: str, kind: Any) -> Any:
    if not isinstance(data.get(name), kind):
        raise ValueError(f"{data[TAG]}: {name!r} must be a {kind.__name__}, got a {type(data.get(name)).__name__}")
    return data[name]
