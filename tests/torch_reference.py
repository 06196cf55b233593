"""PyTorch's activations under this project's names: an independent opinion on values and derivatives."""

import torch
from torch.nn import functional as F

ACTIVATIONS = {
    "relu": torch.relu,
    "leaky_relu": lambda z: F.leaky_relu(z, 0.1),
    "parametric_relu": lambda z: F.prelu(z, torch.tensor(0.25, dtype=z.dtype)),
    "softplus": F.softplus,
    "gelu": F.gelu,
    "silu": F.silu,
    "swish": F.silu,
    "elu": F.elu,
    "selu": F.selu,
    "hard_swish": F.hardswish,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "heaviside": lambda z: torch.heaviside(z, torch.ones_like(z)),
    "sine": torch.sin,
    "identity": lambda z: z * 1,
}
