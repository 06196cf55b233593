"""One place for what a bad argument is told: its name, the shape in the book's symbols, the shape received."""

import operator
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Axes = Mapping[str, int | None]
"""Symbol of each axis and its length, None where any length will do: {"I": None, "D_i": 2}; "…" is any axes."""

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


def array(name: str, value: npt.ArrayLike, axes: Axes, dtype: np.dtype[Any] | None = None) -> Array:
    """`value` as a finite float array of the given axes: never copied without need, never broadcast.

    `dtype` is the one that rules; without it float32 and float64 stay, integers and booleans become float64.
    """
    # `is None`: NumPy holds float64 equal to None
    if type(value) is np.ndarray and value.dtype in FLOATS and (dtype is None or dtype == value.dtype):
        shape(name, value.shape, axes)  # the way of nearly every call, so it is kept short
        return _finite(name, value)
    given = regular(name, value, axes)
    if given.dtype not in FLOATS and given.dtype.kind not in "iub":
        raise TypeError(f"{name} must hold real numbers (float32, float64 or integers), got dtype {given.dtype}")
    shape(name, given.shape, axes)
    with np.errstate(over="ignore"):
        floats = given.astype(dtype or (given.dtype if given.dtype in FLOATS else np.float64), copy=False)
    return _finite(name, floats)


def _finite(name: str, value: Array) -> Array:
    if np.count_nonzero(np.isfinite(value)) != value.size:  # half the time of .all() on a short vector
        raise ValueError(f"{name} must be finite, got NaN or infinity")
    return value


def regular(name: str, value: npt.ArrayLike, axes: Axes) -> npt.NDArray[Any]:
    """`value` as an array of any kind, in this machine's byte order: every array from outside passes here.

    Its shape is not checked, but rows of different lengths have none. What is masked would lose its mask: TypeError.
    """
    if hasattr(value, "filled"):  # a masked array, without importing numpy.ma
        raise TypeError(f"{name} must not be a masked array: say what to take where it is masked, as by .filled(0)")
    try:
        given = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must have shape {_shape(axes)}, got rows of different lengths") from error
    return given if given.dtype.isnative else given.astype(given.dtype.newbyteorder("="))


def shape(name: str, given: tuple[int | None, ...], axes: Axes) -> None:
    """Whether a shape fits the axes; None in it fits any."""
    wanted = list(axes.values())
    if list(given) == wanted:
        return
    if "…" in axes:
        at = list(axes).index("…")
        wanted[at : at + 1] = [None] * (len(given) - len(wanted) + 1)
    if len(given) != len(wanted) or any(None not in (w, n) and w != n for w, n in zip(wanted, given, strict=True)):
        raise ValueError(
            f"{name} must have shape {_shape(axes)}, got {_tuple(['I' if n is None else str(n) for n in given])}"
        )


def like(name: str, value: npt.ArrayLike, model_name: str, model: Array) -> Array:
    """`value` as a finite array of the shape and dtype of another, such as dy for y."""
    given = regular(name, value, {"…": None})
    if given.shape != model.shape:
        raise ValueError(f"{name} must have the shape of {model_name}, {model.shape}, got {given.shape}")
    return array(name, given, {"…": None}, model.dtype)


def mask(value: npt.ArrayLike, x: Array) -> npt.NDArray[np.bool_]:
    """True where a sequence x (I, T) or (I, T, D) has a token, False where it is padded."""
    given = regular("mask", value, {"I": None, "T": None})
    if given.dtype != np.bool_:
        raise TypeError(f"mask must hold True and False, got dtype {given.dtype}")
    if given.shape != x.shape[:2]:
        raise ValueError(f"mask must have shape (I, T) = {x.shape[:2]}, got {given.shape}")
    return given


def size(name: str, value: int) -> int:
    """A whole number of at least 1, such as D_i."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, got {value!r}") from None
    if isinstance(value, bool) or number < 1:
        raise ValueError(f"{name} must be at least 1, got {value!r}")
    return number


def flag(name: str, value: bool) -> bool:
    """True or False, such as whether a layer has offsets."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, got {value!r}")
    return value


def sizes(network: Any, *names: str) -> None:
    """Checks those fields of a frozen dataclass as `size` does, and keeps them as plain whole numbers."""
    for name in names:
        object.__setattr__(network, name, size(name, getattr(network, name)))


def positive(name: str, value: float) -> float:
    """A finite number above 0, such as a learning rate."""
    number = real(name, value)
    if number <= 0:
        raise ValueError(f"{name} must be above 0, got {value!r}")
    return number


def not_negative(name: str, value: float) -> float:
    """A finite number of at least 0, such as a variance."""
    number = real(name, value)
    if number < 0:
        raise ValueError(f"{name} must not be negative, got {value!r}")
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


def generator(rng: object, name: str = "rng") -> np.random.Generator:
    """A numpy Generator: no function here touches a global random state."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"{name} must be a numpy.random.Generator such as np.random.default_rng(0), got {rng!r}")
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
