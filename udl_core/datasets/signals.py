"""MNIST-1D: digits as signals, made by a recipe (Greydanus and Kobak, "Scaling down deep learning", 2020)."""

# ruff: noqa: E741 - I, the number of examples, is the book's symbol

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.datasets._draw import Labelled, Rng, generator, labels, noise

# One row a digit, as the paper draws them: an outline that starts and ends at height 5.
_OUTLINES = [
    [5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5],
    [5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5],
    [5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5],
    [5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5],
    [5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5],
    [5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5],
    [5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5],
    [5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5],
    [5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5],
    [5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5],
]
_SMOOTHING = 2.0  # standard deviation, in samples, of the bell that makes noise correlated


def mnist1d(
    rng: Rng = 42,
    I: int = 4000,
    I_test: int = 1000,
    *,
    padding: tuple[int, int] = (36, 60),
    translation: int = 48,
    scale: float = 0.4,
    correlated_noise: float = 0.25,
    white_noise: float = 0.02,
    shear: float = 0.75,
    length: int = 40,
) -> tuple[Labelled, Labelled]:
    """MNIST-1D as training and test set, (x, y), (x_test, y_test): signals x (I, T), T = 40, and digits y (I,).

    For a convolutional network add the axis of channels: `x[..., None]` (I, T, 1). Ten digits occur as equally often
    as I and I_test allow. All signals together have mean 0 and standard deviation 1.

    The recipe of the paper, whose numbers are the defaults: a digit's outline of 12 values is followed by `padding`
    zeros, a number drawn from that range, and stretched to a common length; multiplied by up to 1 ± `scale`/2; rolled
    by up to `translation` − 1 samples. Where the outline is not, there is smooth noise; white noise is everywhere. Then
    the signal is tilted by up to ± `shear`/2 and sampled at `length` points. The draws are this package's own: signals
    differ from those of the published file, and their distribution is the same.

    Raises ValueError or TypeError for sizes below 1, a length below 2, a negative amount or a range of padding that
    does not ascend.

    Source: S. Greydanus and D. Kobak, Scaling down deep learning, arXiv:2011.14439; used in Prince, chapters 8 and 10.

    >>> (x, y), (x_test, y_test) = mnist1d(I=30, I_test=10)
    >>> x.shape, y.shape, sorted(y_test.tolist())
    ((30, 40), (30,), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    rng = generator(rng)
    digit = np.concatenate((labels(rng, I, 10), labels(rng, _validate.size("I_test", I_test), 10)))
    signal, outline = _stretched(digit, *_padded(rng, len(digit), padding))
    signal *= 1 + _validate.not_negative("scale", scale) * rng.uniform(-0.5, 0.5, (len(digit), 1))
    signal, outline = _rolled(rng, signal, outline, _validate.size("translation", translation))
    smooth = _smoothed(noise(rng, signal.shape, correlated_noise, "correlated_noise"))
    signal = np.where(outline, signal, smooth) + noise(rng, signal.shape, white_noise, "white_noise")
    tilt = _validate.not_negative("shear", shear) * rng.uniform(-0.5, 0.5, (len(digit), 1))
    x = _sampled(signal - tilt * np.linspace(-0.5, 0.5, signal.shape[1]), length)
    x = (x - x.mean()) / x.std()
    return (x[:I], digit[:I]), (x[I:], digit[I:])


def templates() -> Array:
    """The ten outlines (10, 12) before anything is done to them: each starts and ends at 0."""
    x = np.array(_OUTLINES)
    x /= 6 * x.std(axis=1, keepdims=True)
    return x - x[:, :1]


def _padded(rng: np.random.Generator, I: int, padding: tuple[int, int]) -> tuple[npt.NDArray[np.int64], int]:
    """How many zeros follow each outline, and the common length to which they are stretched."""
    low, high = (_validate.size("padding", count) for count in padding)
    if low > high:
        raise ValueError(f"padding must be a range (low, high) that ascends, got {padding}")
    return rng.integers(low, high + 1, I), len(_OUTLINES[0]) + high


def _stretched(
    digit: npt.NDArray[np.int64], zeros: npt.NDArray[np.int64], width: int
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """The padded outlines as signals (I, width), by linear interpolation, and where in them the outline is."""
    n = len(_OUTLINES[0])
    padded = np.pad(templates(), ((0, 0), (0, 2)))
    place = np.linspace(0, 1, width) * (n - 1 + zeros[:, None])  # in steps of the padded outline
    before = np.minimum(place.astype(np.int64), n)
    rest = np.minimum(place - before, 1)
    rows = digit[:, None]
    return padded[rows, before] * (1 - rest) + padded[rows, before + 1] * rest, place < n


def _rolled(
    rng: np.random.Generator, signal: Array, outline: npt.NDArray[np.bool_], translation: int
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Every signal moved to the right by its own number of samples; what leaves at the end comes in at the start."""
    I, width = signal.shape
    source = (np.arange(width) - rng.integers(0, translation, (I, 1))) % width
    return np.take_along_axis(signal, source, axis=1), np.take_along_axis(outline, source, axis=1)


def _smoothed(signal: Array) -> Array:
    """A moving average with the weights of a bell, the ends mirrored."""
    reach = int(4 * _SMOOTHING)
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / _SMOOTHING) ** 2)
    mirrored = np.pad(signal, ((0, 0), (reach, reach)), mode="symmetric")
    windows = np.lib.stride_tricks.sliding_window_view(mirrored, len(bell), axis=1)
    smooth: Array = windows @ (bell / bell.sum())
    return smooth


def _sampled(signal: Array, length: int) -> Array:
    """Signals (I, width) at `length` equally spaced points, by linear interpolation."""
    if _validate.size("length", length) < 2:
        raise ValueError(f"length must be at least 2, got {length}")
    place = np.linspace(0, signal.shape[1] - 1, length)
    before = np.minimum(place.astype(np.int64), signal.shape[1] - 2)
    rest = place - before
    return signal[:, before] * (1 - rest) + signal[:, before + 1] * rest
