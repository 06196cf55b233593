"""compare: a factor is named where it says something, and only there."""

import numpy as np
import pytest

from udl_exercises.check.compare import Rule, compare


@pytest.mark.parametrize(
    ("expected", "got", "factor"),
    [
        (2.0, 4.0, "2 times"),
        (2.0, 20.0, "10 times"),
        (2.0, 1.0, "half of"),
        (2.0, 2.74, None),  # any two numbers have some ratio
        ([0.0, 2.0], [0.0, 2.74], None),
        ([1.0, 2.0], [1.37, 2.74], "1.37 times"),
        ([1.0, 2.0], [1.37, 2.75], None),
    ],
)
def test_a_factor_is_named_where_it_says_something(expected, got, factor):
    said = str(compare(np.array(expected), np.array(got), Rule()))
    if factor:
        assert f"every value is {factor}" in said
    else:
        assert "every value is" not in said


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        ([[1.0, 2.0], [3.0, 4.5]], [[1.0, 3.0], [2.0, 4.5]], "the result is transposed"),
        ([1.0, 2.0, 4.0, 8.5], [2.0, 4.0, 8.5, 3.0], "shifted by one place"),
        ([1.0, 2.0, 4.0, 8.5], [7.0, 1.0, 2.0, 4.0], "shifted by one place"),
        ([1.0, 2.0, 4.0], [4.0, 2.0, 1.0], "they are reversed"),
        ([1.0, 2.0, 4.0], [2.0, 1.0, 4.0], "the values are right, their order is not"),
    ],
)
def test_an_order_gone_wrong_is_named(expected, got, words):
    assert words in str(compare(np.array(expected), np.array(got), Rule()))
