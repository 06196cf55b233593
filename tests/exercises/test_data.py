"""Values as JSON: the same on every machine, and read from anybody without harm."""

import base64
import collections
import enum
import json
import time
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from udl_exercises.check.data import (
    DEEPEST,
    LARGEST,
    Kind,
    NotData,
    decode,
    decode_case,
    encode,
    pack,
    parse,
    plain,
    unpack,
)

Point = collections.namedtuple("Point", "x y")
Colour = enum.IntEnum("Colour", "RED")
READ_ONLY = np.arange(3.0)
READ_ONLY.setflags(write=False)
NUMBERS = st.sampled_from([">f8", "<f8", ">f4", ">i2", "<i8", ">u4", "?", "<f2", ">c16", "<c8", ">U3"])
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text(st.characters(codec=None))
    | hnp.arrays(NUMBERS.map(np.dtype), hnp.array_shapes(min_dims=0, min_side=0, max_side=3)),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def sent(value: Any) -> Any:
    """Through a file in UTF-8, as to another machine."""
    return decode(json.loads(json.dumps(encode(value), allow_nan=False).encode()))


def same(one: Any, other: Any) -> None:
    assert type(one) is type(other)
    if isinstance(one, list | tuple):
        assert len(one) == len(other)
        for pair in zip(one, other, strict=True):
            same(*pair)
    elif isinstance(one, dict):
        assert list(one) == list(other)
        same(list(one.values()), list(other.values()))
    else:
        np.testing.assert_equal(one, other)
        if isinstance(one, np.ndarray):
            assert (one.dtype, one.shape) == (other.dtype, other.shape)


@given(DATA)
def test_what_is_plain_is_the_same_at_the_other_end(value: Any) -> None:
    same(sent(value), plain(value))


