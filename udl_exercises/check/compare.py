"""Compare a value with the expected one, and say what differs: type, shape, the first place, and the likely mistake."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from udl_exercises.check.data import LARGEST, Kind, whole_number

Array = np.ndarray
LARGEST_WHOLE = 2**63 - 1  # that an array of whole numbers holds


@dataclass(frozen=True)
class Rule:
    """How close is close enough. `how`: close, exact, any order, at least, at most."""

    how: str = "close"
    rtol: float = 1e-7
    atol: float = 1e-9
    dtype: str = ""


@dataclass(frozen=True)
class Difference:
    """What differs, in one line; what that looks like, where it has a pattern; and which entry of a dictionary."""

    text: str
    patterns: tuple[str, ...] = ()
    where: str = ""
    expected: Any = None
    got: Any = None


def compare(expected: Any, got: Any, rule: Rule) -> Difference | None:
    """None where `got` is right."""
    found = _compare(expected, got, rule)
    return replace(found, expected=expected, got=got) if found and not found.where else found


def wrong_type(value: Any, expected: str = "a value") -> str:
    """Why a plain value cannot be a result at all; an empty string where it can."""
    if value is None:
        return "returns nothing (None): is there a return?"
    if not isinstance(value, Kind):
        return ""
    if value.words == "...":
        return "what came is `...`: this is still to be written"
    if value.words == "a generator":
        return f"a generator came, expected {expected}: list(...) makes its values, np.array(list(...)) an array"
    if value.words == "a coroutine":
        return f"a coroutine came, expected {expected}: write def, without async"
    if value.words == "a function":
        return f"a function came, expected {expected}: call it"
    return f"expected {expected}, got {value.words}"


def too_large(value: Any) -> str:
    """Why a plain value cannot be handed to a probe, where it holds a whole number beyond all floats; else nothing."""
    large = _beyond_floats(value)
    if large is None:
        return ""
    whole = describe(value) if large is value else f"{describe(value)} that holds {describe(large)}"
    return f"expected numbers, got {whole}"


def describe(value: Any) -> str:
    """`an array of shape (2,)`, `a number`, `a list of 3 items`."""
    if isinstance(value, Kind):
        return value.words
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, bool | np.bool_):
        return "True or False"
    if isinstance(value, int) and _too_large(value):
        return whole_number(value)
    if isinstance(value, complex | np.complexfloating):
        return "a complex number"
    if isinstance(value, int | float | np.number):
        return "a number"
    if isinstance(value, str):
        return "a str"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)} items"
    return f"a {type(value).__name__}"


def show(value: Any, digits: int = 6) -> str:
    """A value on a few lines at most."""
    if isinstance(value, np.ndarray):
        value = value + 0.0 if value.dtype.kind == "f" else value  # no -0
        text = np.array2string(value, precision=digits, threshold=24, edgeitems=3, max_line_width=90)
    elif isinstance(value, float | np.floating):
        text = f"{float(value) + 0.0:.{digits}g}"
    elif isinstance(value, int) and _too_large(value):
        text = whole_number(value)
    else:
        text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 400 else text[:400] + " …"


def _compare(expected: Any, got: Any, rule: Rule) -> Difference | None:
    if expected is None or isinstance(expected, str | bool | np.bool_):
        return _compare_plain(expected, got)
    if isinstance(expected, dict):
        return _compare_entries(expected, got, rule)
    if said := wrong_type(got, describe(expected)):
        return Difference(said)
    if isinstance(got, set | dict | str):
        return Difference(f"expected {describe(expected)}, got {describe(got)}")
    if isinstance(expected, int) and abs(expected) > LARGEST_WHOLE:
        return _compare_whole(expected, got)
    if isinstance(expected, list | tuple) and not _is_numeric(expected):
        return _compare_items(expected, got, rule)
    return _compare_arrays(np.asarray(expected), got, rule)


def _compare_plain(expected: Any, got: Any) -> Difference | None:
    if isinstance(expected, bool | np.bool_) and isinstance(got, np.ndarray) and got.shape == () and got.dtype == bool:
        got = bool(got)
    if isinstance(expected, bool | np.bool_) and not isinstance(got, bool | np.bool_):
        return Difference(wrong_type(got, "True or False") or f"expected True or False, got {describe(got)}")
    if isinstance(expected, str) and not isinstance(got, str):
        return Difference(wrong_type(got, "a str") or f"expected a str, got {describe(got)}")
    if expected is None:
        return None if got is None else Difference(f"expected None, got {describe(got)}")
    return None if expected == got else Difference(f"expected {show(expected)}, got {show(got)}")


def _compare_whole(expected: int, got: Any) -> Difference | None:
    """Whole numbers that no array holds are compared exactly."""
    number = got.item() if isinstance(got, np.ndarray | np.generic) and got.ndim == 0 else got
    if isinstance(number, bool) or not isinstance(number, int | float):
        return Difference(f"expected {describe(expected)}, got {describe(got)}")
    return None if number == expected else Difference(f"expected {show(expected)}, got {show(number)}")


def _compare_entries(expected: dict[Any, Any], got: Any, rule: Rule) -> Difference | None:
    if not isinstance(got, dict):
        return Difference(wrong_type(got, "a dict") or f"expected a dict, got {describe(got)}")
    for key in expected:
        if key not in got:
            return Difference(f"the entry {key!r} is missing")
        if found := _compare(expected[key], got[key], rule):
            where = f"{key}{': ' + found.where if found.where else ''}"
            inner = found if found.where else replace(found, expected=expected[key], got=got[key])
            return replace(inner, where=where)
    extra = [key for key in got if key not in expected]
    return Difference(f"the entry {extra[0]!r} is too many") if extra else None


def _compare_items(expected: Any, got: Any, rule: Rule) -> Difference | None:
    if not isinstance(got, list | tuple | np.ndarray):
        return Difference(f"expected {describe(expected)}, got {describe(got)}")
    if len(got) != len(expected):
        return Difference(f"{len(got)} items, expected {len(expected)}")
    for place, (ours, theirs) in enumerate(zip(expected, got, strict=True)):
        if found := _compare(ours, theirs, rule):
            where = f"item [{place}]{': ' + found.where if found.where else ''}"
            inner = found if found.where else replace(found, expected=ours, got=theirs)
            return replace(inner, where=where)
    return None


def _compare_arrays(expected: Array, got: Any, rule: Rule) -> Difference | None:
    array, said = _as_array(got, expected)
    if array is None:
        return Difference(said)
    if array.shape != expected.shape:
        return _shape_difference(expected, array, rule)
    if expected.dtype.kind == "b" and array.dtype.kind != "b":
        return Difference("expected True or False, got numbers")
    if expected.dtype.kind in "US":
        wrong = expected != array
        return _first(expected, array, wrong) if wrong.any() else None
    if matches(expected, array, rule):
        if rule.dtype and str(array.dtype) != rule.dtype:
            return Difference(f"dtype {array.dtype}, expected dtype {rule.dtype}; the values are right")
        return None
    for word, odd in (
        ("NaN", np.isnan(array) & ~np.isnan(expected)),
        ("infinite", np.isinf(array) & ~np.isinf(expected)),
    ):
        if odd.any():
            return Difference(f"{word}{_at(odd)}; {int(odd.sum())} of {odd.size} values are {word}")
    patterns = tuple(_patterns(expected, array, rule))
    if rule.how in ("at least", "at most"):
        wrong = ~_close_to(expected, array, rule)
        return replace(_first(expected, array, wrong, f"{rule.how} "), patterns=())
    if rule.how == "any order":
        return Difference(_missing(expected, array, rule), patterns)
    return replace(_first(expected, array, ~_close_to(expected, array, rule)), patterns=patterns)


def _as_array(got: Any, expected: Array) -> tuple[Array | None, str]:
    """The reader's value as an array of numbers (or of strings, where those are expected)."""
    wanted = describe(expected if expected.ndim else expected[()])
    array, said = as_array(got)
    if array is None:
        return None, f"expected {wanted}, got {said}"
    if array.size > LARGEST:
        return None, f"expected {wanted}, got an array of shape {array.shape}, {array.size:,} numbers"
    if expected.dtype.kind in "US":
        return (array, "") if array.dtype.kind in "US" else (None, f"expected text, got {describe(got)}")
    if array.dtype.kind == "b" and expected.dtype.kind != "b":
        return None, f"expected {wanted}, got True or False"
    if array.dtype.kind not in "biufc":
        return None, f"expected {wanted}, got {describe(got)} that holds something other than numbers"
    if array.dtype.kind == "c" and expected.dtype.kind != "c":
        return None, f"expected {wanted}, got complex numbers"
    return array, ""


