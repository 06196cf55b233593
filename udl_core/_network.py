"""What every network has in common: a pure function f[x, φ] whose parameters φ are one flat vector."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array

Pullback = Callable[[npt.ArrayLike], tuple[Array, Array]]


class Network(ABC):
    """Holds the architecture only, never parameters, so one object may be shared and reused freely.

    A subclass names its parts and writes `init` and `vjp`; calling, packing and unpacking follow.
    """

    @property
    @abstractmethod
    def parts(self) -> dict[str, dict[str, int]]:
        """The named parts of φ in flat order: name -> {symbol of axis: length}."""

    @abstractmethod
    def init(self, rng: np.random.Generator, dtype: npt.DTypeLike = np.float64) -> Array:
        """Random parameters φ (P,) to start training from."""

    @abstractmethod
    def vjp(self, x: npt.ArrayLike, phi: npt.ArrayLike) -> tuple[Array, Pullback]:
        """The output y (I, D_o) and the function that carries derivatives back.

        `pullback(dy)` takes ∂L/∂y (I, D_o) and returns ∂L/∂x (I, D_i) and ∂L/∂φ (P,).
        """

    def __call__(self, x: npt.ArrayLike, phi: npt.ArrayLike) -> Array:
        """y = f[x, φ]: inputs x (I, D_i) and parameters φ (P,) to outputs (I, D_o). The dtype of φ rules."""
        return self.vjp(x, phi)[0]

    @property
    def n_params(self) -> int:
        """P, the number of parameters."""
        return sum(prod(axes.values()) for axes in self.parts.values())

    def pack(self, **named: npt.ArrayLike) -> Array:
        """One flat φ (P,) from its named parts.

        Raises TypeError if a part is missing, unknown, or float32 beside float64, and ValueError for a wrong shape.
        """
        if named.keys() != self.parts.keys():
            raise TypeError(f"pack needs exactly the parts {', '.join(self.parts)}, got {', '.join(named) or 'none'}")
        dtypes = {part.dtype for part in named.values() if isinstance(part, np.ndarray) and part.dtype.kind == "f"}
        if len(dtypes) > 1:
            raise TypeError(f"the parts must share one dtype, got {' and '.join(sorted(map(str, dtypes)))}")
        dtype = dtypes.pop() if dtypes else None
        checked = {name: _validate.array(name, named[name], axes) for name, axes in self.parts.items()}
        return np.concatenate([part.ravel() for part in checked.values()], dtype=dtype)

    def unpack(self, phi: Array) -> dict[str, Array]:
        """The named parts as views into φ (P,): writing to a part writes to φ.

        Raises TypeError unless φ is a float32 or float64 array, since only an array can be viewed.
        """
        if not (isinstance(phi, np.ndarray) and phi.dtype in _validate.FLOATS):
            raise TypeError(f"phi must be a float32 or float64 array, got {_describe(phi)}")
        return self._views(self._checked(phi))

    def _checked(self, phi: npt.ArrayLike) -> Array:
        return _validate.array("phi", phi, {"P": self.n_params})

    def _views(self, phi: Array) -> dict[str, Array]:
        views, start = {}, 0
        for name, axes in self.parts.items():
            shape = tuple(axes.values())
            views[name] = phi[start : start + prod(shape)].reshape(shape)
            start += prod(shape)
        return views


def _describe(value: Any) -> str:
    return f"dtype {value.dtype}" if isinstance(value, np.ndarray) else type(value).__name__