@pytest.mark.parametrize(
    ("odd", "usual"),
    [
        (np.array([1.5, -2], dtype=">f8"), np.array([1.5, -2])),
        (np.array([[1, 2], [3, 4]], dtype=">i4").T, np.array([[1, 3], [2, 4]], dtype=np.int32)),
        (np.arange(10)[::-3], np.array([9, 6, 3, 0])),
        (READ_ONLY, np.arange(3.0)),
        (np.array(["a", "bc"], dtype=">U2"), np.array(["a", "bc"])),
        (np.array([0.1, 1e-8], dtype=np.float16), np.array([0.1, 0], dtype=np.float16)),
        (np.array([True, False])[::-1], np.array([False, True])),
        (np.longdouble(1) / 3, np.longdouble(1) / 3),
        (np.array([1, np.nan], dtype=np.longdouble), np.array([1, np.nan], dtype=np.longdouble)),
        (np.array([1 + 2j], dtype=np.clongdouble), np.array([1 + 2j])),
        (np.array([1.0, 2.0]).view(np.matrix), np.array([[1.0, 2.0]])),
        ("half of a pair: \ud83d", "half of a pair: \ud83d"),
        ("two halves: \ud83d\ude00", "two halves: \ud83d\ude00"),
        (np.array(["\udc00", "é"]), np.array(["\udc00", "é"])),
        (np.ma.array([1.0, 2.0]), np.array([1.0, 2.0])),
    ],
    ids=repr,
)  # fmt: skip
def test_arrays_and_strings_are_portable(odd: Any, usual: Any) -> None:
    assert sent(odd).__class__ is usual.__class__
    same(sent(odd), usual)
    assert ">" not in json.dumps(encode(odd)) and "128" not in json.dumps(encode(odd)).replace("complex128", "")
    if isinstance(usual, np.ndarray):
        assert sent(odd).flags.writeable


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.array([1, None]), "an array of shape (2,) and dtype object"),
        (np.zeros(2, dtype=[("a", int)]), "an array of shape (2,) and dtype [('a', "),
        (np.zeros(2, dtype=[("a", int)])[0], "a value of dtype [('a', "),
        (np.datetime64("2020-01-01"), "a value of dtype datetime64[D]"),
        (np.array([b"a"]), "an array of shape (1,) and dtype |S1"),
        (np.ma.array([1.0, 2.0], mask=[0, 1]), "a masked array of shape (2,)"),
        (np.ma.masked, "a masked value"),
        (np.zeros((0, 10**7)), "an array of shape (0, 10000000), 0 numbers"),
        (np.zeros((1,) * 40), "an array of shape (1, 1, "),
        (10**5000, "a whole number of about 5,001 digits"),
        ([0] * (LARGEST + 1), "a list of 2,000,001 items"),
        ([[0] * (LARGEST // 2)] * 2, "a value of more than 2,000,000 numbers"),
        ("a" * (LARGEST + 1), "a str of 2,000,001 characters"),
        (Point(1, 2), "a Point"), (Colour.RED, "a Colour"), (collections.OrderedDict(), "a OrderedDict"),
        (range(3), "a range"), (b"bytes", "a bytes"), (..., "..."), (int, "a function"), (iter([]), "a generator"),
    ],
    ids=lambda part: part if isinstance(part, str) and len(part) < 100 else type(part).__name__,
)  # fmt: skip
def test_what_is_no_data_is_named(value: Any, words: str) -> None:
    with pytest.raises(NotData) as raised:
        encode(value)
    assert str(raised.value).startswith(words)


def test_a_list_that_holds_itself_is_no_data() -> None:
    endless: list[Any] = []
    endless.append(endless)
    wide: list[Any] = [0]
    for _ in range(DEEPEST + 1):
        wide = [wide, wide]
    for value in (endless, wide, {"a": endless}):
        with pytest.raises(NotData, match="more than"):
            encode(value)
        assert isinstance(plain(value), Kind)


def test_plain_keeps_what_can_be_kept() -> None:
    assert plain([Point(1, [2]), Colour.RED, {1: len}]) == [(1, [2]), 1, {1: Kind("a function")}]
    assert [type(v) for v in plain([Colour.RED, np.float64(2), True])] == [int, np.float64, bool]
    same(plain(np.ma.array([1.0, 2.0], mask=[0, 1])), Kind("a masked array of shape (2,)"))


def test_plain_runs_no_code_of_the_values_class() -> None:
    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError

    names = ("__iter__", "__len__", "__getitem__", "__eq__", "__repr__", "__str__", "__int__", "__float__", "keys")
    for base in (list, tuple, dict, str, int, float, complex):
        odd = type(
            "Odd", (base,), {**dict.fromkeys((*names, "items", "__index__", "__pos__"), never), "__hash__": never}
        )
        same(plain(odd()), base())


def test_decode_runs_nothing_and_decode_case_does() -> None:
    for data in ({"!": "code", "source": "1 / 0"}, [{"!": "code", "source": "exit()"}]):
        with pytest.raises(ValueError, match="unknown kind of data: 'code'"):
            decode(data)
    assert decode_case([1, {"!": "code", "source": "f(2)"}], {"f": lambda v: 3 * v}) == [1, 6]
    with pytest.raises(TypeError):
        decode({"!": "code", "source": "1"}, {})  # type: ignore[call-arg]


def deep(levels: int) -> Any:
    data: Any = 0
    for _ in range(levels):
        data = [data]
    return data


def array(shape: Any = (1,), data: Any = (1,), dtype: Any = "int64", **more: Any) -> dict[str, Any]:
    return {"!": "array", "shape": list(shape), "data": list(data), "dtype": dtype, **more}


@pytest.mark.parametrize(
    "data",
    [
        {}, {"a": 1}, {"!": []}, {"!": "tuple"}, {"!": "tuple", "items": 3}, {"!": "dict", "items": [[1]]}, object(),
        (1,), 1j, b"a", {1}, deep.__code__, np.array([1]),
        {"!": "dict", "items": [[[1], 2]]}, {"!": "dict", "items": [[{"!": "dict", "items": []}, 2]]},
        {"!": "dict", "items": [[k, 0] for k in range(20_000)]}, {"!": "float", "value": "a"},
        {"!": "float", "value": "1" * 10**6}, {"!": "float", "value": 1}, {"!": "complex", "value": None},
        {"!": "text", "escaped": "\\ud8"}, {"!": "text", "escaped": "é"}, {"!": "kind", "words": "w" * 10**6},
        deep(DEEPEST + 5), deep(900), 10**2000, [10**2000], [[]] * (LARGEST + 1), {"!": "code", "source": "1"},
        array(shape=[10**12], data=[]), array(shape=[0, 10**12], data=[]), array(shape=[-1, -1]), array(shape=[1] * 50),
        array(shape=[1.0]), array(shape=[True]), array(shape=[2]), array(dtype="object", data=[None]),
        array(dtype="<U999999999", data=["a"]), array(dtype="int8", data=[300]), array(dtype="int64", data=[1.5]),
        array(dtype="int64", data=[10**30]), array(dtype="float64", data=[10**400]), array(dtype="float64", data=["x"]),
        array(dtype="float64", data=[[1]]), array(dtype="bool", data=[1]), array(dtype="datetime64[D]"), array(dtype=3),
        array(dtype="float64, float64"), array(data=[None]), array(dtype="<U9999999", data=["a"] * 1000, shape=[1000]),
    ],
    ids=lambda data: type(data).__name__,
)  # fmt: skip
def test_whatever_is_sent_gives_a_value_or_a_clear_error(data: Any) -> None:
    begun = time.process_time()
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        decode(data)
    assert time.process_time() - begun < 20


@pytest.mark.parametrize("text", ["[" * 10**5, '{"a":' * 10**5, "1" * 10**6, "", "{", b"\xff\xfe", "NaN1", "\ud800"])
def test_what_is_no_json_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match="no JSON"):
        parse(text)


def test_deep_cases_are_damaged_cases() -> None:
    with pytest.raises(ValueError, match="the cases are damaged"):
        unpack(pack_text("[" * 10**5))


def pack_text(text: str) -> str:
    return base64.b85encode(zlib.compress(text.encode())).decode()


def test_packed_values_may_hold_any_text() -> None:
    assert unpack(pack({"hint": "−∞ é"})) == {"hint": "−∞ é"}
