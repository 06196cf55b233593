"""Two fast forms of the least squares loss and its gradient for a shallow network of one input and one output.

Both need an activation of two straight pieces that meet at z = 0, such as ReLU: a[z] = s[z] z with s the slope of the
piece. A unit of pre-activation z_d = θ_d0 + θ_d1 x then contributes ω_d s θ_d0 + ω_d s θ_d1 x to the output, and with
the derivative δ_i of the loss by y_i and A_d = Σ_i δ_i s_di, B_d = Σ_i δ_i s_di x_i the gradient is

    ∂L/∂θ_d0 = ω_d A_d,   ∂L/∂θ_d1 = ω_d B_d,   ∂L/∂ω_d = θ_d0 A_d + θ_d1 B_d,   ∂L/∂φ_0 = Σ_i δ_i.

φ is [θ_10 θ_11 θ_20 … θ_D1 φ_0 ω_1 … ω_D], of the dtype of x and y, both (I,). `scale` is 1 for a sum over the
examples, 1/I for their mean. Each form keeps arrays between calls, so one call must end before the next begins. It
leaves it to its caller to silence overflow, and division by zero: a unit of slope 0 has no joint.

Relative error of the gradient against extended precision, measured on 100 and 300 units and 1000 and 3000 examples with
joints on examples: 3e-16 for the network's own vjp, 3e-16 by buffers, 1e-15 by joints; in float32 3e-7, 9e-8 and
3e-8. With all x between 10⁶ and 10⁶ + 1: 1e-12, 1e-12 and 1e-15; with Cauchy-distributed x 4e-16, 3e-16 and 2e-15.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate, activations, losses
from udl_core._validate import Array
from udl_core.losses import Reduction
from udl_core.models import Shallow
from udl_core.network import Network

Form = Callable[[Array, bool], tuple[float, Array]]
"""(φ, need_gradient) -> (value, gradient). The gradient (P,) is the caller's to keep; without need it is not filled."""

Slopes = tuple[float, float]
"""Of the activation's pieces below and above z = 0."""

SORT_FROM = 6000
"""Units times examples from which sorting by joints is faster than evaluating every unit at every example."""


def short_form(net: Network, x: Array, y: npt.NDArray[Any], loss: Any, reduction: Reduction | None) -> Form | None:
    """The faster of the two forms for those arguments, checked x (I, …) and y, or None where neither holds.

    They hold for `Shallow(1, D, 1)`, `losses.least_squares` and an activation with one bend, at 0: ReLU, leaky,
    parametric. For D · I < 6000 it is `by_buffers`, from there on `by_joints`.
    """
    if not (isinstance(net, Shallow) and net.D_i == net.D_o == 1 and loss is losses.least_squares):
        return None
    pieces = activations.get(net.activation).pieces
    if pieces is None or pieces.breaks != (0,) or pieces.offsets != (0, 0):
        return None
    I = len(x)  # noqa: E741 - the book's symbol
    targets = _validate.array("y", y, {"I": I, "D_o": 1}, x.dtype)
    form = by_buffers if net.D * I < SORT_FROM else by_joints
    scale = 1 / I if reduction == "mean" else 1.0
    return form(net.D, (pieces.slopes[0], pieces.slopes[1]), x[:, 0], targets[:, 0], scale)


