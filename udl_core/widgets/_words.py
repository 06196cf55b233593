"""Numbers and counts in words, letter for letter as ``js/src/words.ts`` writes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np


def show(value: float, digits: int = 2) -> str:
    """A number as a reader wants it: fixed digits, a true minus, no "-0.00".

    >>> show(-3.14159), show(-0.001), show(0.125)
    ('−3.14', '0.00', '0.13')
    """
    if not np.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "–"
    rounded = Decimal(abs(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"−{rounded}" if value < 0 and rounded else f"{rounded}"


def small(value: float) -> str:
    """Four digits after the point, or two and a power of ten for what is smaller.

    >>> small(0.03294), small(2.96e-6), small(0.0), small(9.996e-4), small(9.99e-4)
    ('0.0329', '3.0 · 10⁻⁶', '0.0000', '0.0010', '1.0 · 10⁻³')
    """
    if value == 0 or value >= 9.995e-4:
        return show(value, 4)
    if value < 1e-14:
        return "0 (rounding)"
    digit, power = f"{value:.1e}".split("e-")
    return f"{digit} · 10⁻{str(int(power)).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def short(value: float) -> str:
    """Three significant digits, as few as there are.

    >>> short(60.0), short(1.25), short(12.25), short(-0.5)
    ('60', '1.25', '12.3', '−0.5')
    """
    exact = Decimal(float(value))
    rounded = exact.quantize(Decimal(1).scaleb(exact.adjusted() - 2), ROUND_HALF_UP)
    return f"{float(rounded):g}".replace("-", "−")


def sum_of(weights: Sequence[float], term: Callable[[int], str]) -> str:
    """A sum with signs, its zero terms left out.

    >>> sum_of([1, 0, -1], lambda k: f"slope {k + 1}"), sum_of([-1, 1], str), sum_of([0], str)
    ('slope 1 − slope 3', '− 0 + 1', '')
    """
    terms = (f"{'+' if w > 0 else '−'} {term(k)}" for k, w in enumerate(weights) if w)
    return " ".join(terms).removeprefix("+ ")


def count(n: int, word: str) -> str:
    """
    >>> count(1, "unit"), count(2, "unit")
    ('1 unit', '2 units')
    """
    return f"{n} {word}{'' if n == 1 else 's'}"
