"""The gradient of a small convolutional network's loss: ours against PyTorch eager, in the layout that suits it."""

from collections.abc import Callable, Iterator

import numpy as np
import torch

from benchmarks.measure import Line, alternate, median_of
from udl_core import losses
from udl_core.builders import convolutional_network
from udl_core.layers import Sequential

SIZES = tuple((H, I) for H in (8, 28) for I in (64, 256))  # noqa: E741 - height and width, examples
GOALS = {np.dtype(np.float32): 1.0, np.dtype(np.float64): 1.3}  # for the median over the sizes


def lines() -> Iterator[Line]:
    """Forward and backward to φ on one thread, checked to give the same gradient."""
    torch.set_num_threads(1)
    for dtype, goal in GOALS.items():
        bits = f"f{8 * dtype.itemsize}"
        measured = []
        for H, I in SIZES:  # noqa: E741 - the book's symbol
            net = convolutional_network(H, H, 1)
            rng = np.random.default_rng(0)
            phi = net.init(rng, dtype)
            x, y = rng.standard_normal((I, H, H, 1)).astype(dtype), rng.integers(0, 10, I)
            ours = _ours(net, x, y, phi)
            theirs = _faster(*(_torch(net, x, y, phi, layout) for layout in LAYOUTS))
            expected = np.concatenate([part.numpy().ravel() for part in _in_our_order(theirs(), H)])
            assert np.linalg.norm(ours() - expected) < 1e-4 * np.linalg.norm(expected)
            times = alternate(ours, theirs, rounds=21, repeat=256 * 28 * 28 // (I * H * H) // 4 or 1)
            measured.append(Line(f"convolutional network, {H}×{H}, {I} images, {bits}", times[0], PEER, times[1]))
            yield measured[-1]
        yield median_of(f"convolutional network, {bits}, median ratio", measured, goal)


PEER = "PyTorch eager"
LAYOUTS = (torch.contiguous_format, torch.channels_last)


def _ours(net: Sequential, x: np.ndarray, y: np.ndarray, phi: np.ndarray) -> Callable[[], np.ndarray]:
    def gradient() -> np.ndarray:
        y_pred, pullback = net.vjp(x, phi)
        _, dy = losses.categorical_nll(y_pred, y)
        return pullback(dy, need_dx=False)[1]

    return gradient


def _torch(
    net: Sequential, x: np.ndarray, y: np.ndarray, phi: np.ndarray, layout: torch.memory_format
) -> Callable[[], list[torch.Tensor]]:
    """The same network as a PyTorch user writes it: gradients of β_1, Ω_1, β_2, Ω_2, β_3, Ω_3 in PyTorch's axes."""
    nn = torch.nn
    hidden = (nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 32, 3, padding=1))
    output = nn.Linear(32 * (x.shape[1] // 4) * (x.shape[2] // 4), 10)
    layers = [part for conv in hidden for part in (conv, nn.ReLU(), nn.MaxPool2d(2))]
    images = torch.from_numpy(x).permute(0, 3, 1, 2).contiguous(memory_format=layout)
    model = nn.Sequential(*layers, nn.Flatten(), output).to(images.dtype).to(memory_format=layout)
    parts = [part for part in net.unpack(phi) if part]
    with torch.no_grad():
        for layer, part in zip((*hidden, output), parts, strict=True):
            layer.bias.copy_(torch.from_numpy(part["beta"].copy()))
            layer.weight.copy_(torch.from_numpy(_channels_first(part["omega"], x.shape[1] // 4)))
    parameters = [parameter for layer in (*hidden, output) for parameter in (layer.bias, layer.weight)]
    loss, targets = nn.CrossEntropyLoss(reduction="sum"), torch.from_numpy(y)

    def gradient() -> list[torch.Tensor]:
        return list(torch.autograd.grad(loss(model(images), targets), parameters))

    return gradient


def _channels_first(omega: np.ndarray, H: int) -> np.ndarray:
    """Our weights in PyTorch's axes; those of the dense layer read images of H × H pixels, flattened."""
    if omega.ndim == 2:
        return np.moveaxis(omega.reshape(len(omega), H, H, -1), -1, 1).reshape(omega.shape)
    return np.moveaxis(omega, -1, 1).copy()


def _in_our_order(grads: list[torch.Tensor], H: int) -> list[torch.Tensor]:
    *hidden, last = grads
    dense = last.reshape(len(last), -1, H // 4, H // 4)
    return [part.movedim(1, -1) if part.ndim == 4 else part for part in (*hidden, dense)]


def _faster(*ways: Callable[[], list[torch.Tensor]]) -> Callable[[], list[torch.Tensor]]:
    """Which of two ways takes less time."""
    one, two = ways
    times = alternate(one, two, rounds=7)
    return one if times[0] < times[1] else two
