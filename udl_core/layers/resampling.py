"""Upsampling: signals and images made larger by a whole factor."""

from dataclasses import dataclass

import numpy as np

from udl_core import _validate
from udl_core._validate import Array, Axes
from udl_core.network import Back, Call, Network, Shape

METHODS = ("nearest", "linear", "bilinear")


@dataclass(frozen=True)
class Upsample(Network):
    """`scale` times as many positions: (I, T, C) to (I, scale T, C), or an image in height and width (section 10.4.2).

    "nearest" repeats every value `scale` times. "linear", for signals, and "bilinear", for images, interpolate between
    the values, each of which stands in the middle of its stretch of `scale` outputs, and continue flat before the first
    and after the last. This is what is called half-pixel centres, PyTorch's and OpenCV's `align_corners=False`; with
    the other convention, `align_corners=True`, the first and last values would stand at the first and last output. No
    parameters.

    Raises ValueError or TypeError for a scale below 1 or not whole, and ValueError for another method, or for one that
    does not fit x.

    >>> Upsample(2, "linear")([[[0.0], [4]]], phi=[])[0, :, 0]
    array([0., 1., 3., 4.])
    """

    scale: int
    method: str = "nearest"

    def __post_init__(self) -> None:
        _validate.sizes(self, "scale")
        if self.method not in METHODS:
            raise ValueError(f"method must be one of {', '.join(METHODS)}, got {self.method!r}")

    @property
    def x_axes(self) -> Axes:
        return {"I": None, "…": None, "C": None}

    def shape_rule(self, shape: Shape) -> Shape:
        needed = {"nearest": (2, 3), "linear": (2,), "bilinear": (3,)}[self.method]
        if len(shape) not in needed or 0 in shape[:-1]:
            wanted = " or ".join({2: "(I, T, C)", 3: "(I, H, W, C)"}[n] for n in needed)
            got = ", ".join(["I", *map(str, shape)])
            raise ValueError(f"x must have shape {wanted} for {self.method} upsampling, got ({got})")
        return (*(self.scale * n for n in shape[:-1]), shape[-1])

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        matrices = [self._matrix(n).astype(x.dtype) for n in x.shape[1:-1]]
        y = x
        for axis, matrix in enumerate(matrices, start=1):
            y = _along(axis, matrix, y)

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            if not need_dx:
                return None, phi
            dx = dy
            for axis, matrix in enumerate(matrices, start=1):
                dx = _along(axis, matrix.T, dx)
            return dx, phi

        return y, back

    def _matrix(self, n: int) -> Array:
        """What each of the n values weighs in each output: (scale n, n)."""
        at = (np.arange(self.scale * n) + 0.5) / self.scale - 0.5  # the outputs' places, where value k stands at k
        if self.method == "nearest":
            return np.eye(n)[np.rint(at).astype(int)]
        distance = np.abs(at.clip(0, n - 1)[:, None] - np.arange(n))
        return np.maximum(1 - distance, 0)


def _along(axis: int, matrix: Array, x: Array) -> Array:
    """The matrix times every column of x along that axis."""
    return np.moveaxis(np.tensordot(matrix, x, axes=(1, axis)), 0, axis)
