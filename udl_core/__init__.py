"""Networks as pure functions f[x, φ], with φ one flat vector: the code beside an interactive deep-learning textbook.

The numeric modules need NumPy only. Modules beyond the networks themselves load when first touched.
"""

from importlib import import_module
from types import ModuleType

from udl_core import activations, init, models
from udl_core.gabor import Gabor
from udl_core.gradients import check_gradients
from udl_core.models import Deep, Linear, Shallow
from udl_core.network import Network

_LAZY = (
    "approximation",
    "budget",
    "builders",
    "claims",
    "closed_form",
    "composition",
    "conversion",
    "datasets",
    "distributions",
    "extras",
    "figures",
    "gradients",
    "layers",
    "losses",
    "objective",
    "optim",
    "regions",
    "training",
    "widgets",
)
_ROOMS = {"budget": "regions.budget"}  # where it is not a module of its own

__all__ = ["Deep", "Gabor", "Linear", "Network", "Shallow", "activations", "check_gradients", "init", "models", *_LAZY]

__version__ = "0.1.0"


def __getattr__(name: str) -> ModuleType:
    if name in _LAZY:
        return import_module(f"{__name__}.{_ROOMS.get(name, name)}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
