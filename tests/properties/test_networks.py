"""What must hold for a network of any size: gradients, linearity of the pullback, packing, purity, dtype."""

import numpy as np
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.gradients import assert_close, differences
from tests.torch_reference import ACTIVATIONS
from udl_core import Linear, Shallow, activations

DTYPES = st.sampled_from([np.float32, np.float64])
sizes = st.integers(1, 5)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def networks(draw, names=activations.NAMES):
    if draw(st.integers(0, 3)) == 0:
        return Linear(draw(sizes), draw(sizes))
    return Shallow(draw(sizes), draw(sizes), draw(sizes), activation=draw(st.sampled_from(names)))


def example(net, seed, dtype=np.float64):
    """x (I, D_i), φ (P,) and dy (I, D_o), drawn from a seed; I from 1 to 6."""
    rng = np.random.default_rng(seed)
    I = rng.integers(1, 7)  # noqa: E741
    return (
        rng.standard_normal((I, net.D_i)).astype(dtype),
        rng.standard_normal(net.n_params).astype(dtype),
        rng.standard_normal((I, net.D_o)).astype(dtype),
    )


def by_torch(net, x, phi, dy):
    """y, dx and dφ by PyTorch's autograd, the network written as the sums of the book."""
    x, phi = (torch.tensor(part, requires_grad=True) for part in (x, phi))
    if isinstance(net, Linear):
        weights = phi.reshape(net.D_o, net.D_i + 1)
        y = weights[:, 0] + torch.einsum("id,kd->ik", x, weights[:, 1:])
    else:
        n_theta = net.D * (net.D_i + 1)
        theta, weights = phi[:n_theta].reshape(net.D, -1), phi[n_theta:].reshape(net.D_o, -1)
        h = ACTIVATIONS[net.activation.name](theta[:, 0] + torch.einsum("ij,dj->id", x, theta[:, 1:]))
        y = weights[:, 0] + torch.einsum("id,kd->ik", h, weights[:, 1:])
    dx, dphi = torch.autograd.grad((y * torch.tensor(dy)).sum(), (x, phi))
    return y.detach().numpy(), dx.numpy(), dphi.numpy()


@given(networks([name for name in ACTIVATIONS if name != "heaviside"]), seeds)
def test_output_and_gradients_are_pytorchs(net, seed):
    x, phi, dy = example(net, seed)
    y, pullback = net.vjp(x, phi)
    for ours, theirs in zip((y, *pullback(dy)), by_torch(net, x, phi, dy), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)


@given(networks(), seeds)
def test_gradients_match_central_differences(net, seed):
    x, phi, dy = example(net, seed)
    assume(away_from_kinks(net, x, phi))
    dx, dphi = net.vjp(x, phi)[1](dy)
    for exact, approximate in (
        (dphi, differences(lambda p: np.sum(dy * net(x, p)), phi)),
        (dx, differences(lambda v: np.sum(dy * net(v, phi)), x)),
    ):
        assert_close(exact, approximate)


@given(networks(), seeds)
def test_pullback_is_linear(net, seed):
    x, phi, dy = example(net, seed)
    other = np.random.default_rng(seed + 1).standard_normal(dy.shape)
    pullback = net.vjp(x, phi)[1]
    for sum_, one, two in zip(pullback(2 * dy - 3 * other), pullback(dy), pullback(other), strict=True):
        np.testing.assert_allclose(sum_, 2 * one - 3 * two, rtol=1e-12, atol=1e-11)


@given(networks(), seeds)
def test_examples_do_not_see_each_other(net, seed):
    x, phi, _ = example(net, seed)
    one_by_one = np.concatenate([net(row[None], phi) for row in x])
    np.testing.assert_allclose(net(x, phi), one_by_one, rtol=1e-12, atol=1e-12)


@given(networks(), seeds, DTYPES)
def test_pack_undoes_unpack_and_the_other_way_round(net, seed, dtype):
    _, phi, _ = example(net, seed, dtype)
    named = net.unpack(phi)
    assert list(named) == list(net.parts)
    again = net.pack(**dict(reversed(named.items())))
    assert again.dtype == dtype
    np.testing.assert_array_equal(again, phi)
    for name, part in net.unpack(again).items():
        np.testing.assert_array_equal(part, named[name])


@given(networks(), seeds)
def test_the_parts_are_views_that_cover_phi_once(net, seed):
    _, phi, _ = example(net, seed)
    phi[:] = 0
    for part in net.unpack(phi).values():
        part += 1
    np.testing.assert_array_equal(phi, np.ones(net.n_params))


@given(networks(), seeds, DTYPES)
def test_phis_dtype_rules_and_no_argument_changes(net, seed, dtype):
    x, phi, dy = example(net, seed)
    phi = phi.astype(dtype)
    before = [part.copy() for part in (x, phi, dy)]
    for part in (x, phi, dy):
        part.flags.writeable = False
    y, pullback = net.vjp(x, phi)
    first, second = pullback(dy), pullback(dy)
    assert {part.dtype for part in (y, net(x, phi), *first)} == {np.dtype(dtype)}
    assert (y.shape, first[0].shape, first[1].shape) == (dy.shape, x.shape, phi.shape)
    for one, two in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, two)
    for part, copy in zip((x, phi, dy), before, strict=True):
        np.testing.assert_array_equal(part, copy)


@given(networks(), seeds, DTYPES)
def test_init_follows_its_seed_in_either_dtype(net, seed, dtype):
    phi = net.init(np.random.default_rng(seed), dtype=dtype)
    assert phi.dtype == dtype
    assert phi.shape == (net.n_params,)
    np.testing.assert_array_equal(phi, net.init(np.random.default_rng(seed)).astype(dtype))


@given(seeds, st.floats(0.1, 10))
def test_relu_units_can_be_rescaled_and_swapped_without_a_trace(seed, alpha):
    """Non-negative homogeneity and permutation: the symmetries of chapter 2 are symmetries of the code."""
    net = Shallow(2, 4, 3)
    x, phi, _ = example(net, seed)
    theta, weights = (part.copy() for part in net.unpack(phi).values())
    order = np.random.default_rng(seed).permutation(net.D)
    swapped = net.pack(theta=alpha * theta[order], phi=np.c_[weights[:, :1], weights[:, 1:][:, order] / alpha])
    np.testing.assert_allclose(net(x, swapped), net(x, phi), rtol=1e-10, atol=1e-10)


def away_from_kinks(net, x, phi):
    if isinstance(net, Linear):
        return True
    theta = net.unpack(phi)["theta"]
    z = theta[:, 0] + x @ theta[:, 1:].T
    return all(np.abs(z - kink).min() > 1e-3 for kink in (-3.0, 0.0, 1.0, 3.0))
