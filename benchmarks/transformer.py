"""A small transformer, forward and backward with respect to φ: ours against PyTorch eager with fused attention."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch.nn import functional as F

from benchmarks.measure import Line, alternate
from udl_core.builders import transformer
from udl_core.extras import keep_freed_memory
from udl_core.layers import Sequential

V, T, D, H, K, I = 64, 64, 64, 4, 2, 32  # noqa: E741 - the book's symbol


def lines() -> Iterator[Line]:
    """In float32 on one thread: from tokens to logits and back to φ, checked to give the same gradient."""
    torch.set_num_threads(1)
    keep_freed_memory()  # this line leans on it: without, the system's pages take some 3 ms of every step
    for causal, kind in ((True, "decoder"), (False, "encoder")):
        net = transformer(V, T, D, H, K, causal=causal)
        rng = np.random.default_rng(0)
        x, phi = rng.integers(0, V, (I, T)), net.init(rng, np.float32)
        dy = rng.standard_normal((I, T, V), dtype=np.float32)
        ours, theirs = _ours(net, x, phi, dy), _torch(net, x, phi, dy, causal)
        expected = np.concatenate([grad.numpy().ravel() for grad in theirs()])
        assert np.linalg.norm(ours() - expected) < 1e-4 * np.linalg.norm(expected)
        our_time, their_time = alternate(ours, theirs, rounds=21)
        what = f"{kind}, D={D}, {H} heads, {K} layers, {I}×{T} tokens, f32"
        yield Line(what, our_time, "PyTorch, fused attention", their_time, 1.1)


def _ours(net: Sequential, x: np.ndarray, phi: np.ndarray, dy: np.ndarray) -> Callable[[], np.ndarray]:
    def gradient() -> np.ndarray:
        _, pullback = net.vjp(x, phi)
        return pullback(dy, need_dx=False)[1]

    return gradient


def _torch(
    net: Sequential, x: np.ndarray, phi: np.ndarray, dy: np.ndarray, causal: bool
) -> Callable[[], tuple[torch.Tensor, ...]]:
    """The same layers as a PyTorch user writes them. Their parameters in our order, attention's three as one."""
    parts = [torch.tensor(part) for part in _parts(net, phi)]
    for part in parts:
        part.requires_grad_()
    tokens, dlogits = torch.from_numpy(x), torch.from_numpy(dy)
    positions = torch.from_numpy(net.layers[1](np.zeros((1, T, D)), []).astype(np.float32))

    def gradient() -> tuple[torch.Tensor, ...]:
        rest = iter(parts)

        def norm(h: torch.Tensor) -> torch.Tensor:
            return F.layer_norm(h, (D,), next(rest), next(rest))

        def dense(h: torch.Tensor) -> torch.Tensor:
            bias, weight = next(rest), next(rest)
            return F.linear(h, weight, bias)

        def attention(h: torch.Tensor) -> torch.Tensor:
            qkv = dense(h).view(I, T, 3, H, D // H).permute(2, 0, 3, 1, 4)
            taken = F.scaled_dot_product_attention(*qkv, is_causal=causal)
            return F.linear(taken.transpose(1, 2).reshape(I, T, D), next(rest))

        h = F.embedding(tokens, next(rest)) + positions
        for _ in range(K):
            h = h + attention(norm(h))
            h = h + dense(torch.relu(dense(norm(h))))
        logits = dense(norm(h))
        return torch.autograd.grad(logits, parts, dlogits)

    return gradient


def _parts(net: Sequential, phi: np.ndarray) -> Iterator[np.ndarray]:
    """Each layer's parts in flat order, those of the three projections of attention joined."""
    for value in _leaves(net.unpack(phi)):
        if "omega_q" in value:
            yield np.concatenate([value[f"beta_{name}"] for name in "qkv"])
            yield np.concatenate([value[f"omega_{name}"] for name in "qkv"])
            yield value["omega_c"]
        else:
            yield from value.values()


def _leaves(unpacked: list | dict) -> Iterator[dict[str, np.ndarray]]:
    if isinstance(unpacked, dict):
        yield unpacked
    else:
        for part in unpacked:
            yield from _leaves(part)
