"""Convolution of signals and images, and its transpose, each with its derivative below it (Prince, chapter 10).

The layers share one way to compute: `_patches.convolve` and its two derivatives. The derivative for x is the transposed
convolution, so the transposed layers use the same three functions with their roles exchanged.
"""

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import ClassVar

import numpy as np

from udl_core import _validate
from udl_core._validate import Array, Axes
from udl_core.layers import _patches
from udl_core.layers._patches import Sizes, Windows
from udl_core.network import Back, Call, Network, Shape


@dataclass(frozen=True)
class _Convolution(Network):
    """What the four layers share. K and the others are whole numbers for signals and pairs for images."""

    _x_symbols: ClassVar[tuple[str, ...]] = ("T",)
    _K_symbols: ClassVar[tuple[str, ...]] = ("K",)

    C_i: int
    C_o: int
    K: Sizes
    stride: Sizes = 1
    padding: Sizes | str = 0
    dilation: Sizes = 1
    offsets: bool = True

    def __post_init__(self) -> None:
        _validate.sizes(self, "C_i", "C_o")
        _validate.flag("offsets", self.offsets)
        n_axes = len(self._x_symbols)
        _patches.settle(self, n_axes, K=1, stride=1, dilation=1)
        if self.padding in ("same", "valid"):
            object.__setattr__(self, "padding", _same(self) if self.padding == "same" else 0)
        _patches.settle(self, n_axes, padding=0)

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`beta` (C_o,) and `omega` (C_o, K, C_i) or (C_o, K_H, K_W, C_i)."""
        return self._beta | {"omega": {"C_o": self.C_o, **self._kernel, "C_i": self.C_i}}

    @property
    def fans(self) -> dict[str, tuple[int, int]]:
        size = prod(self._kernel.values())
        return {"omega": (self.C_i * size, self.C_o * size)}

    @property
    def x_axes(self) -> Axes:
        return {"I": None, **dict.fromkeys(self._x_symbols), "C_i": self.C_i}

    @property
    def _beta(self) -> dict[str, dict[str, int]]:
        return {"beta": {"C_o": self.C_o}} if self.offsets else {}

    def _split(self, phi: Array) -> tuple[Array | None, Array]:
        """β (C_o,), if there are offsets, and Ω as a matrix with a row for each of its first axis."""
        start = self.C_o if self.offsets else 0
        return (phi[:start] if start else None), phi[start:].reshape(next(iter(self.parts["omega"].values())), -1)

    def _join(self, dy: Array, domega: Array) -> Array:
        """dφ from dy (C_o, H, W, I), of which the offsets' derivative is the sum, and dΩ."""
        return np.concatenate((_patches.totals(dy), domega.ravel())) if self.offsets else domega.ravel()

    @property
    def _kernel(self) -> dict[str, int]:
        K = (self.K,) if isinstance(self.K, int) else self.K
        return dict(zip(self._K_symbols, K, strict=True))

    @cached_property
    def _windows(self) -> Windows:
        assert not isinstance(self.padding, str)
        return Windows.of(self.K, self.stride, self.padding, self.dilation)

    def shape_rule(self, shape: Shape) -> Shape:
        return (*self._windows.count(shape)[-len(self._x_symbols) :], self.C_o)

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        windows, n_axes = self._windows, len(self._x_symbols)
        beta, omega = self._split(phi)
        padded = _patches.pad(x, windows.padding)
        y = _patches.convolve(padded, omega, windows, beta)

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            dy = _patches.examples_last(dy)
            dphi = self._join(dy, _patches.correlate(dy, padded, windows))
            if not need_dx:
                return None, dphi
            dpadded = _patches.spread(dy, omega, windows, padded.shape)
            return _patches.examples_first(_patches.crop(dpadded, windows.padding), n_axes), dphi

        return _patches.examples_first(y, n_axes), back


