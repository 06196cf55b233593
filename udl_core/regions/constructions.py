"""Networks with as many regions as their size allows: each layer folds the unit interval, or the unit cube."""

from collections.abc import Sequence

import numpy as np

from udl_core import _validate
from udl_core._validate import Array
from udl_core.models import Deep


def sawtooth(K: int, D: int = 2) -> tuple[Deep, Array]:
    """A network of one input and K layers of D units, and its φ, whose output runs D^K times between 0 and 1 on [0, 1].

    Each layer maps [0, 1] onto itself D times, up and down in turn; with D = 2 that is the tent map (Montúfar et al.,
    2014; Telgarsky, 2016; Prince, figure 4.3). All pieces have slope ±D^K.

    >>> net, phi = sawtooth(K=3)
    >>> net(np.arange(9)[:, None] / 8, phi).ravel()
    array([0., 1., 0., 1., 0., 1., 0., 1., 0.])
    """
    K, D = _validate.size("K", K), _validate.size("D", D)
    return _stacked([_fold(D)] * K, [D] * K)


def zigzag(K: int, D: int = 3) -> tuple[Deep, Array]:
    """The same with one piece more a layer, (D + 1)^K on [0, 1], which no network of K layers of D units exceeds.

    One unit faces left, so all D joints lie inside of the interval; this needs D ≥ 3 (Serra et al., 2018). The pieces
    are not all equally steep. Raises ValueError for D < 3.

    >>> net, phi = zigzag(K=2)
    >>> from udl_core import regions
    >>> len(regions.joints(net, phi, 0, 1).slopes)
    16
    """
    K, D = _validate.size("K", K), _validate.size("D", D)
    return _stacked([_zigzag(D)] * K, [D] * K)


def folds(widths: Sequence[int], zigzags: bool = False, rng: np.random.Generator | None = None) -> tuple[Deep, Array]:
    """A network Deep(widths) and its φ with as many regions in the unit cube as `lower_bound` says.

    Every layer but the last folds each of the D_i inputs on its own ⌊D_k / D_i⌋ times (with `zigzags` once more, as
    `lower_bound_zigzag` says); left-over units stay off. The last layer's hyperplanes, drawn at random, pass near the
    cube's middle and so cross inside of it; with many units some may cross outside, and then the count falls short.
    Raises ValueError where a hidden layer is too narrow.
    """
    net = Deep(widths)
    rng = rng or np.random.default_rng(0)
    D_i, hidden = net.D_i, net.widths[1:-1]
    least = 3 * D_i if zigzags else D_i
    if not hidden or min(hidden) < least:
        raise ValueError(f"widths must have at least {least} units in every hidden layer, got {list(net.widths)}")
    beta, omega = [], []
    before, shift = np.eye(D_i), np.zeros(D_i)  # from the last hidden units to what has been folded so far
    for D in hidden[:-1]:
        theta, weights, offset = _zigzag(D // D_i) if zigzags else _fold(D // D_i)
        per = len(theta)
        b, w, back = np.full(D, -1.0), np.zeros((D, D_i)), np.zeros((D_i, D))
        for d in range(D_i):
            mine = slice(d * per, (d + 1) * per)
            b[mine], w[mine, d], back[d, mine] = theta[:, 0], theta[:, 1], weights
        beta.append(b + w @ shift)
        omega.append(w @ before)
        before, shift = back, np.full(D_i, offset)
    normals = rng.standard_normal((hidden[-1], D_i))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    middle = 0.5 + 0.02 * rng.standard_normal((hidden[-1], D_i))
    if D_i == 1:
        middle = (np.arange(1, hidden[-1] + 1) / (hidden[-1] + 1))[:, None]
    beta.append(-(normals * middle).sum(axis=1) + normals @ shift)
    omega.append(normals @ before)
    beta.append(np.zeros(net.D_o))
    omega.append(rng.standard_normal((net.D_o, hidden[-1])))
    return net, net.pack(beta=beta, omega=omega)


def _stacked(layers: list[tuple[Array, Array, float]], widths: list[int]) -> tuple[Deep, Array]:
    """Functions of one variable, each a shallow network, one after the other."""
    net = Deep([1, *widths, 1])
    beta, omega = [], []
    weights: Array = np.ones(1)
    offset = 0.0
    for theta, after, shift in layers:
        beta.append(theta[:, 0] + theta[:, 1] * offset)
        omega.append(np.outer(theta[:, 1], weights))
        weights, offset = after, shift
    return net, net.pack(beta=[*beta, [offset]], omega=[*omega, weights[None]])


def _fold(D: int) -> tuple[Array, Array, float]:
    """[0, 1] onto [0, 1] in D equal pieces: hidden units θ (D, 2), output weights (D,) and offset."""
    theta = np.column_stack((-np.arange(D) / D, np.ones(D)))
    weights = 2.0 * D * (-1.0) ** np.arange(D)
    weights[0] = D
    return theta, weights, 0.0


def _zigzag(D: int) -> tuple[Array, Array, float]:
    """[0, 1] onto [0, 1] in D + 1 pieces.

    Left of all joints only the units that face left are active, so theirs is the first slope. With the third unit the
    only one, that slope is as large as those of pieces 3 and 4 together; then all D + 1 pieces can run from 0 to 1.
    """
    if D < 3:
        raise ValueError(f"D must be at least 3, got {D}")
    steepness = np.full(D + 1, 2.0)
    steepness[2:4] = 1.0
    steepness *= (1 / steepness).sum()  # the pieces' widths, one over their slopes, fill the interval
    joints = np.cumsum(1 / steepness)[:-1]
    slopes = steepness * (-1.0) ** np.arange(D + 1)
    faces = np.where(np.arange(D) == 2, -1.0, 1.0)
    weights = np.diff(slopes)
    theta = np.column_stack((-faces * joints, faces))
    at_zero = weights[2] * joints[2]
    return theta, weights, float(-at_zero)
