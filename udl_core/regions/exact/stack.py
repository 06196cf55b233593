"""A network as its regions see it: on every region each unit is an affine function of where one looks."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate, activations
from udl_core._validate import Array
from udl_core.activations import Pieces
from udl_core.models import Deep, Shallow

Int = npt.NDArray[np.integer[Any]]

TOLERANCE = 1e-12
"""Smallest difference that counts, as a part of the interval or of the box: between the promised 1e-13 and 1e-11."""

_ROUNDING = 4 * np.finfo(float).eps
"""Rounding of a sum, relative to the root of the sum of its terms' squares: a few times what is usual."""

ROWS = 512
"""Regions at a time where an array of regions times units would not fit the cache."""

_RECTIFIERS = ("relu", "leaky_relu", "parametric_relu", "identity")


@dataclass(frozen=True, eq=False)
class Stack:
    """The layers of a network with its parameters: K hidden layers, then the output."""

    beta: tuple[Array, ...]  # K+1 offsets
    omega: tuple[Array, ...]  # K+1 weights
    pieces: Pieces  # of the activation
    rectifies: bool  # whether a unit is either active or not

    @classmethod
    def of(cls, net: Shallow | Deep, phi: npt.ArrayLike) -> "Stack":
        """Reads it from the network.

        Raises TypeError if net is neither Shallow nor Deep, and ValueError if phi does not fit or if the activation
        does not consist of straight pieces without jumps.
        """
        if not isinstance(net, Shallow | Deep):
            raise TypeError(f"net must be a Shallow or Deep network, got {type(net).__name__}")
        pieces = straight_pieces(net)
        flat = _validate.array("phi", phi, {"P": net.n_params}).astype(np.float64)
        rectifies = activations.get(net.activation).name in _RECTIFIERS
        if isinstance(net, Deep):
            layers = net.unpack(flat)
            return cls(tuple(layers["beta"]), tuple(layers["omega"]), pieces, rectifies)
        theta, out = net.unpack(flat).values()
        return cls((theta[:, 0], out[:, 0]), (theta[:, 1:], out[:, 1:]), pieces, rectifies)

    @property
    def K(self) -> int:
        """Number of hidden layers."""
        return len(self.beta) - 1

    @property
    def widths(self) -> list[int]:
        """Units of each hidden layer."""
        return [len(beta) for beta in self.beta[:-1]]

    def labelled(self, pieces: npt.NDArray[np.int8]) -> npt.NDArray[Any]:
        """Which piece of its activation each unit is on, as patterns show it: active or not, else the piece's index."""
        if not self.rectifies:
            return pieces
        return pieces > 0 if self.pieces.breaks else np.ones(pieces.shape, dtype=bool)


def straight_pieces(net: Shallow | Deep) -> Pieces:
    """The pieces of the network's activation. Raises ValueError unless it is straight between bends and never jumps."""
    activation = activations.get(net.activation)
    pieces = activation.pieces
    if pieces is None or any(
        pieces.slopes[k] * at + pieces.offsets[k] != pieces.slopes[k + 1] * at + pieces.offsets[k + 1]
        for k, at in enumerate(pieces.breaks)
    ):
        raise ValueError(
            f"activation must be straight pieces without jumps ({', '.join((*_RECTIFIERS, *activations.FOLDS))}), "
            f"got {activation.name!r}"
        )
    return pieces


