"""Constructions and random networks of the live figure of budgets: the same numbers as ``js/src/numeric/budget.ts``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from udl_core.models import Deep
from udl_core.regions import budget

Array = npt.NDArray[np.float64]


def construction(widths: Sequence[int]) -> int | None:
    """`budget.best_known`, but None for several layers of fewer than 2 D_i units: with these nothing is folded."""
    D_i, *hidden = widths[:-1]
    return budget.best_known(widths) if len(hidden) == 1 or min(hidden) >= 2 * D_i else None


def random_phi(net: Deep, seed: int, draw: int) -> Array:
    """Parameters φ (P,) of draw 0, 1, … of a seed: uniform, with variance 2 / D_k behind a layer of D_k units.

    Weights and offsets of a hidden layer are drawn alike, the output's offset is 0. The front end draws the same
    numbers, bit by bit.
    """
    numbers = 2 * _uniform(net.n_params, seed, draw) - 1
    parts = net.unpack(numbers)
    for k, (beta, omega) in enumerate(zip(parts["beta"], parts["omega"], strict=True)):
        half = np.sqrt(6 / net.widths[k])
        beta *= half if k < net.K else 0
        omega *= half
    return numbers


def _uniform(n: int, seed: int, draw: int) -> Array:
    """(n,) numbers from 0 to 1: Mulberry32 (Tommy Ettinger, public domain), whose state only counts up."""
    start = (seed + 1) * 0x9E3779B1 + (draw + 1) * 0x85EBCA77
    states = (start + 0x6D2B79F5 * np.arange(1, n + 1, dtype=np.uint64)).astype(np.uint32)
    t = (states ^ (states >> np.uint32(15))) * (states | np.uint32(1))
    t ^= t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))
    return (t ^ (t >> np.uint32(14))) / 2.0**32
