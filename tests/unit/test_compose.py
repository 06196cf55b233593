"""Sequential and Residual: what they hand on to the networks inside them."""

import numpy as np
import pytest

from tests.gradients import assert_gradients
from udl_core import Deep, Shallow, activations
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


def test_activations_between_layers_have_their_derivative():
    rng = np.random.default_rng(0)
    for name in ("tanh", "gelu", "sine", "leaky_relu"):
        net = Sequential([Dense(2, 3), Activation(name), Dense(3, 2), Activation(name)])
        assert_gradients(net, rng.standard_normal((4, 2)), rng.standard_normal(net.n_params), seed=0)
        assert_gradients(Activation(name), rng.standard_normal((4, 2)), np.zeros(0), seed=0)


@pytest.mark.parametrize(
    ("f", "df"),
    [
        (lambda z: z, lambda z: z),  # as z²/2 has it, whose derivative is z itself
        (lambda z: z, lambda z: np.broadcast_to(1.0, z.shape)),
        (lambda z: z[...], lambda z: ONES[: len(z), : z.shape[1]]),
    ],
)
def test_an_activation_of_ones_own_may_give_back_its_argument_or_a_view(f, df):
    ONES[...] = 1.0
    own = activations.ActivationFunction("own", f=f, df=df)
    rng = np.random.default_rng(0)
    for net in (Activation(own), Shallow(3, 3, 3, own), Deep([3, 3, 3, 3], own), Sequential([Activation(own)])):
        x, phi = rng.standard_normal((2, 3)), rng.standard_normal(net.n_params)
        kept, dy = x.copy(), rng.standard_normal((2, 3))
        y, pullback = net.vjp(x, phi)
        first, second = pullback(dy), pullback(dy)
        for one, two in zip(first, second, strict=True):
            np.testing.assert_array_equal(one, two)
        y[...] = 7
        np.testing.assert_array_equal(x, kept)
        np.testing.assert_array_equal(ONES, 1)


ONES = np.ones((9, 9))


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
