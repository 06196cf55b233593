"""Pictures are compared by what they show."""

import matplotlib
import numpy as np
import pytest

from udl_exercises.check import pictures

matplotlib.use("agg")
import matplotlib.pyplot as plt


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        (("plot", [], []), ("plot", [0, 1], [1, 2]), "line 1 has 2 points, expected none"),
        (("plot", [0, 1], [1, 2]), ("plot", [], []), "line 1 is empty"),
        (("plot", [0, 1], [1, 2]), ("plot", [0, 1], np.ma.array([1, 2], mask=[0, 1])), "line 1 first differs at x = 1"),
        (("scatter", [0, 1], [np.nan, 2]), ("scatter", [0, 1], [np.nan, 2]), ""),
        (("scatter", [0, 1], [3, 2]), ("scatter", [0, 1], np.ma.array([3, 2], mask=[1, 0])), "the points are"),
        (("scatter", [], []), ("scatter", [1], [2]), "1 point, expected 0"),
    ],
    ids=str,
)  # fmt: skip
def test_pictures_show_what_is_neither_masked_nor_nan(ours: tuple, theirs: tuple, said: str) -> None:
    def drawn(method: str, x: object, y: object) -> dict:
        figure, ax = plt.subplots()
        getattr(ax, method)(x, y)
        plt.close(figure)
        return pictures.as_data(figure)

    found = pictures.difference(drawn(*ours), drawn(*theirs), 1e-7, 1e-9)
    assert found.startswith(said) and bool(found) == bool(said)