def by_buffers(D: int, slopes: Slopes, x: Array, y: Array, scale: float) -> Form:
    """Every unit at every example, O(I · D), as the formulas stand, but without allocating anything on the way."""
    I = len(x)  # noqa: E741 - the book's symbol
    phi, grad = np.empty((2, 3 * D + 1), x.dtype)
    theta_0, theta_1, omega = phi[0 : 2 * D : 2, None], phi[1 : 2 * D : 2, None], phi[2 * D + 1 :]
    grad_theta_0, grad_theta_1 = grad[0 : 2 * D : 2], grad[1 : 2 * D : 2]
    output, grad_output = phi[2 * D :], grad[2 * D :]
    units = np.ones((D + 1, I), x.dtype)  # a unit that is always 1 carries φ_0
    h, s, zeros = units[1:], np.empty((D, I), x.dtype), np.zeros((D, I), x.dtype)
    row = x[None]
    residual, (A, B) = np.empty(I, x.dtype), np.empty((2, D), x.dtype)
    deltas = np.empty((2, I), x.dtype)
    delta, delta_x = deltas  # δ_i and δ_i x_i
    factors = np.stack((np.ones_like(x), x)) * x.dtype.type(2 * scale)
    relu, (left, right) = slopes == (0, 1), slopes

    def form(given: Array, need_gradient: bool) -> tuple[float, Array]:
        np.copyto(phi, given)
        np.dot(theta_1, row, out=h)  # every product by itself, rounded as the network rounds it
        np.add(h, theta_0, out=h)
        if relu:
            np.maximum(h, zeros, out=h)  # against an array, twice as fast as against the number 0
        else:
            np.greater(h, zeros, out=s)
            np.multiply(s, right - left, out=s)
            np.add(s, left, out=s)
            np.multiply(h, s, out=h)
        np.dot(output, units, out=residual)
        np.subtract(residual, y, out=residual)
        value = float(residual.dot(residual)) * scale
        if not need_gradient:
            return value, grad
        if relu:
            np.sign(h, out=s)
        np.multiply(factors, residual, out=deltas)
        np.dot(units, delta, out=grad_output)
        np.dot(s, delta, out=A)
        np.dot(s, delta_x, out=B)
        np.multiply(A, omega, out=grad_theta_0)
        np.multiply(B, omega, out=grad_theta_1)
        return value, grad.copy()

    return form