def as_array(value: Any) -> tuple[Array | None, str]:
    """A plain value as one array; or None, and what came instead.

    Whole numbers beyond NumPy's own become floats, unless they are beyond these, too.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        return None, f"{describe(value)} of unequal lengths"
    if array.dtype.kind != "O" or not (numbers := _numbers(array)):
        return array, ""
    if large := [number for number in numbers if _too_large(number)]:
        return None, f"{describe(value)} that holds {describe(large[0])}" if array.ndim else describe(value)
    return array.astype(complex if any(isinstance(number, complex) for number in numbers) else float), ""


def _numbers(array: Array) -> list[Any]:
    """All entries of an array of objects, if they are numbers; whole ones may be longer than an array's are."""
    entries = array.ravel().tolist()
    return entries if all(isinstance(entry, int | float | complex) for entry in entries) else []


def _beyond_floats(value: Any) -> int | None:
    """The first whole number in a value that is beyond all floats."""
    if isinstance(value, list | tuple | dict):
        inside = value.values() if isinstance(value, dict) else value
        return next((large for item in inside if (large := _beyond_floats(item)) is not None), None)
    return value if _too_large(value) else None


def _too_large(value: Any) -> bool:
    """Whether a number is whole and beyond all floats: no array holds it, and nobody wants to read it."""
    return isinstance(value, int) and value.bit_length() > 1023


