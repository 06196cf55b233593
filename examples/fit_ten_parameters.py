"""Fit the ten-parameter network Shallow(1, 3, 1) to a wave: descent from forty starts, of which the best is kept.

Most starts end in a valley of the loss that is not the deepest, with joints where the wave has no bend. The best curve
follows hump, valley and last rise; its joints are then read exactly off its ten numbers.

>>> runs = descend(starts=40)
>>> bool(runs[0].loss[-1] < 0.7 < 1.5 < runs[20].loss[-1])  # the best, and the middle one
True
>>> exact = regions.joints(NET, runs[0].phi, lo=0, hi=2)
>>> np.allclose(exact.values[1:-1], NET(exact.joints[:, None], runs[0].phi))
True
"""

import numpy as np

from udl_core import Shallow, datasets, losses, optim, regions, training

NET, (X, Y) = Shallow(D_i=1, D=3, D_o=1), datasets.wave_data()


def run(seed):
    """2,000 steps of Adam from a random start."""
    phi = NET.init(np.random.default_rng(seed))
    return training.fit(NET, phi, X, Y, losses.least_squares, optim.Adam(lr=0.02), steps=2000)


def descend(starts):
    """One training history for each start, the best first."""
    return sorted((p.result for p in training.sweep(run, {"seed": range(starts)})), key=lambda run: run.loss[-1])


def picture(phi, rows=13, columns=66):
    """The curve as dots and the data as circles, in text."""
    paper, grid = np.full((rows, columns), " "), np.linspace(0, 2, columns)[:, None]
    for x, y, mark in ((grid, NET(grid, phi), "·"), (X, Y, "o")):
        column, row = x * (columns - 1) / 2, (0.95 - y) * (rows - 1) / 1.6
        paper[row.round().astype(int).clip(0, rows - 1), column.round().astype(int)] = mark
    return "\n".join("".join(row) for row in paper)


if __name__ == "__main__":
    runs = descend(starts=40)
    print("Least squares loss after 2,000 steps, from each of 40 starts:")
    print(np.array([run.loss[-1] for run in runs]).round(2).reshape(4, 10), "\n")
    print(picture(runs[0].phi), "\n")
    exact = regions.joints(NET, runs[0].phi, lo=0, hi=2)
    print("The best curve has joints at x =", exact.joints.round(2), "between slopes", exact.slopes.ravel().round(2))
