"""Numbers and counts in words, letter for letter as ``js/src/words.ts`` writes them."""

from __future__ import annotations

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

    >>> small(0.03294), small(2.96e-6), small(0.0)
    ('0.0329', '3.0 · 10⁻⁶', '0.0000')
    """
    if value == 0 or value >= 9.995e-4:
        return show(value, 4)
    if value < 1e-14:
        return "0 (rounding)"
    digit, power = f"{value:.1e}".split("e-")
    return f"{digit} · 10⁻{str(int(power)).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def count(n: int, word: str) -> str:
    """
    >>> count(1, "unit"), count(2, "unit")
    ('1 unit', '2 units')
    """
    return f"{n} {word}{'' if n == 1 else 's'}"
