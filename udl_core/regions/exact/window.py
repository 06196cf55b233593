"""What is looked at: a box or a convex polygon, in the plane of two inputs or in a plane through more."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.regions.exact.arrangement import SIDE, Complex, Polygons
from udl_core.regions.exact.stack import Maps

_FORM = "box must be ((x_lo, x_hi), (y_lo, y_hi))"
_SQUARE: Complex = np.array([-0.5 - 0.5j, 0.5 - 0.5j, 0.5 + 0.5j, -0.5 + 0.5j])


@dataclass(frozen=True, eq=False)
class Window:
    """A convex part of the plane. In the window's own coordinates its bounding box is the square of side 1 about 0."""

    limits: Array  # (2, 2) of the bounding box
    corners: Complex  # (n,) in the window's coordinates, counter-clockwise

    @classmethod
    def of(cls, box: npt.ArrayLike) -> "Window":
        """From ((x_lo, x_hi), (y_lo, y_hi)), or from the corners (n, 2) of a convex polygon, n ≥ 3.

        Raises ValueError for another shape, for numbers that are not finite, and where nothing is enclosed.
        """
        try:
            given = np.array(box, dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueError(f"{_FORM} or the corners (n, 2) of a polygon, got {box!r}") from None
        if given.ndim == 2 and given.shape[1] == 2 and len(given) > 2:
            return cls._of_polygon(given)
        if given.shape != (2, 2):
            raise ValueError(f"{_FORM}, got shape {given.shape}, or the corners (n, 2) of a polygon")
        _check_finite(_FORM, given)
        if not (given[:, 0] < given[:, 1]).all():
            raise ValueError(f"{_FORM} with x_lo < x_hi and y_lo < y_hi, got {given.tolist()}")
        return cls(given, _SQUARE)

    @classmethod
    def _of_polygon(cls, corners: Array) -> "Window":
        form = "box must be a convex polygon with corners (n, 2)"
        limits = np.stack((corners.min(axis=0), corners.max(axis=0)), axis=1)
        _check_finite(form, limits)
        if (limits[:, 0] == limits[:, 1]).any():
            raise ValueError(f"{form} that encloses an area, got {corners.tolist()}")
        x, y = ((corners - limits.mean(axis=1)) / (limits[:, 1] - limits[:, 0])).T
        z: Complex = x + 1j * y
        while True:  # corners on a straight side go, one at a time: of two equal ones, one has to stay
            turns = _turns(z)
            straight = np.flatnonzero(np.abs(turns) < 1e-12)
            if not len(straight) or len(z) < 3:
                break
            z = np.delete(z, straight[0])
        if len(z) > 2 and (turns < 0).all():
            z, turns = z[::-1], -turns
        if len(z) < 3 or not (turns > 0).all() or np.angle(_sides(z) / np.roll(_sides(z), 1)).sum() > 7:
            raise ValueError(f"{form} in order around it, got {corners.tolist()}")
        return cls(limits, z)

    @property
    def middle(self) -> Array:
        """(2,) of the bounding box."""
        middle: Array = (self.limits / 2).sum(axis=1)
        return middle

    @property
    def extent(self) -> Array:
        """(2,) of the bounding box."""
        extent: Array = self.limits[:, 1] - self.limits[:, 0]
        return extent

    def polygon(self) -> Polygons:
        """The window, uncut."""
        n = len(self.corners)
        return Polygons(self.corners, np.full(n, SIDE), np.array([n]), np.zeros(1, dtype=np.intp))

    def inputs(self, origin: Array, directions: Array) -> Maps:
        """The D_i inputs x = origin + Σ s_k directions_k as functions of the window's coordinates."""
        return affine_inputs(origin, directions, self.middle, self.extent)

    def points(self, z: Complex) -> Array:
        """(V, 2) from the window's coordinates; the sides of a box come out exact."""
        points = np.empty((len(z), 2))
        for axis, part in enumerate((z.real, z.imag)):
            lo, hi = self.limits[axis]
            points[:, axis] = (0.5 - part) * lo + (0.5 + part) * hi
        return points

    def coordinates(self, points: Array) -> Complex:
        """The window's coordinates of points (I, 2)."""
        x, y = ((points - self.middle) / self.extent).T
        return x + 1j * y


def affine_inputs(origin: Array, directions: Array, middle: Array, extent: Array) -> Maps:
    """x = origin + Σ_k s_k directions_k for s_k from middle_k − extent_k/2 to middle_k + extent_k/2."""
    terms = middle[:, None] * directions
    a = np.concatenate(((origin + terms.sum(axis=0))[None], extent[:, None] * directions))
    return Maps(a[:, None], np.sqrt(np.square(origin) + np.square(terms).sum(axis=0))[None])


def slice_of(name: str, given: Any, D_i: int, count: int) -> tuple[Array, Array]:
    """The origin (D_i,) and `count` directions (count, D_i) of a slice; without one, the network's own inputs."""
    if given is None:
        if D_i != count:
            where = f"say where to look: {name}=(origin, {', '.join('uv'[:count])})"
            raise ValueError(f"net must have D_i = {count}, got D_i = {D_i}; with more inputs, {where}")
        return np.zeros(D_i), np.eye(count)
    parts = ("origin", "u", "v")[: count + 1]
    if not isinstance(given, tuple | list | np.ndarray) or len(given) != count + 1:
        raise ValueError(f"{name} must be ({', '.join(parts)}), got {given!r}")
    checked = [
        _validate.array(f"{part} of {name}", value, {"D_i": D_i}).astype(np.float64)
        for part, value in zip(parts, given, strict=True)
    ]
    directions = np.array(checked[1:])
    sizes = np.linalg.norm(directions, axis=1)
    if not sizes.all() or np.linalg.svd(directions / sizes[:, None], compute_uv=False)[-1] < 1e-9:
        raise ValueError(f"{name} must have {'directions that span a plane' if count == 2 else 'a direction u'}")
    return checked[0], directions


def _check_finite(form: str, limits: Array) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        if not np.isfinite(limits[:, 1] - limits[:, 0]).all():
            raise ValueError(f"{form} with finite numbers, got {limits.tolist()}")


def _sides(z: Complex) -> Complex:
    sides: Complex = np.roll(z, -1) - z
    return sides


def _turns(z: Complex) -> Array:
    """How far each corner stands out from its neighbours' line, times that line's length; left turns positive."""
    before = np.roll(_sides(z), 1)
    turns: Array = (before.conj() * _sides(z)).imag
    return turns
