"""Loss functions: (prediction, target) -> (value, d value / d prediction).

Each is the negative log likelihood of a distribution whose parameters the network predicts (Prince, chapter 5), summed
over the outputs, and over the examples or averaged over them: `reduction`. Bind a loss's own settings before you train
with it: `functools.partial(gaussian_nll, sigma=0.1)`.
"""

from udl_core.losses._shared import Reduction
from udl_core.losses.classification import bernoulli_nll, categorical_nll, log_softmax, softmax
from udl_core.losses.counts import poisson_nll
from udl_core.losses.directions import von_mises_nll
from udl_core.losses.penalties import l1_penalty, l2_penalty
from udl_core.losses.regression import gaussian_nll, laplace_nll, least_squares, mixture_nll

__all__ = [
    "Reduction",
    "bernoulli_nll",
    "categorical_nll",
    "gaussian_nll",
    "l1_penalty",
    "l2_penalty",
    "laplace_nll",
    "least_squares",
    "log_softmax",
    "mixture_nll",
    "poisson_nll",
    "softmax",
    "von_mises_nll",
]
