"""Networks made of networks: one after the other, or beside a shortcut."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate, init
from udl_core._validate import Array, Axes
from udl_core.network import Back, Call, Network, Shape


@dataclass(frozen=True)
class Sequential(Network):
    """Layers one after the other: the output of each is the input of the next.

    φ is the layers' parameters in order. `unpack` gives a list with what each layer's own `unpack` gives, and `pack`
    takes one argument a layer of the same kind (or its flat φ). Raises TypeError for something that is no layer.

    >>> from udl_core.layers import Activation, Dense
    >>> net = Sequential([Dense(1, 3), Activation("relu"), Dense(3, 1)])
    >>> net.n_params, net.out_shape((1,))
    (10, (1,))
    """

    layers: tuple[Network, ...]

    def __init__(self, layers: Iterable[Network]) -> None:
        object.__setattr__(self, "layers", tuple(layers))
        if not self.layers:
            raise ValueError("Sequential needs at least one layer")
        for k, layer in enumerate(self.layers):
            if not isinstance(layer, Network):
                raise TypeError(f"layer {k} must be a layer or a network, got {layer!r}")

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """Every layer's parts, named by the layer's place: `0.beta`, `0.omega`, `2.beta`, …"""
        return {f"{k}.{name}": axes for k, layer in enumerate(self.layers) for name, axes in layer.parts.items()}

    @property
    def x_axes(self) -> Axes:
        return self.layers[0].x_axes

    def init(
        self, rng: np.random.Generator, dtype: npt.DTypeLike = np.float64, variance: init.Variance | None = None
    ) -> Array:
        """Every layer's own start, one after the other: see `Network.init`."""
        return np.concatenate([layer.init(rng, dtype, variance) for layer in self.layers])

    def pack(self, *layers: Any, **named: npt.ArrayLike) -> Array:
        """One flat φ (P,) from one argument a layer: a dict of its parts, what its `unpack` gave, or its flat φ.

        Or from all parts under the names of `parts`: `net.pack(**{"0.beta": …, "0.omega": …, "2.beta": …})`.

        Raises TypeError for another number of arguments or float32 beside float64, and what the layers' `pack` raise.
        """
        if named and not layers:
            return super().pack(**named)
        if len(layers) != len(self.layers):
            raise TypeError(f"pack needs one argument for each of the {len(self.layers)} layers, got {len(layers)}")
        packed = [pack(layer, parts) for layer, parts in zip(self.layers, layers, strict=True)]
        packed = [part for part in packed if part.size] or packed[:1]  # an empty φ has no dtype to speak of
        if len(dtypes := {part.dtype for part in packed}) > 1:
            raise TypeError(f"the layers must share one dtype, got {' and '.join(sorted(map(str, dtypes)))}")
        return np.concatenate(packed)

    @property
    def statistics(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(f"{k}.{name}" for k, layer in enumerate(self.layers) for name in layer.statistics)

    def freeze_rule(self, x: Array, phi: Array, call: Call) -> None:
        for layer, part in zip(self.layers, self._split(phi), strict=True):
            if layer.statistics:
                layer.freeze_rule(x, part, call)
            x = layer.vjp_rule(x, part, call)[0]

    def shape_rule(self, shape: Shape) -> Shape:
        for k, layer in enumerate(self.layers):
            try:
                shape = layer.out_shape(shape)
            except ValueError as error:
                raise ValueError(f"layer {k}, {layer!r}: {error}") from None
        return shape

    def check_x(self, x: npt.ArrayLike, dtype: np.dtype[Any]) -> Array:
        x = self.layers[0].check_x(x, dtype)
        self.shape_rule(x.shape[1:])
        return x

    def views(self, phi: Array) -> Any:
        return [layer.unpack(part) for layer, part in zip(self.layers, self._split(phi), strict=True)]

    def _split(self, phi: Array) -> list[Array]:
        return [phi[start:end] for start, end in zip(self._ends, self._ends[1:], strict=False)]

    @cached_property
    def _ends(self) -> list[int]:
        return [0, *np.cumsum([layer.n_params for layer in self.layers]).tolist()]

    @cached_property
    def n_params(self) -> int:  # type: ignore[override]
        """P, the number of parameters."""
        return self._ends[-1]

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        backs, y = [], x
        for k, (layer, part) in enumerate(zip(self.layers, self._split(phi), strict=True)):
            here = call.inside(str(k))
            y, back = layer.vjp_rule(y, part, here)
            here.note("y", y)
            backs.append(back)
        first = next((k for k, layer in enumerate(self.layers) if layer.n_params), len(backs))

        def back_all(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            dphi = []
            dx: Array | None = dy
            for k in range(len(backs) - 1, -1, -1):
                if k < first and not need_dx:  # nothing to learn from here on
                    dx = None
                    break
                assert dx is not None
                call.inside(str(k)).note_back("y", dx)
                dx, dpart = backs[k](dx, need_dx or k > first)
                dphi.append(dpart)
            return dx, np.concatenate([phi[:0], *reversed(dphi)])

        return y, back_all


@dataclass(frozen=True)
class Residual(Network):
    """A shortcut past a network: y = x + f[x, φ] (Prince, equation 11.4). φ and its parts are those of `inner`.

    Raises ValueError when f does not keep the shape of its input.

    >>> from udl_core.layers import Dense
    >>> Residual(Dense(2, 2)).n_params
    6
    """

    inner: Network

    def __post_init__(self) -> None:
        if not isinstance(self.inner, Network):
            raise TypeError(f"Residual needs a layer or a network, got {self.inner!r}")

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """Those of the inner network."""
        return self.inner.parts

    @property
    def x_axes(self) -> Axes:
        return self.inner.x_axes

    def init(
        self, rng: np.random.Generator, dtype: npt.DTypeLike = np.float64, variance: init.Variance | None = None
    ) -> Array:
        """The inner network's own start."""
        return self.inner.init(rng, dtype, variance)

    def pack(self, *layers: Any, **named: Any) -> Array:
        """What the inner network's `pack` takes."""
        return self.inner.pack(*layers, **named)

    @property
    def statistics(self) -> tuple[str, ...]:  # type: ignore[override]
        return self.inner.statistics

    def freeze_rule(self, x: Array, phi: Array, call: Call) -> None:
        self.inner.freeze_rule(x, phi, call)

    def shape_rule(self, shape: Shape) -> Shape:
        if (out := self.inner.out_shape(shape)) != shape:
            raise ValueError(f"the inner network must keep the shape of an example, {shape}, but gives {out}")
        return out

    def views(self, phi: Array) -> Any:
        return self.inner.unpack(phi)

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        here = call.inside("inner")
        y, inner_back = self.inner.vjp_rule(x, phi, here)
        here.note("y", y)

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            here.note_back("y", dy)
            dx, dphi = inner_back(dy, need_dx)
            return (None if dx is None else dx + dy), dphi

        return x + y, back


def pack(network: Network, parts: Any) -> Array:
    """φ (P,) of a network from what its `unpack` gives, whichever kind that is, or from its flat φ."""
    if isinstance(parts, dict):
        return network.pack(**parts)
    if isinstance(parts, list | tuple) and isinstance(network, Sequential):
        return network.pack(*parts)
    if isinstance(parts, list | tuple) and isinstance(network, Residual):
        return pack(network.inner, parts)
    return _validate.array("phi", parts, {"P": network.n_params})
