"""Least squares against the book's sum, PyTorch and differences."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from udl_core.losses import least_squares

Y_PRED, Y = np.random.default_rng(0).standard_normal((2, 6, 3))


def test_value_and_derivative_are_pytorchs():
    prediction = torch.tensor(Y_PRED, requires_grad=True)
    expected = torch.nn.functional.mse_loss(prediction, torch.tensor(Y), reduction="sum")
    expected.backward()
    value, dy = least_squares(Y_PRED, Y)
    assert value == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(dy, prediction.grad.numpy(), rtol=1e-12)


def test_the_mean_is_over_examples_not_outputs():
    for total, mean in zip(least_squares(Y_PRED, Y), least_squares(Y_PRED, Y, reduction="mean"), strict=True):
        np.testing.assert_allclose(mean, total / 6, rtol=1e-14)


@given(st.integers(1, 5), st.integers(1, 4), st.sampled_from(["sum", "mean"]), st.integers(0, 1000))
def test_derivative_matches_central_differences(I, D_o, reduction, seed):  # noqa: E741
    y_pred, y, direction = np.random.default_rng(seed).standard_normal((3, I, D_o))
    ahead, behind = (least_squares(y_pred + t * direction, y, reduction)[0] for t in (1e-5, -1e-5))
    assert np.sum(least_squares(y_pred, y, reduction)[1] * direction) == pytest.approx(
        (ahead - behind) / 2e-5, rel=1e-7, abs=1e-8
    )


def test_the_predictions_dtype_rules():
    value, dy = least_squares(Y_PRED.astype(np.float32), Y, reduction="mean")
    assert isinstance(value, float)
    assert dy.dtype == np.float32


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((Y_PRED, Y[:, :1]), "y must have shape (I, D_o) = (6, 3), got (6, 1)"),
        ((Y_PRED, Y[:, 0]), "y must have shape (I, D_o) = (6, 3), got (6,)"),
        ((Y_PRED[0], Y[0]), "y_pred must have shape (I, D_o), got (3,)"),
        ((Y_PRED * np.nan, Y), "y_pred must be finite"),
        ((Y_PRED, Y, "average"), 'reduction must be "sum" or "mean", got \'average\''),
        ((Y_PRED[:0], Y[:0]), "a loss needs at least one example, got I = 0"),
    ],
)
def test_a_wrong_argument_is_named(arguments, message):
    with pytest.raises(ValueError) as caught:
        least_squares(*arguments)
    assert message in str(caught.value)
