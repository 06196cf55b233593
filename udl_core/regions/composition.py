"""Networks one after the other: f₂[f₁[x]] as one deep network, and all the inputs that f₁ folds onto one value."""

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.conversion import to_deep
from udl_core.models import Deep, Shallow
from udl_core.regions.one_input import joints


def compose(net1: Shallow | Deep, phi1: npt.ArrayLike, net2: Shallow | Deep, phi2: npt.ArrayLike) -> tuple[Deep, Array]:
    """The network that computes f₂[f₁[x]], and its parameters φ (P,).

    The last step of the first network and the first step of the second are both linear, and become one: between two
    shallow networks of one output and one input stand β_1 = θ′_0 + θ′ φ_0 and Ω_1 = θ′ φ, which has rank one. Hidden
    layers, and their activation, stay as they are, so the result has as many as both networks together.

    Raises ValueError unless D_o of the first network is D_i of the second and both have the same activation.
    Source: Prince, section 4.2, equations 4.3 to 4.5.

    >>> from udl_core.approximation import interpolant
    >>> tent = Shallow(D_i=1, D=2, D_o=1)
    >>> phi = interpolant([0, 0.5, 1], [0, 1, 0])
    >>> twice, both = compose(tent, phi, tent, phi)
    >>> twice.widths, twice([[0.0], [0.25], [0.5], [0.75], [1.0]], both).ravel()
    ((1, 2, 2, 1), array([0., 1., 0., 1., 0.]))
    """
    beta_1, omega_1 = _layers("net1", net1, "phi1", phi1)
    beta_2, omega_2 = _layers("net2", net2, "phi2", phi2)
    if net1.D_o != net2.D_i:
        raise ValueError(f"net2 must take what net1 gives: D_i = {net1.D_o}, got {net2.D_i}")
    if net1.activation != net2.activation:
        raise ValueError(f"both networks must have one activation, got {net1.activation} and {net2.activation}")
    beta = [*beta_1[:-1], beta_2[0] + omega_2[0] @ beta_1[-1], *beta_2[1:]]
    omega = [*omega_1[:-1], omega_2[0] @ omega_1[-1], *omega_2[1:]]
    deep = Deep([net1.D_i, *(len(b) for b in beta)], net1.activation)
    return deep, deep.pack(beta=beta, omega=omega)


def preimages(net: Shallow | Deep, phi: npt.ArrayLike, y: float, lo: float, hi: float) -> Array:
    """Every x from lo to hi with f[x, φ] = y, ascending (n,), for a network of one input and one output.

    Where the network is level at height y, the two ends of each such piece stand for all of it. A piece that ends
    within 1e-13 of y, relative to the largest value, ends at y. Raises as `regions.joints` does, and ValueError for
    D_o above 1. Source: Prince, section 4.1.

    >>> from udl_core.approximation import interpolant
    >>> preimages(Shallow(1, 2, 1), interpolant([0, 1, 2], [0, 1, 0]), y=0.25, lo=0, hi=2)
    array([0.25, 1.75])
    """
    form = joints(net, phi, lo, hi)
    if net.D_o != 1:
        raise ValueError(f"net must have one output, got D_o = {net.D_o}")
    y = _validate.real("y", y)
    knots = np.concatenate(([form.lo], form.joints, [form.hi]))
    above = form.values[:, 0] - y
    above[np.abs(above) <= 1e-13 * max(abs(y), float(np.abs(form.values).max()))] = 0
    left, right = above[:-1], above[1:]
    crossing = left * right < 0
    share = left[crossing] / (left - right)[crossing]
    inside = knots[:-1][crossing] + share * np.diff(knots)[crossing]
    return np.sort(np.concatenate((inside, knots[above == 0])))


def _layers(net_name: str, net: Shallow | Deep, phi_name: str, phi: npt.ArrayLike) -> tuple[list[Array], list[Array]]:
    """Offsets and weights of each step, the output's last."""
    if not isinstance(net, Shallow | Deep):
        raise TypeError(f"{net_name} must be a Shallow or a Deep network, got {type(net).__name__}")
    deep, flat = to_deep(net, _validate.array(phi_name, phi, {"P": net.n_params}))
    parts = deep.unpack(flat)
    return parts["beta"], parts["omega"]
