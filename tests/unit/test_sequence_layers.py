"""Layers for sequences and normalisation: the contract each keeps, worked examples, what a wrong argument is told."""

import dataclasses
import pickle

import numpy as np
import pytest

from udl_core import init
from udl_core.builders import transformer
from udl_core.layers import (
    Activation,
    AvgPool1d,
    BatchNorm,
    Dense,
    Dropout,
    Embedding,
    LayerNorm,
    PositionEncoding,
    Residual,
    SelfAttention,
    Sequential,
)
from udl_core.layers.attention import softmax_over

LAYERS = [
    BatchNorm(4),
    LayerNorm(4),
    Dropout(0.3),
    Embedding(7, 4),
    PositionEncoding(6, 4),
    PositionEncoding(6, 4, "learned"),
    SelfAttention(4, 2),
    SelfAttention(4, 4, causal=True),
    transformer(V=7, T_max=6, D=4, H=2, K=1, dropout=0.2),
]
every_layer = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: repr(layer)[:40])
either_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])
training_or_use = pytest.mark.parametrize("seed", [None, 5], ids=["use", "training"])


def generator(seed):
    return None if seed is None else np.random.default_rng(seed)


def takes_tokens(layer):
    return isinstance(layer, Embedding | Sequential)


def example(layer, I=3, T=5, dtype=np.float64):  # noqa: E741 - the book's symbol
    rng = np.random.default_rng(0)
    x = rng.integers(0, 7, (I, T)) if takes_tokens(layer) else rng.standard_normal((I, T, 4)).astype(dtype)
    return x, layer.init(rng, dtype)


@every_layer
@either_dtype
@training_or_use
def test_phis_dtype_rules_nothing_changes_and_the_same_call_gives_the_same(layer, dtype, seed):
    x, phi = example(layer, dtype=dtype)
    mask = np.arange(5) < np.array([[5], [3], [1]])
    before = [part.copy() for part in (x, phi, mask)]
    for part in (x, phi, mask):
        part.flags.writeable = False
    y, pullback = layer.vjp(x, phi, train=generator(seed), mask=mask)
    np.testing.assert_array_equal(y, layer(x, phi, train=generator(seed), mask=mask))
    dy = np.random.default_rng(1).standard_normal(y.shape).astype(dtype)
    dy.flags.writeable = False
    (dx, dphi), again = pullback(dy), pullback(dy)
    np.testing.assert_array_equal(dphi, again[1])
    assert y.dtype == dphi.dtype == dtype
    assert y.shape == (3, *layer.out_shape(x.shape[1:]))
    assert dphi.shape == phi.shape
    if takes_tokens(layer):
        assert dx is None
    else:
        assert (dx.dtype, dx.shape) == (dtype, x.shape)
        np.testing.assert_array_equal(dx, again[0])
    without_dx, same = pullback(dy, need_dx=False)
    assert without_dx is None
    np.testing.assert_array_equal(same, dphi)
    for part, copy in zip((x, phi, mask), before, strict=True):
        np.testing.assert_array_equal(part, copy)


@every_layer
@training_or_use
def test_the_pullback_is_linear(layer, seed):
    x, phi = example(layer)
    y, pullback = layer.vjp(x, phi, train=generator(seed))
    one, two = np.random.default_rng(1).standard_normal((2, *y.shape))
    for sum_, a, b in zip(pullback(2 * one - 3 * two), pullback(one), pullback(two), strict=True):
        if sum_ is not None:
            np.testing.assert_allclose(sum_, 2 * a - 3 * b, rtol=1e-10, atol=1e-10)


@every_layer
@training_or_use
@pytest.mark.parametrize(("I", "T"), [(0, 5), (2, 0), (0, 0)])
def test_nothing_in_gives_nothing_out(layer, seed, I, T):  # noqa: E741
    x, phi = example(layer, I, T)
    y, pullback = layer.vjp(x, phi, train=generator(seed))
    assert y.shape == (I, *layer.out_shape((T, *x.shape[2:])))
    dx, dphi = pullback(y)
    assert dx is None or dx.shape == x.shape
    np.testing.assert_array_equal(dphi, np.zeros(layer.n_params))


@every_layer
def test_a_layer_is_an_immutable_value(layer):
    again = dataclasses.replace(layer)
    assert again == layer
    assert hash(again) == hash(layer)
    assert pickle.loads(pickle.dumps(layer)) == layer


@every_layer
def test_the_named_parts_make_up_phi(layer):
    _, phi = example(layer)
    parts = layer.unpack(phi)
    again = layer.pack(*parts) if isinstance(parts, list) else layer.pack(**parts)
    np.testing.assert_array_equal(again, phi)


