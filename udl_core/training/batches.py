"""Which examples each step of training sees."""

# ruff: noqa: E741 - I, the number of examples, is the book's symbol

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.network import Network
from udl_core.training import evaluation

Indices = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Data:
    """Checked examples, or a batch of them."""

    x: Array  # (I, …), or integer tokens
    y: npt.NDArray[Any]  # (I, …)
    mask: npt.NDArray[np.bool_] | None  # (I, T)

    @classmethod
    def checked(
        cls, net: Network, x: npt.ArrayLike, y: npt.ArrayLike, mask: npt.ArrayLike | None, dtype: np.dtype[Any]
    ) -> "Data":
        x = net.check_x(x, dtype)
        if not len(x):
            raise ValueError("x must hold at least one example, got I = 0")
        return cls(x, evaluation.targets(y, len(x), dtype), None if mask is None else _validate.mask(mask, x))

    def at(self, examples: Indices | None) -> "Data":
        """Those examples, or all for None."""
        if examples is None:
            return self
        return Data(self.x[examples], self.y[examples], None if self.mask is None else self.mask[examples])


@dataclass(frozen=True)
class Batches:
    """The batches of a run, as indices of examples."""

    indices: Iterator[Indices | None]  # None for all examples
    noise: np.random.Generator | None  # for the network in training
    per_epoch: int
    everything: bool  # whether each batch is all examples
    size: int | None = None

    @classmethod
    def of(
        cls,
        I: int,
        batch_size: int | None,
        batches: Iterable[npt.ArrayLike] | None,
        rng: np.random.Generator | None,
        steps: int,
    ) -> "Batches":
        """As `fit` was told. The order of the examples has a generator of its own, the network another."""
        order, noise = (None, None) if rng is None else _validate.generator(rng).spawn(2)
        if batches is not None:
            if batch_size is not None:
                raise ValueError("give batch_size or batches, not both")
            listed = list(batches) if isinstance(batches, Sequence | np.ndarray) else None
            if listed is not None and not listed:
                raise ValueError("batches must hold at least one batch, got none")
            given = (_checked(batch, I) for batch in (batches if listed is None else cycle(listed)))
            return cls(_at_least(given, steps + 1), noise, 1 if listed is None else len(listed), False)
        size = I if batch_size is None else min(I, _validate.size("batch_size", batch_size))
        if batch_size is not None and order is None:
            raise ValueError("batch_size needs rng, a Generator that draws the order of the examples")
        if order is None or size == I:
            return cls(cycle([None]), noise, 1, True, batch_size)
        return cls(_shuffled(I, size, order), noise, ceil(I / size), False, batch_size)


def _shuffled(I: int, size: int, order: np.random.Generator) -> Iterator[Indices]:
    while True:
        shuffled = order.permutation(I)
        for start in range(0, I, size):
            yield shuffled[start : start + size]


def _checked(batch: npt.ArrayLike, I: int) -> Indices:
    indices = _validate.regular("a batch", batch, {"n": None})
    if indices.dtype.kind not in "iu" or indices.ndim != 1 or not len(indices):
        raise ValueError(f"a batch must be the indices (n,) of its examples, whole numbers, got {batch!r}")
    if indices.min() < 0 or indices.max() >= I:
        raise ValueError(f"a batch must hold indices from 0 to I − 1 = {I - 1}, got {batch!r}")
    return indices


def _at_least(batches: Iterator[Indices], needed: int) -> Iterator[Indices]:
    count = 0
    for batch in batches:
        count += 1
        yield batch
    raise ValueError(f"batches must give steps + 1 = {needed} batches, got {count}")
