"""Learning-rate schedules: functions from the number of the step k = 0, 1, … to the learning rate α."""

from collections.abc import Callable
from functools import partial
from math import cos, pi

from udl_core import _validate

Schedule = Callable[[int], float]
"""k -> α. Any function will do; those of this module can be sent to another process."""


def constant(lr: float) -> Schedule:
    """α = `lr` at every step: what a plain number means, for use inside `warm_up`.

    Raises ValueError unless `lr` is finite and above 0.

    >>> constant(0.1)(1000)
    0.1
    """
    return partial(_constant, lr=_validate.positive("lr", lr))


def step_decay(lr: float, every: int, factor: float = 0.1) -> Schedule:
    """α = `lr` · factor^⌊k / every⌋: multiplied by `factor` after each `every` steps.

    Raises ValueError unless `lr` and `factor` are above 0 and `every` is at least 1.

    >>> alpha = step_decay(1.0, every=10, factor=0.5)
    >>> [alpha(k) for k in (0, 9, 10, 20)]
    [1.0, 1.0, 0.5, 0.25]
    """
    lr, every, factor = (
        _validate.positive("lr", lr),
        _validate.size("every", every),
        _validate.positive("factor", factor),
    )
    return partial(_step_decay, lr=lr, every=every, factor=factor)


def cosine(lr: float, steps: int, end: float = 0.0) -> Schedule:
    """From `lr` at k = 0 down to `end` at k = `steps`, along half a period of a cosine, and `end` from there on:
    α = end + (lr − end) (1 + cos[π k / steps]) / 2 (Loshchilov and Hutter, 2017, equation 5, without restarts).

    Raises ValueError unless `lr` is above 0, `steps` at least 1 and `end` at least 0.

    >>> alpha = cosine(1.0, steps=4)
    >>> [round(alpha(k), 3) for k in range(6)]
    [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    lr, steps, end = _validate.positive("lr", lr), _validate.size("steps", steps), _validate.not_negative("end", end)
    return partial(_cosine, lr=lr, steps=steps, end=end)


def warm_up(steps: int, then: float | Schedule) -> Schedule:
    """Up in a straight line for `steps` steps, then a number or another schedule, whose own step 0 comes at k = `steps`
    (Goyal et al., 2018).

    Raises ValueError for `steps` below 1, and for a number that is not above 0.

    >>> alpha = warm_up(3, then=cosine(1.0, steps=2))
    >>> [alpha(k) for k in range(6)]
    [0.25, 0.5, 0.75, 1.0, 0.5, 0.0]
    """
    return partial(_warm_up, steps=_validate.size("steps", steps), then=rate("then", then))


def rate(name: str, value: float | Schedule) -> float | Schedule:
    """A learning rate as an optimiser keeps it: a number above 0, or a schedule as it is."""
    return value if callable(value) else _validate.positive(name, value)


def at(lr: float | Schedule, k: int) -> float:
    """α at step k, as a Python float so that it never promotes a float32 array.

    Raises ValueError if a schedule gives a negative, NaN or infinite rate.
    """
    if not callable(lr):
        return lr
    return _validate.not_negative(f"lr at step {k}", lr(k))


# Module-level functions with `partial`, not closures: those cannot be pickled, so a sweep could not use processes.


def _constant(k: int, lr: float) -> float:
    return lr


def _step_decay(k: int, lr: float, every: int, factor: float) -> float:
    return lr * factor ** (k // every)


def _cosine(k: int, lr: float, steps: int, end: float) -> float:
    return end + (lr - end) * (1 + cos(pi * min(k, steps) / steps)) / 2


def _warm_up(k: int, steps: int, then: float | Schedule) -> float:
    return at(then, 0) * (k + 1) / (steps + 1) if k < steps else at(then, k - steps)
