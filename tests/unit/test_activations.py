"""The gallery: each function against PyTorch, against its formula, against differences; and how it is asked for."""

import math
import pickle

import numpy as np
import pytest
import torch

from tests.torch_reference import ACTIVATIONS as TORCH
from udl_core import activations

Z = np.linspace(-12, 12, 4001)
JUMPS = {"heaviside": [0.0], "rect": [0.0, 1.0]}
KINKS = {"relu": [0.0], "leaky_relu": [0.0], "parametric_relu": [0.0], "selu": [0.0], "hard_swish": [-3.0, 3.0],
         "hard_tanh": [-1.0, 1.0], "absolute": [0.0]}  # fmt: skip
PARAMETERS = {"leaky_relu": {"slope": 0.01}, "parametric_relu": {"slope": -0.3}, "swish": {"beta": 1.4},
              "elu": {"alpha": 0.5}}  # fmt: skip
EVERY = [(name, {}) for name in activations.NAMES + activations.FOLDS] + list(PARAMETERS.items())


@pytest.mark.parametrize("name", TORCH)
def test_value_and_derivative_are_pytorchs(name):
    # hard_swish is left out at +3, where PyTorch takes the slope of the right piece
    points = Z[Z != 3.0] if name == "hard_swish" else Z
    a = activations.get(name)
    z = torch.tensor(points, requires_grad=True)
    y = TORCH[name](z)
    np.testing.assert_allclose(a.f(points), y.detach().numpy(), rtol=0, atol=1e-10)
    if name != "heaviside":  # PyTorch has no derivative for it
        (slope,) = torch.autograd.grad(y.sum(), z)
        np.testing.assert_allclose(a.df(points), slope.numpy(), rtol=0, atol=1e-10)


def test_only_rect_has_no_counterpart_in_pytorch():
    assert set(activations.NAMES) - set(TORCH) == {"rect"}


@pytest.mark.parametrize(("name", "parameters"), EVERY)
def test_derivative_matches_central_differences_away_from_kinks(name, parameters):
    a = activations.get(name, **parameters)
    kinks = np.array(JUMPS.get(name, []) + KINKS.get(name, []) + ([0.0] if name == "elu" else []))
    z = Z[np.all(np.abs(Z[:, None] - kinks) > 1e-3, axis=1)]
    step = 1e-5
    differences = (a.f(z + step) - a.f(z - step)) / (2 * step)
    np.testing.assert_allclose(a.df(z), differences, rtol=0, atol=1e-9)


@pytest.mark.parametrize(("name", "parameters"), EVERY)
def test_at_a_kink_the_derivative_is_the_left_pieces(name, parameters):
    a = activations.get(name, **parameters)
    for kink in JUMPS.get(name, []) + KINKS.get(name, []) + [0.0] * (name == "elu"):
        assert a.df(kink) == pytest.approx(a.df(kink - 1e-9), abs=1e-8)


@pytest.mark.parametrize(("name", "parameters"), EVERY)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_arguments_neither_overflow_nor_change_the_dtype(name, parameters, dtype):
    a = activations.get(name, **parameters)
    z = np.array([-1e4, -800, -90, -1, -0.0, 0, 1, 90, 800, 1e4], dtype=dtype)
    before = z.copy()
    with np.errstate(all="raise", under="ignore"):
        for values in (a.f(z), a.df(z)):
            assert values.dtype == dtype
            assert values.shape == z.shape
            assert np.isfinite(values).all()
            assert not np.shares_memory(values, z)
    np.testing.assert_array_equal(z, before)


@pytest.mark.parametrize(("name", "parameters"), EVERY)
def test_pieces_are_the_function(name, parameters):
    a = activations.get(name, **parameters)
    assert a.is_piecewise_linear == (a.pieces is not None)
    if a.pieces is None:
        # no straight piece but the tails: the second difference is somewhere well away from zero
        assert np.abs(np.diff(a.f(np.linspace(-2.5, 2.5, 11)), 2)).max() > 1e-3
        return
    breaks, slopes, offsets = (np.array(part) for part in (a.pieces.breaks, a.pieces.slopes, a.pieces.offsets))
    assert len(slopes) == len(offsets) == len(breaks) + 1
    assert np.all(np.diff(breaks) > 0)
    z = np.setdiff1d(np.linspace(-2, 3, 1001), breaks)
    piece = np.searchsorted(breaks, z)
    np.testing.assert_allclose(a.f(z), slopes[piece] * z + offsets[piece], rtol=0, atol=1e-15)
    np.testing.assert_array_equal(a.df(z), slopes[piece])


