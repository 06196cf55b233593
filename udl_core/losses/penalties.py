"""Explicit regularisation: what is added to a loss so that parameters stay small (Prince, section 9.1)."""

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.losses._shared import Result, quiet, result


@quiet
def l2_penalty(phi: npt.ArrayLike, strength: float, mask: npt.ArrayLike | None = None) -> Result:
    """λ Σ_j φ_j² (Prince, equation 9.5) and its derivative 2 λ φ, also known as weight decay or ridge.

    `strength` is λ, with no factor ½. It is the negative log of a normal prior with variance 1/(2λ), up to a constant.
    `phi` is (P,) and its dtype rules. `mask` (P,) is True for the parameters that count: the penalty is usually for
    weights and leaves offsets free.

    Returns the value as a float and the derivative (P,). Raises ValueError for a wrong shape, NaN, infinity or λ < 0,
    TypeError for a mask of other things than True and False, OverflowError where the dtype cannot hold the result.

    >>> l2_penalty([3.0, -4.0], 0.1, mask=[False, True])
    (1.6, array([ 0. , -0.8]))
    """
    phi, strength = _arguments(phi, strength, mask)
    return result(strength * float(phi @ phi), 2 * strength * phi)


@quiet
def l1_penalty(phi: npt.ArrayLike, strength: float, mask: npt.ArrayLike | None = None) -> Result:
    """λ Σ_j |φ_j| and its derivative λ sign[φ], 0 at the kink; it drives parameters to exactly 0 (lasso).

    The negative log of a Laplace prior, up to a constant. Arguments, returns and errors are those of `l2_penalty`.

    >>> l1_penalty([3.0, -4.0, 0.0], 0.5)
    (3.5, array([ 0.5, -0.5,  0. ]))
    """
    phi, strength = _arguments(phi, strength, mask)
    return result(strength * float(np.sum(np.abs(phi))), strength * np.sign(phi))


def _arguments(phi: npt.ArrayLike, strength: float, mask: npt.ArrayLike | None) -> tuple[Array, float]:
    """φ with 0 where it does not count, and λ."""
    values = _validate.array("phi", phi, {"P": None})
    number = _validate.not_negative("strength", strength)
    if mask is not None:
        counts = _validate.regular("mask", mask, {"P": None})
        if counts.dtype != np.bool_:
            raise TypeError(f"mask must hold True and False, got dtype {counts.dtype}")
        _validate.shape("mask", counts.shape, {"P": len(values)})
        values = values * counts
    return values, number
