"""Self-attention of any size: gradients, PyTorch's numbers, and who may see whom."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from tests.gradients import assert_gradients
from udl_core.builders import transformer
from udl_core.layers import SelfAttention
from udl_core.layers.attention import softmax_over

few = st.integers(1, 4)
seeds = st.integers(0, 2**32 - 1)
layers = st.builds(
    lambda H, d, causal, scaled, output: SelfAttention(H * d, H, causal, scaled, output),
    st.integers(1, 3), st.integers(1, 3), st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip
masks = st.sampled_from([None, "some", "all"])


def example(layer, I, T, seed, padded=None, size=1.0):  # noqa: E741 - the book's symbol
    """x (I, T, D), φ (P,) and a mask (I, T); "all" also pads one sequence throughout."""
    rng = np.random.default_rng(seed)
    x, phi = rng.standard_normal((I, T, layer.D)), size * rng.standard_normal(layer.n_params)
    mask = None if padded is None else rng.random((I, T)) < 0.6
    if padded == "some":
        mask[:, 0] = True  # so that every token sees one, in a causal layer too
    elif padded == "all":
        mask[-1] = False
    return x, phi, mask


def visible(layer, T, mask):
    """Who (second to last axis) may look at whom (last): (I or 1, 1, T, T)."""
    seen = np.tri(T, dtype=bool)[None, None] if layer.causal else np.ones((1, 1, T, T), dtype=bool)
    return seen if mask is None else seen & mask[:, None, None, :]


@given(layers, few, few, seeds, masks)
def test_gradients_match_central_differences(layer, I, T, seed, padded):  # noqa: E741
    x, phi, mask = example(layer, I, T, seed, padded)
    assert_gradients(layer, x, phi, seed, mask=mask)


@given(layers, few, few, seeds, masks, st.sampled_from([1.0, 30.0]))
def test_output_and_gradients_are_pytorchs(layer, I, T, seed, padded, size):  # noqa: E741
    """Its fused attention; large weights give scores whose exponentials would overflow."""
    x, phi, mask = example(layer, I, T, seed, padded, size)
    y, pullback = layer.vjp(x, phi, mask=mask)
    dy = np.random.default_rng(seed + 1).standard_normal(y.shape)

    parts = [torch.tensor(part, requires_grad=True) for part in (x, *layer.unpack(phi).values())]
    tokens, betas, omegas, last = parts[0], parts[1:4], parts[4:7], parts[7:]
    q, k, v = (
        F.linear(tokens, omega, beta).view(I, T, layer.H, -1).transpose(1, 2)
        for omega, beta in zip(omegas, betas, strict=True)
    )
    attn_mask = torch.tensor(np.broadcast_to(visible(layer, T, mask), (I, 1, T, T)).copy())
    taken = F.scaled_dot_product_attention(q, k, v, attn_mask=attn_mask, scale=None if layer.scaled else 1.0)
    expected = taken.transpose(1, 2).reshape(I, T, layer.D)
    expected = F.linear(expected, *last) if layer.output else expected
    grads = torch.autograd.grad(expected, parts, torch.tensor(dy))
    dx, dphi = pullback(dy)
    for ours, theirs in (
        (y, expected.detach().numpy()),
        (dx, grads[0].numpy()),
        (dphi, np.concatenate([grad.numpy().ravel() for grad in grads[1:]])),
    ):
        assert np.linalg.norm(ours - theirs) <= 1e-10 * max(1.0, np.linalg.norm(theirs))


def test_a_result_written_to_changes_nothing_in_the_pullback():
    for layer in (SelfAttention(4, 2), SelfAttention(4, 2, output=False)):
        x, phi, _ = example(layer, 2, 3, 0)
        y, pullback = layer.vjp(x, phi)
        before = pullback(np.ones_like(y))[1]
        y[...] = 0
        np.testing.assert_array_equal(pullback(np.ones_like(y))[1], before)


def test_a_trace_holds_the_attention_weights():
    layer = SelfAttention(4, 2, causal=True)
    x, phi, _ = example(layer, 2, 3, 0)
    np.testing.assert_array_equal(layer.trace(x, phi)["a"], layer.weights(x, phi))


@given(layers.filter(lambda layer: layer.scaled and layer.output), few, few, seeds, st.sampled_from([None, "some"]))
def test_weights_and_output_are_those_of_pytorchs_multi_head_attention(layer, I, T, seed, padded):  # noqa: E741
    x, phi, mask = example(layer, I, T, seed, padded)
    parts = {name: torch.tensor(part) for name, part in layer.unpack(phi).items()}
    theirs = torch.nn.MultiheadAttention(layer.D, layer.H, dtype=torch.float64)
    joined = {name: torch.cat([parts[f"{name}_{which}"] for which in "qkv"]) for name in ("omega", "beta")}
    theirs.load_state_dict(
        {
            "in_proj_weight": joined["omega"],
            "in_proj_bias": joined["beta"],
            "out_proj.weight": parts["omega_c"],
            "out_proj.bias": torch.zeros(layer.D, dtype=torch.float64),
        }
    )
    tokens = torch.tensor(x).transpose(0, 1)
    y, weights = theirs(
        *(tokens, tokens, tokens),
        key_padding_mask=None if mask is None else torch.tensor(~mask),
        attn_mask=torch.tensor(np.tri(T) == 0) if layer.causal else None,
        average_attn_weights=False,
    )
    np.testing.assert_allclose(layer.weights(x, phi, mask=mask), weights.detach().numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(layer(x, phi, mask=mask), y.transpose(0, 1).detach().numpy(), rtol=1e-10, atol=1e-10)


@given(layers, few, few, seeds, masks)
def test_the_fast_form_is_the_sum_of_the_book(layer, I, T, seed, padded):  # noqa: E741
    """Token by token and head by head, Σ_m a[x_m, x_t] v_m as section 12.2 writes it."""
    x, phi, mask = example(layer, I, T, seed, padded)
    parts = layer.unpack(phi)
    seen = np.broadcast_to(visible(layer, T, mask), (I, 1, T, T))[:, 0]
    d = layer.D // layer.H
    scale = np.sqrt(d) if layer.scaled else 1
    omega_c = parts["omega_c"] if layer.output else np.eye(layer.D)
    y = np.zeros_like(x)
    for i, tokens in enumerate(x):
        q, k, v = (parts[f"beta_{name}"] + tokens @ parts[f"omega_{name}"].T for name in "qkv")
        for h in range(layer.H):
            own = slice(h * d, (h + 1) * d)
            for t in range(T):
                sees = np.flatnonzero(seen[i, t])
                if len(sees):
                    a = np.exp(k[sees, own] @ q[t, own] / scale)
                    y[i, t] += omega_c[:, own] @ (a @ v[sees, own] / a.sum())
    np.testing.assert_allclose(layer(x, phi, mask=mask), y, rtol=1e-10, atol=1e-10)


@given(layers, few, few, seeds, masks)
def test_weights_share_out_one_among_the_visible(layer, I, T, seed, padded):  # noqa: E741
    x, phi, mask = example(layer, I, T, seed, padded, size=5.0)
    a, seen = layer.weights(x, phi, mask=mask), visible(layer, T, mask)
    assert a.shape == (I, layer.H, T, T)
    assert (a >= 0).all()
    assert (a[np.broadcast_to(~seen, a.shape)] == 0).all()
    np.testing.assert_allclose(a.sum(axis=-1), np.broadcast_to(seen.any(axis=-1), a.shape[:-1]), atol=1e-12)


@given(layers, few, few, seeds, masks)
def test_without_positions_a_new_order_of_tokens_is_a_new_order_of_outputs(layer, I, T, seed, padded):  # noqa: E741
    layer = SelfAttention(layer.D, layer.H, causal=False)
    x, phi, mask = example(layer, I, T, seed, padded)
    order = np.random.default_rng(seed).permutation(T)
    moved = layer(x[:, order], phi, mask=None if mask is None else mask[:, order])
    np.testing.assert_allclose(moved, layer(x, phi, mask=mask)[:, order], rtol=1e-10, atol=1e-10)


@given(layers, few, st.integers(2, 6), seeds, masks)
def test_causal_outputs_do_not_depend_on_later_tokens(layer, I, T, seed, padded):  # noqa: E741
    layer = SelfAttention(layer.D, layer.H, causal=True)
    x, phi, mask = example(layer, I, T, seed, padded)
    t = T // 2
    changed = x.copy()
    changed[:, t:] = 100 * np.random.default_rng(seed).standard_normal(changed[:, t:].shape)
    before, after = layer(x, phi, mask=mask), layer(changed, phi, mask=mask)
    np.testing.assert_allclose(after[:, :t], before[:, :t], rtol=1e-10, atol=1e-10)
    shorter = layer(x[:, :t], phi, mask=None if mask is None else mask[:, :t])
    np.testing.assert_allclose(shorter, before[:, :t], rtol=1e-10, atol=1e-10)
    dy = np.zeros_like(x)
    dy[:, :t] = 1
    dx, _ = layer.vjp(x, phi, mask=mask)[1](dy)
    np.testing.assert_array_equal(dx[:, t:], 0)


@given(layers, few, few, seeds, st.sampled_from(["some", "all"]))
def test_padded_tokens_do_not_influence_others(layer, I, T, seed, padded):  # noqa: E741
    x, phi, mask = example(layer, I, T, seed, padded)
    changed = np.where(mask[..., None], x, 1e3)
    before, after = layer(x, phi, mask=mask), layer(changed, phi, mask=mask)
    np.testing.assert_allclose(after[mask], before[mask], rtol=1e-10, atol=1e-10)
    dx, _ = layer.vjp(x, phi, mask=mask)[1](np.where(mask[..., None], 1.0, np.zeros_like(x)))
    np.testing.assert_array_equal(dx[~mask], 0)


@given(layers, few, st.integers(2, 5), seeds)
def test_padding_a_batch_changes_nothing_for_its_shorter_sequences(layer, I, T, seed):  # noqa: E741
    x, phi, _ = example(layer, I, T, seed)
    lengths = np.random.default_rng(seed).integers(1, T + 1, size=I)
    together = layer(x, phi, mask=np.arange(T) < lengths[:, None])
    for i, length in enumerate(lengths):
        alone = layer(x[i : i + 1, :length], phi)
        np.testing.assert_allclose(together[i : i + 1, :length], alone, rtol=1e-10, atol=1e-10)


@given(layers, few, few, seeds)
def test_a_sequence_padded_throughout_gives_zero_and_teaches_nothing(layer, I, T, seed):  # noqa: E741
    x, phi, _ = example(layer, I, T, seed)
    y, pullback = layer.vjp(x, phi, mask=np.zeros((I, T), dtype=bool))
    dx, dphi = pullback(np.ones_like(y))
    for part in (y, dx, dphi):
        np.testing.assert_array_equal(part, 0)


@given(seeds, st.floats(-1e3, 1e3), st.sampled_from([np.float32, np.float64]))
def test_softmax_does_not_feel_a_constant(seed, constant, dtype):
    """Nor whether the largest number of a row was taken off first."""
    z = np.random.default_rng(seed).uniform(-20, 20, (3, 2, 5))
    plain = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
    shifted = softmax_over((z + constant).astype(dtype))
    assert shifted.dtype == dtype
    np.testing.assert_allclose(shifted, plain, rtol=1e-3 if dtype == np.float32 else 1e-10)


@given(st.integers(1, 2), st.integers(1, 2), st.booleans(), st.sampled_from(["sinusoidal", "learned"]), seeds)
def test_gradients_of_a_transformer_match_central_differences(K, H, causal, positions, seed):
    net = transformer(V=3, T_max=4, D=3 * H, H=H, K=K, hidden=3, causal=causal, positions=positions, activation="tanh")
    rng = np.random.default_rng(seed)
    phi = net.init(rng) + 0.1 * rng.standard_normal(net.n_params)
    x, mask = rng.integers(0, 3, (2, 3)), np.array([[True, True, True], [True, True, False]])
    assert_gradients(net, x, phi, seed, mask=mask)
