"""Windows that slide over images, and the three products that make a convolution of them.

Inside, an image batch is kept as (C, H, W, I), examples last: what one position of the kernel meets in a row of every
example then lies in one piece of memory, so that gathering the patches, adding them back and pooling run at the
memory's speed, and one matrix product does the rest. To the outside the axes are (I, H, W, C), a view of the same
memory. A signal is an image of height 1.
"""

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from udl_core._validate import Array

Pair = tuple[int, int]
Sizes = int | Pair
"""One number for height and width, or a pair of them."""
CACHE = 2_000_000
"""Bytes of patches to gather at a time: they are read again at once, so they should stay in a cache."""


def settle(layer: Any, n_axes: int, **least: int) -> None:
    """Checks those fields of a layer, each of at least the number given, and keeps them as one number or as a pair."""
    for name, smallest in least.items():
        object.__setattr__(layer, name, _whole(name, getattr(layer, name), n_axes, smallest))


def _whole(name: str, value: Any, n_axes: int, least: int) -> int | Pair:
    both = tuple(value) if n_axes == 2 and isinstance(value, tuple | list) else (value,) * n_axes
    wanted = "a whole number" if n_axes == 1 else "a whole number or a pair of them, (height, width)"
    try:
        numbers = tuple(operator.index(number) for number in both)
    except TypeError:
        raise TypeError(f"{name} must be {wanted}, got {value!r}") from None
    if len(numbers) != n_axes or any(isinstance(number, bool) for number in both) or min(numbers) < least:
        raise ValueError(f"{name} must be {wanted}, of at least {least}, got {value!r}")
    return numbers[0] if n_axes == 1 else (numbers[0], numbers[1])


@dataclass(frozen=True)
class Windows:
    """K_H × K_W positions, `dilation` apart, moved by `stride` over an image with `padding` zeros on every side."""

    K: Pair
    stride: Pair
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)

    @staticmethod
    def of(K: Sizes, stride: Sizes, padding: Sizes = 0, dilation: Sizes = 1) -> "Windows":
        """From pairs, or from single numbers for a signal, an image of height 1."""
        if isinstance(K, int):
            return Windows((1, K), _pair(1, stride), _pair(0, padding), _pair(1, dilation))
        return Windows(K, _pair(stride, stride), _pair(padding, padding), _pair(dilation, dilation))

    def count(self, shape: tuple[int, ...]) -> Pair:
        """How many windows fit into one example (T, C) or (H, W, C), down and across. ValueError if none does."""
        size = _size(shape)
        room = size[0] + 2 * self.padding[0], size[1] + 2 * self.padding[1]
        if room[0] < self.span[0] or room[1] < self.span[1]:
            raise ValueError(f"a window of {self._said(shape, self.span)} does not fit into {self._said(shape, room)}")
        return (room[0] - self.span[0]) // self.stride[0] + 1, (room[1] - self.span[1]) // self.stride[1] + 1

    def cover(self, shape: tuple[int, ...]) -> Pair:
        """Height and width that windows cover, one for every position of (T, C) or (H, W, C), less the padding."""
        count = _size(shape)
        height, width = ((n - 1) * stride + span for n, stride, span in zip(count, self.stride, self.span, strict=True))
        P_H, P_W = self.padding
        if height <= 2 * P_H or width <= 2 * P_W:
            raise ValueError(
                f"a padding of {self._said(shape, self.padding)} on every side leaves nothing of "
                f"{self._said(shape, (height, width))}"
            )
        return height - 2 * P_H, width - 2 * P_W

    @property
    def span(self) -> Pair:
        """Height and width from a window's first to its last position."""
        return self.dilation[0] * (self.K[0] - 1) + 1, self.dilation[1] * (self.K[1] - 1) + 1

    def positions(self, rows: range, columns: range) -> Iterator[tuple[int, int, slice, slice]]:
        """Each position (a, b) in the kernel, row by row, and where it meets the image in those windows."""
        down = [self._met(0, a, rows) for a in range(self.K[0])]
        across = [self._met(1, b, columns) for b in range(self.K[1])]
        return ((a, b, down[a], across[b]) for a in range(self.K[0]) for b in range(self.K[1]))

    def _met(self, axis: int, k: int, windows: range) -> slice:
        first = k * self.dilation[axis]
        stride = self.stride[axis]
        return slice(first + stride * windows.start, first + stride * (windows.stop - 1) + 1, stride)

    @staticmethod
    def _said(shape: tuple[int, ...], size: Pair) -> str:
        return f"{size[1]}" if len(shape) == 2 else f"{size[0]} × {size[1]}"


def image(x: Array) -> Array:
    """(I, H, W, C) as it is, (I, T, C) as images of height 1."""
    return x if x.ndim == 4 else x[:, None]


def examples_last(x: Array) -> Array:
    """(I, H, W, C) or (I, T, C) to (C, H, W, I) in one piece of memory: a view if x came from here."""
    return np.ascontiguousarray(image(x).transpose(3, 1, 2, 0))


def examples_first(x: Array, n_axes: int) -> Array:
    """(C, H, W, I) to (I, H, W, C), or (I, T, C) if `n_axes` is 1, always a view."""
    x = x.transpose(3, 1, 2, 0)
    return x if n_axes == 2 else x[:, 0]


