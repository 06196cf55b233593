"""Pooling: every window of a signal or an image becomes its largest value, or its mean, in each channel by itself."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from udl_core._validate import Array, Axes
from udl_core.layers import _patches
from udl_core.layers._patches import Sizes, Windows
from udl_core.network import Back, Call, Network, Shape

Place = tuple[slice, slice, slice]


class _Pooling(Network):
    """What the four layers share. K and stride are whole numbers for signals and pairs for images."""

    _x_symbols: ClassVar[tuple[str, ...]] = ("T",)

    K: Sizes
    stride: Sizes | None

    def __post_init__(self) -> None:
        if self.stride is None:
            object.__setattr__(self, "stride", self.K)
        _patches.settle(self, len(self._x_symbols), K=1, stride=1)

    @property
    def x_axes(self) -> Axes:
        return {"I": None, **dict.fromkeys(self._x_symbols), "C": None}

    @cached_property
    def _windows(self) -> Windows:
        assert self.stride is not None
        return Windows.of(self.K, self.stride)

    def shape_rule(self, shape: Shape) -> Shape:
        return (*self._windows.count(shape)[-len(self._x_symbols) :], shape[-1])

    def _meetings(self, image: Array) -> list[Place]:
        """Where each position in the window, row by row, meets the image (I, H, W, C) in all windows."""
        windows = self._windows
        H, W = windows.count(image.shape[1:])
        return [(slice(None), rows, columns) for _, _, rows, columns in windows.positions(range(H), range(W))]

    def _tiles(self, image: Array, y: Array) -> bool:
        """Whether every pixel of the image lies in exactly one window."""
        windows = self._windows
        return windows.stride == windows.K and image.size == y.size * windows.K[0] * windows.K[1]


class _Max(_Pooling):
    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        image = _patches.image(x)
        first, *others = self._meetings(image)
        y = image[first].copy(order="K")
        exceeds = []  # for each position but the first: whether it exceeds all before it
        for place in others:
            exceeds.append(image[place] > y)
            np.maximum(image[place], y, out=y)

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            if not need_dx:
                return None, phi
            left = np.empty_like(y)
            left[...] = _patches.image(dy)
            if self._tiles(image, y):  # every pixel is written once
                dx = np.empty_like(image)
                for place, exceeding in zip(reversed(others), reversed(exceeds), strict=True):
                    left -= np.multiply(left, exceeding, out=dx[place])
                dx[first] = left
            else:
                dx = np.zeros_like(image)
                for place, exceeding in zip(reversed(others), reversed(exceeds), strict=True):
                    taken = left * exceeding
                    dx[place] += taken
                    left -= taken
                dx[first] += left
            return dx.reshape(x.shape), phi

        return y.reshape(len(x), *self.shape_rule(x.shape[1:])), back


class _Average(_Pooling):
    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        image = _patches.image(x)
        first, *others = places = self._meetings(image)
        y = image[first].copy(order="K")
        for place in others:
            y += image[place]
        y /= len(places)

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            if not need_dx:
                return None, phi
            share = _patches.image(dy) / len(places)
            dx = np.zeros_like(image)
            for place in places:
                dx[place] += share
            return dx.reshape(x.shape), phi

        return y.reshape(len(x), *self.shape_rule(x.shape[1:])), back


@dataclass(frozen=True)
class MaxPool1d(_Max):
    """The largest of every K values in a row, in each channel (Prince, section 10.4.1): (I, T, C) to (I, T′, C).

    The next window begins `stride` further on, K unless given; T′ windows fit, and what is left at the end is not
    looked at. The derivative goes to the largest value, to the first of equals.

    Raises ValueError or TypeError for sizes below 1 or not whole, and ValueError for a signal shorter than the window.

    >>> MaxPool1d(2)([[[1.0], [3], [2], [0], [9]]], phi=[])[0, :, 0]
    array([3., 2.])
    """

    K: int
    stride: int | None = None


@dataclass(frozen=True)
class MaxPool2d(_Max):
    """The largest value in every K_H × K_W window (Prince, section 10.4.1): (I, H, W, C) to (I, H′, W′, C).

    As `MaxPool1d`, over height and width; the first of equals is the topmost, and in its row the leftmost. K and stride
    are each one number for both or a pair (height, width); they are kept as pairs.

    >>> MaxPool2d(2).out_shape((28, 28, 16))
    (14, 14, 16)
    """

    K: Sizes
    stride: Sizes | None = None

    _x_symbols = ("H", "W")


@dataclass(frozen=True)
class AvgPool1d(_Average):
    """The mean of every K values in a row, in each channel (Prince, section 10.4.1): (I, T, C) to (I, T′, C).

    Windows as in `MaxPool1d`, with its errors.

    >>> AvgPool1d(2)([[[1.0], [3], [2], [0], [9]]], phi=[])[0, :, 0]
    array([2., 1.])
    """

    K: int
    stride: int | None = None


@dataclass(frozen=True)
class AvgPool2d(_Average):
    """The mean of every K_H × K_W window (Prince, section 10.4.1): (I, H, W, C) to (I, H′, W′, C).

    Windows as in `MaxPool2d`, with its errors.

    >>> AvgPool2d((2, 3)).out_shape((28, 28, 16))
    (14, 9, 16)
    """

    K: Sizes
    stride: Sizes | None = None

    _x_symbols = ("H", "W")
