"""One step of gradient descent on all examples: a shallow network of one input, ours against PyTorch eager."""

from collections.abc import Callable, Iterator

import numpy as np
import torch

from benchmarks.measure import Line, alternate
from udl_core import Shallow, losses, optim

Step = Callable[[], None]
Parameters = Callable[[], np.ndarray]  # φ (P,) as it stands now
LR = 1e-6  # so small that a thousand steps stay where they began


def lines() -> Iterator[Line]:
    """Both in float64 on one thread, and checked to make the same step."""
    torch.set_num_threads(1)
    for D, I in ((3, 30), (20, 200), (100, 1000)):  # noqa: E741 - the book's symbol
        (ours, our_phi), (theirs, their_phi) = _ours(D, I), _torch(D, I)
        ours()
        theirs()
        np.testing.assert_allclose(our_phi(), their_phi(), rtol=1e-12, atol=1e-12)
        our_time, their_time = alternate(ours, theirs, rounds=15, repeat=40)
        yield Line(f"gradient step, Shallow(1, {D}, 1), {I} examples", our_time, "PyTorch eager", their_time)


def _data(D: int, I: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # noqa: E741
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (I, 1))
    return x, np.sin(3 * x), Shallow(1, D, 1).init(rng)


def _ours(D: int, I: int) -> tuple[Step, Parameters]:  # noqa: E741
    x, y, phi = _data(D, I)
    net, descent = Shallow(1, D, 1), optim.GradientDescent(LR)
    state = descent.init(phi)

    def step() -> None:
        nonlocal phi, state
        y_pred, pullback = net.vjp(x, phi)
        _, dy = losses.least_squares(y_pred, y)
        _, dphi = pullback(dy)
        phi, state = descent.step(phi, dphi, state)

    return step, lambda: phi


def _torch(D: int, I: int) -> tuple[Step, Parameters]:  # noqa: E741
    x, y, phi = _data(D, I)
    parts = Shallow(1, D, 1).unpack(phi)
    hidden, output = torch.nn.Linear(1, D, dtype=torch.float64), torch.nn.Linear(D, 1, dtype=torch.float64)
    with torch.no_grad():
        for layer, part in ((hidden, parts["theta"]), (output, parts["phi"])):
            layer.bias.copy_(torch.from_numpy(part[:, 0].copy()))
            layer.weight.copy_(torch.from_numpy(part[:, 1:].copy()))
    net = torch.nn.Sequential(hidden, torch.nn.ReLU(), output)
    descent = torch.optim.SGD(net.parameters(), lr=LR)
    loss = torch.nn.MSELoss(reduction="sum")
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)

    def step() -> None:
        descent.zero_grad()
        loss(net(inputs), targets).backward()
        descent.step()

    def parameters() -> np.ndarray:
        parts = [torch.column_stack((layer.bias, layer.weight)).detach().numpy().ravel() for layer in (hidden, output)]
        return np.concatenate(parts)

    return step, parameters
