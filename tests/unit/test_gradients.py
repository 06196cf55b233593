"""check_gradients: right networks pass, wrong ones are caught and the place is named, kinks are told from mistakes."""

from dataclasses import dataclass

import numpy as np
import pytest

from udl_core import Linear, Shallow, check_gradients
from udl_core.gradients import central_differences
from udl_core.layers import Activation, BatchNorm, Dense, Dropout, Embedding, Sequential

RNG = np.random.default_rng(0)
X = RNG.standard_normal((4, 2))


@dataclass(frozen=True)
class Wrong(Shallow):
    """A shallow network whose pullback does something to ∂L/∂x or ∂L/∂φ."""

    x: float = 1.0
    place: int | None = None

    def vjp_rule(self, x, phi, call):
        y, back = super().vjp_rule(x, phi, call)

        def wrong(dy, need_dx):
            dx, dphi = back(dy, need_dx)
            if self.place is not None:
                dphi[self.place] *= 1.001
            return (None if dx is None else self.x * dx), dphi

        return y, wrong


def test_right_gradients_agree_part_by_part():
    net = Shallow(2, 3, 2, activation="tanh")
    found = check_gradients(net, X, net.init(RNG))
    assert found.agrees
    assert found.kinks == 0
    assert [(name, part.exact.shape) for name, part in found.parts.items()] == [
        ("theta", (3, 3)), ("phi", (2, 4)), ("x", (4, 2)),
    ]  # fmt: skip
    assert all(0 < part.error < 1e-7 for part in found.parts.values())
    assert repr(found).count("agrees, relative error") == 3


def test_a_wrong_entry_is_found_and_named():
    phi = Shallow(2, 3, 2).init(RNG)
    found = check_gradients(Wrong(2, 3, 2, "tanh", place=4), X, phi)
    assert not found.agrees
    assert [name for name, part in found.parts.items() if not part.agrees] == ["theta"]
    assert found.parts["theta"].worst == (1, 1)
    assert "theta  DIFFERS" in repr(found)
    assert "at [1, 1] the pullback says" in repr(found)
    doubled = check_gradients(Wrong(2, 3, 2, "tanh", x=2.0), X, phi)
    assert [name for name, part in doubled.parts.items() if not part.agrees] == ["x"]
    assert doubled.parts["x"].error == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("offset", [0.0, 3e-6, -3e-6])
def test_a_kink_is_no_mistake(offset):
    """At the joint itself, and nearer to it than a step, where no difference tells the slope."""
    net = Shallow(1, 1, 1)
    found = check_gradients(net, [[offset], [2.0]], net.pack(theta=[[0, 1]], phi=[[0, 1]]))
    assert found.agrees
    assert found.kinks > 0
    assert "left out, at a kink" in repr(found)


def test_what_is_not_learned_is_not_compared():
    net = Sequential([Dense(2, 3), BatchNorm(3), Activation("tanh"), Dropout(0.5), Dense(3, 1)])
    phi = net.init(RNG)
    for train in (None, np.random.default_rng(1)):
        found = check_gradients(net, X, phi, train=train)
        assert found.agrees, found
        assert list(found.parts) == ["0.beta", "0.omega", "1.gamma", "1.delta", "4.beta", "4.omega", "x"]
    assert train.random() == np.random.default_rng(1).random()
    tokens = Sequential([Embedding(5, 2), Dense(2, 3)])
    found = check_gradients(tokens, [[1, 4], [0, 1]], tokens.init(RNG))
    assert found.agrees
    assert "x" not in found.parts


def test_float32_parameters_are_checked_in_float64():
    net = Shallow(2, 3, 2, activation="gelu")
    assert check_gradients(net, X.astype(np.float32), net.init(RNG, np.float32)).agrees


def test_central_differences_are_the_slope():
    at = RNG.standard_normal((2, 3))
    np.testing.assert_allclose(central_differences(lambda v: np.sum(np.sin(v)), at), np.cos(at), atol=1e-9)
    assert central_differences(lambda v: 3 * v, 2.0) == pytest.approx(3)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: check_gradients(None, X, []), TypeError, "net must be a network, got None"),
        (lambda: check_gradients(Linear(2, 1), X, [1.0]), ValueError, "phi must have shape (P,) = (3,), got (1,)"),
        (lambda: check_gradients(Linear(2, 1), X, np.ones(3), dy=[1]), ValueError, "dy must have the shape of y"),
        (lambda: check_gradients(Linear(2, 1), X, np.ones(3), step=0), ValueError, "step must be above 0"),
    ],
)
def test_a_wrong_argument_is_named(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