def test_where_the_layers_start():
    rng = np.random.default_rng(0)
    norm = BatchNorm(3)
    starts = {name: part.tolist() for name, part in norm.unpack(norm.init(rng)).items()}
    assert starts == {"gamma": [1] * 3, "delta": [0] * 3, "mean": [0] * 3, "variance": [1] * 3}
    np.testing.assert_array_equal(LayerNorm(2).init(rng), [1, 1, 0, 0])
    assert Embedding(500, 40).init(rng).var() == pytest.approx(1, rel=0.05)
    assert PositionEncoding(500, 40, "learned").init(rng).var() == pytest.approx(1, rel=0.05)
    attention = SelfAttention(100, 4)
    parts = attention.unpack(attention.init(rng))
    for name in "qkvc":
        assert parts[f"omega_{name}"].var() == pytest.approx(1 / 100, rel=0.05)
    assert not any(parts[f"beta_{name}"].any() for name in "qkv")
    small = attention.unpack(attention.init(rng, variance=init.given(0.0001)))
    assert small["omega_v"].var() == pytest.approx(0.0001, rel=0.05)


def test_the_gradient_of_an_embedding_adds_up_every_use_of_a_token():
    layer = Embedding(V=300, D=3)  # tokens of two bytes
    rng = np.random.default_rng(0)
    x, dy = rng.integers(0, 300, (20, 30)), rng.standard_normal((20, 30, 3))
    x[0] = 299
    expected = np.zeros((300, 3))
    np.add.at(expected, x, dy)
    for tokens in (x, x.astype(np.uint16), x.tolist()):
        _, dphi = layer.vjp(tokens, layer.init(rng))[1](dy)
        np.testing.assert_allclose(layer.unpack(dphi)["omega_e"], expected, rtol=1e-12, atol=1e-12)


def test_an_embedding_is_a_weight_matrix_that_meets_one_hot_vectors():
    layer, dense = Embedding(V=5, D=3), Dense(5, 3)
    phi = layer.init(np.random.default_rng(0))
    x = np.array([[0, 4, 2], [1, 1, 3]])
    weights = dense.pack(beta=np.zeros(3), omega=layer.unpack(phi)["omega_e"].T)
    np.testing.assert_allclose(layer(x, phi), dense(np.eye(5)[x], weights), rtol=1e-12)


