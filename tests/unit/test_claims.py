"""claim: true to the digits shown, and false one digit further."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udl_core.claims import claim


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("0.20", 0.1963), ("-1.5", -1.4501), ("−1.5", -1.53), ("98,428", 98428), ("1,234.5", 1234.46), ("12", 12.4),
        ("0.13", 0.125), ("0.12", 0.125), ("2.68", 2.675), ("3e-4", 3.2e-4), ("+2", 2), ("0", -0.0), ("0", False),
        ("7", np.int64(7)), ("0.5", np.float32(0.5)), ("0.50", np.array([[0.5]])), ("1e16", 10**16),
    ],
)  # fmt: skip
def test_true_claims_pass_silently(said, value, capsys):
    assert claim(said, value) is None
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("0.20", 0.1949),
        ("0.196", 0.1968),
        ("1.5", -1.5),
        ("98,428", 98427),
        ("0.0", 0.06),
        ("2", np.nan),
        ("2", np.inf),
    ],
)
def test_false_claims_fail(said, value):
    with pytest.raises(AssertionError, match=r"the text says .*, the computation gives"):
        claim(said, value)


def test_the_message_shows_both_with_their_unit():
    with pytest.raises(AssertionError, match=r"^the text says 12 %, the computation gives 13\.4 %$"):
        claim("12 %", 13.4, unit="%")
    claim("12 %", 12.4, unit="%")
    claim("12", 12.4, unit="%")


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_a_rounded_number_is_a_true_claim_and_its_neighbour_a_false_one(value, digits):
    claim(f"{value:.{digits}f}", value)
    with pytest.raises(AssertionError):
        claim(f"{value + 2 * 10**-digits:.{digits}f}", value)


@pytest.mark.parametrize("said", ["", "about 3", "0,5", "1,23", "nan", "inf", "12 %", "1 000"])
def test_what_is_not_a_number_is_refused(said):
    with pytest.raises(ValueError, match="said must be a number"):
        claim(said, 1.0)


def test_a_bare_number_is_refused():
    with pytest.raises(TypeError, match="as the text prints it"):
        claim(0.2, 0.2)