def by_joints(D: int, slopes: Slopes, x: Array, y: Array, scale: float) -> Form:
    """The same by the joints, O(I + D log I): between two joints the output is one straight line.

    The examples are sorted once. A unit bends in the gap between two of them, is above 0 on one side of it, and adds
    its line to the examples there: so all outputs are running sums over the gaps, and all A_d and B_d running sums over
    the examples. Every sum starts from the side where the unit is 0, so that nothing is added and taken away again; x
    is measured from the middle of the examples when they lie far from 0; and sums are float64 whatever the dtype of φ.
    """
    order = np.argsort(x, kind="stable")
    at, first, group = np.unique(x[order], return_index=True, return_inverse=True)  # (U,) places in order
    U, P, distinct = len(at), 3 * D + 1, len(at) == len(x)
    targets, places = y[order].astype(np.float64), at.astype(np.float64)
    centre = _centre(at)
    from_centre = places - centre
    factor, factor_x = 2 * scale, 2 * scale * from_centre[group]
    left, rise = slopes[0], slopes[1] - slopes[0]
    bent_only = left == 0 and rise == 1

    phi, grad = np.empty((2, P))
    theta_0, theta_1, omega = phi[0 : 2 * D : 2], phi[1 : 2 * D : 2], phi[2 * D + 1 :]
    grad_theta_0, grad_theta_1, grad_omega = grad[0 : 2 * D : 2], grad[1 : 2 * D : 2], grad[2 * D + 1 :]
    # gap k lies between examples k-1 and k; its neighbours, for k = 0, …, U
    neighbours = np.stack((np.r_[-np.inf, at], np.r_[at, np.inf])).astype(x.dtype)
    # Bins 0, …, U are for units above 0 on the left, in falling order of gaps, U+1, …, 2U+1 for the others, in rising.
    bins = 2 * (U + 1)
    # Sums come in pairs, of what is constant and what grows with x: as one complex number a pair takes the time of one.
    steps, total = np.empty(bins, complex), np.empty((2, U), complex)  # offset and slope of the output
    delta, sums = np.empty(len(x), complex), np.zeros(bins, complex)  # δ_i and δ_i x_i; where a unit is above 0

    def form(given: Array, need_gradient: bool) -> tuple[float, Array]:
        np.copyto(phi, given)
        bin_of = _bins(given[: 2 * D].reshape(D, 2))
        if centre:  # of half the digits, as the first factor below is, so that a large product is exact
            coarse = theta_1.astype(np.float32).astype(np.float64)
            np.add(theta_0, centre * coarse, out=theta_0)
            np.add(theta_0, centre * (theta_1 - coarse), out=theta_0)
        offset, slope = theta_0 * omega, theta_1 * omega
        steps.real = np.bincount(bin_of, offset, bins)
        steps.imag = np.bincount(bin_of, slope, bins)
        np.add.accumulate(steps.reshape(2, U + 1)[:, :U], axis=1, out=total)
        line = total[0, ::-1] + total[1]
        y_pred = line.imag * from_centre
        y_pred += line.real
        if not bent_only:
            y_pred *= rise
            y_pred += left * (offset.sum() + slope.sum() * from_centre)
        y_pred += phi[2 * D]
        residual = (y_pred if distinct else y_pred[group]) - targets
        value = float(residual.dot(residual)) * scale
        if not need_gradient:
            return value, grad
        np.multiply(residual, factor, out=delta.real)
        np.multiply(residual, factor_x, out=delta.imag)
        seen = delta if distinct else np.add.reduceat(delta, first)
        np.add.accumulate(seen, out=sums[U - 1 :: -1])
        np.add.accumulate(seen[::-1], out=sums[2 * U : U : -1])
        of_unit = sums.take(bin_of)
        A, B = of_unit.real, of_unit.imag
        if not bent_only:
            of_unit *= rise
            of_unit += left * sums[0]
        np.multiply(A, omega, out=grad_theta_0)
        np.multiply(B, omega, out=grad_theta_1)
        if centre:
            np.add(grad_theta_1, centre * grad_theta_0, out=grad_theta_1)
        np.add(A * theta_0, B * theta_1, out=grad_omega)
        grad[2 * D] = sums[0].real
        return value, grad.astype(x.dtype)

    def _bins(theta: Array) -> npt.NDArray[np.intp]:
        """The bin of every unit. Rounding must not put a joint on the wrong side of an example, so both are asked."""
        minus_theta_0, theta_1 = -theta[:, 0], theta[:, 1]
        gap = places.searchsorted(np.divide(minus_theta_0, theta_1, dtype=np.float64))
        sides = neighbours.take(gap, axis=1)
        sides *= theta_1
        above = sides > minus_theta_0
        rising = above[1]
        if np.count_nonzero(above[0] != rising) < D:
            gap, rising = _settle(gap, at, minus_theta_0, theta_1)
        return np.where(rising, gap + (U + 1), U - gap)

    return form


def _settle(
    gap: npt.NDArray[np.intp], at: Array, minus_theta_0: Array, theta_1: Array
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Moves every gap until the unit's side changes there, and says whether the unit is above 0 to the right of it.

    A product rounded is monotonic in x, so there is one such gap; units of slope 0 are given all examples or none.
    """
    rising = theta_1 > 0
    level = theta_1 == 0
    gap = np.where(level, np.where(minus_theta_0 < 0, len(at), 0), gap)

    def changed(k: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
        return (theta_1 * at.take(k, mode="clip") > minus_theta_0) == rising

    while True:
        back = (gap > 0) & changed(gap - 1) & ~level
        forth = (gap < len(at)) & ~changed(gap) & ~level
        if not (back | forth).any():
            return gap, rising
        gap = gap - back + forth


def _centre(x: Array) -> float:
    """About the middle of sorted x if they lie further from 0 than they spread, else 0, which costs nothing."""
    low, high = float(x[0]), float(x[-1])
    far = low * high > 0 and min(abs(low), abs(high)) > high - low
    return float(np.float32(low + (high - low) / 2)) if far else 0.0