@pytest.mark.parametrize("D", [1, 4, 5])
def test_sinusoidal_positions_turn_by_the_same_angle_at_each_step(D):
    layer = PositionEncoding(T_max=50, D=D)
    pi = layer(np.zeros((1, 50, D)), [])[0]
    np.testing.assert_array_equal(layer(np.ones((1, 7, D)), [])[0], pi[:7] + 1)
    for k in range(D // 2):
        turns = np.diff(np.unwrap(np.arctan2(pi[:, 2 * k], pi[:, 2 * k + 1])))
        np.testing.assert_allclose(turns, 10000.0 ** (-2 * k / D), rtol=1e-9)
        np.testing.assert_allclose(np.hypot(pi[:, 2 * k], pi[:, 2 * k + 1]), 1, rtol=1e-12)


def test_learned_positions_beyond_the_sequence_are_not_touched():
    layer = PositionEncoding(T_max=5, D=2, kind="learned")
    phi = layer.init(np.random.default_rng(0))
    y, pullback = layer.vjp(np.zeros((3, 2, 2)), phi)
    np.testing.assert_array_equal(y, np.tile(layer.unpack(phi)["pi"][:2], (3, 1, 1)))
    np.testing.assert_array_equal(layer.unpack(pullback(np.ones((3, 2, 2)))[1])["pi"], [[3, 3]] * 2 + [[0, 0]] * 3)


def test_attention_with_equal_scores_takes_the_average():
    layer = SelfAttention(2, 1)
    phi = layer.pack(
        **{f"beta_{name}": np.zeros(2) for name in "qkv"},
        **{f"omega_{name}": np.zeros((2, 2)) for name in "qk"},
        omega_v=np.eye(2),
        omega_c=[[0, 1], [1, 0]],
    )
    x = [[[1.0, 10.0], [3.0, 30.0], [8.0, 80.0]]]
    np.testing.assert_allclose(layer(x, phi), [[[40, 4]] * 3], rtol=1e-12)
    np.testing.assert_allclose(layer(x, phi, mask=[[True, True, False]]), [[[20, 2]] * 3], rtol=1e-12)
    np.testing.assert_allclose(SelfAttention(2, 1, True)(x, phi), [[[10, 1], [20, 2], [40, 4]]], rtol=1e-12)


def test_softmax_holds_for_scores_of_any_size():
    for z in ([0.0, 1.0], [1e30, -1e30], [-1e30, -1e30], [60.0, 59.0], [-60.0, -61.0]):
        z32 = np.array([z], dtype=np.float32)
        a = softmax_over(z32.copy())
        assert np.isfinite(a).all()
        assert a.sum() == pytest.approx(1, rel=1e-6)
        assert (a[0, 0] > a[0, 1]) == (z32[0, 0] > z32[0, 1])


def test_dropout_leaves_out_what_was_asked_for():
    y = Dropout(0.25)(np.ones((400, 100)), [], train=np.random.default_rng(0))
    assert (y == 0).mean() == pytest.approx(0.25, abs=0.01)
    np.testing.assert_array_equal(np.unique(y), [0, 1 / (1 - 0.25)])
    x = np.ones((2, 3))
    np.testing.assert_array_equal(Dropout(0)(x, [], train=np.random.default_rng(0)), x)


def test_a_transformer_is_the_list_a_reader_would_draw():
    net = transformer(V=11, T_max=9, D=6, H=3, K=2, hidden=10)

    def layer():
        mlp = [LayerNorm(6), Dense(6, 10), Activation("relu"), Dense(10, 6)]
        return Residual(Sequential([LayerNorm(6), SelfAttention(6, 3, causal=True)])), Residual(Sequential(mlp))

    drawn = [Embedding(11, 6), PositionEncoding(9, 6), *layer(), *layer(), LayerNorm(6), Dense(6, 11)]
    assert net == Sequential(drawn)
    with_dropout = transformer(V=11, T_max=9, D=6, H=3, K=2, dropout=0.1)
    assert repr(with_dropout).count("Dropout(p=0.1)") == 5
    assert "causal=False" in repr(transformer(V=11, T_max=9, causal=False))


def test_a_decoder_sees_nothing_of_what_comes_and_an_encoder_does():
    x = np.array([[3, 1, 4, 1, 5], [2, 6, 5, 3, 5]])
    other = x.copy()
    other[:, 3:] = 0
    for causal in (True, False):
        net = transformer(V=7, T_max=5, D=8, H=2, causal=causal)
        phi = net.init(np.random.default_rng(0))
        difference = np.abs(net(x, phi) - net(other, phi)).max(axis=(0, 2))
        assert (difference[3:] > 1e-3).all()
        assert (difference[:3] < 1e-12).all() == causal


def test_padding_reaches_attention_through_residual_branches():
    net = transformer(V=7, T_max=5, D=8, H=2, causal=False)
    phi = net.init(np.random.default_rng(0))
    x, mask = np.array([[3, 1, 4, 0, 0]]), np.array([[True, True, True, False, False]])
    np.testing.assert_allclose(net(x, phi, mask=mask)[:, :3], net(x[:, :3], phi), rtol=1e-10, atol=1e-10)
    assert np.abs(net(x, phi)[:, :3] - net(x[:, :3], phi)).max() > 1e-3
    assert np.isfinite(net(x, phi, mask=~(mask | True))).all()


def test_a_transformer_starts_with_logits_of_order_one():
    net = transformer(V=50, T_max=32)
    rng = np.random.default_rng(0)
    logits = net(rng.integers(0, 50, (8, 32)), net.init(rng))
    assert 0.5 < logits.std() < 2.5


PHI = BatchNorm(2).init(np.random.default_rng(0))
TOKENS, VECTORS = np.zeros((2, 3), dtype=int), np.zeros((2, 3, 4))
EMBED, ATTEND = Embedding(5, 4), SelfAttention(4, 2)
E_PHI, A_PHI = EMBED.init(np.random.default_rng(0)), ATTEND.init(np.random.default_rng(0))
SHORTENED = Sequential([AvgPool1d(3), ATTEND])
NET = transformer(V=5, T_max=3, D=4, H=2, K=1)
N_PHI = NET.init(np.random.default_rng(0))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: BatchNorm(0), ValueError, "D must be at least 1, got 0"),
        (lambda: BatchNorm(2, epsilon=0), ValueError, "epsilon must be above 0, got 0"),
        (lambda: LayerNorm(2.5), TypeError, "D must be a whole number, got 2.5"),
        (lambda: LayerNorm(2, epsilon="small"), TypeError, "epsilon must be a number, got 'small'"),
        (
            lambda: BatchNorm(2)(np.zeros((5, 3)), PHI),
            ValueError,
            "x must have shape (I, …, D) = (I, …, 2), got (5, 3)",
        ),
        (lambda: BatchNorm(2)(np.zeros((5, 2)), -PHI), ValueError, "a kept variance of BatchNorm is negative: set it"),
        (lambda: BatchNorm(2)(np.zeros((5, 2)), PHI, train=0), TypeError, "train must be a numpy.random.Generator"),
        (
            lambda: BatchNorm(2).freeze_statistics(np.zeros((0, 2)), PHI),
            ValueError,
            "freeze_statistics needs at least one example, got x of shape (0, 2)",
        ),
        (lambda: BatchNorm(2).freeze_statistics(np.zeros((4, 3)), PHI), ValueError, "x must have shape (I, …, D)"),
        (lambda: Dropout(1), ValueError, "p must be a probability from 0 to below 1, got 1"),
        (lambda: Dropout(-0.1), ValueError, "p must be a probability from 0 to below 1, got -0.1"),
        (lambda: Dropout("half"), TypeError, "p must be a number, got 'half'"),
        (lambda: Dropout(0.5)(np.ones((2, 2)), [], train=True), TypeError, "train must be a numpy.random.Generator"),
        (lambda: EMBED(TOKENS + 0.0, E_PHI), TypeError, "x must hold tokens, which are integers, got dtype float64"),
        (lambda: EMBED(TOKENS > 0, E_PHI), TypeError, "x must hold tokens, which are integers, got dtype bool"),
        (lambda: EMBED([["a"]], E_PHI), TypeError, "x must hold tokens, which are integers, got dtype <U1"),
        (lambda: EMBED(TOKENS - 1, E_PHI), ValueError, "x must hold tokens from 0 to V − 1 = 4, got -1"),
        (lambda: EMBED(TOKENS + 5, E_PHI), ValueError, "x must hold tokens from 0 to V − 1 = 4, got 5"),
        (
            lambda: EMBED([[0, 1], [2]], E_PHI),
            ValueError,
            "x must have shape (I, T), got rows of different lengths",
        ),
        (lambda: EMBED(TOKENS[0], E_PHI), ValueError, "x must have shape (I, T), got (3,)"),
        (lambda: NET(TOKENS + 0.5, N_PHI), TypeError, "x must hold tokens, which are integers, got dtype float64"),
        (lambda: NET(TOKENS + 7, N_PHI), ValueError, "x must hold tokens from 0 to V − 1 = 4, got 7"),
        (lambda: PositionEncoding(3, 4, "random"), ValueError, "kind must be one of sinusoidal, learned, got 'random'"),
        (
            lambda: PositionEncoding(2, 4)(VECTORS, []),
            ValueError,
            "x must have at most T_max = 2 tokens a sequence, got T = 3",
        ),
        (lambda: NET(np.zeros((1, 4), dtype=int), N_PHI), ValueError, "at most T_max = 3 tokens a sequence, got T = 4"),
        (lambda: SelfAttention(4, 3), ValueError, "H must divide D = 4, so that all heads are equally wide, got 3"),
        (lambda: SelfAttention(4, 2, causal="yes"), TypeError, "causal must be True or False, got 'yes'"),
        (lambda: ATTEND(VECTORS[0], A_PHI), ValueError, "x must have shape (I, T, D) = (I, T, 4), got (3, 4)"),
        (lambda: ATTEND(VECTORS, A_PHI, mask=[[1, 1, 0]]), TypeError, "mask must hold True and False, got dtype int"),
        (lambda: ATTEND(VECTORS, A_PHI, mask=[[True]]), ValueError, "mask must have shape (I, T) = (2, 3), got (1, 1)"),
        (
            lambda: SHORTENED(VECTORS, SHORTENED.init(np.random.default_rng(0)), mask=VECTORS[:, :, 0] == 0),
            ValueError,
            "mask must have shape (I, T) = (2, 1) of what attention sees, got (2, 3)",
        ),
        (lambda: ATTEND.weights(VECTORS + np.nan, A_PHI), ValueError, "x must be finite, got NaN or infinity"),
        (lambda: transformer(5, 3, K=0), ValueError, "K must be at least 1, got 0"),
        (lambda: transformer(5, 3, hidden=0), ValueError, "hidden must be at least 1, got 0"),
        (lambda: transformer(5, 3, D=6, H=4), ValueError, "H must divide D = 6"),
        (lambda: transformer(5, 3, dropout=1.0), ValueError, "p must be a probability from 0 to below 1"),
        (lambda: transformer(5, 3, activation="reluu"), ValueError, "activation must be one of"),
    ],
)
def test_wrong_arguments_are_told_what_is_wrong(call, error, message):
    with pytest.raises(error) as raised:
        call()
    assert message in str(raised.value)
