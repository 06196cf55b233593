"""What every network and layer has in common: a pure function f[x, φ] whose parameters φ are one flat vector."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
class Trace:
    """What a network computes on its way, and on the way back: see `Network.trace`. `trace["h"]` is short for
    `trace.values["h"]`.
    """

    values: dict[str, Array]
    """Name -> value, in the order in which they are computed: `x` first, `y` last."""

    pullback: Callable[[npt.ArrayLike], tuple[dict[str, Array], Array]]
    """∂L/∂y, of y's shape, to the derivatives of L by each value under its name, `y` first and `x` last, and ∂L/∂φ
    (P,).
    """

    def __getitem__(self, name: str) -> Array:
        return self.values[name]


@dataclass(frozen=True)
class Call:
    """What a call says besides x and φ: see `Network.vjp`."""

    train: np.random.Generator | None = None
    mask: npt.NDArray[np.bool_] | None = None  # (I, T)
    notes: tuple[dict[str, Array], dict[str, Array]] | None = None  # for `trace`: values, and derivatives by them
    prefix: str = ""

    def note(self, name: str, value: Array) -> None:
        """Keeps a copy of an intermediate value, if this call is for a trace."""
        if self.notes is not None:
            self.notes[0][self.prefix + name] = value.copy()

    def note_back(self, name: str, derivative: Array) -> None:
        """Keeps a copy of ∂L by that value, if this call is for a trace."""
        if self.notes is not None:
            self.notes[1][self.prefix + name] = derivative.copy()

    def inside(self, name: str) -> "Call":
        """The call of a network inside this one, whose values get that name and a dot before their own."""
        return self if self.notes is None else replace(self, prefix=f"{self.prefix}{name}.")


class Network(ABC):
    """Holds the architecture only, never parameters, so one object may be shared and reused freely.

    A subclass is a frozen dataclass that names its `parts` and `fans` and writes `x_axes`, `shape_rule` and `vjp_rule`;
    calling, checking, packing, unpacking and random starts follow. One that keeps statistics names them as `statistics`
    and writes `freeze_rule`. The first axis of x and y counts the I examples.
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

    statistics: tuple[str, ...] = ()
    """The parts that keep statistics of the data for use: nothing learns them, `freeze_statistics` sets them."""

    default_variance: init.Variance = staticmethod(init.he)
    """(inputs, outputs) -> variance of the weights that `init` draws, unless told otherwise."""

    @property
    @abstractmethod
    def x_axes(self) -> Axes:
        """The axes of x: symbol -> length, None for any length, and "…" for any axes."""

    def shape_rule(self, shape: Shape) -> Shape:
        """What a subclass says of shapes: that of one output, for a shape of one input that fits `x_axes`."""
        return shape

    @abstractmethod
    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        """What a subclass computes: y, and below it the function that takes ∂L/∂y back to ∂L/∂x and ∂L/∂φ.

        Arguments are checked; φ is flat and has x's dtype. `back(dy, need_dx)` may give None for ∂L/∂x without need. It
        may be called more than once, and changes none of its arguments.
        """

    def freeze_rule(self, x: Array, phi: Array, call: Call) -> None:
        """What a subclass with `statistics` does to keep them: writes those of checked x into φ."""
        raise NotImplementedError

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
        for name, part in self.views(phi).items():
            if name in self.fans:
                part[...] = _validate.not_negative("variance", variance(*self.fans[name])) ** 0.5
                part *= rng.standard_normal(part.shape)
            else:
                part[...] = self.starts.get(name, 0.0)
        return phi.astype(_validate.float_dtype(dtype))

    def __call__(
        self,
        x: npt.ArrayLike,
        phi: npt.ArrayLike | None = None,
        *,
        train: np.random.Generator | None = None,
        mask: npt.ArrayLike | None = None,
    ) -> Array:
        """y = f[x, φ] for inputs x and parameters φ (P,). The dtype of φ rules. See `vjp` for `train` and `mask`.

        A network without parameters needs no φ; then the dtype of x rules.
        """
        x, phi, call = self.check_call(x, phi, train, mask)
        return _apart(self.vjp_rule(x, phi, call)[0], x)

    def vjp(
        self,
        x: npt.ArrayLike,
        phi: npt.ArrayLike | None = None,
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
        x, phi, call = self.check_call(x, phi, train, mask)
        y, back = self.vjp_rule(x, phi, call)

        def pullback(dy: npt.ArrayLike, need_dx: bool = True) -> tuple[Any, Array]:
            checked = _validate.like("dy", dy, "y", y)
            dx, dphi = back(checked, need_dx)
            return (None if dx is None else _apart(dx, checked)), dphi

        return _apart(y, x), pullback

    def trace(
        self,
        x: npt.ArrayLike,
        phi: npt.ArrayLike | None = None,
        *,
        train: np.random.Generator | None = None,
        mask: npt.ArrayLike | None = None,
    ) -> Trace:
        """Every value on the way from x to y, by name, and a pullback that gives the derivative by each of them.

        The models' docstrings name their values, such as `z` and `h` of `Shallow`; of a single layer there are `x` and
        `y`. In `Sequential`, value h of layer 2 is `2.h`, and `2.y` is what the layer gives. Arguments and errors are
        those of `vjp`.

        >>> from udl_core import Shallow
        >>> net = Shallow(1, 2, 1)
        >>> trace = net.trace([[3.0]], net.pack(theta=[[0, 1], [1, -1]], phi=[[0, 2, 5]]))
        >>> {name: value.tolist() for name, value in trace.values.items()}
        {'x': [[3.0]], 'z': [[3.0, -2.0]], 'h': [[3.0, 0.0]], 'y': [[6.0]]}
        >>> derivatives, dphi = trace.pullback([[1.0]])
        >>> {name: value.tolist() for name, value in derivatives.items()}
        {'y': [[1.0]], 'h': [[2.0, 5.0]], 'z': [[2.0, 0.0]], 'x': [[2.0]]}
        """
        x, phi, call = self.check_call(x, phi, train, mask)
        values: dict[str, Array] = {}
        on_the_way_back: dict[str, Array] = {}
        call = replace(call, notes=(values, on_the_way_back))
        call.note("x", x)
        y, back = self.vjp_rule(x, phi, call)
        call.note("y", y)

        def pullback(dy: npt.ArrayLike) -> tuple[dict[str, Array], Array]:
            on_the_way_back.clear()
            call.note_back("y", checked := _validate.like("dy", dy, "y", y))
            dx, dphi = back(checked, True)
            if dx is not None:
                call.note_back("x", dx)
            return dict(on_the_way_back), dphi

        return Trace(values, pullback)

    def out_shape(self, shape: Shape) -> Shape:
        """Shape of the output for one example of that shape: Dense(3, 5).out_shape((3,)) is (5,).

        Raises ValueError for a shape that the network does not take.
        """
        _validate.shape("x", (None, *shape), self.x_axes)
        return self.shape_rule(tuple(shape))

    @cached_property
    def n_params(self) -> int:
        """P, the number of parameters."""
        return sum(prod(axes.values()) for axes in self.parts.values())

    @cached_property
    def places(self) -> list[tuple[str, int, int, Shape]]:
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
        x, phi, call = self.check_call(x, phi, None, mask)
        frozen = phi.copy()
        if self.statistics:
            self.freeze_rule(x, frozen, call)
        return frozen

    def pack(self, **named: npt.ArrayLike) -> Array:
        """One flat φ (P,) from its named parts.

        Raises TypeError if a part is missing, unknown, or float32 beside float64, and ValueError for a wrong shape.
        """
        if named.keys() != self.parts.keys():
            wanted = ", ".join(self.parts) or "none, since there are no parameters"
            raise TypeError(f"pack needs exactly the parts {wanted}, got {', '.join(named) or 'none'}")
        arrays = [part.dtype for part in named.values() if isinstance(part, np.ndarray) and part.dtype.kind == "f"]
        dtypes = {dtype.newbyteorder("=") for dtype in arrays}
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
        return self.views(self.check_phi(phi))

    def check_call(
        self, x: npt.ArrayLike, phi: npt.ArrayLike | None, train: np.random.Generator | None, mask: npt.ArrayLike | None
    ) -> tuple[Array, Array, Call]:
        if phi is None:
            if self.n_params:
                raise TypeError(f"phi is needed: the network has P = {self.n_params} parameters")
            phi = np.empty(0, np.float32 if getattr(x, "dtype", None) == np.float32 else np.float64)
        phi = self.check_phi(phi)
        x = self.check_x(x, phi.dtype)
        if train is not None:
            _validate.generator(train, "train")
        if mask is not None:
            mask = _validate.mask(mask, x)
        return x, phi, Call(train, mask)

    def check_phi(self, phi: npt.ArrayLike) -> Array:
        return _validate.array("phi", phi, {"P": self.n_params})

    def check_x(self, x: npt.ArrayLike, dtype: np.dtype[Any]) -> Array:
        x = _validate.array("x", x, self.x_axes, dtype)
        self.shape_rule(x.shape[1:])
        return x

    def views(self, phi: Array) -> dict[str, Array]:
        return {name: phi[start:end].reshape(shape) for name, start, end, shape in self.places}


def _apart(result: Array, given: Array) -> Array:
    """The result, or a copy where it is a view of what was given: it is the caller's to write to."""
    return result.copy() if np.may_share_memory(result, given) else result


def _describe(value: Any) -> str:
    return f"dtype {value.dtype}" if isinstance(value, np.ndarray) else type(value).__name__
