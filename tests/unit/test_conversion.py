"""Converted networks are the same function, with the same derivative by x, in the same dtype."""

import numpy as np
import pytest

from udl_core import Deep, Gabor, Linear, Shallow
from udl_core.conversion import to_deep, to_layers

NETWORKS = [Linear(3, 2), Shallow(3, 4, 2), Shallow(3, 4, 2, "tanh"), Deep([3, 5, 4, 2], "gelu"), Deep([3, 2])]


@pytest.mark.parametrize("net", NETWORKS)
@pytest.mark.parametrize("convert", [to_deep, to_layers])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_function_stays(net, convert, dtype):
    rng = np.random.default_rng(0)
    x, dy, phi = rng.standard_normal((6, 3)), rng.standard_normal((6, 2)), net.init(rng, dtype)
    phi += rng.standard_normal(net.n_params).astype(dtype)
    other, psi = convert(net, phi)
    assert psi.dtype == dtype
    assert not np.shares_memory(psi, phi)
    for one, two in ((other(x, psi), net(x, phi)), (other.vjp(x, psi)[1](dy)[0], net.vjp(x, phi)[1](dy)[0])):
        np.testing.assert_allclose(one, two, rtol=1e-4 if dtype == np.float32 else 1e-12, atol=1e-5)


def test_other_networks_and_parameters_are_refused():
    with pytest.raises(TypeError, match="net must be Linear, Shallow or Deep, got Gabor"):
        to_deep(Gabor(), [0, 1])
    with pytest.raises(ValueError, match=r"phi must have shape \(P,\) = \(2,\)"):
        to_layers(Linear(1, 1), [0, 1, 2])
