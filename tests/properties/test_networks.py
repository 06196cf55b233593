"""What must hold for a network of any size: gradients, linearity of the pullback, packing, purity, dtype."""

import numpy as np
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.gradients import assert_gradients
from tests.torch_reference import ACTIVATIONS
from udl_core import Deep, Linear, Shallow, activations
from udl_core.layers import Activation, Dense, Residual, Sequential

DTYPES = st.sampled_from([np.float32, np.float64])
sizes = st.integers(1, 5)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def networks(draw, names=activations.NAMES):
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return Linear(draw(sizes), draw(sizes))
    name = draw(st.sampled_from(names))
    if kind <= 2:
        return Shallow(draw(sizes), draw(sizes), draw(sizes), activation=name)
    return Deep(draw(st.lists(sizes, min_size=2, max_size=5)), activation=name)


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
    elif isinstance(net, Deep):
        y, start = x, 0
        for k, (D, D_next) in enumerate(zip(net.widths, net.widths[1:], strict=False)):
            beta, omega = phi[start:].split((D_next, D * D_next, len(phi) - start - D_next - D * D_next))[:2]
            y = beta + torch.einsum("id,kd->ik", y, omega.reshape(D_next, D))
            y = ACTIVATIONS[net.activation.name](y) if k < net.K else y
            start += D_next + D * D_next
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
    x, phi, _ = example(net, seed)
    assume(away_from_kinks(net, x, phi))
    assert_gradients(net, x, phi, seed)


@given(sizes, sizes, st.sampled_from([(3,), (1,), (2, 3), (2, 2, 2)]), st.booleans(), seeds)
def test_dense_is_a_matrix_product_on_the_last_axis(D_i, D_o, leading, offsets, seed):
    layer, rng = Dense(D_i, D_o, offsets), np.random.default_rng(seed)
    x, phi = rng.standard_normal((*leading, D_i)), rng.standard_normal(layer.n_params)
    assert_gradients(layer, x, phi, seed)
    y, pullback = layer.vjp(x, phi)
    dy = rng.standard_normal(y.shape)
    *beta, omega, inputs = (torch.tensor(part, requires_grad=True) for part in (*layer.unpack(phi).values(), x))
    theirs = torch.nn.functional.linear(inputs, omega, *beta)
    grads = torch.autograd.grad((theirs * torch.tensor(dy)).sum(), (inputs, *beta, omega))
    dx, dphi = pullback(dy)
    np.testing.assert_allclose(y, theirs.detach().numpy(), rtol=1e-12, atol=1e-12)
    for ours, grad in zip((dx, *layer.unpack(dphi).values()), grads, strict=True):
        np.testing.assert_allclose(ours, grad.numpy(), rtol=1e-12, atol=1e-12)


@given(networks(), seeds)
def test_a_trace_is_the_call_with_its_values_laid_open(net, seed):
    x, phi, dy = example(net, seed)
    trace, (y, pullback) = net.trace(x, phi), net.vjp(x, phi)
    derivatives, dphi = trace.pullback(dy)
    assert list(trace.values) == list(reversed(derivatives))
    for ours, plain in ((trace["x"], x), (trace["y"], y), (derivatives["y"], dy), (derivatives["x"], pullback(dy)[0])):
        np.testing.assert_array_equal(ours, plain)
    np.testing.assert_array_equal(dphi, pullback(dy)[1])
    np.testing.assert_array_equal(trace.pullback(2 * dy)[0]["x"], 2 * derivatives["x"])
    if isinstance(net, Deep):
        beta, omega = net.unpack(phi).values()
        for k in range(net.K):
            h = trace[f"h_{k}"] if k else x
            np.testing.assert_allclose(trace[f"f_{k}"], beta[k] + h @ omega[k].T, rtol=1e-12, atol=1e-12)
            np.testing.assert_array_equal(trace[f"h_{k + 1}"], net.activation.f(trace[f"f_{k}"]))
            ahead = derivatives[f"f_{k + 1}" if k + 1 < net.K else "y"]
            np.testing.assert_allclose(derivatives[f"h_{k + 1}"], ahead @ omega[k + 1], rtol=1e-12, atol=1e-12)
            through = derivatives[f"h_{k + 1}"] * net.activation.df(trace[f"f_{k}"])
            np.testing.assert_array_equal(derivatives[f"f_{k}"], through)


def test_a_trace_of_layers_names_each_value_by_its_place():
    net = Sequential([Dense(2, 3), Activation("tanh"), Residual(Deep([3, 4, 3])), Dense(3, 1)])
    rng = np.random.default_rng(0)
    x, phi = rng.standard_normal((5, 2)), net.init(rng)
    trace = net.trace(x, phi)
    names = ["x", "0.y", "1.y", "2.inner.f_0", "2.inner.h_1", "2.inner.y", "2.y", "3.y", "y"]
    assert list(trace.values) == names
    derivatives, dphi = trace.pullback(np.ones((5, 1)))
    assert list(derivatives) == names[::-1]
    np.testing.assert_array_equal(trace["2.y"], trace["1.y"] + trace["2.inner.y"])
    tail, tail_phi = Sequential(net.layers[2:]), phi[9:]
    np.testing.assert_array_equal(derivatives["1.y"], tail.vjp(trace["1.y"], tail_phi)[1](np.ones((5, 1)))[0])
    np.testing.assert_array_equal(dphi, net.vjp(x, phi)[1](np.ones((5, 1)))[1])


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
    again = net.pack(**dict(reversed(named.items())))
    assert again.dtype == dtype
    np.testing.assert_array_equal(again, phi)
    for one, two in zip(leaves(net.unpack(again)), leaves(named), strict=True):
        np.testing.assert_array_equal(one, two)


@given(networks(), seeds, DTYPES)
def test_pack_takes_the_names_of_the_parts(net, seed, dtype):
    for whole in (net, Sequential([Residual(net), Dense(net.D_o, 2)]) if net.D_i == net.D_o else net):
        phi = np.random.default_rng(seed).standard_normal(whole.n_params).astype(dtype)
        ends = np.cumsum([np.prod(list(axes.values())) for axes in whole.parts.values()])
        pieces = np.split(phi, ends[:-1])
        named = {
            name: part.reshape(tuple(axes.values()))
            for (name, axes), part in zip(whole.parts.items(), pieces, strict=True)
        }
        np.testing.assert_array_equal(whole.pack(**named), phi)


@given(networks(), seeds)
def test_the_parts_are_views_that_cover_phi_once(net, seed):
    _, phi, _ = example(net, seed)
    phi[:] = 0
    for part in leaves(net.unpack(phi)):
        part += 1
    np.testing.assert_array_equal(phi, np.ones(net.n_params))


@given(networks(), seeds, DTYPES, DTYPES)
def test_phis_dtype_rules_and_no_argument_changes(net, seed, dtype, of_data):
    x, phi, dy = example(net, seed, of_data)
    phi = phi.astype(dtype)
    np.testing.assert_array_equal(net(x, phi), net(x.astype(dtype), phi))
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


def leaves(unpacked):
    return [part for value in unpacked.values() for part in (value if isinstance(value, list) else [value])]


def away_from_kinks(net, x, phi):
    if isinstance(net, Linear):
        return True
    values = net.trace(x, phi).values
    z = [value for name, value in values.items() if name == "z" or name.startswith("f_")]
    return all(np.abs(part - kink).min() > 1e-3 for part in z for kink in (-3.0, 0.0, 1.0, 3.0))
