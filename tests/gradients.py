"""Gradients of any network held to central differences."""

import numpy as np

from udl_core.gradients import central_differences as differences
from udl_core.gradients import check_gradients

__all__ = ["assert_close", "assert_gradients", "differences"]


def assert_gradients(net, x, phi, seed, **call):
    """Every learned part of φ, and x unless it holds tokens, and nothing left out.

    `call` may have a seed as `train`: each evaluation then starts from the same generator.
    """
    if "train" in call:
        call["train"] = np.random.default_rng(call["train"])
    dy = np.random.default_rng(seed).standard_normal(net(x, phi, **call).shape)
    found = check_gradients(net, x, phi, dy=dy, **call)
    assert found.agrees, found
    assert not found.kinks, found


def assert_close(exact, approximate):
    """To 1e-6 of the norm, and to what rounding leaves of a difference of values of order 10, divided by 2e-5."""
    assert np.linalg.norm(exact - approximate) <= 1e-6 * np.linalg.norm(exact) + 1e-9 * np.sqrt(exact.size)