@dataclass(frozen=True)
class _Transposed(_Convolution):
    """The transpose of a convolution from C_o to C_i channels: what its derivative for x does with dy."""

    output_padding: Sizes = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        _patches.settle(self, len(self._x_symbols), output_padding=0)
        if any(more >= stride for more, stride in zip(self._more, self._windows.stride, strict=True)):
            raise ValueError(
                f"output_padding must be below the stride, {self.stride}, or no convolution gives that size, "
                f"got {self.output_padding}"
            )

    @property
    def _more(self) -> tuple[int, int]:
        """Rows and columns that output_padding adds at the end."""
        return (0, self.output_padding) if isinstance(self.output_padding, int) else self.output_padding

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`beta` (C_o,) and `omega` (C_i, K, C_o) or (C_i, K_H, K_W, C_o): Ω of the convolution it transposes."""
        return self._beta | {"omega": {"C_i": self.C_i, **self._kernel, "C_o": self.C_o}}

    @property
    def fans(self) -> dict[str, tuple[int, int]]:
        size = prod(self._kernel.values())
        meeting = -(-size // prod(self._windows.stride))  # of the kernel's weights, on average, in one output
        return {"omega": (self.C_i * meeting, self.C_o * size)}

    def shape_rule(self, shape: Shape) -> Shape:
        size = (n + more for n, more in zip(self._windows.cover(shape), self._more, strict=True))
        return (*tuple(size)[-len(self._x_symbols) :], self.C_o)

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        windows, n_axes = self._windows, len(self._x_symbols)
        beta, omega = self._split(phi)
        last = _patches.examples_last(x)
        height, width = (n + more for n, more in zip(windows.cover(x.shape[1:]), self._more, strict=True))
        P_H, P_W = windows.padding
        padded = _patches.spread(last, omega, windows, (self.C_o, height + 2 * P_H, width + 2 * P_W, len(x)))
        y = _patches.crop(padded, windows.padding)
        if beta is not None:
            y += beta[:, None, None, None]

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            dy = _patches.pad(dy, windows.padding)
            dphi = self._join(dy, _patches.correlate(last, dy, windows))
            if not need_dx:
                return None, dphi
            return _patches.examples_first(_patches.convolve(dy, omega, windows), n_axes), dphi

        return _patches.examples_first(y, n_axes), back


@dataclass(frozen=True)
class Conv1d(_Convolution):
    """Convolution of signals (Prince, section 10.2): x (I, T, C_i) to y (I, T′, C_o).

    Every output is an offset plus a weighted sum of K inputs of every channel, `dilation` apart, and the next output
    sums `stride` further on: y_t = β + Σ_k Ω_k x_{t · stride + k · dilation}. Before that, `padding` zeros are put at
    both ends; "valid" means none, and "same", for kernels of odd span, half a span: then T′ = ⌈T / stride⌉. In general
    T′ is 1 plus how often the kernel, which spans dilation (K − 1) + 1 inputs, can move on. As everywhere in deep
    learning the kernel is not flipped.

    Parts: `beta` (C_o,), unless `offsets=False`, and `omega` (C_o, K, C_i).
    Raises ValueError or TypeError for sizes that are not whole or too
    small, and ValueError for a signal shorter than the kernel.

    >>> layer = Conv1d(C_i=1, C_o=1, K=3, padding="same")
    >>> layer([[[1.0], [2], [4]]], layer.pack(beta=[0], omega=[[[-1], [0], [1]]]))[0, :, 0]
    array([ 2.,  3., -2.])
    """


@dataclass(frozen=True)
class Conv2d(_Convolution):
    """Convolution of images (Prince, section 10.3): x (I, H, W, C_i) to y (I, H′, W′, C_o).

    As `Conv1d`, over height and width. K, stride, padding and dilation are each one number for both or a pair (height,
    width); they are kept as pairs.

    Parts: `beta` (C_o,), unless `offsets=False`, and `omega` (C_o, K_H, K_W, C_i).
    Raises ValueError or TypeError for sizes that are not whole or
    too small, and ValueError for an image smaller than the kernel.

    >>> Conv2d(C_i=3, C_o=16, K=3, stride=2, padding=1).out_shape((28, 28, 3))
    (14, 14, 16)
    """

    _x_symbols = ("H", "W")
    _K_symbols = ("K_H", "K_W")


@dataclass(frozen=True)
class ConvTranspose1d(_Transposed):
    """Transposed convolution of signals (Prince, section 10.4.2): x (I, T, C_i) to y (I, T′, C_o).

    Every input adds its weights times itself to K outputs, `dilation` apart, the next input `stride` further on; then
    `padding` outputs are cut off at both ends and β is added. So T′ = (T − 1) stride + dilation (K − 1) + 1 − 2
    padding, and up to β this is the transpose of `Conv1d(C_o, C_i, K, …)` with the same Ω. That one gives T for several
    T′; `output_padding`, below the stride, makes the output longer at its end, so each of them can be had.

    Parts: `beta` (C_o,), unless `offsets=False`, and `omega` (C_i, K, C_o).
    Raises ValueError or TypeError for sizes that are not whole or too
    small, and ValueError if the padding leaves no output.

    >>> layer = ConvTranspose1d(C_i=1, C_o=1, K=2, stride=2)
    >>> layer([[[1.0], [2]]], layer.pack(beta=[0], omega=[[[10], [1]]]))[0, :, 0]
    array([10.,  1., 20.,  2.])
    """


@dataclass(frozen=True)
class ConvTranspose2d(_Transposed):
    """Transposed convolution of images (Prince, section 10.4.2): x (I, H, W, C_i) to y (I, H′, W′, C_o).

    As `ConvTranspose1d`, over height and width; up to β the transpose of `Conv2d(C_o, C_i, K, …)` with the same Ω.

    Parts: `beta` (C_o,), unless `offsets=False`, and `omega` (C_i, K_H, K_W, C_o).
    Raises ValueError or TypeError for sizes that are not whole or
    too small, and ValueError if the padding leaves no output.

    >>> ConvTranspose2d(C_i=16, C_o=3, K=2, stride=2).out_shape((14, 14, 16))
    (28, 28, 3)
    """

    _x_symbols = ("H", "W")
    _K_symbols = ("K_H", "K_W")


def _same(layer: _Convolution) -> Sizes:
    """The padding that keeps the size, but for the stride."""
    windows = Windows.of(layer.K, layer.stride, dilation=layer.dilation)
    if not (windows.span[0] % 2 and windows.span[1] % 2):
        raise ValueError(
            'padding="same" needs kernels whose span, dilation (K − 1) + 1, is odd, '
            f"got K {layer.K} and dilation {layer.dilation}"
        )
    half = windows.span[0] // 2, windows.span[1] // 2
    return half if len(layer._x_symbols) == 2 else half[1]