def test_gelu_is_exact_at_every_scale():
    z = np.concatenate((Z, 10.0 ** np.arange(-12, 1), -(10.0 ** np.arange(-12, 1))))
    exact = [v * 0.5 * (1 + math.erf(v / math.sqrt(2))) for v in z]
    np.testing.assert_allclose(activations.gelu(z), exact, rtol=1e-14, atol=2e-15)


@pytest.mark.parametrize(
    ("name", "z", "value"),
    [
        ("heaviside", [-1e-300, 0, 2], [0, 1, 1]),  # problem 3.8
        ("rect", [-1e-300, 0, 0.5, 1, 1 + 1e-15], [0, 1, 1, 1, 0]),  # problem 3.8
        ("leaky_relu", [-2, 3], [-0.2, 3]),
        ("hard_swish", [-4, -3, 0, 3, 5], [0, 0, 0, 3, 5]),
        ("sigmoid", [0], [0.5]),
        ("identity", [-2, 7], [-2, 7]),
        ("hard_tanh", [-4, -1, -0.5, 0, 1, 3], [-1, -1, -0.5, 0, 1, 1]),
        ("absolute", [-2, 0, 3], [2, 0, 3]),
    ],
)
def test_values_the_book_states(name, z, value):
    np.testing.assert_allclose(activations.get(name).f(z), value, rtol=0, atol=1e-15)


def test_selu_keeps_mean_zero_and_variance_one():
    z, weight = np.polynomial.hermite_e.hermegauss(180)
    a = activations.selu(z)
    weight = weight / weight.sum()
    assert weight @ a == pytest.approx(0, abs=2e-3)
    assert weight @ a**2 == pytest.approx(1, abs=2e-3)


def test_concatenated_relu_doubles_the_units_and_loses_nothing():
    z = np.array([[1.0, -2.0], [0.0, 3.0]])
    both = activations.concatenated_relu(z)
    assert both.shape == (2, 4)
    np.testing.assert_array_equal(both[:, :2] - both[:, 2:], z)


def test_an_activation_is_a_value():
    one, two = activations.get("leaky_relu", slope=0.01), activations.get("leaky_relu", slope=0.01)
    assert one == two
    assert hash(one) == hash(two)
    assert one != activations.get("leaky_relu")
    assert activations.get(one) is one
    assert repr(one) == "get('leaky_relu', slope=0.01)"
    own = activations.ActivationFunction("leaky_relu", one.parameters, f=np.sinh, df=np.cosh)
    assert own != one
    assert own == activations.ActivationFunction("leaky_relu", one.parameters, f=np.sinh, df=np.cosh)
    copy = pickle.loads(pickle.dumps(one))
    assert copy == one
    np.testing.assert_array_equal(copy.f(Z), one.f(Z))


@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda: activations.get("rellu"), ValueError, "activation must be one of relu, leaky_relu, .*got 'rellu'"),
        (lambda: activations.get(3), ValueError, "got 3"),
        (lambda: activations.get("crelu"), ValueError, "two outputs of every unit"),
        (lambda: activations.get("relu", slope=1), TypeError, "relu has no parameter 'slope', it has none"),
        (lambda: activations.get("swish", slope=1), TypeError, "swish has no parameter 'slope', it has beta"),
        (lambda: activations.get("elu", alpha=np.nan), ValueError, "alpha must be finite, got nan"),
        (lambda: activations.get("elu", alpha="x"), TypeError, "alpha must be a number, got 'x'"),
        (lambda: activations.get(activations.get("elu"), alpha=2), TypeError, "with a name"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(ask, error, message):
    with pytest.raises(error, match=message):
        ask()
