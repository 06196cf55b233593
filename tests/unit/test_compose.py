"""Sequential and Residual: what they hand on to the networks inside them."""

import numpy as np
import pytest

from udl_core import Deep, Shallow
from udl_core.layers import Activation, Dense, Dropout, Flatten, Residual, Sequential

NETWORKS = [
    Sequential([Flatten(), Deep([2, 3, 2])]),
    Residual(Deep([2, 3, 2])),
    Sequential([Residual(Sequential([Dense(2, 2), Dropout(0.5), Shallow(2, 3, 2)])), Activation("relu"), Dense(2, 1)]),
]


@pytest.mark.parametrize("net", NETWORKS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pack_takes_what_unpack_gave_in_its_dtype(net, dtype):
    phi = net.init(np.random.default_rng(0), dtype)
    parts = net.unpack(phi)
    packed = net.pack(**parts) if isinstance(parts, dict) else net.pack(*parts)
    assert packed.dtype == dtype
    np.testing.assert_array_equal(packed, phi)


def test_a_network_inside_unpacks_as_it_does_alone():
    inner = Deep([2, 3, 2])
    phi = np.arange(inner.n_params, dtype=float)
    for parts in (Sequential([inner]).unpack(phi)[0], Residual(inner).unpack(phi)):
        np.testing.assert_array_equal(parts["omega"][1], inner.unpack(phi)["omega"][1])
        parts["beta"][0][:] = -1
    np.testing.assert_array_equal(inner.unpack(phi)["beta"][0], -1)  # they are views


def test_layers_of_two_dtypes_do_not_promote_silently():
    net = Sequential([Dense(1, 1), Dense(1, 1)])
    with pytest.raises(TypeError, match="the layers must share one dtype, got float32 and float64"):
        net.pack(np.zeros(2, np.float32), np.zeros(2))


def test_layers_without_parameters_take_none():
    net = Sequential([Dense(1, 1), Activation("relu")])
    with pytest.raises(TypeError, match="pack needs exactly the parts none"):
        net.pack(np.zeros(2), {"omega": 1.0})
    assert Sequential([Activation("relu")]).pack([]).shape == (0,)


@pytest.mark.parametrize(
    "net",
    [Flatten(), Dropout(0.5), Residual(Dropout(0.5)), Sequential([Flatten(), Dropout(0.5)]), Activation("identity")],
)
def test_results_are_the_callers_to_write_to(net):
    x, dy = np.ones((2, 3)), np.ones((2, 3))
    y, pullback = net.vjp(x, [])
    y[...] = net(x, [])[...] = -1
    pullback(dy)[0][...] = -1
    np.testing.assert_array_equal(x, 1)
    np.testing.assert_array_equal(dy, 1)
