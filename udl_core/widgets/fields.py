"""What a live figure's state is made of: each field says its type, range and default, and everything else follows.

A field is a trait. It takes what NumPy gives (float32 scalars, integer and boolean arrays, any byte order), refuses
what would not be seen (NaN, infinities, masked, complex, absurdly large) with a `BadValue` that names what was expected
and what came, and describes itself (`spec`) to the front end, where `js/src/scene/fields.ts` reads states the same way.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import traitlets

LARGEST = 1e9
"""How far from 0 the numbers of a state may be where a field says nothing else."""


class BadValue(traitlets.TraitError, ValueError):
    """A trait was given something its figure can't show; the message says what was expected and what came."""


class Field(traitlets.TraitType[Any, Any]):
    """One entry of a state. ``says`` is what it must be, in words; ``doc`` what it means."""

    kind = ""
    says = ""

    def __init__(self, default: Any, doc: str) -> None:
        super().__init__(default_value=default)
        self.doc = doc
        self.tag(sync=True, to_json=lambda value, _: self.plain(value), from_json=lambda value, _: value)

    def take(self, value: Any) -> Any:
        """The value as it is kept; raises BadValue."""
        raise NotImplementedError

    def plain(self, value: Any) -> Any:
        """The same as JSON data."""
        return value

    def spec(self) -> dict[str, Any]:
        """What the front end has to know."""
        return {"kind": self.kind, "says": self.says}

    def some(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> Any:
        """A value drawn for the tests."""
        raise NotImplementedError

    def refuse(self, came: Any, hint: str = "") -> BadValue:
        """The error that says what was expected and what came."""
        text = came if isinstance(came, str) else str(came) if isinstance(came, np.generic) else repr(came)
        return BadValue(f"{self.name} must be {self.says}, got {text if len(text) <= 60 else text[:60] + '…'}{hint}")

    def validate(self, obj: Any, value: Any) -> Any:
        return self.take(value)

    def _cross_validate(self, obj: Any, value: Any) -> Any:
        value = super()._cross_validate(obj, value)
        obj.agree(self.name, value)
        return value

    def set(self, obj: Any, value: Any) -> None:
        """Assign; the same value again is no change and notifies nobody."""
        new: Any = self._validate(obj, value)
        old: Any = obj._trait_values.get(self.name)
        if old is None or not np.array_equal(old, new):
            super().set(obj, new)


class Flag(Field):
    kind, says = "flag", "true or false"

    def take(self, value: Any) -> bool:
        if isinstance(value, bool | np.bool_):
            return bool(value)
        raise self.refuse(value)

    def some(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> bool:
        return bool(rng.integers(2))


class Choice(Field):
    """One of some words; the first unless told otherwise."""

    kind = "choice"

    def __init__(self, *options: str, default: str = "", doc: str = "") -> None:
        super().__init__(default or options[0], doc)
        self.options = options
        self.says = f"one of {', '.join(options)}"

    def take(self, value: Any) -> str:
        if isinstance(value, str) and value in self.options:
            return str(value)
        raise self.refuse(value)

    def spec(self) -> dict[str, Any]:
        return {**super().spec(), "options": self.options}

    def some(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> str:
        return str(rng.choice(self.options))


class Real(Field):
    """A number from ``lo`` to ``hi``; the page rounds to ``digits`` after the point, or to ``significant``."""

    kind = "real"

    def __init__(
        self, lo: float, hi: float, default: float, doc: str = "", digits: int = 2, significant: int | None = None
    ) -> None:
        super().__init__(default, doc)
        self.lo, self.hi, self.digits, self.significant = lo, hi, digits, significant
        self.says = f"a number from {_number(lo)} to {_number(hi)}"

    def take(self, value: Any) -> float:
        number = _scalar(value)
        if number is None or not self.lo <= number <= self.hi:
            raise self.refuse(value)
        return float(number)

    def spec(self) -> dict[str, Any]:
        rounding = {"significant": self.significant} if self.significant else {"digits": self.digits}
        return {**super().spec(), "lo": self.lo, "hi": self.hi, **rounding}

    def some(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> float:
        return float(rng.uniform(self.lo, self.hi))


class Whole(Field):
    """A whole number from ``lo`` to ``hi``; a letter for ``hi`` is a length of the state's vectors."""

    kind = "whole"

    def __init__(self, lo: int, hi: int | str, default: int, doc: str = "") -> None:
        super().__init__(default, doc)
        self.lo, self.hi = lo, hi
        self.says = f"a whole number from {lo} to {hi}"

    def take(self, value: Any) -> int:
        number = _scalar(value)
        if number is None or number != np.floor(number) or number < self.lo:
            raise self.refuse(value)
        if number > (LARGEST if isinstance(self.hi, str) else self.hi):
            raise self.refuse(value)
        return int(number)

    def spec(self) -> dict[str, Any]:
        return {**super().spec(), "lo": self.lo, "hi": self.hi}

    def some(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> int:
        return int(rng.integers(self.lo, (sizes[self.hi] if isinstance(self.hi, str) else self.hi) + 1))


class Vector(Field):
    """Numbers of shape (size,), read-only. ``size`` is a number or a sum such as ``"3 D + 1"``.

    Its letters are other fields, or lengths, which every vector that names them must agree on; where a length is first
    named its limits are given: ``Vector("4 D + 1", D=(1, 8), …)``.
    """

    kind = "vector"
    dtype: Any = np.float64
    what = "numbers"

    def __init__(
        self, size: int | str, default: Any = (), doc: str = "", lo: float = -LARGEST, hi: float = LARGEST,
        digits: int | None = None, **letters: tuple[int, int],
    ) -> None:  # fmt: skip
        super().__init__(_frozen(np.array(default, dtype=self.dtype)), doc)
        self.size, self.letters = _terms(str(size)), letters
        self.lo, self.hi, self.digits = lo, hi, digits
        self.shape = f"({size},)"
        limits = "".join(f" for {letter} = {a} to {b}" for letter, (a, b) in letters.items())
        within = "" if (lo, hi) == (-LARGEST, LARGEST) else f" from {_number(lo)} to {_number(hi)}"
        self.says = f"{self.what}{within} of shape {self.shape}{limits}"

    def take(self, value: Any) -> Any:
        array = _array(value)
        if array is None or array.dtype.kind not in self.kinds:
            raise self.refuse(value)
        if array.ndim != 1 or ("" in self.size and len(self.size) == 1 and len(array) != self.size[""]):
            raise self.refuse(f"shape {array.shape}")
        with np.errstate(over="ignore"):
            array = array.astype(self.dtype)
        outside = ~((self.lo <= array) & (array <= self.hi))
        if outside.any():
            raise self.refuse(str(array[outside][0]))
        return _frozen(array)

    kinds = "biuf"

    def plain(self, value: Any) -> list[Any]:
        return value.tolist()

    def spec(self) -> dict[str, Any]:
        return {
            **super().spec(), "size": self.size, "letters": self.letters, "lo": self.lo, "hi": self.hi,
            "digits": self.digits,
        }  # fmt: skip

    def some(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> Any:
        n = sum(times * (sizes[letter] if letter else 1) for letter, times in self.size.items())
        return rng.uniform(max(self.lo, -3), min(self.hi, 3), n)


class Wholes(Vector):
    """Whole numbers of shape (size,)."""

    kind, dtype, what, kinds = "wholes", np.int64, "whole numbers", "iu"

    def some(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> Any:
        return super().some(rng, sizes).round().astype(int)


class Flags(Vector):
    """True/false values of shape (size,)."""

    kind, dtype, what, kinds = "flags", np.bool_, "true/false values", "b"

    def some(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> Any:
        return super().some(rng, sizes) > 0


class Interval(Vector):
    """Two numbers from ``lo`` to ``hi``, the second at least ``least`` above the first."""

    kind = "interval"

    def __init__(self, lo: float, hi: float, least: float, default: Any, doc: str = "", digits: int = 2) -> None:
        super().__init__(2, default, doc, lo, hi, digits)
        self.least = least
        self.says = f"two numbers from {_number(lo)} to {_number(hi)}, the second at least {least} above the first"

    def take(self, value: Any) -> Any:
        ends = super().take(value)
        if ends[1] - ends[0] < self.least - 1e-9:
            raise self.refuse(f"{ends[0]:g}, {ends[1]:g}")
        return ends

    def spec(self) -> dict[str, Any]:
        return {**super().spec(), "least": self.least}

    def some(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> Any:
        width = rng.uniform(self.least, self.hi - self.lo)
        start = rng.uniform(self.lo, self.hi - width)
        return np.array([start, start + width])


def agree(fields: Mapping[str, Field], values: Mapping[str, Any], last: str = "") -> dict[str, int]:
    """The lengths that the letters stand for. Raises BadValue, about the field ``last`` if it may be its fault."""
    limits = {letter: ends for f in fields.values() if isinstance(f, Vector) for letter, ends in f.letters.items()}
    known = {name: value for name, value in values.items() if isinstance(fields[name], Whole)}
    vectors = [name for name, field in fields.items() if isinstance(field, Vector)]
    for name in sorted(vectors, key=lambda name: name == last):
        field = fields[name]
        assert isinstance(field, Vector)
        length = len(values[name])
        rest = length - sum(times * known.get(letter, letter == "") for letter, times in field.size.items())
        unknown = [letter for letter in field.size if letter and letter not in known]
        if not unknown and rest:
            hint = "; to change both, set them together inside `with w.hold_trait_notifications():`"
            raise field.refuse(f"{length}, where the rest of the state needs {length - rest}", hint)
        if unknown:
            count, left = divmod(rest, field.size[unknown[0]])
            lo, hi = limits[unknown[0]]
            if left or not lo <= count <= hi:
                raise field.refuse(f"shape ({length},)")
            known[unknown[0]] = count
    for name, field in fields.items():
        if isinstance(field, Whole) and isinstance(field.hi, str) and values[name] > known[field.hi]:
            raise field.refuse(f"{values[name]}, where {field.hi} = {known[field.hi]}")
    return {letter: known[letter] for letter in limits}


def draw(fields: Mapping[str, Field], rng: np.random.Generator) -> dict[str, Any]:
    """A state drawn at random, for the tests."""
    sizes = {
        letter: int(rng.integers(lo, hi + 1))
        for f in fields.values() if isinstance(f, Vector) for letter, (lo, hi) in f.letters.items()
    }  # fmt: skip
    state = {name: field.some(rng, sizes) for name, field in fields.items() if isinstance(field, Whole)}
    sizes |= state
    return {name: state[name] if name in state else field.some(rng, sizes) for name, field in fields.items()}


def _terms(text: str) -> dict[str, int]:
    """``"3 D + 1"`` as {"D": 3, "": 1}."""
    found: dict[str, int] = {}
    for term in text.split("+"):
        match = re.fullmatch(r"\s*(\d*)\s*([A-Za-z]\w*)?\s*", term)
        if not match or not match[0].strip():
            raise ValueError(f"a size must be a sum such as '3 D + 1', got {text!r}")
        found[match[2] or ""] = found.get(match[2] or "", 0) + int(match[1] or 1)
    return found


def _array(value: Any) -> Any:
    """The value as an array, or None if it is nothing that NumPy has numbers for; masked arrays have holes."""
    if np.ma.isMA(value) or value is np.ma.masked:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            array = np.asarray(value)
    except Exception:  # whatever a foreign object does when asked for its numbers
        return None
    if isinstance(value, Sequence) and not len(value):
        return np.zeros(0, dtype=bool)  # an empty list holds any kind of value
    return array


def _scalar(value: Any) -> Any:
    """A finite number, or None; true and false are none."""
    array = _array(value)
    if array is None or array.ndim or array.dtype.kind not in "iuf" or not np.isfinite(array):
        return None
    return array[()]


def _frozen(array: Any) -> Any:
    array.flags.writeable = False
    return array


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")
