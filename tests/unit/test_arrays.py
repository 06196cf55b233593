"""One rule for arrays at every entry: any byte order and booleans are numbers, what is masked is refused."""

import numpy as np
import pytest

from udl_core import Deep, Shallow, activations, closed_form, losses, optim, training
from udl_core.layers import Activation, Dropout, Embedding, Flatten, MaxPool1d, SelfAttention, Upsample
from udl_core.objective import objective

RNG = np.random.default_rng(0)
X, PHI = RNG.standard_normal((4, 2)), RNG.standard_normal(13)
NET = Shallow(2, 3, 1)
Y = NET(X, PHI) + 1
LOGITS, CLASSES = RNG.standard_normal((4, 3)), np.array([2, 0, 1, 1])
TOKENS = np.array([[0, 2], [1, 1]])
EMBED = Embedding(3, 2)
ENTRIES = {
    "x": (lambda a: NET(a, PHI), X),
    "phi": (lambda a: NET(X, a), PHI),
    "dy": (lambda a: NET.vjp(X, PHI)[1](a), Y),
    "trace": (lambda a: NET.trace(X, PHI).pullback(a)[1], Y),
    "pack": (lambda a: NET.pack(theta=a, phi=PHI[None, :4]), np.ones((3, 3))),
    "Deep": (lambda a: Deep([2, 3, 1])(X, a), PHI),
    "tokens": (lambda a: EMBED(a, np.arange(6.0)), TOKENS),
    "activation": (activations.relu, X),
    "least squares": (lambda a: losses.least_squares(a, Y), Y + 1),
    "targets": (lambda a: losses.least_squares(Y, a), Y + 1),
    "logits": (lambda a: losses.categorical_nll(a, CLASSES), LOGITS),
    "classes": (lambda a: losses.categorical_nll(LOGITS, a), CLASSES),
    "labels": (lambda a: losses.bernoulli_nll(LOGITS[:, :1], a), np.ones((4, 1))),
    "softmax": (losses.softmax, LOGITS),
    "penalty": (lambda a: losses.l2_penalty(a, 0.5), PHI),
    "objective x": (lambda a: objective(NET, a, Y, losses.least_squares)(PHI), X),
    "objective y": (lambda a: objective(NET, X, a, losses.least_squares)(PHI), Y),
    "fit x": (lambda a: fit(x=a).phi, X),
    "fit y": (lambda a: fit(y=a).phi, Y),
    "fit phi": (lambda a: fit(phi=a).phi, PHI),
    "evaluate": (lambda a: training.evaluate(NET, PHI, X, a, losses.least_squares), Y),
    "accuracy": (lambda a: training.accuracy(a, CLASSES), LOGITS),
    "gradient": (lambda a: optim.Adam().step(PHI, a, optim.Adam().init(PHI))[0], PHI),
    "clip": (lambda a: optim.clip_norm(a, 0.1), PHI),
    "closed form": (lambda a: closed_form.ridge(a, Y, 0.1), X),
}


def fit(x=X, y=Y, phi=PHI):
    return training.fit(NET, phi, x, y, losses.least_squares, optim.GradientDescent(1e-3), 3, progress=False)


def arrays(result):
    return [np.asarray(part) for part in (result if isinstance(result, tuple) else (result,)) if part is not None]


@pytest.mark.parametrize("entry", ENTRIES)
def test_any_byte_order_gives_the_same(entry):
    call, value = ENTRIES[entry]
    for foreign in (">", "<"):
        for got, expected in zip(arrays(call(value.astype(value.dtype.newbyteorder(foreign)))), arrays(call(value)),
                                 strict=True):  # fmt: skip
            assert got.dtype == expected.dtype
            assert got.dtype.isnative
            np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_is_masked_is_refused(entry):
    call, value = ENTRIES[entry]
    with pytest.raises(TypeError, match="must not be a masked array: say what to take where it is masked"):
        call(np.ma.masked_array(value, mask=np.zeros(value.shape, dtype=bool)))


@pytest.mark.parametrize("entry", [name for name in ENTRIES if name not in ("tokens", "classes", "fit phi")])
def test_booleans_are_0_and_1(entry):
    call, value = ENTRIES[entry]
    with np.errstate(all="ignore"):
        for got, expected in zip(arrays(call(value > 0)), arrays(call((value > 0).astype(int))), strict=True):
            np.testing.assert_array_equal(got, expected)


def test_one_hot_targets_may_be_booleans_in_every_classification_loss():
    hot = np.eye(3, dtype=bool)[CLASSES]
    for given in (hot, hot.astype(">f4"), hot.astype(np.int8)):
        for got, expected in zip(losses.categorical_nll(LOGITS, given), losses.categorical_nll(LOGITS, CLASSES),
                                 strict=True):  # fmt: skip
            np.testing.assert_array_equal(got, expected)
        assert training.accuracy(LOGITS, given) == training.accuracy(LOGITS, CLASSES)
    tokens = np.stack([hot, hot])
    logits = np.stack([LOGITS, LOGITS])
    assert losses.categorical_nll(logits, tokens)[0] == losses.categorical_nll(logits, np.stack([CLASSES, CLASSES]))[0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("layer", [Activation("tanh"), Dropout(0.5), Flatten(), MaxPool1d(2), Upsample(2)])
def test_a_layer_without_parameters_needs_no_phi(layer, dtype):
    x = RNG.standard_normal((2, 4, 3)).astype(dtype)
    y, pullback = layer.vjp(x)
    assert y.dtype == pullback(np.ones_like(y))[0].dtype == layer.trace(x)["y"].dtype == dtype
    np.testing.assert_array_equal(layer(x), layer(x, np.zeros(0, dtype)))
    with pytest.raises(TypeError, match="phi is needed: the network has P = 22 parameters"):
        SelfAttention(2).vjp(x)


# float32 to its last digits; in float64 exp turns a rounded difference of up to 745 into a relative error
RTOL = {np.float32: 4 * np.finfo(np.float32).eps, np.float64: 400 * np.finfo(np.float64).eps}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_log_softmax_keeps_its_digits_for_logits_of_any_size(dtype):
    """Against sums in extended precision: probabilities near 0 and near 1, logits large, small and far apart."""
    tiny = np.finfo(dtype).smallest_subnormal
    for scale in (1e-6, 1.0, 30.0, 88.0, 1e4, 1e30):
        f = (scale * RNG.standard_normal((50, 4))).astype(dtype)
        below = f.astype(np.longdouble) - f.max(axis=1, keepdims=True)
        others = np.sort(np.exp(below), axis=1)[:, :-1].sum(axis=1, keepdims=True)
        exact = below - np.log1p(others)
        np.testing.assert_allclose(losses.log_softmax(f), exact.astype(dtype), rtol=RTOL[dtype], atol=tiny)
    with pytest.raises(OverflowError, match="further apart than float"):
        big = np.finfo(dtype).max
        losses.log_softmax(np.array([[-big, big]]))


@pytest.mark.parametrize("layer", [Activation("tanh"), Flatten(), MaxPool1d(2), Upsample(2), SelfAttention(3)])
@pytest.mark.parametrize("of_data", [np.float32, np.float64])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_phi_rules_over_that_of_x(layer, of_data, dtype):
    x, phi = RNG.standard_normal((2, 4, 3)).astype(of_data), np.zeros(layer.n_params, dtype)
    y, pullback = layer.vjp(x, phi)
    assert y.dtype == pullback(np.ones(y.shape))[0].dtype == dtype
