"""The small networks of the later chapters, each built as the list of layers a reader would draw."""

from collections.abc import Sequence

from udl_core import _validate
from udl_core.layers import (
    Activation,
    Conv2d,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    LayerNorm,
    MaxPool2d,
    PositionEncoding,
    Residual,
    SelfAttention,
    Sequential,
)
from udl_core.network import Network


def convolutional_network(
    H: int, W: int, C_i: int, channels: Sequence[int] = (16, 32), classes: int = 10
) -> Sequential:
    """A small network for images (Prince, section 10.5): (I, H, W, C_i) to a logit for each class, (I, classes).

    For each number in `channels` a convolution to so many channels, with kernels of 3 × 3 and the size kept, the
    largest of every 2 × 2, and ReLU; at the end one dense layer. The book draws ReLU before the pooling. Both orders
    give the same values and derivatives, because ReLU keeps the largest value the largest; pooling first leaves ReLU a
    quarter of the work.

    Raises ValueError or TypeError for sizes below 1 or not whole, and ValueError for an image too small to be halved
    that often.

    >>> net = convolutional_network(28, 28, 1)
    >>> net.out_shape((28, 28, 1)), net.n_params
    ((10,), 20490)
    """
    if isinstance(channels, str) or not isinstance(channels, Sequence):
        raise TypeError(f"channels must list a number for each convolution, such as (16, 32), got {channels!r}")
    channels = [_validate.size(f"channels[{k}]", C) for k, C in enumerate(channels)]
    layers: list[Network] = []
    for C, C_next in zip((C_i, *channels), channels, strict=False):
        layers += [Conv2d(C, C_next, K=3, padding="same"), MaxPool2d(2), Activation("relu")]
    layers.append(Flatten())
    (D,) = Sequential(layers).out_shape((H, W, C_i))
    return Sequential([*layers, Dense(D, _validate.size("classes", classes))])


def transformer(
    V: int,
    T_max: int,
    D: int = 64,
    H: int = 4,
    K: int = 2,
    hidden: int | None = None,
    *,
    causal: bool = True,
    dropout: float = 0.0,
    positions: str = "sinusoidal",
    activation: str = "relu",
) -> Sequential:
    """A small transformer (Prince, sections 12.4 to 12.7): tokens (I, T) to V logits for each, (I, T, V), T ≤ T_max.

    `V` tokens in the vocabulary, vectors of `D` numbers, `H` heads, `K` transformer layers, each self-attention and
    then a network with one layer of `hidden` units (4 D unless given) on every token. `causal=True` makes a decoder,
    whose logits at t say which token comes next and see none after t; `causal=False` an encoder. `dropout` is the
    probability p of `Dropout` after the embedding and at the end of every residual branch. `positions` is a kind of
    `PositionEncoding`.

    LayerNorm comes first inside each residual branch and once more before the output (pre-norm: Xiong et al., 2020,
    "On layer normalization in the transformer architecture"). The book and the original (Vaswani et al., 2017) put it
    behind each sum (post-norm), which needs a learning rate that warms up. ReLU is both theirs; GELU, as in GPT, costs
    several times as much in NumPy.

    Raises ValueError or TypeError for what the layers do not take.

    >>> net = transformer(V=10, T_max=8, D=4, H=2, K=1)
    >>> net.out_shape((8,)), net.n_params
    ((8, 10), 338)
    """
    hidden = 4 * _validate.size("D", D) if hidden is None else _validate.size("hidden", hidden)
    drop = (Dropout(dropout),) if dropout else ()  # an empty list of layers where there is none

    def layer() -> tuple[Network, ...]:
        attention = (LayerNorm(D), SelfAttention(D, H, causal), *drop)
        mlp = (LayerNorm(D), Dense(D, hidden), Activation(activation), Dense(hidden, D), *drop)
        return Residual(Sequential(attention)), Residual(Sequential(mlp))

    layers = [part for _ in range(_validate.size("K", K)) for part in layer()]
    return Sequential(
        [Embedding(V, D), PositionEncoding(T_max, D, positions), *drop, *layers, LayerNorm(D), Dense(D, V)]
    )
