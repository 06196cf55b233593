"""Optimisers: each turns parameters, gradient and its own state into the next parameters and state.

An optimiser is a recipe without memory. `init(phi)` gives the state before the first step, and
`step(phi, grad, state)` gives new parameters and a new state. It changes none of its arguments, so a caller may keep
any φ on the way, and the same step taken twice gives the same result.

    state = optimiser.init(phi)
    phi, state = optimiser.step(phi, grad, state)

Stochastic gradient descent is not a class of its own: what makes a descent stochastic is where the gradient comes
from, not what is done with it. So `GradientDescent` and `Momentum` in `training.fit(…, batch_size=…)` are SGD and SGD
with momentum.

A learning rate `lr` is a number α or a schedule, a function from the number of the step k = 0, 1, … to α: see
`cosine` and `warm_up`. The dtype of φ rules everywhere.
"""

from udl_core.optim.backtracking import Backtracking, bracketing_search, line_search
from udl_core.optim.optimisers import Adam, AdamW, GradientDescent, Momentum, Optimiser, clip_norm
from udl_core.optim.schedules import Schedule, constant, cosine, step_decay, warm_up
from udl_core.optim.wrappers import Clipped, Fixed

__all__ = [
    "Adam",
    "AdamW",
    "Backtracking",
    "Clipped",
    "Fixed",
    "GradientDescent",
    "Momentum",
    "Optimiser",
    "Schedule",
    "bracketing_search",
    "clip_norm",
    "constant",
    "cosine",
    "line_search",
    "step_decay",
    "warm_up",
]
