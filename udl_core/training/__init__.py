"""Training: follow an optimiser down a loss, keep what plots need, judge the result, try many settings, save it."""

from udl_core.extras.saving import load, save
from udl_core.extras.sweeping import Point, sweep
from udl_core.training.evaluation import Metric, accuracy, evaluate, predict
from udl_core.training.fitting import Loss, fit
from udl_core.training.history import Diverged, History
from udl_core.training.validation import Validation

__all__ = [
    "Diverged",
    "History",
    "Loss",
    "Metric",
    "Point",
    "Validation",
    "accuracy",
    "evaluate",
    "fit",
    "load",
    "predict",
    "save",
    "sweep",
]