def pad(x: Array, padding: Pair) -> Array:
    """x (I, H, W, C) or (I, T, C) between zeros, as (C, H + 2 P_H, W + 2 P_W, I)."""
    if padding == (0, 0):
        return examples_last(x)
    x = image(x)
    I, H, W, C = x.shape  # noqa: E741 - the book's symbol
    padded = np.zeros((C, H + 2 * padding[0], W + 2 * padding[1], I), x.dtype)
    crop(padded, padding)[...] = x.transpose(3, 1, 2, 0)
    return padded


def crop(x: Array, padding: Pair) -> Array:
    """A view of x (C, H, W, I) without its margins."""
    return x[:, padding[0] : x.shape[1] - padding[0], padding[1] : x.shape[2] - padding[1]]


def convolve(x: Array, omega: Array, windows: Windows, beta: Array | None = None) -> Array:
    """Every window's weighted sums: x (C_i, H, W, I), Ω (C_o, K_H · K_W · C_i) and β (C_o,) to y (C_o, H′, W′, I)."""
    C_o, (H, W) = len(omega), _count(x, windows)
    y = np.empty((C_o, H, W, x.shape[3]), x.dtype)
    flat = y.reshape(C_o, -1)
    for patches, at, met in _blocks(x, windows):
        for a, b, rows, columns in met:
            patches[a, b] = x[:, rows, columns]
        np.matmul(omega, _matrix(patches), out=flat[:, at])
        if beta is not None:
            flat[:, at] += beta[:, None]
    return y


def spread(dy: Array, omega: Array, windows: Windows, x_shape: tuple[int, ...]) -> Array:
    """`convolve`'s transpose: every window's values dy (C_o, H′, W′, I) go back to where x_shape was read."""
    dx = np.zeros(x_shape, dy.dtype)
    flat = dy.reshape(len(dy), -1)
    for patches, at, met in _blocks(dx, windows):
        np.matmul(omega.T, flat[:, at], out=_matrix(patches))
        for a, b, rows, columns in met:
            dx[:, rows, columns] += patches[a, b]
    return dx


def correlate(dy: Array, x: Array, windows: Windows) -> Array:
    """`convolve`'s derivative for its weights: dy (C_o, H′, W′, I) and x (C_i, H, W, I) to (C_o, K_H · K_W · C_i)."""
    domega = np.zeros((len(dy), windows.K[0] * windows.K[1] * len(x)), x.dtype)
    flat = dy.reshape(len(dy), -1)
    for patches, at, met in _blocks(x, windows):
        for a, b, rows, columns in met:
            patches[a, b] = x[:, rows, columns]
        domega += flat[:, at] @ _matrix(patches).T
    return domega


def totals(dy: Array) -> Array:
    """The sum of each channel of (C, H, W, I): (C,)."""
    flat = dy.reshape(len(dy), -1)
    return flat @ np.ones(flat.shape[1], dtype=dy.dtype)  # faster than a sum


def _blocks(x: Array, windows: Windows) -> Iterator[tuple[Array, slice, Iterator[tuple[int, int, slice, slice]]]]:
    """The windows in blocks of a few rows, or of part of a row, whose patches are about as large as CACHE.

    Yields room for the patches (K_H, K_W, C, rows, columns, I), the block's place among all H′ · W′ · I outputs, and
    the kernel's positions in it.
    """
    C, _, _, I = x.shape  # noqa: E741
    (K_H, K_W), (H, W) = windows.K, _count(x, windows)
    each = K_H * K_W * C * I * x.itemsize
    n = max(1, CACHE // max(1, each))
    n_rows, n_columns = (min(H, n // W), W) if n >= W else (1, n)
    room = np.empty(K_H * K_W * C * n_rows * n_columns * I, x.dtype)
    for h in range(0, H, n_rows):
        rows = range(h, min(H, h + n_rows))
        for w in range(0, W, n_columns):
            columns = range(w, min(W, w + n_columns))
            shape = (K_H, K_W, C, len(rows), len(columns), I)
            start, windows_here = h * W + w, len(rows) * len(columns)
            patches = room[: K_H * K_W * C * windows_here * I].reshape(shape)
            yield patches, slice(start * I, (start + windows_here) * I), windows.positions(rows, columns)


def _matrix(patches: Array) -> Array:
    """(K_H, K_W, C, rows, columns, I) as (K_H · K_W · C, rows · columns · I), a view."""
    K_H, K_W, C, *rest = patches.shape
    return patches.reshape(K_H * K_W * C, rest[0] * rest[1] * rest[2])


def _count(x: Array, windows: Windows) -> Pair:
    """How many windows x (C, H, W, I) holds, its padding included."""
    return Windows(windows.K, windows.stride, dilation=windows.dilation).count(x.shape[1:])


def _size(shape: tuple[int, ...]) -> Pair:
    """Height and width of an example (H, W, C) or (T, C)."""
    return (shape[0], shape[1]) if len(shape) == 3 else (1, shape[0])


def _pair(first: Sizes, second: Sizes) -> Pair:
    """(first, second), unless the second is a pair already."""
    if isinstance(second, tuple):
        return second
    assert isinstance(first, int)
    return first, second
