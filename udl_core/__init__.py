"""Networks as pure functions f[x, φ], with φ one flat vector: the code beside an interactive deep-learning textbook.

The numeric modules need NumPy only. Modules beyond the networks themselves load when first touched.
"""

from importlib import import_module
from types import ModuleType

from udl_core import activations, init, models
from udl_core._network import Network
from udl_core.gabor import Gabor
from udl_core.gradients import check_gradients
from udl_core.models import Deep, Linear, Shallow

_LAZY = (
    "approximation",
    "budget",
    "builders",
    "check",
    "closed_form",
    "composition",
    "conversion",
    "datasets",
    "distributions",
    "figures",
    "gradients",
    "layers",
    "losses",
    "memory",
    "objective",
    "optim",
    "regions",
    "training",
    "widgets",
)

__all__ = ["Deep", "Gabor", "Linear", "Network", "Shallow", "activations", "check_gradients", "init", "models", *_LAZY]

__version__ = "0.1.0"


def __getattr__(name: str) -> ModuleType:
    if name in _LAZY:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
