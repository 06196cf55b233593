"""One place for what a bad argument is told: its name, the shape in the book's symbols, the shape received."""

import operator
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Axes = Mapping[str, int | None]
"""Symbol of each axis and its length, None where any length will do: {"I": None, "D_i": 2}."""

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


def array(name: str, value: npt.ArrayLike, axes: Axes, dtype: np.dtype[Any] | None = None) -> Array:
    """`value` as a finite float array of the given axes: never copied without need, never broadcast.

    `dtype` is the one that rules; without it float32 and float64 stay and integers become float64.
    """
    try:
        given = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must have shape {_shape(axes)}, got rows of different lengths") from error
    if given.dtype not in FLOATS and given.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold real numbers (float32, float64 or integers), got dtype {given.dtype}")
    wanted = tuple(axes.values())
    if given.ndim != len(wanted) or any(w not in (None, n) for w, n in zip(wanted, given.shape, strict=True)):
        raise ValueError(f"{name} must have shape {_shape(axes)}, got {given.shape}")
    with np.errstate(over="ignore"):
        floats = given.astype(dtype or (given.dtype if given.dtype in FLOATS else np.float64), copy=False)
    if not np.isfinite(floats).all():
        raise ValueError(f"{name} must be finite, got NaN or infinity")
    return floats


def size(name: str, value: int) -> int:
    """A whole number of at least 1, such as D_i."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, got {value!r}") from None
    if isinstance(value, bool) or number < 1:
        raise ValueError(f"{name} must be at least 1, got {value!r}")
    return number


def positive(name: str, value: float) -> float:
    """A finite number above 0, such as a learning rate."""
    number = real(name, value)
    if number <= 0:
        raise ValueError(f"{name} must be above 0, got {value!r}")
    return number


def real(name: str, value: float) -> float:
    """A finite real number, as a Python float so that it never promotes a float32 array."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a number, got {value!r}") from None
    if not np.isfinite(number):
        raise ValueError(f"{name} must be finite, got {value!r}")
    return number


def generator(rng: object) -> np.random.Generator:
    """A numpy Generator: no function here touches a global random state."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator such as np.random.default_rng(0), got {rng!r}")
    return rng


def float_dtype(dtype: npt.DTypeLike) -> np.dtype[Any]:
    """float32 or float64."""
    given = np.dtype(dtype)
    if given not in FLOATS:
        raise TypeError(f"dtype must be float32 or float64, got {given}")
    return given


def _shape(axes: Axes) -> str:
    symbols = _tuple(list(axes))
    sizes = _tuple([symbol if n is None else str(n) for symbol, n in axes.items()])
    return symbols if symbols == sizes else f"{symbols} = {sizes}"


def _tuple(items: list[str]) -> str:
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