def _shape_difference(expected: Array, got: Array, rule: Rule) -> Difference:
    text = f"{_shape(got)}, expected {_shape(expected)}"
    if got.size == expected.size and expected.dtype.kind not in "US":
        if matches(expected, got.reshape(expected.shape), rule):
            return Difference(f"{text}; the values are right")
        if got.T.shape == expected.shape and matches(expected, got.T, rule):
            return Difference(f"{text}: the result is transposed")
        if got.T.shape == expected.shape and got.ndim == 2:
            return Difference(f"{text}: are the axes the wrong way round?")
    if got.ndim == expected.ndim == 1 and abs(len(got) - len(expected)) == 1:
        return Difference(f"{text}: one value too {'many' if len(got) > len(expected) else 'few'}")
    if got.ndim == expected.ndim == 1:
        return Difference(f"{text}: {len(got)} values instead of {len(expected)}")
    return Difference(text)


def _shape(array: Array) -> str:
    return f"shape {array.shape}" if array.ndim else "a single number"


def matches(expected: Array, got: Array, rule: Rule) -> bool:
    """Whether all numbers agree under the rule; the shapes are the same."""
    with np.errstate(all="ignore"):
        if rule.how == "any order":
            return not _unmatched(expected, got, rule)
        return bool(_close_to(expected, got, rule).all())


def _close_to(expected: Array, got: Array, rule: Rule) -> Array:
    if rule.how == "exact":
        return np.asarray(expected == got) | (np.isnan(expected) & np.isnan(got))
    with np.errstate(all="ignore"):
        close = np.isclose(got, expected, rtol=rule.rtol, atol=rule.atol, equal_nan=True)
        if rule.how == "at least":
            return close | (got >= expected)
        return close | (got <= expected) if rule.how == "at most" else close


def _unmatched(expected: Array, got: Array, rule: Rule) -> list[int]:
    """The expected entries (rows, where there are several axes) that find no partner, each partner taken once."""
    closely = replace(rule, how="close")
    ours, theirs = (a.reshape(len(a), -1) if a.ndim else a.reshape(1, 1) for a in (expected, got))
    free = np.ones(len(theirs), dtype=bool)
    missing = []
    for place, row in enumerate(ours):
        same = free & _close_to(np.broadcast_to(row, theirs.shape), theirs, closely).all(axis=1)
        if same.any():
            free[int(np.argmax(same))] = False
        else:
            missing.append(place)
    return missing


