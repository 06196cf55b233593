"""Gradients of any network held to central differences."""

import numpy as np


def differences(f, at, step=1e-5):
    """Central differences of f at `at`, one coordinate at a time."""
    steps = step * np.eye(at.size).reshape(at.size, *at.shape)
    return np.array([(f(at + e) - f(at - e)) / (2 * step) for e in steps]).reshape(at.shape)


def assert_gradients(net, x, phi, seed, learned=slice(None), **call):
    """dφ, where `learned`, and dx, unless x holds tokens: relative error of the norm below 1e-6 in float64.

    `call` may have a seed as `train`: each evaluation then starts from the same generator.
    """

    def again():
        return {**call, "train": np.random.default_rng(call["train"])} if "train" in call else call

    y, pullback = net.vjp(x, phi, **again())
    dy = np.random.default_rng(seed).standard_normal(y.shape)
    dx, dphi = pullback(dy)

    def value(x, phi):
        return np.sum(dy * net(x, phi, **again()))

    assert_close(dphi[learned], differences(lambda at: value(x, at), phi)[learned])
    if dx is not None:
        assert_close(dx, differences(lambda at: value(at, phi), x))


def assert_close(exact, approximate):
    """To 1e-6 of the norm, and to what rounding leaves of a difference of values of order 10, divided by 2e-5."""
    assert np.linalg.norm(exact - approximate) <= 1e-6 * np.linalg.norm(exact) + 1e-9 * np.sqrt(exact.size)
