"""One step of gradient descent, forward, loss, gradient and update: ours against PyTorch eager."""

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Literal

import numpy as np
import torch
from torch.nn import functional as F

from benchmarks.measure import Line, alternate
from udl_core import Deep, Shallow, losses, optim
from udl_core.objective import objective

Step = Callable[[], None]
Parameters = Callable[[], np.ndarray]  # φ (P,) as it stands now
Way = Literal["modules", "modules foreach", "modules fused", "functions"]
LR = 1e-5  # so small that thousands of steps stay where they began
FULL_BATCH = ((3, 30, 8), (10, 100, 8), (20, 200, 8), (100, 100, 8), (100, 1000, 2.5), (1000, 10_000, 300))
PLAIN: Way = "modules"
OTHERS: tuple[Way, ...] = ("modules foreach", "modules fused", "functions")


def lines() -> Iterator[Line]:
    """On one thread, in the same dtype, checked to make the same step.

    The goal is about the fastest way we know to say it in eager PyTorch; the plain way beside it only informs.
    """
    torch.set_num_threads(1)
    for D, I, goal in FULL_BATCH:  # noqa: E741 - the book's symbol
        net = Shallow(1, D, 1)
        rng = np.random.default_rng(0)
        x = rng.uniform(-1, 1, (I, 1))
        phi = net.init(rng)
        yield from _compare(
            f"gradient step, Shallow(1, {D}, 1), {I:,} examples", goal,
            lambda: _by_objective(net, phi, x, np.sin(3 * x)),  # noqa: B023 - called at once
            lambda way: _torch(_layers(net, phi), x, np.sin(3 * x), F.mse_loss, way),  # noqa: B023
        )  # fmt: skip
    for dtype in (np.float32, np.float64):
        deep = Deep([40, 100, 100, 10])
        rng = np.random.default_rng(0)
        x, labels = rng.standard_normal((100, 40)).astype(dtype), rng.integers(0, 10, 100)
        phi = deep.init(rng, dtype)
        yield from _compare(
            f"gradient step, Deep(40-100-100-10), batch 100, f{8 * x.itemsize}", 1.8,
            lambda: _by_vjp(deep, phi, x, labels),  # noqa: B023
            lambda way: _torch(_layers(deep, phi), x, labels, F.cross_entropy, way),  # noqa: B023
        )  # fmt: skip


def _compare(
    what: str,
    goal: float,
    ours: Callable[[], tuple[Step, Parameters]],
    torch_by: Callable[[Way], tuple[Step, Parameters]],
) -> Iterator[Line]:
    fastest = min(OTHERS, key=lambda way: _seconds(torch_by(way)[0]))
    for way, its_goal in ((fastest, goal), (PLAIN, None)):
        (our_step, our_phi), (their_step, their_phi) = ours(), torch_by(way)
        before = our_phi().astype(np.float64)
        our_step()
        their_step()
        update, theirs = our_phi() - before, their_phi() - before
        # the update itself, as far as φ's digits show it
        assert np.linalg.norm(update - theirs) <= 1e3 * np.finfo(our_phi().dtype).eps / LR * np.linalg.norm(update)
        long = _seconds(their_step, 1) > 0.02
        times = alternate(our_step, their_step, rounds=5 if long else 21, repeat=4 if long else 40)
        yield Line(what, times[0], f"PyTorch, {way}", times[1], its_goal)


def _seconds(step: Step, repeat: int = 20) -> float:
    """Of one step, in haste: enough to choose by."""
    step()
    times = []
    for _ in range(repeat):
        start = perf_counter()
        step()
        times.append(perf_counter() - start)
        if sum(times) > 0.5:
            break
    return min(times)


def _by_objective(net: Shallow, phi: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[Step, Parameters]:
    """All examples in every step: the data are said once."""
    L, descent = objective(net, x, y, losses.least_squares), optim.GradientDescent(LR)
    state = descent.init(phi)

    def step() -> None:
        nonlocal phi, state
        _, grad = L(phi)
        phi, state = descent.step(phi, grad, state)

    return step, lambda: phi


def _by_vjp(net: Deep, phi: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[Step, Parameters]:
    """A batch that may be another in the next step: the data are said, and checked, every time."""
    descent = optim.GradientDescent(LR)
    state = descent.init(phi)

    def step() -> None:
        nonlocal phi, state
        y_pred, pullback = net.vjp(x, phi)
        _, dy = losses.categorical_nll(y_pred, y)
        _, grad = pullback(dy, need_dx=False)
        phi, state = descent.step(phi, grad, state)

    return step, lambda: phi


def _layers(net: Shallow | Deep, phi: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Offsets and weights, layer by layer."""
    parts = net.unpack(phi)
    if isinstance(net, Deep):
        return list(zip(parts["beta"], parts["omega"], strict=True))
    return [(part[:, 0], part[:, 1:]) for part in parts.values()]


def _torch(
    layers: list[tuple[np.ndarray, np.ndarray]],
    x: np.ndarray,
    y: np.ndarray,
    loss: Callable[..., torch.Tensor],
    way: Way,
) -> tuple[Step, Parameters]:
    """As most write it, with modules and an optimiser, or by functions alone, without what those keep account of."""
    inputs, targets = torch.from_numpy(x.copy()), torch.from_numpy(y.copy())
    stack: list[torch.nn.Module] = []
    for beta, omega in layers:
        linear = torch.nn.Linear(omega.shape[1], omega.shape[0], dtype=inputs.dtype)
        with torch.no_grad():
            linear.bias.copy_(torch.from_numpy(beta.copy()))
            linear.weight.copy_(torch.from_numpy(omega.copy()))
        stack += [linear, torch.nn.ReLU()]
    net = torch.nn.Sequential(*stack[:-1])
    joined = len(layers) == 2  # Shallow keeps a layer's offsets beside its weights, Deep before them

    def parameters() -> np.ndarray:
        linears = [layer for layer in net if isinstance(layer, torch.nn.Linear)]
        parts = [(layer.bias.detach().numpy(), layer.weight.detach().numpy()) for layer in linears]
        flat = [np.column_stack(part).ravel() if joined else np.r_[part[0], part[1].ravel()] for part in parts]
        return np.concatenate(flat)

    if way == "functions":
        return _functions(list(net.parameters()), inputs, targets, loss), parameters

    criterion = torch.nn.MSELoss(reduction="sum") if loss is F.mse_loss else torch.nn.CrossEntropyLoss(reduction="sum")
    settings = {"foreach": way == "modules foreach", "fused": way == "modules fused"} if way != PLAIN else {}
    descent = torch.optim.SGD(net.parameters(), lr=LR, **settings)

    def step() -> None:
        descent.zero_grad(set_to_none=True)
        criterion(net(inputs), targets).backward()
        descent.step()

    return step, parameters


def _functions(
    parts: list[torch.nn.Parameter], inputs: torch.Tensor, targets: torch.Tensor, loss: Callable[..., torch.Tensor]
) -> Step:
    *hidden, (omega, beta) = zip(parts[0::2], parts[1::2], strict=True)

    def step() -> None:
        h = inputs
        for weights, offsets in hidden:
            h = torch.relu(F.linear(h, weights, offsets))
        grads = torch.autograd.grad(loss(F.linear(h, omega, beta), targets, reduction="sum"), parts)
        with torch.no_grad():
            for part, grad in zip(parts, grads, strict=True):
                part.add_(grad, alpha=-LR)

    return step