@dataclass(frozen=True, eq=False)
class Maps:
    """An affine function of the window's m coordinates, from −½ to ½ each, for every region and unit."""

    a: Array  # (1+m, R, D): value at the window's middle, then the slope along each coordinate
    rounding: Array  # (R, D) size of what was summed up; times the machine's precision, that of a's error

    def through(self, beta: Array, omega: Array) -> "Maps":
        """β + Ω h for h given by these maps. Rounding errors are taken as independent: squares add up."""
        R = self.a.shape[1]
        a, rounding = np.empty((len(self.a), R, len(beta))), np.empty((R, len(beta)))
        size = max(np.abs(self.a).max(initial=0), self.rounding.max(initial=0)) or 1.0
        unit = np.maximum(np.abs(omega).max(axis=1) * size, np.abs(beta))
        unit[unit == 0] = 1  # in these units squares neither overflow nor underflow
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            square, offset = np.square(omega * size / unit[:, None]).T, np.square(beta / unit)
            for start in range(0, R, ROWS):
                rows = slice(start, start + ROWS)
                h = self.a[:, rows]
                np.matmul(h, omega.T, out=a[:, rows])
                squares = np.square(self.rounding[rows] / size)
                for part in h / size:
                    squares += np.square(part, out=part)
                here = squares @ square
                here += offset
                np.multiply(np.sqrt(here, out=here), unit, out=rounding[rows])
        a[0] += beta
        return Maps(a, rounding)

    def settled(self, breaks: tuple[float, ...]) -> "Maps":
        """The same without what is only rounding: such a unit is constant, and exactly on a break if it is near one."""
        noise = self.noise()
        flat = self.lengths() <= noise
        if flat.any():
            self.a[1:, flat] = 0
            level, near = self.a[0], 2 * noise
            for at in breaks:
                level[flat & (np.abs(level - at) <= near)] = at
        return self

    def noise(self) -> Array:
        """(R, D) how much of the values and slopes may be rounding."""
        return _ROUNDING * self.rounding

    def lengths(self) -> Array:
        """(R, D) length of the gradients."""
        if len(self.a) == 2:
            return np.abs(self.a[1])
        x, y = self.a[1:]
        with np.errstate(over="ignore", under="ignore"):
            lengths: Array = np.sqrt(x * x + y * y)
            extreme = ~((lengths > 1e-140) & (lengths < 1e140))
        if extreme.any():  # where squares overflow or underflow; this takes five times as long
            lengths[extreme] = np.hypot(x[extreme], y[extreme])
        return lengths

    def at(self, points: Array, rows: Any = slice(None)) -> Array:
        """(R, D) values on those rows' regions at one point (m, R) each."""
        a = self.a if self.a.shape[1] == 1 else self.a[:, rows]
        values = a[0] + a[1] * points[0][:, None]
        for part, x in zip(a[2:], points[1:], strict=True):
            values += part * x[:, None]
        return values

    def activated(self, pieces: npt.NDArray[np.int8], parents: Int, of: Pieces) -> "Maps":
        """a[z] on parts (R,) of the regions, whose units are on those pieces (R, D) of the activation."""
        slopes, offsets = np.array(of.slopes), np.array(of.offsets)
        a, rounding = np.empty((len(self.a), *pieces.shape)), np.empty(pieces.shape)
        for start in range(0, len(pieces), ROWS):
            rows = slice(start, start + ROWS)
            slope = slopes.take(pieces[rows])
            for part, whole in zip(a, self.a, strict=True):
                np.multiply(whole.take(parents[rows], axis=0), slope, out=part[rows])
            np.multiply(self.rounding.take(parents[rows], axis=0), np.abs(slope, out=slope), out=rounding[rows])
            if offsets.any():
                a[0, rows] += offsets.take(pieces[rows])
        return Maps(a, rounding)

    def tolerances(self, lengths: Array, index: Any, sizes: Any = 1.0) -> Array:
        """How far the places where those units are at a level may be off, at least TOLERANCE; gradients times sizes."""
        with np.errstate(over="ignore"):
            return np.maximum(TOLERANCE, _ROUNDING * (self.rounding[index] / sizes) / lengths)


def pieces_at(values: Array, breaks: tuple[float, ...]) -> npt.NDArray[np.int8]:
    """Index of the piece that each pre-activation is on: how many breaks lie below it."""
    pieces = np.zeros(values.shape, dtype=np.int8)
    for at in breaks:
        pieces += values > at
    return pieces
