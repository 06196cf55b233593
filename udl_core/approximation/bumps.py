"""Bumps made of sigmoids: on a line with one hidden layer, in the plane with two."""

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.models import Deep, Shallow


def sigmoid_bumps(centres: npt.ArrayLike, widths: npt.ArrayLike, heights: npt.ArrayLike, steepness: float) -> Array:
    """Parameters φ (6N+1,) of Shallow(1, 2N, 1, "sigmoid") that add N bumps.

    Each is a step up and, a width on, a step down: bump n is
    heights[n] (σ[s (x − centre + width/2)] − σ[s (x − centre − width/2)]) with s = `steepness`, from units 2n and 2n+1.
    All three arguments have shape (N,). Raises ValueError for other shapes, and for widths or a steepness that are not
    above 0.

    >>> phi = sigmoid_bumps([0.5], [0.2], [3.0], steepness=200)
    >>> Shallow(1, 2, 1, "sigmoid")([[0.3], [0.4], [0.5]], phi).ravel().round(3)
    array([0. , 1.5, 3. ])
    """
    centres = _validate.array("centres", centres, {"N": None}, np.dtype(np.float64))
    widths = _validate.array("widths", widths, {"N": len(centres)}, np.dtype(np.float64))
    heights = _validate.array("heights", heights, {"N": len(centres)}, np.dtype(np.float64))
    if not len(centres) or (widths <= 0).any():
        raise ValueError("there must be at least one bump, and each width must be above 0")
    s = _validate.positive("steepness", steepness)
    edges = np.column_stack((centres - widths / 2, centres + widths / 2)).ravel()
    weights = np.column_stack((heights, -heights)).ravel()
    return Shallow(1, len(edges), 1, "sigmoid").pack(
        theta=np.column_stack((-s * edges, np.full(len(edges), s))), phi=[[0.0, *weights]]
    )


def plane_bump(
    centre: tuple[float, float] = (0.0, 0.0), width: float = 1.0, height: float = 1.0, steepness: float = 20.0
) -> Array:
    """Parameters φ (19,) of Deep([2, 4, 1, 1], "sigmoid") whose output is a bump over a square, and near 0 elsewhere.

    The first layer makes two walls that cross, one along each axis, of height 1: their sum is about 2 over the square,
    1 on the four arms and 0 elsewhere. The unit of the second layer is a step at 3/2, and the output multiplies by
    `height`. No network with one hidden layer can end its walls. Raises ValueError for a width or steepness that is
    not above 0.

    >>> phi = plane_bump(height=3.0)
    >>> Deep([2, 4, 1, 1], "sigmoid")([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0]], phi).ravel().round(2)
    array([3., 0., 0.])
    """
    half, s = _validate.positive("width", width) / 2, _validate.positive("steepness", steepness)
    edges = np.array([c + side for c in centre for side in (-half, half)])
    directions = np.repeat(np.eye(2), 2, axis=0)
    return Deep([2, 4, 1, 1], "sigmoid").pack(
        beta=[-s * edges, [-1.5 * s], [0.0]], omega=[s * directions, [[s, -s, s, -s]], [[height]]]
    )
