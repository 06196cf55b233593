"""One network as another kind of network: the same function of x, its parameters laid out anew."""

import numpy.typing as npt

from udl_core import activations
from udl_core._validate import Array
from udl_core.layers import Activation, Dense, Sequential
from udl_core.models import Deep, Linear, Shallow
from udl_core.network import Network


def to_deep(net: Linear | Shallow | Deep, phi: npt.ArrayLike) -> tuple[Deep, Array]:
    """The same network as a `Deep` one and its φ (P,): of no hidden layer for `Linear`, of one for `Shallow`.

    φ is a copy in its dtype. Raises TypeError for another network, and what a call raises for φ.

    >>> net, phi = to_deep(Shallow(1, 2, 1), [1, 2, 3, 4, 10, 20, 30])
    >>> net.widths, net.unpack(phi)["beta"]
    ((1, 2, 1), [array([1., 3.]), array([10.])])
    """
    if not isinstance(net, Linear | Shallow | Deep):
        raise TypeError(f"net must be Linear, Shallow or Deep, got {net!r}")
    phi = net.check_phi(phi)
    if isinstance(net, Deep):
        return net, phi.copy()
    parts = net.unpack(phi).values()
    hidden = [net.D] if isinstance(net, Shallow) else []
    deep = Deep([net.D_i, *hidden, net.D_o], net.activation if isinstance(net, Shallow) else "relu")
    return deep, deep.pack(beta=[part[:, 0] for part in parts], omega=[part[:, 1:] for part in parts])


def to_layers(net: Linear | Shallow | Deep, phi: npt.ArrayLike) -> tuple[Sequential, Array]:
    """The same network as `Dense` layers with an `Activation` between them, and its φ (P,), a copy in its dtype.

    Raises TypeError for another network, and what a call raises for φ.

    >>> net, phi = to_layers(Shallow(1, 2, 1, "tanh"), [1, 2, 3, 4, 10, 20, 30])
    >>> net.layers
    (Dense(D_i=1, D_o=2, offsets=True), Activation(function='tanh'), Dense(D_i=2, D_o=1, offsets=True))
    """
    deep, phi = to_deep(net, phi)  # its φ holds β_0, Ω_0, β_1, … as the layers' do
    layers: list[Network] = []
    for D, D_next in zip(deep.widths, deep.widths[1:], strict=False):
        layers += [Dense(D, D_next), Activation(activations.get(deep.activation))]
    return Sequential(layers[:-1]), phi