def _missing(expected: Array, got: Array, rule: Rule) -> str:
    missing = _unmatched(expected, got, rule)
    return f"{show(expected[missing[0]])} is expected and not there ({len(missing)} of {len(expected)} are missing)"


def _first(expected: Array, got: Array, wrong: Array, word: str = "") -> Difference:
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    e, g = expected[place], got[place]
    digits = 6 if show(e) != show(g) else 17
    text = f"expected {word}{show(e, digits)}, got {show(g, digits)}"
    if expected.ndim:
        at = ", ".join(map(str, place))
        text = f"first differs at [{at}]: {text} ({int(wrong.sum())} of {wrong.size} values differ)"
    return Difference(text)


def _at(odd: Array) -> str:
    return f" at [{', '.join(str(int(i)) for i in np.argwhere(odd)[0])}]" if odd.ndim else ""


def _patterns(expected: Array, got: Array, rule: Rule) -> Iterator[str]:
    """What the difference looks like, the most telling first."""
    same = replace(rule, how="any order" if rule.how == "any order" else "close")
    e, g = expected.astype(complex if expected.dtype.kind == "c" else float), got

    def turns_into(change: Callable[[Array], Array]) -> bool:
        return matches(change(e), g, same)

    with np.errstate(all="ignore"):
        if turns_into(np.negative) or (e.ndim == 1 < e.size and matches(np.sort(-e), np.sort(g), same)):
            yield "the sign is the other way round"
        elif matches(np.abs(e), np.abs(g), same):
            yield "the sign is wrong in some places; the sizes are right"
        if turns_into(lambda v: v / 2):
            yield "every value is half of what is expected"
        elif (factor := _factor(e, g)) and turns_into(lambda v: factor * v):
            yield f"every value is {factor:.4g} times what is expected"
        if g.size > 1 and rule.how != "any order":
            yield from _order(e, g, same)
        if turns_into(np.floor) or turns_into(np.trunc):
            yield "the values are rounded down: is there // or int() where fractions are needed?"
        if not matches(e, np.zeros_like(e), same) and (g == 0).all():
            yield "everything is 0"
        elif (shift := _shift(e, g, rule)) and turns_into(lambda v: v + shift):
            what = "every value" if e.size > 1 else "the value"
            yield f"{what} is off by the same {shift:.4g}: is an offset missing or doubled?"
        if turns_into(lambda v: 1 / v):
            yield "the fraction is upside down"


def _order(e: Array, g: Array, rule: Rule) -> Iterator[str]:
    if e.ndim == 2 and e.shape[0] == e.shape[1] and matches(e.T, g, rule):
        yield "the result is transposed"
    elif matches(e[::-1], g, rule):
        yield "the values are right, their order is not: they are reversed"
    elif matches(np.sort(e, axis=None), np.sort(g, axis=None), rule):
        yield "the values are right, their order is not"
    elif len(e) > 2 and (matches(e[1:], g[:-1], rule) or matches(e[:-1], g[1:], rule)):
        yield "the values are shifted by one place"


def _factor(e: Array, g: Array) -> float:
    """The one factor between the two, from the largest entries; 0 where that makes no sense."""
    if np.iscomplexobj(e) or not e.any():
        return 0.0
    ratio = _ratio(e, g)
    if np.count_nonzero(e) < 2 and ratio not in (2.0, 3.0, 4.0, 10.0):  # any two numbers have some ratio
        return 0.0
    return ratio if np.isfinite(ratio) and ratio not in (0.0, 1.0, -1.0) else 0.0


def _ratio(e: Array, g: Array) -> float:
    return round(float(np.abs(g).max() / np.abs(e).max()), 10)


def _shift(e: Array, g: Array, rule: Rule) -> float:
    """The one number between the two; their sums tell it, whatever the order."""
    shift = float(np.real(g).sum() - np.real(e).sum()) / e.size
    return shift if np.isfinite(shift) else 0.0


def _is_numeric(value: Any) -> bool:
    """Whether a list or tuple is one array of numbers; a tuple of arrays is several."""
    if isinstance(value, tuple) and any(isinstance(item, np.ndarray) for item in value):
        return False
    try:
        return np.asarray(value).dtype.kind in "biufc"
    except ValueError:
        return False
