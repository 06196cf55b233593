"""What every network and layer has in common: a pure function f[x, φ] whose parameters φ are one flat vector."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from udl_core import _validate, init
from udl_core._validate import Array, Axes

Shape = tuple[int, ...]
Back = Callable[[Array, bool], tuple[Array | None, Array]]
"""(dy, need_dx) -> (dx or None, dφ): a pullback without checks, for use between layers."""


class Pullback(Protocol):
    """Carries derivatives back through a network: what `Network.vjp` returns beside the output."""

    def __call__(self, dy: npt.ArrayLike, need_dx: bool = True) -> tuple[Any, Array]:
        """∂L/∂y, of y's shape, to ∂L/∂x, of x's shape, and ∂L/∂φ (P,). `need_dx=False` saves the first: None."""


@dataclass(frozen=True)
class Call:
    """What a call says besides x and φ: see `Network.vjp`."""

    train: np.random.Generator | None = None
    mask: npt.NDArray[np.bool_] | None = None  # (I, T)


class Network(ABC):
    """Holds the architecture only, never parameters, so one object may be shared and reused freely.

    A subclass is a frozen dataclass that names its `parts` and writes `x_axes`, `_out_shape` and `_vjp`; calling,
    checking, packing, unpacking and random starts follow. The first axis of x and y counts the I examples.
    """

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """The named parts of φ in flat order: name -> {symbol of axis: length}."""
        return {}

    @property
    def fans(self) -> dict[str, tuple[int, int]]:
        """The parts that are weights: name -> (inputs D_h, outputs D_h′) that meet in one of them."""
        return {}

    starts: Mapping[str, float] = {}
    """Where the parts that are not weights start, if not at 0."""

    default_variance: init.Variance = staticmethod(init.he)

    @property
    @abstractmethod
    def x_axes(self) -> Axes:
        """The axes of x: symbol -> length, None for any length, and "…" for any axes."""

    def _out_shape(self, shape: Shape) -> Shape:
        """Shape of one output, for a shape of one input that fits `x_axes`."""
        return shape

    @abstractmethod
    def _vjp(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        """`vjp` for checked arguments; φ is flat and has x's dtype."""

    def init(
        self,
        rng: np.random.Generator,
        dtype: npt.DTypeLike = np.float64,
        variance: init.Variance | None = None,
    ) -> Array:
        """Random parameters φ (P,) to start training from.

        Weights are normal with mean 0 and the variance that `variance` (from `udl_core.init`) gives, or the layer's
        own default: He's, unless its docstring names another. Drawn in float64, so a seed means the same network in
        either dtype. Raises TypeError for another kind of argument, ValueError for a negative variance.
        """
        _validate.generator(rng)
        variance = self.default_variance if variance is None else variance
        if not callable(variance):
            raise TypeError(f"variance must be a function such as init.xavier or init.given(0.1), got {variance!r}")
        phi = np.empty(self.n_params)
        for name, part in self._views(phi).items():
            if name in self.fans:
                part[...] = _validate.not_negative("variance", variance(*self.fans[name])) ** 0.5
                part *= rng.standard_normal(part.shape)
            else:
                part[...] = self.starts.get(name, 0.0)
        return phi.astype(_validate.float_dtype(dtype))

    def __call__(
        self,
        x: npt.ArrayLike,
        phi: npt.ArrayLike,
        *,
        train: np.random.Generator | None = None,
        mask: npt.ArrayLike | None = None,
    ) -> Array:
        """y = f[x, φ] for inputs x and parameters φ (P,). The dtype of φ rules. See `vjp` for `train` and `mask`."""
        x, phi, call = self._arguments(x, phi, train, mask)
        return _apart(self._vjp(x, phi, call)[0], x)

    def vjp(
        self,
        x: npt.ArrayLike,
        phi: npt.ArrayLike,
        *,
        train: np.random.Generator | None = None,
        mask: npt.ArrayLike | None = None,
    ) -> tuple[Array, Pullback]:
        """The output y and the function that carries derivatives back (a vector-Jacobian product).

        `pullback(dy)` takes ∂L/∂y and returns ∂L/∂x and ∂L/∂φ (P,).

        What differs between training and use is said here, never remembered: with a Generator as `train`, dropout draws
        from it and batch normalisation takes the statistics of this batch; without, f[x, φ] depends on x and φ alone.
        `mask` (I, T) is True where a sequence has a token and False where it is padded; attention then looks at tokens
        only.

        Raises ValueError for a wrong shape of x, φ or mask and for NaN or infinity, TypeError for the wrong kind.
        """
        x, phi, call = self._arguments(x, phi, train, mask)
        y, back = self._vjp(x, phi, call)

        def pullback(dy: npt.ArrayLike, need_dx: bool = True) -> tuple[Any, Array]:
            checked = _validate.like("dy", dy, "y", y)
            dx, dphi = back(checked, need_dx)
            return (None if dx is None else _apart(dx, checked)), dphi

        return _apart(y, x), pullback

    def out_shape(self, shape: Shape) -> Shape:
        """Shape of the output for one example of that shape: Dense(3, 5).out_shape((3,)) is (5,).

        Raises ValueError for a shape that the network does not take.
        """
        _validate.shape("x", (None, *shape), self.x_axes)
        return self._out_shape(tuple(shape))

    @cached_property
    def n_params(self) -> int:
        """P, the number of parameters."""
        return sum(prod(axes.values()) for axes in self.parts.values())

    @cached_property
    def _places(self) -> list[tuple[str, int, int, Shape]]:
        """Where each part stands in φ: name, start, end, shape."""
        places, start = [], 0
        for name, axes in self.parts.items():
            shape = tuple(axes.values())
            places.append((name, start, start + prod(shape), shape))
            start += prod(shape)
        return places

    def freeze_statistics(self, x: npt.ArrayLike, phi: npt.ArrayLike, *, mask: npt.ArrayLike | None = None) -> Array:
        """A new φ (P,) with the statistics of x where batch normalisation keeps them for use; elsewhere φ as it is.

        Call it with the training data once training is over (Prince, section 11.4), as `training.fit` does where it has
        an `rng`. `mask` and errors are those of `vjp`; ValueError also for no examples where statistics are kept.
        """
        x, phi, call = self._arguments(x, phi, None, mask)
        frozen = phi.copy()
        if self._keeps_statistics:
            self._freeze(x, frozen, call)
        return frozen

    _keeps_statistics = False
    """Whether there is anything to freeze: it costs a pass through all of x."""

    def _freeze(self, x: Array, phi: Array, call: Call) -> None:
        """Writes the statistics of checked x into φ, for networks that keep any."""
        raise NotImplementedError

    def pack(self, **named: npt.ArrayLike) -> Array:
        """One flat φ (P,) from its named parts.

        Raises TypeError if a part is missing, unknown, or float32 beside float64, and ValueError for a wrong shape.
        """
        if named.keys() != self.parts.keys():
            wanted = ", ".join(self.parts) or "none, since there are no parameters"
            raise TypeError(f"pack needs exactly the parts {wanted}, got {', '.join(named) or 'none'}")
        dtypes = {part.dtype for part in named.values() if isinstance(part, np.ndarray) and part.dtype.kind == "f"}
        if len(dtypes) > 1:
            raise TypeError(f"the parts must share one dtype, got {' and '.join(sorted(map(str, dtypes)))}")
        dtype = dtypes.pop() if dtypes else np.float64
        checked = {name: _validate.array(name, named[name], axes) for name, axes in self.parts.items()}
        return np.concatenate([np.empty(0), *(part.ravel() for part in checked.values())], dtype=dtype)

    def unpack(self, phi: Array) -> Any:
        """The named parts as views into φ (P,): writing to a part writes to φ.

        Raises TypeError unless φ is a float32 or float64 array, since only an array can be viewed.
        """
        if not (isinstance(phi, np.ndarray) and phi.dtype in _validate.FLOATS):
            raise TypeError(f"phi must be a float32 or float64 array, got {_describe(phi)}")
        return self._views(self._checked(phi))

    def _arguments(
        self, x: npt.ArrayLike, phi: npt.ArrayLike, train: np.random.Generator | None, mask: npt.ArrayLike | None
    ) -> tuple[Array, Array, Call]:
        phi = self._checked(phi)
        x = self._checked_x(x, phi.dtype)
        if train is not None:
            _validate.generator(train, "train")
        if mask is not None:
            mask = _validate.mask(mask, x)
        return x, phi, Call(train, mask)

    def _checked(self, phi: npt.ArrayLike) -> Array:
        return _validate.array("phi", phi, {"P": self.n_params})

    def _checked_x(self, x: npt.ArrayLike, dtype: np.dtype[Any]) -> Array:
        x = _validate.array("x", x, self.x_axes, dtype)
        self._out_shape(x.shape[1:])
        return x

    def _views(self, phi: Array) -> dict[str, Array]:
        return {name: phi[start:end].reshape(shape) for name, start, end, shape in self._places}


def _apart(result: Array, given: Array) -> Array:
    """The result, or a copy where it is a view of what was given: it is the caller's to write to."""
    return result.copy() if np.may_share_memory(result, given) else result


def _describe(value: Any) -> str:
    return f"dtype {value.dtype}" if isinstance(value, np.ndarray) else type(value).__name__
