"""The optimisers of the book: gradient descent, momentum, Adam, and Adam with decoupled weight decay."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.optim import schedules
from udl_core.optim.schedules import Schedule


class Optimiser(Protocol):
    """What `training.fit` asks of an optimiser: a recipe without memory, its state passed in and out."""

    def init(self, phi: Array) -> Any:
        """The state before the first step."""

    def step(self, phi: Array, grad: Array, state: Any) -> tuple[Array, Any]:
        """New φ (P,) and new state; none of the arguments is changed."""


@dataclass(frozen=True)
class GradientDescent:
    """φ ← φ − α ∂L/∂φ, with learning rate α = `lr`, a number or a schedule (Prince, equation 6.3).

    With the gradient of a random batch it is stochastic gradient descent, SGD (Prince, equation 6.10). Its state is
    the number of steps taken. Raises ValueError unless `lr` is finite and above 0.

    >>> import numpy as np
    >>> descent = GradientDescent(lr=0.5)
    >>> phi = np.array([1.0, 2.0])
    >>> phi, state = descent.step(phi, grad=np.array([2.0, 0.0]), state=descent.init(phi))
    >>> phi
    array([0., 2.])
    """

    lr: float | Schedule

    def __post_init__(self) -> None:
        _keep(self, lr=schedules.rate("lr", self.lr))

    def init(self, phi: Array) -> int:
        """0, the number of steps taken."""
        return 0

    def step(self, phi: Array, grad: Array, state: int = 0) -> tuple[Array, int]:
        """One step downhill: φ (P,) and gradient (P,) to new φ (P,), in φ's dtype."""
        grad = _gradient(phi, grad)
        return phi - schedules.at(self.lr, state) * grad, state + 1


class MomentumState(NamedTuple):
    """What `Momentum` carries from step to step."""

    k: int  # steps taken
    m: Array  # (P,) running mean of the gradients


@dataclass(frozen=True)
class Momentum:
    """m ← β m + (1−β) ∂L/∂φ, then φ ← φ − α m (Prince, equation 6.11): m is a running mean of the gradients.

    `nesterov=True` takes the gradient where momentum alone would lead, at φ − αβ m (Prince, equation 6.12). An
    optimiser cannot move the point at which it is given a gradient, so here φ stands for that point ahead throughout:
    φ ← φ − α (β m + (1−β) ∂L/∂φ). For a constant α it visits exactly the points where the book takes its gradients.

    PyTorch's SGD leaves out the factor 1−β, so its steps are 1/(1−β) times as long: `torch.optim.SGD(lr=α(1−β),
    momentum=β)` is `Momentum(lr=α, beta=β)`. Raises ValueError unless `lr` is above 0 and `beta` in [0, 1).

    >>> import numpy as np
    >>> momentum = Momentum(lr=1.0, beta=0.5)
    >>> phi, grad = np.array([0.0]), np.array([1.0])
    >>> state = momentum.init(phi)
    >>> for k in range(3):
    ...     phi, state = momentum.step(phi, grad, state)
    ...     print(phi)  # steps of 1/2, 3/4, 7/8: the mean comes near the gradient
    [-0.5]
    [-1.25]
    [-2.125]
    """

    lr: float | Schedule
    beta: float = 0.9
    nesterov: bool = False

    def __post_init__(self) -> None:
        _keep(self, lr=schedules.rate("lr", self.lr), beta=_share("beta", self.beta), nesterov=bool(self.nesterov))

    def init(self, phi: Array) -> MomentumState:
        """m = 0."""
        return MomentumState(0, np.zeros_like(phi))

    def step(self, phi: Array, grad: Array, state: MomentumState) -> tuple[Array, MomentumState]:
        """One step along the momentum: φ (P,) and gradient (P,) to new φ (P,), in φ's dtype."""
        grad = _gradient(phi, grad)
        k, m = state
        m = self.beta * m + (1 - self.beta) * grad
        direction = self.beta * m + (1 - self.beta) * grad if self.nesterov else m
        return phi - schedules.at(self.lr, k) * direction, MomentumState(k + 1, m)


class AdamState(NamedTuple):
    """What `Adam` and `AdamW` carry from step to step."""

    k: int  # steps taken
    m: Array  # (P,) running mean of the gradients
    v: Array  # (P,) running mean of their squares


