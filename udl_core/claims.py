"""Checks that hold the text to its word."""

import re
from decimal import Decimal, InvalidOperation
from typing import SupportsFloat

import numpy as np

_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


def claim(said: str, value: SupportsFloat, unit: str | None = None) -> None:
    """Assert that the number the text says is the computed one, rounded to the digits shown.

    `said` is the number as printed: "0.20", "−1.5", "98,428", "3e-4". Its last digit sets the precision, so "0.20"
    promises more than "0.2"; a value halfway between two may be rounded either way. `unit`, such as "%", may follow the
    number in `said`, and `value` is then in that unit.

    Raises AssertionError when text and computation part ways, ValueError when `said` is not a number.

    >>> claim("0.20", 0.1963)
    >>> claim("98,428", 98428)
    >>> claim("0.19", 0.1963)
    Traceback (most recent call last):
        ...
    AssertionError: the text says 0.19, the computation gives 0.1963
    """
    promised = _number(said, unit)
    computed = float(np.asarray(value).item())
    if np.isfinite(computed):
        exponent = int(promised.as_tuple().exponent)
        half_a_digit = Decimal((0, (5,), exponent - 1)) * (1 + Decimal("1e-9"))
        if abs(Decimal(computed) - promised) <= half_a_digit:
            return
    suffix = f" {unit}" if unit else ""
    number = said.removesuffix(unit).strip() if unit else said.strip()
    raise AssertionError(f"the text says {number}{suffix}, the computation gives {computed:.12g}{suffix}")


def _number(said: str, unit: str | None) -> Decimal:
    if not isinstance(said, str):
        raise TypeError(f"said must be the number as the text prints it, a string, got {said!r}")
    text = (said.removesuffix(unit) if unit else said).strip().replace("−", "-")  # the typographic minus
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(f'said must be a number such as "0.20" or "98,428", got {said!r}')
    return number
