"""Handwritten digits, shipped with the package."""

import os

import numpy as np

from udl_core.datasets._draw import Labelled

_FILE = os.path.join(os.path.dirname(__file__), "data", "digits.npz")


def digits() -> tuple[Labelled, Labelled]:
    """1,797 handwritten digits of 8 × 8 pixels, as training and test set: (x, y), (x_test, y_test).

    Images x (I, 8, 8, 1) hold the share of ink in each pixel, from 0 (paper) to 1, in steps of 1/16; classes y (I,)
    are the digits 0 to 9. I is 1,437 for training and 360 for testing.

    The split is fixed: sorted by digit, with the order within a digit kept, every fifth image is a test image. So each
    digit has its fifth. The same 13 people wrote both sets; a score on the test set says how well known hands are
    read, and for a stranger's it is too high.

    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998
    (CC BY 4.0), its test images, as scikit-learn distributes them. See README.md beside the file.

    >>> (x, y), (x_test, y_test) = digits()
    >>> x.shape, x_test.shape, float(x.max())
    ((1437, 8, 8, 1), (360, 8, 8, 1), 1.0)
    """
    with np.load(_FILE, allow_pickle=False) as file:
        x, y = file["x"][..., None] / 16, file["y"].astype(np.int64)
    test = np.zeros(len(y), bool)
    test[np.argsort(y, kind="stable")[::5]] = True
    return (x[~test], y[~test]), (x[test], y[test])