@dataclass(frozen=True)
class Adam:
    """m ← β m + (1−β) ∂L/∂φ and v ← γ v + (1−γ) (∂L/∂φ)²; both start at 0, which m̃ = m / (1−β^{k+1}) and
    ṽ = v / (1−γ^{k+1}) make up for; then φ ← φ − α m̃ / (√ṽ + ε) (Prince, equations 6.15 to 6.17).

    Every parameter moves by about α, however large or small its gradients are. Where the square of a gradient is too
    large for the dtype, above 10¹⁹ in float32, φ becomes NaN, and `fit` stops with Diverged. Raises ValueError unless
    `lr` and `epsilon` are above 0, `beta` and `gamma` in [0, 1).

    >>> import numpy as np
    >>> adam = Adam(lr=0.1)
    >>> phi = np.zeros(2)
    >>> phi, state = adam.step(phi, np.array([1000.0, -0.001]), adam.init(phi))
    >>> phi.round(4)
    array([-0.1,  0.1])
    """

    lr: float | Schedule = 0.001
    beta: float = 0.9
    gamma: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        _keep(
            self,
            lr=schedules.rate("lr", self.lr),
            beta=_share("beta", self.beta),
            gamma=_share("gamma", self.gamma),
            epsilon=_validate.positive("epsilon", self.epsilon),
        )

    def init(self, phi: Array) -> AdamState:
        """m = 0 and v = 0."""
        return AdamState(0, np.zeros_like(phi), np.zeros_like(phi))

    def step(self, phi: Array, grad: Array, state: AdamState) -> tuple[Array, AdamState]:
        """One step of length about α in every direction: φ (P,) and gradient (P,) to new φ (P,), in φ's dtype."""
        grad = _gradient(phi, grad)
        k, m, v = state
        m = self.beta * m + (1 - self.beta) * grad
        v = self.gamma * v + (1 - self.gamma) * grad**2
        # m̃ / (√ṽ + ε) with both corrections taken out of the vectors: two numbers instead of two more arrays
        m_share, v_share = 1 - self.beta ** (k + 1), sqrt(1 - self.gamma ** (k + 1))
        change = m / (np.sqrt(v) + self.epsilon * v_share)
        if not np.isfinite(v).all():  # its square is too large for the dtype: dividing by it would stop the parameter
            change = np.where(np.isfinite(v), change, np.nan).astype(phi.dtype)
        change *= schedules.at(self.lr, k) * v_share / m_share
        return phi - change, AdamState(k + 1, m, v)


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam with decoupled weight decay: at every step the parameters also shrink by the share α λ, φ ← φ − α λ φ,
    untouched by Adam's scaling (Loshchilov and Hutter, 2019, algorithm 2).

    λ = `weight_decay`. `decays` (P,), if given, is True for the parameters that shrink, usually the weights but not
    the offsets. Raises what `Adam` raises, ValueError for a negative λ, TypeError for `decays` that are not True or
    False, and ValueError at the first step if they do not fit φ.

    >>> from udl_core import Deep
    >>> net = Deep([1, 2, 1])
    >>> weights = np.zeros(net.n_params)
    >>> for omega in net.unpack(weights)["omega"]:
    ...     omega[...] = 1
    >>> weights
    array([0., 0., 1., 1., 0., 1., 1.])
    >>> adam = AdamW(lr=0.1, weight_decay=0.5, decays=weights == 1)
    >>> adam.step(np.ones(7), np.zeros(7), adam.init(weights))[0]
    array([1.  , 1.  , 0.95, 0.95, 1.  , 0.95, 0.95])
    """

    weight_decay: float = 0.01
    decays: Iterable[bool] | None = field(default=None, repr=False)  # kept as a tuple, so that equal recipes are equal

    def __post_init__(self) -> None:
        super().__post_init__()
        _keep(self, weight_decay=_validate.not_negative("weight_decay", self.weight_decay))
        if self.decays is not None:
            decays = _validate.regular("decays", np.asanyarray(self.decays), {"P": None})
            if decays.dtype != np.bool_ or decays.ndim != 1:
                raise TypeError(f"decays must be True or False for each of P parameters, got {self.decays!r}")
            _keep(self, decays=tuple(decays.tolist()))

    def step(self, phi: Array, grad: Array, state: AdamState) -> tuple[Array, AdamState]:
        """One step of Adam and one of decay: φ (P,) and gradient (P,) to new φ (P,), in φ's dtype."""
        stepped, new_state = super().step(phi, grad, state)
        share = schedules.at(self.lr, state.k) * self.weight_decay
        if self._mask is None:
            return stepped - share * phi, new_state
        _validate.shape("decays", self._mask.shape, {"P": len(phi)})
        return stepped - share * np.where(self._mask, phi, phi.dtype.type(0)), new_state

    @cached_property
    def _mask(self) -> npt.NDArray[np.bool_] | None:
        return None if self.decays is None else np.array(self.decays)


def clip_norm(grad: Array, max_norm: float) -> Array:
    """The gradient (P,), scaled down to the length `max_norm` if it is longer, as `Clipped` does. Its direction stays
    (Pascanu et al., 2013). Raises ValueError unless `max_norm` is above 0.

    >>> clip_norm(np.array([3.0, 4.0]), max_norm=1.0)
    array([0.6, 0.8])
    """
    grad = _validate.array("grad", grad, {"P": None})
    max_norm = _validate.positive("max_norm", max_norm)
    largest = float(np.abs(grad).max(initial=0.0))
    if largest == 0.0:
        return grad
    norm = float(np.linalg.norm(grad / largest))  # squares of large numbers would overflow
    return grad if norm * largest <= max_norm else grad / largest * (max_norm / norm)


def _gradient(phi: Array, grad: npt.ArrayLike) -> Array:
    if not (isinstance(phi, np.ndarray) and phi.dtype in _validate.FLOATS):  # integers would swallow every small step
        raise TypeError(f"phi must be a float32 or float64 array, got {phi!r}")
    return _validate.array("grad", grad, {"P": len(phi)}, phi.dtype)


def _share(name: str, value: float) -> float:
    number = _validate.real(name, value)
    if not 0 <= number < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, got {value!r}")
    return number


def _keep(recipe: Any, **fields: Any) -> None:
    for name, value in fields.items():
        object.__setattr__(recipe, name, value)
