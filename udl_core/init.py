"""Initialisation: how the variance of a layer's weights follows from the layer's size (Prince, section 7.5).

Each function takes a layer's number of inputs D_h and of outputs D_h′ and returns the variance σ²_Ω of its weights, so
that `net.init(rng, variance=init.xavier)` starts every layer that way. The offsets start at 0. All raise
ValueError or TypeError for sizes below 1 or not whole.
"""

from collections.abc import Callable

from udl_core import _validate

Variance = Callable[[int, int], float]
"""(D_h, D_h′) -> σ²_Ω."""


def he(D_h: int, D_h_next: int) -> float:
    """2 / D_h: pre-activations keep their variance on the way forward through ReLUs (Prince, equation 7.32).

    >>> he(50, 100)
    0.04
    """
    return 2 / _validate.size("D_h", D_h)


def he_backward(D_h: int, D_h_next: int) -> float:
    """2 / D_h′: derivatives keep their variance on the way back through ReLUs (Prince, equation 7.33)."""
    return 2 / _validate.size("D_h_next", D_h_next)


def he_both(D_h: int, D_h_next: int) -> float:
    """4 / (D_h + D_h′): the compromise between forward and backward where they differ (Prince, equation 7.34)."""
    return 4 / (_validate.size("D_h", D_h) + _validate.size("D_h_next", D_h_next))


def xavier(D_h: int, D_h_next: int) -> float:
    """2 / (D_h + D_h′), the same compromise for layers without ReLU: half of `he_both` (Glorot and Bengio, 2010)."""
    return he_both(D_h, D_h_next) / 2


def lecun(D_h: int, D_h_next: int) -> float:
    """1 / D_h: outputs of a linear layer are as large as its inputs (LeCun et al., 1998)."""
    return he(D_h, D_h_next) / 2


def given(variance: float) -> Variance:
    """The same variance σ²_Ω for every layer, whatever its size. Raises ValueError unless it is finite and at least 0.

    >>> given(0.01)(50, 100)
    0.01
    """
    number = _validate.not_negative("variance", variance)
    return lambda D_h, D_h_next: number
